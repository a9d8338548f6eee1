//! Settings as arguments of Python's functions: `crs="EPSG:32642"`. No other file maps parameters to arguments.

use pyo3::prelude::*;
use tamarisk::{Face, Parameter, Setting};

/// The words of Python.
pub const PYTHON: Face = Face { name: "Python", spell };

fn spell(setting: &Setting) -> String {
    let name = argument(setting.parameter);
    match (&setting.value, shape(setting.parameter)) {
        (None, Shape::Switch) => format!("{name}=True"),
        (None, _) => name.to_owned(),
        (Some(value), Shape::Switch | Shape::Text) => format!("{name}={}", quoted(value)),
        (Some(value), Shape::Number) => format!("{name}={value}"),
        (Some(value), Shape::List) => {
            let all: Vec<String> = value.split(',').map(|one| quoted(one.trim())).collect();
            format!("{name}=[{}]", all.join(", "))
        }
        (Some(value), Shape::Mapping) => {
            let pairs = value.split(',').map(|pair| match pair.split_once('=') {
                Some((key, value)) => format!("{}: {}", quoted(key.trim()), quoted(value.trim())),
                None => quoted(pair.trim()),
            });
            let pairs: Vec<String> = pairs.collect();
            match value.contains('=') {
                true => format!("{name}={{{}}}", pairs.join(", ")),
                false => format!("{name}={}", pairs.join(", ")),
            }
        }
        (Some(value), Shape::Box) => format!("{name}=({})", value.replace(',', ", ")),
    }
}

/// A text as Python writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// How the values of an argument are written.
enum Shape {
    Switch,
    Text,
    Number,
    List,
    Mapping,
    Box,
}

fn shape(parameter: Parameter) -> Shape {
    match parameter {
        Parameter::MergeSources
        | Parameter::Gpkg
        | Parameter::All
        | Parameter::Disclosures
        | Parameter::Replace => Shape::Switch,
        Parameter::HeaderRow => Shape::Number,
        Parameter::Complete
        | Parameter::Layers
        | Parameter::Format
        | Parameter::GroupBy
        | Parameter::Add => Shape::List,
        Parameter::Map | Parameter::Receptors | Parameter::Rasters => Shape::Mapping,
        Parameter::Bbox => Shape::Box,
        _ => Shape::Text,
    }
}

fn argument(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::Map => "columns",
        Parameter::From => "from_",
        Parameter::Format => "formats",
        Parameter::Output => "folder",
        Parameter::All => "gpkg=True, project=True, report=True, png",
        other => other.word(),
    }
}

/// A text of the library with the settings in Python's words.
#[pyfunction]
pub fn words(text: &str) -> String {
    PYTHON.words(text).into_owned()
}

/// The names of all arguments that a remedy may name.
#[pyfunction]
pub fn parameters() -> Vec<&'static str> {
    let named = Parameter::ALL.iter().filter(|parameter| **parameter != Parameter::All);
    named.map(|parameter| argument(*parameter)).collect()
}

//! Settings in the syntax of a plan: `crs = "EPSG:32642"`.

use crate::{Face, Parameter, Setting};

/// The face of plans.
pub const PLAN: Face = Face { name: "plan", spell: spelled };

/// A setting as a key of a plan, or else as an argument of a call.
fn spelled(setting: &Setting) -> String {
    key(setting).unwrap_or_else(|| (Face::CALL.spell)(setting))
}

/// A setting as a key of a plan; `None` if plans have no such key.
pub fn key(setting: &Setting) -> Option<String> {
    let (key, sort) = match setting.parameter {
        Parameter::Incidents => ("incidents", Sort::List),
        Parameter::Receptors => ("receptors", Sort::List),
        Parameter::Rasters => ("rasters", Sort::List),
        Parameter::MergeSources => ("merge_sources", Sort::Switch),
        Parameter::Map => ("map", Sort::List),
        Parameter::Crs => ("crs", Sort::Text),
        Parameter::Encoding => ("encoding", Sort::Text),
        Parameter::HeaderRow => ("header_row", Sort::Plain),
        Parameter::Types => ("types", Sort::List),
        Parameter::Since => ("since", Sort::Text),
        Parameter::Where => ("where", Sort::List),
        Parameter::AsOf => ("dates", Sort::Plain),
        Parameter::Bbox => ("bbox", Sort::Numbers),
        Parameter::Coverage => ("coverage", Sort::Text),
        Parameter::Calibration => ("calibration", Sort::List),
        Parameter::Complete => ("complete", Sort::Words),
        Parameter::Layers => ("layers", Sort::Words),
        Parameter::From
        | Parameter::To
        | Parameter::Every
        | Parameter::Within
        | Parameter::Horizon
        | Parameter::Tune
        | Parameter::Cell
        | Parameter::GridCrs
        | Parameter::Step
        | Parameter::Add
        | Parameter::Format
        | Parameter::Gpkg
        | Parameter::All
        | Parameter::GroupBy
        | Parameter::WeightBy
        | Parameter::Disclosures
        | Parameter::Output
        | Parameter::Replace => return None,
    };
    let quoted = |value: &str| format!("\"{}\"", value.replace('"', "\\\""));
    let Some(value) = setting.value.as_deref() else {
        return Some(match sort {
            Sort::Switch => format!("{key} = true"),
            _ => key.to_owned(),
        });
    };
    Some(match sort {
        Sort::Text => format!("{key} = {}", quoted(value)),
        Sort::Plain | Sort::Switch => format!("{key} = {value}"),
        Sort::List => format!("{key} = [{}]", quoted(value)),
        Sort::Numbers => format!("{key} = [{}]", value.replace(',', ", ")),
        Sort::Words => {
            let words: Vec<String> = value.split(',').map(quoted).collect();
            format!("{key} = [{}]", words.join(", "))
        }
    })
}

/// The TOML type of a value.
#[derive(Clone, Copy)]
enum Sort {
    Text,
    Plain,
    Switch,
    /// A list; the value is one element.
    List,
    /// A list of numbers; the value separates them by commas.
    Numbers,
    /// A list of words; the value separates them by commas.
    Words,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_keys_of_a_plan() {
        for (text, words) in [
            ("⟦crs=EPSG:32642⟧", "crs = \"EPSG:32642\""),
            ("⟦map=sites.crs=EPSG:4326⟧", "map = [\"sites.crs=EPSG:4326\"]"),
            ("⟦complete=rivers,faults⟧", "complete = [\"rivers\", \"faults\"]"),
            ("⟦merge_sources⟧ keeps one", "merge_sources = true keeps one"),
            ("⟦header_row=3⟧", "header_row = 3"),
            ("⟦bbox=W,S,E,N⟧", "bbox = [W, S, E, N]"),
            ("⟦replace⟧", "replace"),
        ] {
            assert_eq!(PLAN.words(text), words);
        }
    }
}

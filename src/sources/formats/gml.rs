//! GML simple features, as written by OGR and web feature services: each feature type is a layer. A
//! reference system named by a URN or URL has its axes in the order of its authority, which for longitude
//! and latitude is latitude first.

mod axes;
mod geometry;

use super::header::Columns;
use super::held::{Held, Layer, Row};
use super::record::Geometry;
use super::xml::{Element, Xml, XmlEvent, root_of};
use super::{Asked, Content, Dataset, DeclaredCrs, Driver, Head};
use crate::model::Value;
use crate::sources::options::Format;
use crate::{Code, Error, Result};
use geometry::{Within, is_geometry};
use std::sync::Arc;

/// GML 2, 3 and 3.2.
pub(super) struct Gml;

impl Driver for Gml {
    fn format(&self) -> Format {
        Format::Gml
    }

    fn is(&self, head: &Head<'_>) -> bool {
        head.text.and_then(root_of).is_some_and(|(root, tag)| {
            root == "FeatureCollection"
                || root != "schema" && tag.contains("http://www.opengis.net/gml")
        })
    }

    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>> {
        let text = content.into_text(asked.file)?;
        Ok(Box::new(read(asked.file, &text)?))
    }
}

/// The elements that wrap features.
const MEMBERS: [&str; 4] = ["featureMember", "featureMembers", "member", "members"];

fn read(file: &Arc<str>, text: &str) -> Result<Held> {
    let mut xml = Xml::new(file, text);
    let mut layers: Vec<Layer> = Vec::new();
    let mut whole = Within::default();
    // The depth of the element that wraps features.
    let mut member = None;
    let mut is_first = true;
    loop {
        let head = match xml.next()? {
            XmlEvent::Start(head) => head,
            XmlEvent::End => {
                member = member.filter(|depth| *depth <= xml.depth());
                continue;
            }
            XmlEvent::Over => break,
        };
        let is_root = std::mem::take(&mut is_first);
        match head.name.as_str() {
            name if MEMBERS.contains(&name) => member = Some(xml.depth()),
            name if is_root || name.ends_with("FeatureCollection") => {}
            "boundedBy" => {
                let bounds = xml.fill(head)?;
                if let Some(envelope) = bounds.child("Envelope").or_else(|| bounds.child("Box")) {
                    whole = whole.inner(envelope);
                }
            }
            "ExceptionReport" | "Exception" => {
                let said = xml.fill(head)?;
                return Err(Error::data(
                    Code::FormatUnsupported,
                    format!(
                        "{file}: is the error message of a service: {}",
                        said.text_of("ExceptionText").or(said.text()).unwrap_or("without a text")
                    ),
                ));
            }
            _ if member.is_none() => drop(xml.fill(head)?),
            _ => {
                let feature = xml.fill(head)?;
                add(&feature, &whole, &mut layers);
            }
        }
    }
    if let [only] = layers.as_mut_slice() {
        only.name.clear();
    }
    if layers.is_empty() {
        layers.push(Layer::default());
    }
    Ok(Held::new("GML".to_owned(), layers))
}

/// Adds a feature to the layer of its type.
fn add(feature: &Element, whole: &Within, layers: &mut Vec<Layer>) {
    let at = layers.iter().position(|layer| layer.name == feature.name);
    let at = at.unwrap_or_else(|| {
        layers.push(Layer { name: feature.name.clone(), ..Layer::default() });
        layers.len() - 1
    });
    let Some(layer) = layers.get_mut(at) else { return };
    let id = feature.attribute("id").or_else(|| feature.attribute("fid"));
    let mut row = Row { id: id.map(|id| Value::Text(id.to_owned())), ..Row::default() };
    row.geometry = Geometry::None;
    let mut has_geometry = false;
    for property in feature.children.iter().filter(|property| property.name != "boundedBy") {
        match property.children.iter().find(|child| is_geometry(&child.name)) {
            Some(shape) if !has_geometry => {
                has_geometry = true;
                let (geometry, system) = geometry::read(shape, whole);
                row.geometry = in_system(geometry, system, layer);
            }
            Some(_) => {}
            None => flatten(property, String::new(), &mut row, &mut layer.columns, 0),
        }
    }
    layer.rows.push(row);
}

/// Returns the geometry if it is in the system of its layer, which is that of the layer's first geometry.
fn in_system(geometry: Geometry, system: Option<String>, layer: &mut Layer) -> Geometry {
    let Some(system) = system else { return geometry };
    let named = DeclaredCrs::Name(system.clone());
    match &layer.crs {
        None => {
            layer.crs = Some(named);
            geometry
        }
        Some(first) if *first == named => geometry,
        Some(_) => Geometry::Broken {
            part: "srsName".to_owned(),
            value: Some(system),
            why: "is not the reference system of the features before".to_owned(),
        },
    }
}

/// Turns a property into a column; nested properties become a column each.
fn flatten(property: &Element, before: String, row: &mut Row, columns: &mut Columns, depth: usize) {
    const DEEPEST: usize = 6;
    let name = if before.is_empty() {
        property.name.clone()
    } else {
        format!("{before}.{}", property.name)
    };
    if property.children.is_empty() {
        let text = property.text().or_else(|| property.attribute("href"));
        let column = columns.place_of(&name);
        if let Some(text) = text {
            row.set(column, Value::Text(text.to_owned()));
        }
    } else if depth < DEEPEST {
        for child in &property.children {
            flatten(child, name.clone(), row, columns, depth + 1);
        }
    }
}

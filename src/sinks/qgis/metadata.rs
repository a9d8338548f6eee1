//! The metadata of a layer in QGIS's format: what it is, where and when, what it was made from, and on which terms.

use super::qml::VERSION;
use super::xml::Xml;
use jiff::civil::Date;

/// What is told of a layer besides its look.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    /// Its identifier: the name of the layer.
    pub identifier: String,
    /// More sentences for its description; may be empty.
    pub more: String,
    /// West, south, east and north of it in its CRS.
    pub extent: Option<[f64; 4]>,
    /// The EPSG code of its CRS.
    pub epsg: u16,
    /// The date as of which it holds.
    pub as_of: Option<Date>,
    /// How it was made, in phrases: the scheme, the files.
    pub history: Vec<String>,
    /// Who may use it.
    pub rights: String,
}

/// The text of a `.qmd` file.
pub fn metadata(title: &str, about: &str, facts: &Facts) -> String {
    let mut xml = Xml::new();
    xml.doctype();
    xml.within("qgis", &[("version", VERSION)], |xml| inner(xml, title, about, facts));
    xml.finish()
}

/// The elements that a `.qmd` and a layer of a project share, in the order in which QGIS writes them.
pub(super) fn inner(xml: &mut Xml, title: &str, about: &str, facts: &Facts) {
    xml.text("identifier", &[], &facts.identifier);
    xml.text("language", &[], "ENG");
    xml.text("type", &[], "dataset");
    xml.text("title", &[], title);
    xml.text("abstract", &[], &described(about, facts));
    xml.text("rights", &[], &facts.rights);
    let epsg = facts.epsg.to_string();
    let auth = format!("EPSG:{epsg}");
    xml.within("crs", &[], |xml| {
        xml.within("spatialrefsys", &[], |xml| {
            xml.text("srid", &[], &epsg);
            xml.text("authid", &[], &auth);
        });
    });
    xml.within("extent", &[], |xml| {
        if let Some(edges) = facts.extent {
            let [west, south, east, north] = edges.map(|edge| edge.to_string());
            let spatial = [
                ("dimensions", "2"),
                ("crs", &*auth),
                ("minx", &*west),
                ("miny", &*south),
                ("maxx", &*east),
                ("maxy", &*north),
                ("minz", "0"),
                ("maxz", "0"),
            ];
            xml.leaf("spatial", &spatial);
        }
        if let Some(day) = facts.as_of {
            xml.within("temporal", &[], |xml| {
                xml.text("instant", &[], &format!("{day}T00:00:00Z"));
            });
        }
    });
    facts.history.iter().for_each(|line| xml.text("history", &[], line));
}

/// A description with what more there is to say.
pub(super) fn described(about: &str, facts: &Facts) -> String {
    if facts.more.is_empty() { about.to_owned() } else { format!("{about} {}", facts.more) }
}

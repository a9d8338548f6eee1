//! KML: the placemarks of all folders as one layer. Folders exist for the legend: they nest, mix kinds of
//! features and do not define columns. So they are not layers but a column, by which rows can be selected.
//! Links to other files are never followed.

mod archive;
mod geometry;
mod placemark;

use super::held::{Held, Layer};
use super::xml::{Xml, XmlEvent, root_of};
use super::{Asked, Content, Dataset, DeclaredCrs, Driver, Head};
use crate::model::{Finding, Place, Verdict};
use crate::sources::options::Format;
use crate::{Code, Error, Result};
pub(super) use archive::open_documents;
pub(super) use geometry::merged;
use placemark::Columned;

/// KML, and KMZ within an archive.
pub(super) struct Kml;

impl Driver for Kml {
    fn format(&self) -> Format {
        Format::Kml
    }

    fn is(&self, head: &Head<'_>) -> bool {
        head.text.and_then(root_of).is_some_and(|(root, _)| {
            matches!(root.as_str(), "kml" | "Placemark")
                || root == "Document" && ends_in_kml(head.file)
        })
    }

    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>> {
        let text = content.into_text(asked.file)?;
        let mut reading = Reading::default();
        reading.read(asked.file, &text)?;
        Ok(Box::new(reading.finish("KML".to_owned(), &[], asked)?))
    }
}

/// Whether a file name ends in `.kml`.
fn ends_in_kml(name: &str) -> bool {
    name.to_lowercase().ends_with(".kml")
}

/// The placemarks read so far from one or more documents.
#[derive(Debug, Default)]
struct Reading {
    table: Columned,
    /// The targets of links.
    links: Vec<String>,
    /// The number of images overlaid on the map.
    overlays: usize,
    /// The number of documents that update others.
    updates: usize,
}

impl Reading {
    /// Adds the placemarks of a document.
    fn read(&mut self, file: &str, text: &str) -> Result<()> {
        let mut xml = Xml::new(file, text);
        // The open folders: the depth and name of each. The outermost document is the file itself.
        let mut folders: Vec<(usize, Option<String>)> = Vec::new();
        let mut documents = 0_usize;
        loop {
            let head = match xml.next()? {
                XmlEvent::Start(head) => head,
                XmlEvent::End => {
                    if folders.last().is_some_and(|(depth, _)| *depth > xml.depth()) {
                        folders.pop();
                    }
                    continue;
                }
                XmlEvent::Over => return Ok(()),
            };
            let depth = xml.depth();
            match head.name.as_str() {
                "kml" => {}
                "Document" if documents == 0 && folders.is_empty() => documents = depth,
                "Document" | "Folder" => folders.push((depth, None)),
                "name" if folders.last().is_some_and(|(folder, _)| depth == folder + 1) => {
                    let name = xml.fill(head)?.text().map(str::to_owned);
                    if let Some((_, folder)) = folders.last_mut() {
                        *folder = name;
                    }
                }
                "Placemark" => {
                    let names: Vec<&str> =
                        folders.iter().filter_map(|(_, name)| name.as_deref()).collect();
                    let placemark = xml.fill(head)?;
                    self.table.add(&placemark, &names);
                }
                "NetworkLink" => {
                    let link = xml.fill(head)?;
                    let target = link.child("Link").or_else(|| link.child("Url"));
                    let target = target.and_then(|target| target.text_of("href"));
                    self.links.push(target.unwrap_or_default().to_owned());
                }
                "GroundOverlay" | "ScreenOverlay" | "PhotoOverlay" => {
                    xml.fill(head)?;
                    self.overlays += 1;
                }
                "NetworkLinkControl" => {
                    xml.fill(head)?;
                    self.updates += 1;
                }
                _ => drop(xml.fill(head)?),
            }
        }
    }

    /// Returns the layer of all placemarks. `read` holds the names of the documents read.
    fn finish(self, description: String, read: &[&str], asked: &mut Asked<'_>) -> Result<Held> {
        let file = asked.file.clone();
        let mut note = |field: Option<&str>, value: Option<String>, why: String| {
            asked.findings.push(Finding {
                code: Code::FileDoubtful,
                file: file.clone(),
                place: Place::File,
                id: None,
                field: field.map(str::to_owned),
                value,
                why,
                verdict: Verdict::Noted,
            });
        };
        let is_read = |link: &&String| {
            let link = link.trim_start_matches("./");
            read.iter().any(|name| *name == link || name.ends_with(&format!("/{link}")))
        };
        let unread: Vec<&String> = self.links.iter().filter(|link| !is_read(link)).collect();
        if let Some(first) = unread.first() {
            let more = match unread.len() {
                1 => String::new(),
                count => format!("; so are {} others", count - 1),
            };
            let why = format!("is a link to another file and is not followed{more}");
            note(Some("NetworkLink"), Some((*first).clone()), why);
        }
        if self.overlays > 0 {
            let count = self.overlays;
            note(None, None, format!("has {count} images overlaid on the map; passed over"));
        }
        if self.updates > 0 {
            note(
                None,
                None,
                "has changes to other files (NetworkLinkControl); passed over".to_owned(),
            );
        }
        let (columns, rows) = self.table.finish();
        if rows.is_empty() && !unread.is_empty() {
            return Err(Error::data(
                Code::TableMissing,
                format!("{file}: holds no placemark, only links to other files"),
            )
            .with_hint("fetch the file that it links to, and give that"));
        }
        let crs = Some(DeclaredCrs::Name("OGC:CRS84".to_owned()));
        let layer = Layer { columns, crs, rows, ..Layer::default() };
        Ok(Held::new(description, vec![layer]))
    }
}

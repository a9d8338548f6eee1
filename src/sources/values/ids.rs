//! Reliable ids: given ids are kept, missing ones are made from the name or from the place in the file,
//! and ids are unique among the sites, incidents or receptors of a run.

mod across;
mod content;
mod identified;
mod names;

use crate::model::Place;
use crate::sources::intake::columns::Role;
use names::Names;
use std::collections::HashSet;
use std::num::NonZeroU64;

pub use across::unique_across;
pub(crate) use content::content_of;
pub use identified::Identified;

/// Assigns the ids of one file.
#[derive(Debug)]
pub(crate) struct Ids {
    names: Names,
    /// Prefix of made ids, which differs between files.
    prefix: String,
    /// Whether a name is an id without the prefix.
    names_alone: bool,
    /// Content hashes of the records without an id.
    nameless: HashSet<u64>,
}

/// The id assigned to a record.
#[derive(Debug, PartialEq)]
pub(crate) enum Assigned {
    /// The id as given.
    Given(String),
    /// An id that was made because the record has none. The flag says whether a record of the same
    /// content came before.
    Made(String, bool),
    /// A new id, because the given one belongs to a record of other content, or to a record whose id is
    /// a number while this one is a text.
    Distinct { given: String, new: String },
    /// The id of an earlier record with the same content.
    Repeated(String),
}

impl Ids {
    /// Creates the ids of a file. Ids made from the names of sites do not have the file's prefix,
    /// because the same name in two files means the same site.
    pub fn of_file(file: &str, role: Role) -> Self {
        Self {
            names: Names::default(),
            prefix: prefix_of(file),
            names_alone: role == Role::Sites,
            nameless: HashSet::new(),
        }
    }

    /// Assigns an id to a record: the given one, or one made from its name or place.
    pub fn assign(
        &mut self,
        given: Option<(bool, String)>,
        name: Option<&str>,
        place: &Place,
        content: u64,
    ) -> Assigned {
        let Some((is_text, id)) = given else {
            let seen = !self.nameless.insert(content);
            let made = match name.map(slug).filter(|slug| !slug.is_empty()) {
                Some(name) if self.names_alone => name,
                Some(name) => format!("{}{name}", self.prefix),
                None => format!("{}{}", self.prefix, slug(&place.to_string())),
            };
            return Assigned::Made(self.names.free(made), seen);
        };
        // The same id as text and as number counts as different content.
        let content = NonZeroU64::new(content << 1 | u64::from(is_text)).unwrap_or(NonZeroU64::MIN);
        match self.names.claim(&id, Some(content)) {
            None => Assigned::Given(id),
            Some(at) if self.names.came_with(at, content) => Assigned::Repeated(id),
            Some(at) => {
                self.names.comes_with(at, content);
                let new = self.names.free(id.clone());
                Assigned::Distinct { given: id, new }
            }
        }
    }
}

/// Returns the prefix of a file's made ids: the file name without folders and extensions, and a hyphen.
pub(crate) fn prefix_of(file: &str) -> String {
    const ENDINGS: &[&str] = &[
        "gz",
        "csv",
        "tsv",
        "txt",
        "geojson",
        "json",
        "geojsonl",
        "geojsons",
        "jsonl",
        "ndjson",
        "xlsx",
        "xlsm",
        "gpkg",
        "sqlite",
        "db",
        "fgb",
        "parquet",
        "geoparquet",
        "feather",
        "arrow",
        "shp",
        "dbf",
        "kml",
        "kmz",
        "gpx",
        "gml",
        "ods",
        "zip",
    ];
    let mut stem = file;
    while let Some((before, ending)) = stem.rsplit_once('.') {
        if before.is_empty() || !ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) {
            break;
        }
        stem = before;
    }
    match slug(stem) {
        stem if stem.is_empty() => "file-".to_owned(),
        stem => stem + "-",
    }
}

/// Turns a name into an id: letters and digits in lower case, everything else a hyphen.
fn slug(name: &str) -> String {
    let mut id = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_alphanumeric() {
            id.extend(c.to_lowercase());
        } else if !id.ends_with('-') && !id.is_empty() {
            id.push('-');
        }
    }
    id.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(id: &str) -> Option<(bool, String)> {
        Some((true, id.to_owned()))
    }

    #[test]
    fn ids_are_kept_made_or_told_apart() {
        let mut ids = Ids::of_file("mines 2024.csv.gz", Role::Sites);
        let place = Place::Line(7);
        for (given, name, content, assigned) in [
            (text("a"), None, 1, Assigned::Given("a".into())),
            (text("a"), None, 1, Assigned::Repeated("a".into())),
            (text("a"), None, 2, Assigned::Distinct { given: "a".into(), new: "a#2".into() }),
            (text("a"), None, 2, Assigned::Repeated("a".into())),
            (text("a"), None, 3, Assigned::Distinct { given: "a".into(), new: "a#3".into() }),
            (text("1"), None, 4, Assigned::Given("1".into())),
            (
                Some((false, "1".into())),
                None,
                4,
                Assigned::Distinct { given: "1".into(), new: "1#2".into() },
            ),
            (None, Some("Reko Diq"), 5, Assigned::Made("reko-diq".into(), false)),
            (None, Some("Reko Diq"), 6, Assigned::Made("reko-diq#2".into(), false)),
            (None, Some("Reko Diq"), 6, Assigned::Made("reko-diq#3".into(), true)),
            (None, None, 8, Assigned::Made("mines-2024-line-7".into(), false)),
            (None, Some("?!"), 9, Assigned::Made("mines-2024-line-7#2".into(), false)),
            (
                text("mines-2024-line-7"),
                None,
                10,
                Assigned::Distinct {
                    given: "mines-2024-line-7".into(),
                    new: "mines-2024-line-7#3".into(),
                },
            ),
        ] {
            assert_eq!(ids.assign(given, name, &place, content), assigned, "{content}");
        }
    }

    #[test]
    fn made_ids_begin_with_the_name_of_their_file() {
        for (file, prefix) in [
            ("a.geojson", "a-"),
            ("Rivers of Makran.CSV.gz", "rivers-of-makran-"),
            ("v1.2 roads.shp", "v1-2-roads-"),
            ("v1.2 roads.tab", "v1-2-roads-tab-"),
            (".csv", "csv-"),
            ("stdin", "stdin-"),
            ("??", "file-"),
        ] {
            assert_eq!(prefix_of(file), prefix);
        }
        let mut ids = Ids::of_file("a.geojson", Role::Receptors);
        let made = ids.assign(None, Some("Hingol"), &Place::Line(3), 1);
        assert_eq!(made, Assigned::Made("a-hingol".into(), false));
    }
}

//! Ids that can be relied on: given ones are kept, missing ones are made from the name or the place
//! in the file, and no two things of one kind share one within a run.

mod across;

use crate::earth::{Length, Position};
use crate::model::{CountryCode, Incident, Page, Place, Receptor, Site, Value};
use crate::sources::formats::record::{Geometry, RawGeometry, Record};
use crate::sources::intake::columns::Role;
pub use across::unique_across;
use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher};
use std::num::NonZeroU64;
use std::sync::Arc;

/// The ids of one file as they are given out.
#[derive(Debug)]
pub(crate) struct Ids {
    names: Names,
    /// What made ids begin with, so that those of two files differ.
    prefix: String,
    /// Whether a name makes an id by itself.
    names_alone: bool,
    /// Contents of the records without an id.
    nameless: HashSet<u64>,
}

/// What came of a record's id.
#[derive(Debug, PartialEq)]
pub(crate) enum Assigned {
    /// The id as it was given.
    Given(String),
    /// Made, because there was none. Whether a record of the same content has been seen before.
    Made(String, bool),
    /// Another one, since the one given is taken by a record of other content, or by one whose id
    /// is a number where this is a text.
    Distinct { given: String, new: String },
    /// A record of the same id and the same content has been seen.
    Repeated(String),
}

impl Ids {
    /// Those of a file. Ids made from the names of sites go without the file's, since a site is known by
    /// its name wherever it stands.
    pub fn of_file(file: &str, role: Role) -> Self {
        Self {
            names: Names::default(),
            prefix: prefix_of(file),
            names_alone: role == Role::Sites,
            nameless: HashSet::new(),
        }
    }

    /// Gives a record its id: the one it has, or one made from its name or place.
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
        // Whether the id is a text makes another content of it.
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

/// Names that are taken: about 35 bytes each with nine letters, since there may be many millions of them. Their
/// letters stand one after the other in a single text.
#[derive(Debug, Default)]
struct Names {
    letters: String,
    taken: Vec<Taken>,
    /// Where in `taken` each name is. No file that is read has 2³² records.
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// What is known of the few that have come again, by where they are in `taken`.
    again: HashMap<u32, Again>,
}

/// A name that is taken.
#[derive(Debug)]
struct Taken {
    /// Where its letters end; they begin where those of the name before it do.
    to: usize,
    /// The fingerprint of the content that first came under it, if it came as an id that was given.
    content: Option<NonZeroU64>,
}

/// What is known of a name that has come again.
#[derive(Debug, Default)]
struct Again {
    /// The number that was last put after it, if one was.
    last: u64,
    /// The contents that have come under it besides the first.
    contents: Vec<NonZeroU64>,
}

impl Names {
    /// Takes a name if it is free; else where it is.
    fn claim(&mut self, name: &str, content: Option<NonZeroU64>) -> Option<u32> {
        let Self { letters, taken, index, hasher, .. } = self;
        let of = |at: &u32| text(letters, taken, *at);
        let hash = hasher.hash_one(name);
        let rehash = |at: &u32| hasher.hash_one(of(at).unwrap_or_default());
        match index.entry(hash, |at| of(at) == Some(name), rehash) {
            Entry::Occupied(entry) => Some(*entry.get()),
            Entry::Vacant(entry) => {
                entry.insert(u32::try_from(taken.len()).unwrap_or(u32::MAX));
                letters.push_str(name);
                taken.push(Taken { to: letters.len(), content });
                None
            }
        }
    }

    /// Whether a content has come under a name.
    fn came_with(&self, at: u32, content: NonZeroU64) -> bool {
        let first = usize::try_from(at).ok().and_then(|at| self.taken.get(at)?.content);
        let later = || self.again.get(&at).is_some_and(|again| again.contents.contains(&content));
        first == Some(content) || later()
    }

    /// Remembers that a content has come under a name.
    fn comes_with(&mut self, at: u32, content: NonZeroU64) {
        self.again.entry(at).or_default().contents.push(content);
    }

    /// The name itself, or with `#2`, `#3` ... after it where it is taken; it is taken from now on.
    fn free(&mut self, name: String) -> String {
        let Some(at) = self.claim(&name, None) else { return name };
        let mut number = self.again.get(&at).map_or(1, |again| again.last.max(1));
        let free = loop {
            number += 1;
            let free = format!("{name}#{number}");
            if self.claim(&free, None).is_none() {
                break free;
            }
        };
        self.again.entry(at).or_default().last = number;
        free
    }
}

/// The name at a place.
fn text<'l>(letters: &'l str, taken: &[Taken], at: u32) -> Option<&'l str> {
    let at = usize::try_from(at).ok()?;
    let from = match at.checked_sub(1) {
        None => 0,
        Some(before) => taken.get(before)?.to,
    };
    letters.get(from..taken.get(at)?.to)
}

/// What made ids of a file begin with: its name without folders and endings, and a hyphen.
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

/// A name as an id: letters and digits in lower case, all else a hyphen.
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

/// A fingerprint of what a record says, wherever it stands. `table` tells sheets apart, whose
/// columns differ.
pub(crate) fn content_of(record: &Record, table: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    table.hash(&mut hasher);
    for value in &record.fields {
        match value {
            Value::Missing => 0u8.hash(&mut hasher),
            Value::Text(text) => (1u8, text).hash(&mut hasher),
            Value::Number(number) => (2u8, number.to_bits()).hash(&mut hasher),
            Value::Exact(text) => (3u8, text).hash(&mut hasher),
            Value::Bool(truth) => (4u8, truth).hash(&mut hasher),
        }
    }
    match &record.geometry {
        Geometry::Raw(raw) => hash_raw(raw, &mut hasher),
        Geometry::InColumns => 5u8.hash(&mut hasher),
        Geometry::None => 6u8.hash(&mut hasher),
        Geometry::Broken { part, value, why } => (7u8, part, value, why).hash(&mut hasher),
    }
    hasher.finish()
}

fn hash_raw(raw: &RawGeometry, hasher: &mut DefaultHasher) {
    let mut positions = |kind: u8, list: &[[f64; 2]]| {
        (kind, list.len()).hash(hasher);
        for [x, y] in list {
            (x.to_bits(), y.to_bits()).hash(hasher);
        }
    };
    match raw {
        RawGeometry::Points(points) => positions(8, points),
        RawGeometry::Lines(lines) => lines.iter().for_each(|line| positions(9, line)),
        RawGeometry::Polygons(polygons) => polygons.iter().for_each(|rings| {
            positions(10, &[]);
            rings.iter().for_each(|ring| positions(11, ring));
        }),
        RawGeometry::Mixed(members) => members.iter().for_each(|member| hash_raw(member, hasher)),
    }
}

/// A thing that has an id.
pub trait Identified: Clone + PartialEq {
    /// Its id.
    fn id(&self) -> &str;
    /// Gives it another id.
    fn set_id(&mut self, id: String);
    /// Where it came from.
    fn origin(&self) -> (&Arc<str>, &Place);
    /// A copy with another origin.
    #[must_use]
    fn moved_to(&self, file: &Arc<str>, place: &Place) -> Self;
    /// The one point it lies at, if it is one.
    fn point(&self) -> Option<Position>;
    /// The position by which it lies in a country, if it does in one, and how well that is known.
    fn placed(&self) -> Option<(Position, Option<Length>)>;
    /// Settles which country it names, where the name stands for several.
    fn settle(&mut self, country: CountryCode);
    /// Turns to the page on which the columns it came with have been written, or keeps none of them.
    fn own_on(&mut self, page: Option<&Arc<Page>>);
}

/// What is alike in all things that have an id.
macro_rules! alike {
    () => {
        fn id(&self) -> &str {
            &self.id
        }

        fn origin(&self) -> (&Arc<str>, &Place) {
            (&self.file, &self.place)
        }

        fn moved_to(&self, file: &Arc<str>, place: &Place) -> Self {
            Self { file: file.clone(), place: place.clone(), ..self.clone() }
        }
    };
}

impl Identified for Site {
    alike!();

    fn set_id(&mut self, id: String) {
        // A site without a name goes by its id.
        if self.name == self.id {
            self.name.clone_from(&id);
        }
        self.id = id;
    }

    fn point(&self) -> Option<Position> {
        self.shape.as_point()
    }

    fn placed(&self) -> Option<(Position, Option<Length>)> {
        Some((self.position, self.accuracy))
    }

    fn settle(&mut self, country: CountryCode) {
        self.country = Some(country);
    }

    fn own_on(&mut self, _: Option<&Arc<Page>>) {}
}

impl Identified for Incident {
    alike!();

    fn set_id(&mut self, id: String) {
        self.id = id;
    }

    fn point(&self) -> Option<Position> {
        Some(self.position)
    }

    fn placed(&self) -> Option<(Position, Option<Length>)> {
        (!self.vague).then_some((self.position, self.accuracy))
    }

    fn settle(&mut self, country: CountryCode) {
        self.country = Some(country);
    }

    fn own_on(&mut self, page: Option<&Arc<Page>>) {
        self.own.on(page);
    }
}

impl Identified for Receptor {
    alike!();

    fn set_id(&mut self, id: String) {
        self.id = id;
    }

    fn point(&self) -> Option<Position> {
        self.shape.as_point()
    }

    fn placed(&self) -> Option<(Position, Option<Length>)> {
        self.shape.as_point().map(|at| (at, self.accuracy))
    }

    fn settle(&mut self, _: CountryCode) {}

    fn own_on(&mut self, _: Option<&Arc<Page>>) {}
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

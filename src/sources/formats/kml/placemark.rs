//! Placemarks as rows: name, description, time, folders and any attached data.

use super::geometry::geometry_of;
use crate::model::{Place, Value};
use crate::sources::formats::header::Columns;
use crate::sources::formats::held::Row;
use crate::sources::formats::xml::Element;
use std::collections::HashMap;

/// The columns for a placemark's own elements. Times get the usual names of date columns.
const OWN: [(&str, Own); 7] = [
    ("name", Own::Name),
    ("description", Own::Description),
    ("address", Own::Address),
    ("phone_number", Own::Phone),
    ("folder", Own::Folder),
    ("date", Own::Begin),
    ("date_end", Own::End),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Own {
    Name,
    Description,
    Address,
    Phone,
    Folder,
    Begin,
    End,
}

/// The content of a column: an element of the placemark itself, or data with a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Own(Own),
    Data(String),
}

/// Rows whose columns are collected as they occur.
#[derive(Debug, Default)]
pub(super) struct Columned {
    keys: Vec<Key>,
    index: HashMap<Key, usize>,
    rows: Vec<Row>,
}

impl Columned {
    /// Adds a placemark within folders.
    pub fn add(&mut self, placemark: &Element, folders: &[&str]) {
        let mut row = Row {
            id: placemark.attribute("id").map(|id| Value::Text(id.to_owned())),
            geometry: geometry_of(placemark),
            ..Row::default()
        };
        let mut own = |own, text: Option<&str>| {
            if let Some(text) = text {
                row.set(self.column(Key::Own(own)), Value::Text(text.to_owned()));
            }
        };
        own(Own::Name, placemark.text_of("name"));
        own(Own::Description, placemark.text_of("description"));
        own(Own::Address, placemark.text_of("address"));
        own(Own::Phone, placemark.text_of("phoneNumber"));
        let folder = folders.join(" / ");
        own(Own::Folder, Some(folder.as_str()).filter(|folder| !folder.is_empty()));
        let (begin, end) = times_of(placemark);
        own(Own::Begin, begin);
        own(Own::End, end);
        for (name, text) in placemark.all("ExtendedData").flat_map(data_of) {
            row.set(self.column(Key::Data(name.to_owned())), Value::Text(text.to_owned()));
        }
        self.rows.push(row);
    }

    fn column(&mut self, key: Key) -> usize {
        let next = self.keys.len();
        *self.index.entry(key).or_insert_with_key(|key| {
            self.keys.push(key.clone());
            next
        })
    }

    /// Returns the columns and the rows. Data with the same name as an element of the placemark are
    /// merged into its column if that is empty, and have a column of their own if both are present and
    /// differ.
    pub fn finish(mut self) -> (Columns, Vec<Row>) {
        for (name, own) in OWN {
            let data = self.index.get(&Key::Data(name.to_owned())).copied();
            let (Some(data), Some(own)) = (data, self.index.get(&Key::Own(own)).copied()) else {
                continue;
            };
            let differs = |row: &Row| {
                matches!(
                    (row.fields.get(own), row.fields.get(data)),
                    (Some(Value::Text(own)), Some(Value::Text(data))) if own != data
                )
            };
            if self.rows.iter().any(differs) {
                continue;
            }
            for row in &mut self.rows {
                let value = row.fields.get_mut(data).map(std::mem::take).unwrap_or_default();
                if !value.is_missing() {
                    row.set(own, value);
                }
            }
            if let Some(key) = self.keys.get_mut(data) {
                *key = Key::Data(String::new());
            }
        }
        // Merged columns are dropped.
        let kept: Vec<usize> = (0..self.keys.len())
            .filter(|at| self.keys.get(*at) != Some(&Key::Data(String::new())))
            .collect();
        let names = kept.iter().filter_map(|at| self.keys.get(*at)).map(|key| match key {
            Key::Own(own) => {
                OWN.iter().find(|(_, known)| known == own).map_or("", |(name, _)| name).to_owned()
            }
            Key::Data(name) => name.clone(),
        });
        let columns = Columns::from_header("", &Place::File, names.collect(), &mut Vec::new());
        for row in &mut self.rows {
            let mut fields = std::mem::take(&mut row.fields);
            let taken = kept.iter().map(|at| fields.get_mut(*at).map(std::mem::take));
            row.fields = taken.map(Option::unwrap_or_default).collect();
        }
        (columns, self.rows)
    }
}

/// The times of a placemark: an instant, the ends of a span, or the first and last time of a track.
fn times_of(placemark: &Element) -> (Option<&str>, Option<&str>) {
    if let Some(stamp) = placemark.child("TimeStamp") {
        return (stamp.text_of("when"), None);
    }
    if let Some(span) = placemark.child("TimeSpan") {
        let (begin, end) = (span.text_of("begin"), span.text_of("end"));
        return if begin.is_none() { (end, None) } else { (begin, end) };
    }
    let tracks = || {
        let multi = placemark.all("MultiTrack").flat_map(|multi| multi.all("Track"));
        placemark.all("Track").chain(multi).flat_map(|track| track.all("when"))
    };
    let first = tracks().find_map(Element::text);
    let last = tracks().filter_map(Element::text).last();
    (first, if last == first { None } else { last })
}

/// The data of a placemark, with their names.
fn data_of(extended: &Element) -> Vec<(&str, &str)> {
    let mut list = Vec::new();
    for element in &extended.children {
        match element.name.as_str() {
            "Data" => {
                if let (Some(name), Some(value)) =
                    (element.attribute("name"), element.text_of("value"))
                {
                    list.push((name.trim(), value));
                }
            }
            "SchemaData" => list.extend(
                element
                    .all("SimpleData")
                    .filter_map(|data| Some((data.attribute("name")?.trim(), data.text()?))),
            ),
            // Custom elements.
            name => list.extend(element.text().map(|text| (name, text))),
        }
    }
    list.retain(|(name, _)| !name.is_empty());
    list
}

//! The meaning of columns: Tamarisk's documented names, the names commonly used for the same fields, and
//! the binding of a file's columns to fields.

pub(crate) use super::entries::{Entry, PLACE, entries_of};
use super::map::RoleMap;
use super::names::more_names;
use super::own::{self, REPORTED};
use crate::sources::layouts::{Layout, Name, cut};
use crate::{Code, Error, Result};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// What the records of a file are read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Mines and other assets.
    Sites,
    /// Dated events.
    Incidents,
    /// Rivers, settlements, protected areas and the other kinds.
    Receptors,
}

impl Role {
    /// The word used in the column map and in messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sites => "sites",
            Self::Incidents => "incidents",
            Self::Receptors => "receptors",
        }
    }
}

/// The meaning of a column. Its word is both Tamarisk's documented column name and the key of the column
/// map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Field {
    Id,
    Name,
    Lon,
    Lat,
    Geometry,
    Accuracy,
    GeoPrecision,
    WherePrecision,
    LocationAccuracy,
    Country,
    Group,
    Part,
    TailingsClass,
    TailingsHeight,
    TailingsVolume,
    WaterStress,
    WaterStressRatio,
    WaterStressCategory,
    WaterStressNextBasin,
    WaterStressNote,
    Date,
    DateEnd,
    Year,
    RoughYear,
    Month,
    Day,
    Domain,
    EventType,
    SubEventType,
    ViolenceType,
    Fatalities,
    FatalitiesLow,
    FatalitiesHigh,
    Magnitude,
    Depth,
    ReceptorType,
    Designation,
    IucnCategory,
    AreaKm2,
    AreaHa,
    /// The id of the reach into which a river reach flows.
    NextDown,
    Population,
    RowCrs,
    LatMin,
    LatSec,
    LatSide,
    LonMin,
    LonSec,
    LonSide,
    /// A layout's code for the accuracy of a position.
    AccuracyCode,
    /// Whether the item exists yet, in the words of a layout.
    Status,
    /// Number of the record among several places of one event.
    PlaceNumber,
    /// Who took part, as the source claims.
    Actors,
    OtherActors,
    /// The name of the place.
    Location,
    /// Who reported it.
    Source,
    /// Where the report can be read.
    Link,
}

use Field as F;

/// The fields of a role, with Tamarisk's words first.
fn entries(role: Role) -> impl Iterator<Item = &'static Entry> {
    let reported = if role == Role::Incidents { REPORTED } else { &[] };
    PLACE.iter().chain(entries_of(role)).chain(reported)
}

/// Returns the field of a word in the column map. For ids, `id` is accepted too.
pub(crate) fn field_of(role: Role, word: &str) -> Option<Field> {
    if word == "id" {
        return Some(F::Id);
    }
    let part = PARTS.iter().find(|(_, name)| *name == word).map(|(field, _)| *field);
    entries(role)
        .find(|(field, name, _)| *name == word && *field != F::RowCrs)
        .map(|(field, _, _)| *field)
        .or(part)
}

/// The words that the column map accepts for a role.
pub(crate) fn words(role: Role) -> Vec<&'static str> {
    // In the map `crs` is the CRS of a whole file, not a column.
    let parts = PARTS.iter().map(|(_, name)| *name);
    let names = entries(role).filter(|(field, _, _)| *field != F::RowCrs).map(|(_, name, _)| *name);
    names.chain(parts).collect()
}

/// The fields for parts of a place, which a map may name and which common names alone do not bind.
const PARTS: [(Field, &str); 6] = [
    (F::LatMin, "lat_min"),
    (F::LatSec, "lat_sec"),
    (F::LatSide, "lat_side"),
    (F::LonMin, "lon_min"),
    (F::LonSec, "lon_sec"),
    (F::LonSide, "lon_side"),
];

/// Returns Tamarisk's word for a field of a role.
pub(crate) fn word_of(role: Role, field: Field) -> &'static str {
    let part = PARTS.iter().find(|(known, _)| *known == field).map_or("column", |(_, name)| *name);
    entries(role).find(|(known, _, _)| *known == field).map_or(part, |(_, name, _)| *name)
}

/// Whether a column has Tamarisk's documented name for the id of a role.
pub(crate) fn is_own_id(role: Role, column: &str) -> bool {
    fold(column) == fold(word_of(role, F::Id))
}

/// Normalizes a column name for comparison: letters and digits only, in lower case.
pub(crate) fn fold(name: &str) -> String {
    folded(name).collect()
}

/// Like [`fold`], but lazily, letter by letter: most names differ in the first.
pub(crate) fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Which column holds which field.
#[derive(Debug, Clone, Default)]
pub(crate) struct Binding {
    /// The column of each field, indexed by the field's discriminant.
    columns: Vec<Option<usize>>,
    /// The columns of the layout's [kinds](Layout::kinds), in the same order.
    pub kinds: Vec<Option<usize>>,
    /// Number of columns at the time of binding; features may add more.
    pub known: usize,
    /// Whether no column holds a part of a longitude or latitude.
    plain_place: bool,
}

impl Binding {
    /// Binds the columns of a file: by the map first, then by the layout, then by common names.
    ///
    /// # Errors
    /// If the map names a column that the file does not have.
    pub fn new(
        file: &str,
        columns: &[Arc<str>],
        role: Role,
        layout: Option<&Layout>,
        map: &RoleMap,
    ) -> Result<Self> {
        let telling = own::telling(role, columns);
        let names: Vec<Name> = telling.iter().map(|name| Name::of(name)).collect();
        let by_name =
            |name: &str| names.iter().position(|column| folded(name).eq(column.folded.chars()));
        // Names of a codebook may be cut to ten letters, as in shapefiles. A cut name shared by two
        // fields matches neither.
        let alone = |name: &str| {
            let fields = layout.map_or(&[][..], |layout| layout.fields);
            let same = fields.iter().filter(|(_, other)| *other != name && cut(other) == cut(name));
            same.count() == 0
        };
        let of_layout = |name: &str| {
            let whole = names.iter().position(|column| column.is(name));
            let cut =
                || names.iter().position(|column| column.is_cut(name)).filter(|_| alone(name));
            whole.or_else(cut)
        };
        let mut bound = BTreeMap::new();
        for (field, name) in &map.columns {
            let exact = columns.iter().position(|column| **column == **name);
            match exact.or_else(|| by_name(name)) {
                Some(at) => {
                    bound.insert(*field, at);
                }
                None => return Err(no_such_column(file, columns, role, *field, name)),
            }
        }
        let mut bind = |field: Field, at: Option<usize>| {
            if let Some(at) = at {
                bound.entry(field).or_insert(at);
            }
        };
        if let Some(layout) = layout {
            for (field, name) in layout.fields {
                bind(*field, of_layout(name));
            }
        }
        // A layout with its place in columns may also come with place columns named by another program.
        let placed = |layout: &Layout| layout.fields.iter().any(|(field, _)| *field == F::Lon);
        for (field, word, aliases) in entries(role) {
            // Tamarisk's own columns may have been added to a known file; any other name means what the
            // publisher says.
            let is_place = matches!(field, F::Lon | F::Lat | F::Geometry);
            let plain = layout.is_none_or(|layout| is_place && placed(layout));
            let aliases = if plain { *aliases } else { &[] };
            bind(*field, std::iter::once(word).chain(aliases).find_map(|name| by_name(name)));
        }
        if layout.is_none() {
            for (field, at) in more_names(&telling, role, entries(role)) {
                bound.entry(field).or_insert(at);
            }
        }
        let plain_place = PARTS.iter().all(|(field, _)| !bound.contains_key(field));
        let mut by_field = vec![None; bound.keys().last().map_or(0, |last| *last as usize + 1)];
        for (field, at) in bound {
            if let Some(column) = by_field.get_mut(field as usize) {
                *column = Some(at);
            }
        }
        let kinds = layout.map_or(&[][..], |layout| layout.kinds);
        let kinds = kinds.iter().map(|tag| of_layout(tag.column)).collect();
        Ok(Self { columns: by_field, kinds, known: columns.len(), plain_place })
    }

    /// The column of a field, if the file has one.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.get(field as usize).copied().flatten()
    }

    /// Whether no column holds a part of a longitude or latitude, such as its minutes.
    pub fn has_plain_place(&self) -> bool {
        self.plain_place
    }

    /// Whether the file has a column for a field.
    pub fn has(&self, field: Field) -> bool {
        self.column(field).is_some()
    }
}

/// The error for a map that names a column which does not exist.
fn no_such_column(file: &str, columns: &[Arc<str>], role: Role, field: Field, name: &str) -> Error {
    let word = word_of(role, field);
    let error = Error::usage(
        Code::ColumnMissing,
        format!(
            "{file}: has no column \"{}\", which the map names for {}.{word}; columns: {}",
            name.escape_debug(),
            role.word(),
            listed(columns)
        ),
    );
    match nearest(&[name], columns) {
        Some(near) => error.with_hint(format!("⟦map={}.{word}={near}⟧", role.word())),
        None => error.with_hint("the columns are listed above"),
    }
}

/// The error for a file without the required columns.
pub(crate) fn missing_columns(
    file: &str,
    columns: &[Arc<str>],
    role: Role,
    missing: &[Field],
    seems: Option<String>,
) -> Error {
    let seems = seems.map(|seems| format!("{seems}; ")).unwrap_or_default();
    let wanted: Vec<&str> = missing.iter().map(|field| word_of(role, *field)).collect();
    let plural = if wanted.len() == 1 { "" } else { "s" };
    let error = Error::data(
        Code::ColumnMissing,
        format!(
            "{file}: {seems}has no column{plural} for {} as {}; columns: {}",
            wanted.join(" and "),
            role.word(),
            listed(columns)
        ),
    );
    let mut map = Vec::new();
    let mut guessed = false;
    // A column with the usual name of another field is that.
    let taken: Vec<String> = entries(role)
        .filter(|(known, _, _)| !missing.contains(known))
        .flat_map(|(_, word, aliases)| std::iter::once(*word).chain(aliases.iter().copied()))
        .map(fold)
        .collect();
    let free = columns.iter().filter(|column| !taken.contains(&fold(column)));
    let free: Vec<Arc<str>> = free.map(Arc::clone).collect();
    for field in missing {
        let names: Vec<&str> = entries(role)
            .filter(|(known, _, _)| known == field)
            .flat_map(|(_, word, aliases)| std::iter::once(*word).chain(aliases.iter().copied()))
            .collect();
        let near = nearest(&names, &free);
        guessed |= near.is_some();
        let word = word_of(role, *field);
        map.push(format!("{}.{word}={}", role.word(), near.as_deref().unwrap_or("COLUMN")));
    }
    let lead = if guessed { "nearest names" } else { "name them" };
    error.with_hint(format!("{lead}: ⟦map={}⟧", map.join(",")))
}

/// Returns the column whose name is most similar to one of some names.
pub(crate) fn nearest(names: &[&str], columns: &[Arc<str>]) -> Option<String> {
    let names: Vec<String> = names.iter().map(|name| fold(name)).collect();
    columns
        .iter()
        .map(|column| {
            let folded = fold(column);
            let likeness = names
                .iter()
                .map(|name| {
                    // A short name inside a longer one means little: `y` is in every second word.
                    let part = name.len() > 2 && folded.contains(name.as_str());
                    strsim::jaro_winkler(name, &folded).max(if part { 0.95 } else { 0.0 })
                })
                .fold(0.0, f64::max);
            (likeness, column)
        })
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(a, x), (b, y)| a.total_cmp(b).then_with(|| y.cmp(x)))
        .map(|(_, column)| column.to_string())
}

/// Lists columns for a message: at most the first 60.
fn listed(columns: &[Arc<str>]) -> String {
    const MOST: usize = 60;
    if columns.is_empty() {
        return "none".to_owned();
    }
    let mut text = String::new();
    for (at, column) in columns.iter().take(MOST).enumerate() {
        let lead = if at == 0 { "" } else { ", " };
        // Writing into a `String` cannot fail.
        let _ = write!(text, "{lead}{}", column.escape_debug());
    }
    if columns.len() > MOST {
        let _ = write!(text, " and {} more", columns.len() - MOST);
    }
    text
}

//! Layouts that are known: published data sets whose columns tell them apart, so that their files
//! are read without an option. Each says what its columns mean, how it writes dates, and what is
//! odd about it.

pub(crate) mod acled;
mod aqueduct;
mod gdelt;
pub(crate) mod gem;
mod geonames;
mod gtd;
mod himatibetmap;
mod hma_glof;
mod hydro;
pub(crate) mod icmm;
mod kba;
mod mrds;
mod natural_earth;
mod near;
mod noaa;
mod osm;
mod pitf;
mod scad;
mod tailings;
pub(crate) mod ucdp;
mod usgs;
mod wdpa;

use crate::model::{Domain, ReceptorKind, SecurityType, TailingsClass, Value};
use crate::sources::intake::columns::{Field, Role, fold, folded};
use crate::sources::intake::country_codes::CountryCodes;
pub(crate) use near::nearly;
use std::sync::Arc;

/// What is known of a published data set.
#[derive(Debug)]
pub(crate) struct Layout {
    /// Its name, for people.
    pub name: &'static str,
    /// What it can be read as, the natural role first.
    pub roles: &'static [Role],
    /// The kind of receptor it holds, where it holds receptors.
    pub kind: Option<ReceptorKind>,
    /// Columns that together occur in no other; those of the place are not among them, since it may be in
    /// the geometry.
    pub signature: &'static [&'static str],
    /// Columns of its codebook that are not read: they tell a file that nearly is one.
    pub also: &'static [&'static str],
    /// What its columns mean.
    pub fields: &'static [(Field, &'static str)],
    /// How it writes dates.
    pub dates: Dates,
    /// The domain of its incidents, where it has only one.
    pub domain: Option<Domain>,
    /// The type of its incidents in words, where it has only one.
    pub event_type: Option<&'static str>,
    /// Whether its ids are whole numbers that some copies write as `1.0`.
    pub whole_ids: bool,
    /// Whether its first row may hold the parameters of a search.
    pub search_row: bool,
    /// Whether rows of titles stand above its header.
    pub titled: bool,
    /// The columns in their order, each list of so many, under which it is published without a header.
    pub headless: &'static [&'static [&'static str]],
    /// The encoding it is published in, where that is not UTF-8.
    pub encoding: Option<&'static str>,
    /// What a reader of it should know, said once per file.
    pub note: Option<&'static str>,
    /// What its codes and words for types stand for.
    pub types: &'static [Type],
    /// What its codes for finer types stand for, where those are codes of another length.
    pub finer: &'static [Type],
    /// How a finer code tells the one above it, where that has no column.
    pub root_of: Option<fn(&str) -> Option<String>>,
    /// How well a place is known, by its code.
    pub accuracy: &'static [(&'static str, Accuracy)],
    /// Values that say that a field is not known.
    pub unknown: &'static [(Field, &'static [&'static str])],
    /// Statuses of records that are no such thing (yet), each with why.
    pub aside: &'static [(&'static str, &'static str)],
    /// Columns that tell what a receptor is, where it holds several kinds, the more telling first.
    pub kinds: &'static [Tag],
    /// What all its areas are designated as.
    pub designation: Option<&'static str>,
    /// What its words for consequences stand for, besides the usual ones.
    pub consequences: &'static [(&'static str, TailingsClass)],
    /// The list its codes of countries are taken from, where that is not ISO's.
    pub country_codes: Option<CountryCodes>,
    /// What the third number of its positions is, as the name of a column.
    pub height: Option<&'static str>,
    /// Whether of two numbers in one cell the latitude comes first.
    pub lat_first: bool,
    /// Why it cannot be used, and what to do.
    pub refused: Option<(&'static str, &'static str)>,
}

impl Layout {
    /// Whether a value is one by which the data set says that a field is not known.
    pub fn says_unknown(&self, field: Field, value: &Value) -> bool {
        let mut words =
            self.unknown.iter().filter(|(of, _)| *of == field).flat_map(|(_, words)| *words);
        words.any(|word| match value {
            Value::Number(number) => word.parse::<f64>().is_ok_and(|unknown| unknown == *number),
            value => value.as_str().is_some_and(|text| text.trim().trim_end_matches(".0") == *word),
        })
    }
}

/// A code or word for a type of event.
#[derive(Debug)]
pub(crate) struct Type {
    /// As the data set has it.
    pub word: &'static str,
    /// The security type; `None` where it counts towards no score.
    pub security: Option<SecurityType>,
    /// In words.
    pub title: &'static str,
}

impl Type {
    const fn new(word: &'static str, security: Option<SecurityType>, title: &'static str) -> Self {
        Self { word, security, title }
    }
}

/// How well a place is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Accuracy {
    /// To so many kilometers.
    Km(f64),
    /// To a country only.
    Vague,
}

/// A column of which some values tell what a receptor is.
#[derive(Debug)]
pub(crate) struct Tag {
    pub column: &'static str,
    /// The values that tell; without any, every value does.
    pub values: &'static [&'static str],
    pub kind: ReceptorKind,
}

/// How a layout writes dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dates {
    /// In a way that needs no declaration.
    Plain,
    /// In this format.
    Format(&'static str),
    /// As milliseconds since 1970, where they are numbers.
    Milliseconds,
    /// As parts whose years before 1 are counted back without a year 0: −1 is 1 BC.
    Historic,
}

/// What a layout says of itself when it says nothing.
const PLAIN: Layout = Layout {
    name: "",
    roles: &[],
    kind: None,
    signature: &[],
    also: &[],
    fields: &[],
    dates: Dates::Plain,
    domain: None,
    event_type: None,
    whole_ids: false,
    search_row: false,
    titled: false,
    headless: &[],
    encoding: None,
    note: None,
    types: &[],
    finer: &[],
    root_of: None,
    accuracy: &[],
    unknown: &[],
    aside: &[],
    kinds: &[],
    designation: None,
    consequences: &[],
    country_codes: None,
    height: None,
    lat_first: false,
    refused: None,
};

/// All of them, the more particular before the more general.
pub(crate) static KNOWN: [&Layout; 43] = [
    &ucdp::GED,
    &acled::EVENTS,
    &acled::EVENTS_WITHOUT_COUNTRY_ID,
    &acled::AGGREGATED,
    &acled::AGGREGATED_BY_HDX,
    &acled::AGGREGATED_OF_COUNTRIES,
    &acled::AGGREGATED_BY_HAPI,
    &acled::AGGREGATED_OF_HAPI,
    &gtd::GTD,
    &gdelt::EVENTS,
    &gdelt::EVENTS_BY_DAY,
    &scad::SCAD,
    &pitf::ATROCITIES,
    &icmm::WORKBOOK,
    &icmm::GEOJSON,
    &gem::COAL_MINES,
    &gem::IRON_ORE_MINES,
    &gem::COAL_PLANTS,
    &gem::STEEL_PLANTS,
    &gem::CEMENT_PLANTS,
    &gem::COAL_TERMINALS,
    &gem::OIL_AND_GAS,
    &mrds::MRDS,
    &noaa::SIGNIFICANT,
    &usgs::CENTENNIAL,
    &usgs::COMCAT,
    &hma_glof::FLOODS,
    &himatibetmap::FAULTS,
    &wdpa::SITES,
    &wdpa::AREAS,
    &kba::AREAS,
    &tailings::FACILITIES,
    &aqueduct::BASELINE,
    &hydro::RIVERS,
    &hydro::LAKES,
    &natural_earth::PLACES,
    &natural_earth::COUNTRIES,
    &osm::NAMES,
    &osm::QUICK,
    &osm::TURBO,
    &osm::EXTRACTS,
    &geonames::CITIES,
    &geonames::CITIES_OF_CACHE,
];

/// The layout whose columns these are.
pub(crate) fn recognize(columns: &[Arc<str>]) -> Option<&'static Layout> {
    let columns: Vec<Name> = columns.iter().map(|column| Name::of(column)).collect();
    of_names(&columns)
}

fn of_names(columns: &[Name]) -> Option<&'static Layout> {
    KNOWN.into_iter().find(|layout| layout.signature.iter().all(|name| is_among(columns, name)))
}

/// The encoding in which a file with this header line is published, where that is not UTF-8.
pub(crate) fn encoding_of(header: &str) -> Option<&'static str> {
    let columns: Vec<Name> = header.split([',', ';', '\t']).map(Name::of).collect();
    of_names(&columns)?.encoding
}

/// The row, of the first of a table, that is the header of a data set which has titles above it.
pub(crate) fn titled_header(rows: &[Vec<String>]) -> Option<usize> {
    let titled: Vec<&Layout> = KNOWN.into_iter().filter(|layout| layout.titled).collect();
    rows.iter().position(|row| {
        let has = |name: &&str| row.iter().any(|cell| cell.trim().eq_ignore_ascii_case(name));
        titled.iter().any(|layout| layout.signature.iter().all(has))
    })
}

/// The columns of a data set that is published without a header, where the first row of a table is one of
/// its records; and its name.
pub(crate) fn headless(row: &[String]) -> Option<(&'static str, &'static [&'static str])> {
    KNOWN.into_iter().find_map(|layout| {
        let columns = layout.headless.iter().find(|columns| columns.len() == row.len())?;
        gdelt::is_record(row).then_some((layout.name, *columns))
    })
}

/// A column's name, as it stands and as it is compared.
pub(crate) struct Name {
    pub written: String,
    pub folded: String,
}

impl Name {
    pub fn of(written: &str) -> Self {
        let written = written.trim_matches(['"', ' ', '\r']);
        Self { written: written.to_lowercase(), folded: fold(written) }
    }

    /// Whether a column has a name of a codebook. A sign before a name belongs to it: `@id` of Overpass is
    /// not any `id`.
    pub fn is(&self, name: &str) -> bool {
        if name.starts_with('@') {
            self.written == name
        } else if let Some(name) = name.strip_suffix(SECOND) {
            self.is_again(name)
        } else {
            folded(name).eq(self.folded.chars())
        }
    }

    /// Whether it is a name that stands in the header twice, with the number that tells the second from the
    /// first: `Degrees_18`, `Degrees.1`.
    fn is_again(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let number =
            self.written.strip_prefix(&name).and_then(|rest| rest.strip_prefix(['_', '.']));
        number.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    }

    /// Whether it has the name as a shapefile has it, which cuts names to ten letters.
    pub fn is_cut(&self, name: &str) -> bool {
        cut(name).is_some_and(|cut| cut.eq_ignore_ascii_case(&self.written))
    }
}

/// What stands behind a name of a codebook that a header has twice, where the second is meant.
pub(crate) const SECOND: &str = " (2nd)";

/// A name as a shapefile cuts it; `None` for one that is short enough.
pub(crate) fn cut(name: &str) -> Option<&str> {
    const LETTERS: usize = 10;
    name.get(..LETTERS).filter(|cut| cut.len() < name.len()).map(str::trim_end)
}

/// Whether one of the columns has a name, whole or as a shapefile cuts it.
fn is_among(columns: &[Name], name: &str) -> bool {
    columns.iter().any(|column| column.is(name)) || columns.iter().any(|column| column.is_cut(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_is_told_by_its_own_columns() {
        for layout in KNOWN {
            let columns: Vec<Arc<str>> = layout
                .signature
                .iter()
                .copied()
                .chain(layout.fields.iter().map(|(_, name)| *name))
                .map(Arc::from)
                .collect();
            assert_eq!(recognize(&columns).map(|found| found.name), Some(layout.name));
            assert!(!layout.signature.is_empty() && !layout.roles.is_empty(), "{}", layout.name);
        }
        assert!(recognize(&["name".into(), "lat".into(), "lon".into()]).is_none());
    }

    #[test]
    fn a_header_tells_the_encoding_only_of_what_is_published_so() {
        assert_eq!(encoding_of("GF_ID,Year_exact,Lives_total"), Some("windows-1252"));
        assert_eq!(encoding_of("id,name,lat,lon"), None);
    }
}

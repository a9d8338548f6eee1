//! Known layouts: published data sets that are recognized by their columns, so that their files need no
//! options. Each states the meaning of its columns, its date format, and its peculiarities.

pub(crate) mod acled;
mod aqueduct;
mod gdelt;
pub(crate) mod gem;
mod geonames;
mod gtd;
mod himatibetmap;
mod hma_glof;
mod hydro;
mod icmm;
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

/// The description of a published data set.
#[derive(Debug)]
pub(crate) struct Layout {
    /// The name used in messages.
    pub name: &'static str,
    /// The roles it can be read as, the natural one first.
    pub roles: &'static [Role],
    /// The kind of receptor, if it holds receptors.
    pub kind: Option<ReceptorKind>,
    /// Columns that together identify the data set. Position columns are not among them, since the position
    /// may be in the geometry.
    pub signature: &'static [&'static str],
    /// Columns of its codebook that are not read; they help to recognize a file that is nearly this data
    /// set.
    pub also: &'static [&'static str],
    /// The meaning of its columns.
    pub fields: &'static [(Field, &'static str)],
    /// The date format.
    pub dates: Dates,
    /// The domain of its incidents, if it has only one.
    pub domain: Option<Domain>,
    /// The type of its incidents in words, if it has only one.
    pub event_type: Option<&'static str>,
    /// Whether its ids are whole numbers that some copies write as `1.0`.
    pub whole_ids: bool,
    /// Whether its first row may hold the parameters of a search.
    pub search_row: bool,
    /// Whether title rows precede its header.
    pub titled: bool,
    /// The column lists under which it is published without a header; the number of columns selects the
    /// list.
    pub headless: &'static [&'static [&'static str]],
    /// Whether a row is one of its records, for files without a header.
    pub is_record: fn(&[String]) -> bool,
    /// The encoding it is published in, if not UTF-8.
    pub encoding: Option<&'static str>,
    /// A note for users, issued once per file.
    pub note: Option<&'static str>,
    /// The meaning of its codes and words for event types.
    pub types: &'static [Type],
    /// The meaning of its codes for finer types, if those have another length.
    pub finer: &'static [Type],
    /// Derives the coarser code from a finer one, if no column has it.
    pub root_of: Option<fn(&str) -> Option<String>>,
    /// The position accuracy of each code.
    pub accuracy: &'static [(&'static str, Accuracy)],
    /// Values that mark a field as unknown.
    pub unknown: &'static [(Field, &'static [&'static str])],
    /// Statuses of records that do not count (yet), each with the reason.
    pub aside: &'static [(&'static str, &'static str)],
    /// Columns that determine the kind of receptor, if it holds several kinds, the most specific first.
    pub kinds: &'static [Tag],
    /// The designation of all its areas.
    pub designation: Option<&'static str>,
    /// The meaning of its words for consequences, besides the usual ones.
    pub consequences: &'static [(&'static str, TailingsClass)],
    /// The code list of its countries, if not ISO's.
    pub country_codes: Option<CountryCodes>,
    /// The column name for the third coordinate of its positions.
    pub height: Option<&'static str>,
    /// Whether the latitude comes first if one cell holds two numbers.
    pub lat_first: bool,
    /// Why it cannot be used, and what to do instead.
    pub refused: Option<(&'static str, &'static str)>,
}

impl Layout {
    /// Whether a value marks a field as unknown in this data set.
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
    /// The code or word in the data set.
    pub word: &'static str,
    /// The security type; `None` if it counts towards no score.
    pub security: Option<SecurityType>,
    /// The title in words.
    pub title: &'static str,
}

impl Type {
    const fn new(word: &'static str, security: Option<SecurityType>, title: &'static str) -> Self {
        Self { word, security, title }
    }
}

/// The accuracy of a position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Accuracy {
    /// Accurate to a number of kilometers.
    Km(f64),
    /// Known to country level only.
    CountryLevel,
}

/// A column in which certain values determine the kind of receptor.
#[derive(Debug)]
pub(crate) struct Tag {
    pub column: &'static str,
    /// The matching values; if empty, every value matches.
    pub values: &'static [&'static str],
    pub kind: ReceptorKind,
}

/// The date format of a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dates {
    /// Unambiguous dates that need no declaration.
    Plain,
    /// Dates in a given format.
    Format(&'static str),
    /// Numbers are milliseconds since 1970.
    Milliseconds,
    /// Year, month and day columns; years before 1 count back without a year 0, so that −1 is 1 BC.
    Historic,
}

/// The default layout.
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
    is_record: |_| false,
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

/// All known layouts, the more specific before the more general.
pub(crate) static KNOWN: [&Layout; 45] = [
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
    &tailings::PORTAL,
    &aqueduct::BASELINE,
    &hydro::RIVERS,
    &hydro::LAKES,
    &natural_earth::PLACES,
    &natural_earth::COUNTRIES,
    &osm::NAMES,
    &osm::QUICK,
    &osm::TURBO,
    &osm::EXTRACTS,
    &geonames::DUMP,
    &geonames::CITIES,
    &geonames::CITIES_OF_CACHE,
];

/// Returns the layout that these columns identify.
pub(crate) fn recognize(columns: &[Arc<str>]) -> Option<&'static Layout> {
    let columns: Vec<Name> = columns.iter().map(|column| Name::of(column)).collect();
    of_names(&columns)
}

fn of_names(columns: &[Name]) -> Option<&'static Layout> {
    KNOWN.into_iter().find(|layout| layout.signature.iter().all(|name| is_among(columns, name)))
}

/// The encoding in which a file with this header line is published, if not UTF-8.
pub(crate) fn encoding_of(header: &str) -> Option<&'static str> {
    let columns: Vec<Name> = header.split([',', ';', '\t']).map(Name::of).collect();
    of_names(&columns)?.encoding
}

/// Returns the index of the header row, among the first rows of a table, of a data set with title rows
/// above it.
pub(crate) fn titled_header(rows: &[Vec<String>]) -> Option<usize> {
    let titled: Vec<&Layout> = KNOWN.into_iter().filter(|layout| layout.titled).collect();
    rows.iter().position(|row| {
        let has = |name: &&str| row.iter().any(|cell| cell.trim().eq_ignore_ascii_case(name));
        titled.iter().any(|layout| layout.signature.iter().all(has))
    })
}

/// Returns the name and the columns of a data set published without a header, if the row, the first of a
/// table, is one of its records.
pub(crate) fn headless(row: &[String]) -> Option<(&'static str, &'static [&'static str])> {
    KNOWN.into_iter().find_map(|layout| {
        let columns = layout.headless.iter().find(|columns| columns.len() == row.len())?;
        (layout.is_record)(row).then_some((layout.name, *columns))
    })
}

/// A column name, as written and as compared.
pub(crate) struct Name {
    pub written: String,
    pub folded: String,
}

impl Name {
    pub fn of(written: &str) -> Self {
        let written = written.trim_matches(['"', ' ', '\r']);
        Self { written: written.to_lowercase(), folded: fold(written) }
    }

    /// Whether the column has a name from a codebook. A sign before a name belongs to it: `@id` of Overpass
    /// is not an ordinary `id`.
    pub fn is(&self, name: &str) -> bool {
        if name.starts_with('@') {
            self.written == name
        } else if let Some(name) = name.strip_suffix(SECOND) {
            self.is_again(name)
        } else {
            folded(name).eq(self.folded.chars())
        }
    }

    /// Whether the column is the second of two with the same name, marked by a number: `Degrees_18`,
    /// `Degrees.1`.
    fn is_again(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let number =
            self.written.strip_prefix(&name).and_then(|rest| rest.strip_prefix(['_', '.']));
        number.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    }

    /// Whether the column has the name as truncated by a shapefile, to ten letters.
    pub fn is_cut(&self, name: &str) -> bool {
        cut(name).is_some_and(|cut| cut.eq_ignore_ascii_case(&self.written))
    }
}

/// The suffix of a codebook name that means the second of two columns with that name.
pub(crate) const SECOND: &str = " (2nd)";

/// Returns a name truncated as in a shapefile; `None` if it is short enough.
pub(crate) fn cut(name: &str) -> Option<&str> {
    const LETTERS: usize = 10;
    name.get(..LETTERS).filter(|cut| cut.len() < name.len()).map(str::trim_end)
}

/// Whether one of the columns has a name, whole or truncated as in a shapefile.
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

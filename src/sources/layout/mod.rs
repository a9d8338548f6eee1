//! Layouts that are known: published data sets whose columns tell them apart, so that their files
//! are read without an option. Each says what its columns mean, how it writes dates, and what is
//! odd about it.

mod acled;
mod gem;
mod geonames;
mod himatibetmap;
mod hma_glof;
mod icmm;
mod mrds;
mod natural_earth;
mod noaa;
mod ucdp;
mod usgs;

use super::columns::{Field, Role, fold};
use crate::model::{Domain, ReceptorKind};
use std::sync::Arc;

/// What is known of a published data set.
#[derive(Debug)]
pub(super) struct Layout {
    /// Its name, for people.
    pub name: &'static str,
    /// What it can be read as, the natural role first.
    pub roles: &'static [Role],
    /// The kind of receptor it holds, where it holds receptors.
    pub kind: Option<ReceptorKind>,
    /// Columns that together occur in no other.
    pub signature: &'static [&'static str],
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
    /// The encoding it is published in, where that is not UTF-8.
    pub encoding: Option<&'static str>,
    /// What a reader of it should know, said once per file.
    pub note: Option<&'static str>,
}

/// How a layout writes dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dates {
    /// In a way that needs no declaration.
    Plain,
    /// In this format.
    Format(&'static str),
    /// As parts whose years before 1 are counted back without a year 0: −1 is 1 BC.
    Historic,
}

/// What a layout says of itself when it says nothing.
const PLAIN: Layout = Layout {
    name: "",
    roles: &[],
    kind: None,
    signature: &[],
    fields: &[],
    dates: Dates::Plain,
    domain: None,
    event_type: None,
    whole_ids: false,
    search_row: false,
    encoding: None,
    note: None,
};

/// All of them, the more particular before the more general.
pub(super) static KNOWN: [&Layout; 16] = [
    &ucdp::GED,
    &acled::EVENTS,
    &acled::EVENTS_WITHOUT_COUNTRY_ID,
    &icmm::WORKBOOK,
    &icmm::GEOJSON,
    &gem::COAL_MINES,
    &mrds::MRDS,
    &noaa::SIGNIFICANT,
    &usgs::CENTENNIAL,
    &usgs::COMCAT,
    &hma_glof::FLOODS,
    &himatibetmap::FAULTS,
    &natural_earth::PLACES,
    &natural_earth::COUNTRIES,
    &geonames::CITIES,
    &geonames::CITIES_OF_CACHE,
];

/// The layout whose columns these are.
pub(super) fn recognize(columns: &[Arc<str>]) -> Option<&'static Layout> {
    let folded: Vec<String> = columns.iter().map(|column| fold(column)).collect();
    of_folded(&folded)
}

fn of_folded(columns: &[String]) -> Option<&'static Layout> {
    KNOWN
        .into_iter()
        .find(|layout| layout.signature.iter().all(|name| columns.contains(&fold(name))))
}

/// The encoding in which a file with this header line is published, where that is not UTF-8.
pub(super) fn encoding_of(header: &str) -> Option<&'static str> {
    let columns: Vec<String> = header.split([',', ';', '\t']).map(fold).collect();
    of_folded(&columns)?.encoding
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
        assert_eq!(encoding_of("GF_ID,Year_approx,Lat_lake,Lon_lake"), Some("windows-1252"));
        assert_eq!(encoding_of("id,name,lat,lon"), None);
    }
}

//! The rules by which the records of a file are read.

use super::columns::Role;
use super::country_codes::CountryCodes;
use super::map::RoleMap;
use super::rows::Rows;
use super::table_crs::TableCrs;
use crate::model::ReceptorKind;
use crate::sources::layouts::Layout;
use std::sync::Arc;

/// The rules by which all records of a file, or of one of its tables, are read.
#[derive(Debug)]
pub(crate) struct FileRules {
    pub file: Arc<str>,
    pub role: Role,
    /// The kind of receptor asked for.
    pub kind: Option<ReceptorKind>,
    pub layout: Option<&'static Layout>,
    pub map: RoleMap,
    pub table_crs: TableCrs,
    /// Whether any column gives a domain or type.
    pub has_types: bool,
    /// The note on incidents if no column holds deaths; `None` if the layout has its own note.
    pub no_deaths: Option<String>,
    /// Which records to read.
    pub rows: Rows,
}

impl FileRules {
    /// The section of the column map that applies to the file: `sites`, `rivers`.
    pub fn section(&self) -> &'static str {
        self.kind.map_or(self.role.word(), ReceptorKind::word)
    }

    /// The list that country codes belong to: the user's choice, or the one that the column's name
    /// implies. GDELT uses FIPS 10-4 in `ActionGeo_CountryCode`.
    pub fn country_codes(&self, column: &str) -> CountryCodes {
        let holds = |word: &str| {
            let all = column.as_bytes().windows(word.len());
            all.into_iter().any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
        };
        let usual = || {
            let is_fips = holds("fips") || holds("geo_countrycode");
            if is_fips { CountryCodes::Fips } else { CountryCodes::Iso }
        };
        let of_layout = self.layout.and_then(|layout| layout.country_codes);
        self.map.country_codes.or(of_layout).unwrap_or_else(usual)
    }
}

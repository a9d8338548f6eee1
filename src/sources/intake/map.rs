//! The column map: the user's description of a table whose columns have unusual names, written as
//! `sites.lat=Y,incidents.date=When` on a command line or as tables in TOML.

use super::columns::{self, Field, Role};
use super::country_codes::CountryCodes;
use super::spelling::{self, Spelling};
use super::types::TypeWords;
use crate::model::{Declared, ReceptorKind};
use crate::sources::values::dates;
use crate::{Code, Error, Result};
use std::collections::{BTreeMap, BTreeSet};

/// The user's settings for columns, dates, decimal marks and reference systems, per role.
///
/// A section is `sites`, `incidents`, `receptors` or a kind of receptor such as `rivers`. A kind takes what
/// it does not set from `receptors`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ColumnMap {
    sections: BTreeMap<Section, RoleMap>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    Role(Role),
    Kind(ReceptorKind),
}

/// The user's settings for the files of one role.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct RoleMap {
    pub columns: BTreeMap<Field, String>,
    pub date_format: Option<String>,
    pub decimal_comma: bool,
    pub swap_axes: bool,
    pub negate_lon: bool,
    pub negate_lat: bool,
    pub country_codes: Option<CountryCodes>,
    pub crs: Option<String>,
    /// The layer to read, in a file with several.
    pub layer: Option<String>,
    pub spelling: Spelling,
    /// Where and when the files were collecting.
    pub covers: Vec<Declared>,
    /// The meaning of words for types.
    pub types: TypeWords,
    /// Settings that the user explicitly set to the default.
    as_usual: BTreeSet<&'static str>,
}

impl RoleMap {
    /// Applies the settings for axes and signs to a pair of numbers, x first.
    pub fn turned(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [x, y] = if self.swap_axes { [y, x] } else { [x, y] };
        let signed = |negate: bool, number: f64| if negate { -number } else { number };
        [signed(self.negate_lon, x), signed(self.negate_lat, y)]
    }

    /// Whether the settings change axes or signs.
    pub fn turns(&self) -> bool {
        self.swap_axes || self.negate_lon || self.negate_lat
    }

    /// Whether the user explicitly set a setting to its default.
    pub fn insists(&self, key: &str) -> bool {
        self.as_usual.contains(key)
    }

    /// Records whether a setting was explicitly set to its default.
    fn settle(&mut self, key: &'static str, usual: bool) {
        if usual {
            self.as_usual.insert(key);
        } else {
            self.as_usual.remove(key);
        }
    }
}

/// Keys other than columns.
const SETTINGS: [&str; 8] = [
    "date_format",
    "decimal_comma",
    "swap_axes",
    "negate_lon",
    "negate_lat",
    "country_codes",
    "crs",
    "layer",
];

impl ColumnMap {
    /// Reads a list such as `sites.lat=Y,sites.lon=X,incidents.date_format=%d/%m/%Y`.
    ///
    /// A comma within a value is kept unless a `section.key=` follows it.
    ///
    /// # Errors
    /// If a section or key is unknown, with the nearest known one, or if a value is invalid.
    pub fn parse(text: &str) -> Result<Self> {
        let mut map = Self::default();
        map.add(text)?;
        Ok(map)
    }

    /// The role that the map is about, if it is about one only.
    pub fn only_role(&self) -> Option<Role> {
        let role = |section: &Section| match section {
            Section::Role(role) => *role,
            Section::Kind(_) => Role::Receptors,
        };
        let mut roles = self.sections.keys().map(role);
        let first = roles.next()?;
        roles.all(|other| other == first).then_some(first)
    }

    /// Adds the settings of another `--map`; later settings win.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn add(&mut self, text: &str) -> Result<()> {
        let mut pairs: Vec<String> = Vec::new();
        for part in text.split(',') {
            match pairs.last_mut() {
                Some(last) if !starts_pair(part) => {
                    last.push(',');
                    last.push_str(part);
                }
                _ => pairs.push(part.to_owned()),
            }
        }
        for pair in pairs.iter().map(|pair| pair.trim()).filter(|pair| !pair.is_empty()) {
            let parts = pair
                .split_once('=')
                .and_then(|(key, value)| Some((key.trim().split_once('.')?, value.trim())));
            let Some(((section, key), value)) = parts else {
                return Err(Error::usage(
                    Code::MapInvalid,
                    format!("⟦~map⟧: \"{}\" is not SECTION.KEY=VALUE", pair.escape_debug()),
                )
                .with_hint("for example ⟦map=sites.lat=Y,sites.lon=X⟧"));
            };
            self.set(section.trim(), key.trim(), value)?;
        }
        Ok(())
    }

    /// Reads a map from TOML: `[sites]` with `lat = "Y"`, `date_format = "%d/%m/%Y"`, `decimal_comma =
    /// true`.
    ///
    /// # Errors
    /// If the text is not TOML, and as [`parse`](Self::parse).
    pub fn from_toml(text: &str) -> Result<Self> {
        let mut map = Self::default();
        map.add_toml(text)?;
        Ok(map)
    }

    /// Adds the settings of a TOML file; later settings win.
    ///
    /// # Errors
    /// As [`from_toml`](Self::from_toml).
    pub fn add_toml(&mut self, text: &str) -> Result<()> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            Error::usage(Code::MapInvalid, format!("column map: {}", error.to_string().trim_end()))
                .with_hint("a section looks like this: [sites] and below it lat = \"Y\"")
        })?;
        for (section, keys) in &table {
            if let ("types", toml::Value::Table(words)) = (section.as_str(), keys) {
                for (word, kind) in words {
                    let kind = kind.as_str().ok_or_else(|| {
                        let word = word.escape_debug();
                        Error::usage(
                            Code::MapInvalid,
                            format!("column map: types.\"{word}\" is not a text"),
                        )
                    })?;
                    self.types().add("column map: types", word, kind, None)?;
                }
                continue;
            }
            let toml::Value::Table(keys) = keys else {
                return Err(unknown("section", section, &sections()));
            };
            for (key, value) in keys {
                let value = match value {
                    toml::Value::String(text) => text.clone(),
                    toml::Value::Boolean(truth) => truth.to_string(),
                    toml::Value::Integer(number) => number.to_string(),
                    _ => {
                        return Err(Error::usage(
                            Code::MapInvalid,
                            format!(
                                "column map: {section}.{key} is neither text nor true or false"
                            ),
                        ));
                    }
                };
                self.set(section, key, &value)?;
            }
        }
        Ok(())
    }

    /// Adds a table of words for types, with the columns `word` and `type`, for the files of one name or for
    /// all files of incidents.
    ///
    /// # Errors
    /// If the table lacks these columns or has an unknown type.
    pub fn add_types(&mut self, text: &str, name: &str, file: Option<&str>) -> Result<()> {
        self.types().add_table(text, name, file)
    }

    fn types(&mut self) -> &mut TypeWords {
        &mut self.sections.entry(Section::Role(Role::Incidents)).or_default().types
    }

    fn set(&mut self, section: &str, key: &str, value: &str) -> Result<()> {
        let place = section_of(section).ok_or_else(|| unknown("section", section, &sections()))?;
        let role = match place {
            Section::Role(role) => role,
            Section::Kind(_) => Role::Receptors,
        };
        let map = self.sections.entry(place).or_default();
        let truth = || match value {
            "true" | "yes" => Ok(true),
            "false" | "no" => Ok(false),
            _ => Err(Error::usage(
                Code::MapInvalid,
                format!(
                    "column map: {section}.{key}: \"{}\" is not true or false",
                    value.escape_debug()
                ),
            )),
        };
        match key {
            "date_format" => {
                dates::check_format(value).map_err(|why| {
                    Error::usage(
                        Code::MapInvalid,
                        format!(
                            "column map: {section}.date_format: \"{}\" {why}",
                            value.escape_debug()
                        ),
                    )
                    .with_hint("directives are those of strptime, for example %d/%m/%Y")
                })?;
                map.date_format = Some(value.to_owned());
            }
            "decimal_comma" => map.decimal_comma = truth()?,
            "swap_axes" => {
                map.swap_axes = truth()?;
                map.settle("swap_axes", !map.swap_axes);
            }
            "negate_lon" => {
                map.negate_lon = truth()?;
                map.settle("negate_lon", !map.negate_lon);
            }
            "negate_lat" => {
                map.negate_lat = truth()?;
                map.settle("negate_lat", !map.negate_lat);
            }
            "country_codes" => {
                let codes = match value.to_lowercase().as_str() {
                    "iso" => CountryCodes::Iso,
                    "fips" => CountryCodes::Fips,
                    _ => {
                        let value = value.escape_debug();
                        return Err(Error::usage(Code::MapInvalid, format!(
                            "column map: {section}.country_codes: \"{value}\" is not a list of codes"
                        ))
                        .with_hint("known are iso (ISO 3166) and fips (FIPS 10-4)"));
                    }
                };
                map.country_codes = Some(codes);
                map.settle("country_codes", codes == CountryCodes::Iso);
            }
            "crs" => map.crs = Some(value.to_owned()),
            "layer" => map.layer = Some(value.to_owned()),
            "covers" if role == Role::Incidents => {
                map.covers = Declared::list("column map: incidents.covers", value)?;
            }
            _ => {
                match map.spelling.set(key, value) {
                    Some(true) => return Ok(()),
                    Some(false) => return Err(unknown_word(section, key, value)),
                    None => {}
                }
                let Some(field) = columns::field_of(role, key) else {
                    let mut known = columns::words(role);
                    known.extend(SETTINGS);
                    known.extend(spelling::KEYS.map(|(key, _)| key));
                    known.extend((role == Role::Incidents).then_some("covers"));
                    return Err(unknown(&format!("key of {section}"), key, &known));
                };
                map.columns.insert(field, value.to_owned());
            }
        }
        Ok(())
    }

    /// Where and when the files of incidents were collecting, as the user states.
    pub fn covers(&self) -> &[Declared] {
        let incidents = self.sections.get(&Section::Role(Role::Incidents));
        incidents.map_or(&[], |map| &map.covers)
    }

    /// Returns the settings for a role, and for receptors of one kind.
    pub(crate) fn of(&self, role: Role, kind: Option<ReceptorKind>) -> RoleMap {
        let mut merged = self.sections.get(&Section::Role(role)).cloned().unwrap_or_default();
        let special = kind.and_then(|kind| self.sections.get(&Section::Kind(kind)));
        if let (Role::Receptors, Some(special)) = (role, special) {
            merged.columns.extend(special.columns.clone());
            merged.date_format = special.date_format.clone().or(merged.date_format);
            merged.crs = special.crs.clone().or(merged.crs);
            merged.layer = special.layer.clone().or(merged.layer);
            merged.spelling = special.spelling.or(merged.spelling);
            merged.decimal_comma |= special.decimal_comma;
            let truth = |general: bool, own: bool, key| own || general && !special.insists(key);
            merged.swap_axes = truth(merged.swap_axes, special.swap_axes, "swap_axes");
            merged.negate_lon = truth(merged.negate_lon, special.negate_lon, "negate_lon");
            merged.negate_lat = truth(merged.negate_lat, special.negate_lat, "negate_lat");
            merged.country_codes = special.country_codes.or(merged.country_codes);
            merged.as_usual.extend(&special.as_usual);
        }
        merged
    }
}

/// The error for a word that a setting does not accept.
fn unknown_word(section: &str, key: &str, value: &str) -> Error {
    let words = spelling::KEYS.iter().find(|(known, _)| *known == key).map(|(_, words)| *words);
    let value = value.escape_debug();
    Error::usage(
        Code::MapInvalid,
        format!("column map: {section}.{key}: \"{value}\" is not one of its words"),
    )
    .with_hint(format!("known are {}", words.unwrap_or_default().join(" and ")))
}

/// Whether a part of a list begins a new pair.
fn starts_pair(part: &str) -> bool {
    part.split_once('=').is_some_and(|(key, _)| {
        key.split_once('.').is_some_and(|(section, _)| section_of(section.trim()).is_some())
            || key.trim().chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))
    })
}

pub(crate) fn section_of(word: &str) -> Option<Section> {
    match word {
        "sites" => Some(Section::Role(Role::Sites)),
        "incidents" => Some(Section::Role(Role::Incidents)),
        "receptors" => Some(Section::Role(Role::Receptors)),
        kind => ReceptorKind::from_word(kind).map(Section::Kind),
    }
}

fn sections() -> Vec<&'static str> {
    let mut words = vec!["sites", "incidents", "receptors", "types"];
    words.extend(ReceptorKind::ALL.map(ReceptorKind::word));
    words
}

/// The error for an unknown word, with the nearest known one.
fn unknown(what: &str, word: &str, known: &[&str]) -> Error {
    let nearest = known
        .iter()
        .max_by(|a, b| strsim::jaro_winkler(word, a).total_cmp(&strsim::jaro_winkler(word, b)));
    let error = Error::usage(
        Code::MapInvalid,
        format!("column map: \"{}\" is not a known {what}", word.escape_debug()),
    );
    match nearest {
        Some(near) if strsim::jaro_winkler(word, near) > 0.75 => {
            error.with_hint(format!("did you mean {near}"))
        }
        _ => error.with_hint(format!("known are {}", known.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_the_same_from_a_list_and_from_toml() {
        let listed = ColumnMap::parse(
            "sites.lat=Y, sites.lon=X,incidents.date=When,incidents.date_format=%b %d, %Y,rivers.name=Nom",
        )
        .expect("map");
        let toml = ColumnMap::from_toml(
            "[sites]\nlat = \"Y\"\nlon = \"X\"\n[incidents]\ndate = \"When\"\n\
             date_format = \"%b %d, %Y\"\n[rivers]\nname = \"Nom\"\n",
        )
        .expect("map");
        assert_eq!(listed, toml);
        let sites = listed.of(Role::Sites, None);
        assert_eq!(sites.columns.get(&Field::Lat).map(String::as_str), Some("Y"));
        let rivers = listed.of(Role::Receptors, Some(ReceptorKind::Rivers));
        assert_eq!(rivers.columns.get(&Field::Name).map(String::as_str), Some("Nom"));
        assert!(listed.of(Role::Receptors, None).columns.is_empty());
    }

    #[test]
    fn what_a_map_does_not_know_is_refused_with_the_nearest_name() {
        for (text, hint) in [
            ("site.lat=Y", "did you mean sites"),
            ("sites.latt=Y", "did you mean lat"),
            ("incidents.date_fmt=%Y", "did you mean date_format"),
            ("incidents.date_format=DD/MM", "strptime"),
            ("sites.lat", "for example"),
        ] {
            let error = ColumnMap::parse(text).expect_err(text);
            assert!(error.is_usage(), "{text}");
            assert!(error.hint().is_some_and(|h| h.contains(hint)), "{text}: {:?}", error.hint());
        }
        assert!(ColumnMap::from_toml("sites = 3").is_err());
        assert!(ColumnMap::from_toml("[sites\n").is_err());
        assert!(ColumnMap::parse("sites.decimal_comma=maybe").is_err());
    }
}

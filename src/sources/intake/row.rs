//! A record seen through the binding of its columns: returns the values of fields and notes odd ones
//! with their place.

use super::columns::{Binding, Field, fold, word_of};
use super::country_codes::CountryCodes;
use super::file_rules::FileRules;
use super::own::Keeper;
use super::tally::{Spot, Tally};
use super::types::{EventTypes, UnknownWords};
use crate::Code;
use crate::earth::Crs;
use crate::model::{
    Countries, CountryCode, Domain, Finding, Routed, Value, Verdict, by_fips, route,
};
use crate::sources::formats::record::Record;
use crate::sources::values::geometry::Note;
use crate::sources::values::numbers::{is_missing, read_count, read_number};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// Why a record is set aside.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fault {
    pub code: Code,
    pub field: Option<String>,
    pub value: Option<String>,
    pub why: String,
}

impl Fault {
    /// A fault of the record as a whole, without a field.
    pub fn whole(code: Code, why: impl Into<String>) -> Self {
        Self { code, field: None, value: None, why: why.into() }
    }
}

/// State collected over the records of a file or of a part of it: findings, counts, and caches of
/// looked-up words.
#[derive(Debug)]
pub(crate) struct ReadState {
    pub tally: Tally,
    /// Whether the file has a column of countries.
    pub has_countries: bool,
    /// Findings reported for each record, however many there are.
    pub findings: Vec<Finding>,
    /// Countries by the names used in the file.
    named: HashMap<String, Arc<[CountryCode]>>,
    /// Reference systems by the names used in records.
    pub systems: HashMap<String, Result<Crs, String>>,
    /// Domains and types by the words of types.
    routes: HashMap<String, Routed>,
    /// Unknown words of types.
    pub unknown_types: UnknownWords,
    /// Event types in the words of the file, each stored once.
    pub event_types: EventTypes,
    /// Stores the columns that records came with, if they are kept.
    pub own: Option<Box<Keeper>>,
}

impl ReadState {
    pub fn new(file: &Arc<str>) -> Self {
        Self {
            tally: Tally::new(file),
            has_countries: false,
            findings: Vec::new(),
            named: HashMap::new(),
            systems: HashMap::new(),
            routes: HashMap::new(),
            unknown_types: UnknownWords::default(),
            event_types: EventTypes::default(),
            own: None,
        }
    }

    /// Creates the state for a part of a file.
    pub fn of_part(file: &Arc<str>, own: Option<Box<Keeper>>) -> Self {
        Self { tally: Tally::of_part(file), own, ..Self::new(file) }
    }

    /// Adds the state of the next part, except its findings.
    pub fn merge(&mut self, part: Self) {
        self.tally.merge(part.tally);
        self.unknown_types.merge(part.unknown_types);
    }

    /// Clears notes and findings, but keeps the caches.
    pub fn forget(&mut self, file: &Arc<str>) {
        self.tally = Tally::of_part(file);
        self.findings.clear();
        self.unknown_types = UnknownWords::default();
    }
}

/// One record.
pub(crate) struct Row<'a> {
    pub record: &'a Record,
    pub rules: &'a FileRules,
    pub columns: &'a [Arc<str>],
    pub binding: &'a Binding,
    pub state: &'a mut ReadState,
    /// The id as given, for findings.
    pub id: Option<&'a str>,
    /// The country that the record names.
    pub country: Option<CountryCode>,
    /// The countries that the name stands for, if it stands for several.
    pub several: Option<Arc<[CountryCode]>>,
    /// The CRS that the record itself names, once its place has been read.
    pub system: Option<Crs>,
}

impl<'a> Row<'a> {
    /// The value of a field; missing if the file has no column for it.
    pub fn value(&self, field: Field) -> &Value {
        static NOTHING: Value = Value::Missing;
        let Some(at) = self.binding.column(field) else { return &NOTHING };
        let value = self.record.field(at);
        match self.rules.layout {
            Some(layout) if layout.says_unknown(field, value) => &NOTHING,
            _ => value,
        }
    }

    /// The file's name of the column of a field, or else Tamarisk's own.
    pub fn column(&self, field: Field) -> &str {
        let at = self.binding.column(field);
        at.and_then(|at| self.columns.get(at))
            .map_or(word_of(self.rules.role, field), |name| name.as_ref())
    }

    /// The text of a field, unless it means "unknown".
    pub fn words(&self, field: Field) -> Option<String> {
        self.word(field).map(Cow::into_owned)
    }

    /// Like [`words`](Self::words), but borrowed if the record holds a text.
    pub fn word(&self, field: Field) -> Option<Cow<'_, str>> {
        match self.value(field) {
            value if is_missing(value) => None,
            value => Some(match value.as_str() {
                Some("") => return None,
                Some(text) => Cow::Borrowed(text),
                None => Cow::Owned(value.to_string()),
            }),
        }
    }

    /// The code or word of a field in the form used by layouts: in lower case, a whole number without
    /// its fraction.
    pub fn code(&self, field: Field) -> Option<String> {
        let word = self.word(field)?;
        Some(word.trim().trim_end_matches(".0").to_lowercase())
    }

    /// Returns the domain and type that the words of a category, a sub-event type and an event type lead
    /// to. The result is cached by the words.
    pub fn route(&mut self, fields: [Field; 3], usual: Option<Domain>) -> Routed {
        let words = fields.map(|field| self.word(field));
        let mut key = String::new();
        for word in &words {
            // A control character separates the words, since no meaningful word contains one.
            key.push(if word.is_some() { '\u{1}' } else { '\u{2}' });
            key.push_str(word.as_deref().unwrap_or_default());
        }
        let [category, sub, event] = &words;
        let found = self.state.routes.get(&key).copied();
        let types = &self.rules.map.types;
        let routed = found.unwrap_or_else(|| {
            let words = [sub, event, category].map(Option::as_deref);
            let said = || types.find(&self.rules.file, words.into_iter().flatten());
            let known = || route(category.as_deref(), sub.as_deref(), event.as_deref(), usual);
            said().unwrap_or_else(known)
        });
        drop(words);
        if found.is_none() {
            self.state.routes.insert(key, routed);
        }
        routed
    }

    /// Counts the word of a field as an unknown type.
    pub fn count_unknown_type(&mut self, field: Field) {
        let at = self.binding.column(field);
        let value = at.map(|at| self.record.field(at)).filter(|value| !is_missing(value));
        match value.map(|value| {
            value.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed)
        }) {
            Some(word) if !word.is_empty() => self.state.unknown_types.count(&word),
            _ => {}
        }
    }

    /// Returns a number. One that cannot be read is noted and counts as missing.
    pub fn number(&mut self, field: Field) -> Option<f64> {
        match read_number(self.value(field), self.rules.map.decimal_comma) {
            Ok(None) => None,
            Ok(Some(number)) => {
                if let Some(repair) = number.repaired {
                    self.note(Verdict::Repaired, field, repair);
                }
                Some(number.value)
            }
            Err(why) => {
                self.note(Verdict::Noted, field, &format!("{why}; taken as missing"));
                None
            }
        }
    }

    /// Returns a number within limits. Any other is noted and counts as missing.
    pub fn number_within(&mut self, field: Field, least: f64, most: f64, why: &str) -> Option<f64> {
        let number = self.number(field)?;
        if (least..=most).contains(&number) {
            return Some(number);
        }
        self.note(Verdict::Noted, field, why);
        None
    }

    /// Returns a count. A negative or fractional one is noted and counts as missing.
    pub fn count(&mut self, field: Field) -> Option<u32> {
        match read_count(self.value(field), self.rules.map.decimal_comma) {
            Ok(count) => count,
            Err(why) => {
                let why = if why.ends_with("missing") {
                    why.to_owned()
                } else {
                    format!("{why}; taken as missing")
                };
                self.note(Verdict::Noted, field, &why);
                None
            }
        }
    }

    /// Looks up the country that the record names, or the several countries that its name stands for. An
    /// unknown name is noted.
    pub fn find_country(&mut self) {
        let Some(name) = self.country_text() else { return };
        if let Ok(number) = name.trim().parse::<u16>() {
            self.country = self.country_of_number(number);
            return;
        }
        let named = match self.state.named.get(&*name) {
            Some(named) => named.clone(),
            None => {
                let named: Arc<[CountryCode]> = named_by(self.country_codes(), &name).into();
                self.state.named.insert(name.clone().into_owned(), named.clone());
                named
            }
        };
        match &*named {
            [one] => self.country = Some(*one),
            [_, ..] => self.several = Some(named),
            _ if matches!(name.to_lowercase().as_str(), "unknown" | "none" | "n/a") => {}
            _ if Countries::built_in().is_sea(&name) => {
                let why =
                    "is a sea area, not a country; it does not show where incidents were collected";
                self.note_word(Field::Country, why);
            }
            _ => self.note_word(Field::Country, "is not a known name of a country"),
        }
    }

    /// The list that country codes belong to.
    pub fn country_codes(&self) -> CountryCodes {
        self.rules.country_codes(self.column(Field::Country))
    }

    /// The countries that the record names: one for nearly every name.
    pub fn named(&self) -> &[CountryCode] {
        self.several.as_deref().unwrap_or(self.country.as_slice())
    }

    /// Returns the country of a number in a column named for ISO; 0 means no country.
    fn country_of_number(&mut self, number: u16) -> Option<CountryCode> {
        let column = fold(self.column(Field::Country));
        if !column.starts_with("iso") && !column.ends_with("iso") && !column.ends_with("m49") {
            let why =
                "is a number from an unknown list; ISO 3166-1 numbers are read from a column iso";
            self.note_word(Field::Country, why);
            return None;
        }
        let code = Countries::built_in().numbered(number);
        if code.is_none() && number != 0 {
            self.note_word(Field::Country, "is not a country number of ISO 3166-1");
        }
        code
    }

    /// The name of the country as written in the file.
    pub fn country_text(&self) -> Option<Cow<'a, str>> {
        // Only blanks and dashes count as missing here: NA is Namibia.
        let record = self.record;
        let value = record.field(self.binding.column(Field::Country)?);
        let name = value.as_str().map(Cow::Borrowed);
        let name = name.or_else(|| value.text().map(Cow::Owned))?;
        name.chars().any(char::is_alphanumeric).then_some(name)
    }

    fn spot(&self) -> Spot {
        Spot { place: self.record.place.clone(), id: self.id.map(str::to_owned) }
    }

    /// Notes an odd value of a field.
    pub fn note(&mut self, verdict: Verdict, field: Field, why: &str) {
        let (column, value) = (self.column(field).to_owned(), self.value(field).text());
        let spot = self.spot();
        self.state.tally.note(code_of(field), verdict, Some(&column), value, why, spot);
    }

    /// Notes something odd about the record.
    pub fn note_record(&mut self, verdict: Verdict, why: &str) {
        let spot = self.spot();
        self.state.tally.note(Code::ValueDoubtful, verdict, None, None, why, spot);
    }

    /// Notes something about the record's geometry.
    pub fn note_geometry(&mut self, note: Note) {
        let Note { code, field, value, why, verdict } = note;
        let spot = self.spot();
        self.state.tally.note(code, verdict, field.as_deref(), value, &why, spot);
    }

    /// Notes an unknown word of a field.
    pub fn note_word(&mut self, field: Field, why: &str) {
        let column = self.column(field).to_owned();
        let Some(word) = self.value(field).text() else {
            return self.note(Verdict::Noted, field, why);
        };
        let spot = self.spot();
        let code = code_of(field);
        self.state.tally.note_word(code, Verdict::Noted, Some(&column), word, why, spot);
    }

    /// Creates the fault of a field for which the record is set aside.
    pub fn fault(&self, field: Field, why: impl Into<String>) -> Fault {
        Fault {
            code: code_of(field),
            field: Some(self.column(field).to_owned()),
            value: self.value(field).text(),
            why: why.into(),
        }
    }

    /// Reports a fault for this record, however many other records have the same one.
    pub fn say(&mut self, verdict: Verdict, fault: Fault) {
        let finding = Finding {
            code: fault.code,
            file: self.rules.file.clone(),
            place: self.record.place.clone(),
            id: self.id.map(str::to_owned),
            field: fault.field,
            value: fault.value,
            why: fault.why,
            verdict,
        };
        self.state.findings.push(finding);
    }
}

/// Returns the countries that a name stands for. Two letters are a code of the list that the file uses.
pub(super) fn named_by(codes: CountryCodes, name: &str) -> Vec<CountryCode> {
    match codes {
        CountryCodes::Fips if name.trim().len() == 2 => by_fips(name).into_iter().collect(),
        _ => Countries::built_in().all_named(name),
    }
}

/// The code of findings about a field.
fn code_of(field: Field) -> Code {
    match field {
        Field::Id => Code::IdDoubtful,
        Field::Lon
        | Field::Lat
        | Field::Accuracy
        | Field::AccuracyCode
        | Field::GeoPrecision
        | Field::WherePrecision
        | Field::LocationAccuracy
        | Field::LatMin
        | Field::LatSec
        | Field::LatSide
        | Field::LonMin
        | Field::LonSec
        | Field::LonSide => Code::PositionDoubtful,
        Field::RowCrs => Code::CrsDoubtful,
        Field::Geometry => Code::GeometryDoubtful,
        Field::Country => Code::CountryDoubtful,
        Field::Date
        | Field::DateEnd
        | Field::Year
        | Field::RoughYear
        | Field::Month
        | Field::Day => Code::DateDoubtful,
        Field::Domain
        | Field::EventType
        | Field::SubEventType
        | Field::ViolenceType
        | Field::ReceptorType => Code::TypeDoubtful,
        Field::Fatalities | Field::FatalitiesLow | Field::FatalitiesHigh => Code::DeathsDoubtful,
        Field::Name
        | Field::Group
        | Field::Part
        | Field::TailingsClass
        | Field::TailingsHeight
        | Field::TailingsVolume
        | Field::NextDown
        | Field::WaterStress
        | Field::WaterStressRatio
        | Field::WaterStressCategory
        | Field::WaterStressNextBasin
        | Field::WaterStressNote
        | Field::Magnitude
        | Field::Depth
        | Field::Designation
        | Field::IucnCategory
        | Field::AreaKm2
        | Field::AreaHa
        | Field::Population
        | Field::Status
        | Field::PlaceNumber
        | Field::Actors
        | Field::OtherActors
        | Field::Location
        | Field::Source
        | Field::Link => Code::ValueDoubtful,
    }
}

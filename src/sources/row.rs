//! A record seen through the binding of its columns: what it says of a field, with every odd value
//! noted where it stands.

use super::columns::{Binding, Field, Role, word_of};
use super::geometry::Note;
use super::layout::Layout;
use super::map::{CountryCodes, RoleMap};
use super::numbers::{is_missing, read_count, read_number};
use super::reading::Covered;
use super::record::Record;
use super::tally::{Spot, Tally};
use crate::earth::{Crs, Position};
use crate::model::{
    Countries, CountryCode, Domain, Finding, ReceptorKind, Routed, Value, Verdict, by_fips, route,
};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// Why a record is set aside.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fault {
    pub field: Option<String>,
    pub value: Option<String>,
    pub why: String,
}

impl Fault {
    /// A fault of the record as a whole.
    pub fn whole(why: impl Into<String>) -> Self {
        Self { field: None, value: None, why: why.into() }
    }
}

/// How the records of a file are read.
#[derive(Debug)]
pub(super) struct Manner {
    pub file: Arc<str>,
    pub role: Role,
    /// The kind of receptor that was asked for.
    pub kind: Option<ReceptorKind>,
    pub layout: Option<&'static Layout>,
    pub map: RoleMap,
    pub crs: Crs,
    /// Whether any column tells of domain or type.
    pub has_types: bool,
}

impl Manner {
    /// The list from which codes of countries are taken.
    pub fn country_codes(&self) -> CountryCodes {
        let usual = self.layout.and_then(|layout| layout.country_codes);
        self.map.country_codes.or(usual).unwrap_or(CountryCodes::Iso)
    }

    /// Where a pair of numbers lies as it is read; `None` where it lies nowhere.
    pub fn position(&self, pair: [f64; 2]) -> Option<Position> {
        self.map.position(pair, &self.crs)
    }
}

/// What is gathered over all records of a file.
#[derive(Debug)]
pub(super) struct Gathered {
    pub tally: Tally,
    pub covered: Covered,
    /// Findings that are said of each record, however many there are.
    pub findings: Vec<Finding>,
    /// Countries by the names that the file uses.
    named: HashMap<String, Option<CountryCode>>,
    /// Where words of types lead, by the words.
    routes: HashMap<String, Routed>,
}

impl Gathered {
    pub fn new(file: &Arc<str>) -> Self {
        Self {
            tally: Tally::new(file),
            covered: Covered::default(),
            findings: Vec::new(),
            named: HashMap::new(),
            routes: HashMap::new(),
        }
    }

    /// What is gathered over the records of a part of a file.
    pub fn of_part(file: &Arc<str>) -> Self {
        Self { tally: Tally::of_part(file), ..Self::new(file) }
    }

    /// Adds what was gathered over the part that comes next, but for its findings.
    pub fn merge(&mut self, part: Self) {
        self.tally.merge(part.tally);
        let covered = part.covered;
        self.covered.security.extend(covered.security);
        self.covered.accident.extend(covered.accident);
        self.covered.any.extend(covered.any);
    }
}

/// One record.
pub(super) struct Row<'a> {
    pub record: &'a Record,
    pub manner: &'a Manner,
    pub columns: &'a [Arc<str>],
    pub binding: &'a Binding,
    pub gathered: &'a mut Gathered,
    /// The id as it was given, for findings.
    pub id: Option<&'a str>,
    /// The country that the record names.
    pub country: Option<CountryCode>,
}

impl<'a> Row<'a> {
    /// The value of a field; missing where the file has no column for it.
    pub fn value(&self, field: Field) -> &Value {
        static NOTHING: Value = Value::Missing;
        self.binding.column(field).map_or(&NOTHING, |at| self.record.field(at))
    }

    /// The file's own name for the column of a field, or ours.
    pub fn column(&self, field: Field) -> &str {
        let at = self.binding.column(field);
        at.and_then(|at| self.columns.get(at))
            .map_or(word_of(self.manner.role, field), |name| name.as_ref())
    }

    /// Words, unless they say that nothing is known.
    pub fn words(&self, field: Field) -> Option<String> {
        self.word(field).map(Cow::into_owned)
    }

    /// The same, borrowed where the record holds them as a text.
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

    /// What words of a category, a sub-event type and an event type route an incident to, found
    /// once for the same words.
    pub fn route(&mut self, fields: [Field; 3], usual: Option<Domain>) -> Routed {
        let words = fields.map(|field| self.word(field));
        let mut key = String::new();
        for word in &words {
            // A control character, which no word holds that means something.
            key.push(if word.is_some() { '\u{1}' } else { '\u{2}' });
            key.push_str(word.as_deref().unwrap_or_default());
        }
        let [category, sub, event] = &words;
        let found = self.gathered.routes.get(&key).copied();
        let routed = found
            .unwrap_or_else(|| route(category.as_deref(), sub.as_deref(), event.as_deref(), usual));
        drop(words);
        if found.is_none() {
            self.gathered.routes.insert(key, routed);
        }
        routed
    }

    /// A number; one that cannot be read is noted and missing.
    pub fn number(&mut self, field: Field) -> Option<f64> {
        match read_number(self.value(field), self.manner.map.decimal_comma) {
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

    /// A number within limits; another is noted and missing.
    pub fn number_within(&mut self, field: Field, least: f64, most: f64, why: &str) -> Option<f64> {
        let number = self.number(field)?;
        if (least..=most).contains(&number) {
            return Some(number);
        }
        self.note(Verdict::Noted, field, why);
        None
    }

    /// A count; one that is negative or not whole is noted and missing.
    pub fn count(&mut self, field: Field) -> Option<u32> {
        match read_count(self.value(field), self.manner.map.decimal_comma) {
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

    /// Finds the country that the record names; a name that is not known is noted.
    pub fn find_country(&mut self) -> Option<CountryCode> {
        let name = self.country_text()?;
        let codes = self.manner.country_codes();
        let named = &mut self.gathered.named;
        let code = match named.get(name) {
            Some(code) => *code,
            None => {
                let code = named_by(codes, name);
                named.insert(name.to_owned(), code);
                code
            }
        };
        if code.is_none() && !matches!(name.to_lowercase().as_str(), "unknown" | "none" | "n/a") {
            self.note_word(Field::Country, "is no country that is known by this name");
        }
        code
    }

    /// The name of the country as it stands in the file.
    pub fn country_text(&self) -> Option<&'a str> {
        // No missing words here but blanks and dashes: NA is Namibia.
        let at = self.binding.column(Field::Country)?;
        let name = self.record.field(at).as_str()?;
        name.chars().any(char::is_alphanumeric).then_some(name)
    }

    fn spot(&self) -> Spot {
        Spot { place: self.record.place.clone(), id: self.id.map(str::to_owned) }
    }

    /// Notes what is odd about a field.
    pub fn note(&mut self, verdict: Verdict, field: Field, why: &str) {
        let (column, value) = (self.column(field).to_owned(), self.value(field).text());
        let spot = self.spot();
        self.gathered.tally.note(verdict, Some(&column), value, why, spot);
    }

    /// Notes what is odd about the record.
    pub fn note_record(&mut self, verdict: Verdict, why: &str) {
        let spot = self.spot();
        self.gathered.tally.note(verdict, None, None, why, spot);
    }

    /// Notes what was found about the record's geometry.
    pub fn note_geometry(&mut self, note: Note) {
        let Note { field, value, why, verdict } = note;
        let spot = self.spot();
        self.gathered.tally.note(verdict, field.as_deref(), value, &why, spot);
    }

    /// Notes a word of a field that is not known.
    pub fn note_word(&mut self, field: Field, why: &str) {
        let column = self.column(field).to_owned();
        let Some(word) = self.value(field).text() else {
            return self.note(Verdict::Noted, field, why);
        };
        let spot = self.spot();
        self.gathered.tally.note_word(Verdict::Noted, Some(&column), word, why, spot);
    }

    /// The fault of a field for which the record is set aside.
    pub fn fault(&self, field: Field, why: impl Into<String>) -> Fault {
        Fault {
            field: Some(self.column(field).to_owned()),
            value: self.value(field).text(),
            why: why.into(),
        }
    }

    /// Says why the record is set aside, or what must be said of it however many are like it.
    pub fn say(&mut self, verdict: Verdict, fault: Fault) {
        let finding = Finding {
            file: self.manner.file.clone(),
            place: self.record.place.clone(),
            id: self.id.map(str::to_owned),
            field: fault.field,
            value: fault.value,
            why: fault.why,
            verdict,
        };
        self.gathered.findings.push(finding);
    }
}

/// The country that a name stands for; two letters are a code of the list that the file uses.
pub(super) fn named_by(codes: CountryCodes, name: &str) -> Option<CountryCode> {
    match codes {
        CountryCodes::Fips if name.trim().len() == 2 => by_fips(name),
        _ => Countries::built_in().named(name),
    }
}

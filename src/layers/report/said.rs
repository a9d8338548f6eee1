//! What the source of an incident says of it, in its own words.

use crate::model::{self, Incident, OwnValue};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::HashMap;

/// Letters of all texts on a page; only incidents behind scores are told beyond it.
const LETTERS: usize = 400_000;

/// Letters of a note.
const NOTE: usize = 600;

/// Columns that name the province or district.
const REGIONS: [&str; 12] = [
    "admin1",
    "adm_1",
    "adm1",
    "adm1_name",
    "admin1_name",
    "province",
    "provstate",
    "state",
    "region",
    "department",
    "governorate",
    "district",
];

/// Columns that describe what happened.
const NOTES: [&str; 10] = [
    "notes",
    "note",
    "description",
    "event_description",
    "summary",
    "narrative",
    "details",
    "comments",
    "source_headline",
    "headline",
];

/// What a source says of an incident. Numbers are indices into the texts of the page.
#[derive(Debug, Serialize)]
pub struct Said<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its finer type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finer: Option<usize>,
    /// Who took part, as claimed by the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actors: Option<usize>,
    /// The name of the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<usize>,
    /// The province or district in which it lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<usize>,
    /// Who reported it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<usize>,
    /// Link to the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<&'a str>,
    /// What happened, shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<Cow<'a, str>>,
}

impl<'a> Said<'a> {
    /// What the source of an incident says; `None` if it says nothing more than its type, date and deaths, or if the page
    /// has no more room and it is not needed.
    pub fn of(incident: &'a Incident, texts: &mut Texts<'a>, needed: bool) -> Option<Self> {
        if !needed && texts.letters > LETTERS {
            return None;
        }
        let said = |what| incident.own.said(what);
        let (finer, region) = (incident.finer_type.as_deref(), column(incident, &REGIONS));
        let notes = column(incident, &NOTES).map(|notes| shortened(notes, NOTE));
        let link = said(model::Said::Link);
        let mut place = |text: Option<&'a str>| text.map(|text| texts.place(text));
        let said = Self {
            id: &incident.id,
            finer: place(finer),
            actors: place(said(model::Said::Actors)),
            location: place(said(model::Said::Location)),
            region: place(region),
            source: place(said(model::Said::Source)),
            link,
            notes,
        };
        let told = said.notes.as_ref().map_or(0, |notes| notes.len());
        texts.letters += told + link.map_or(0, str::len) + incident.id.len();
        Some(said)
    }
}

/// A text of at most so many letters, cut between words.
fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(most) else { return Cow::Borrowed(text) };
    let kept = text.get(..end).unwrap_or(text);
    let whole = kept.rfind(char::is_whitespace).and_then(|at| kept.get(..at)).unwrap_or(kept);
    Cow::Owned(format!("{whole} …"))
}

/// Texts that occur several times, each held once.
#[derive(Debug, Default)]
pub struct Texts<'a> {
    list: Vec<&'a str>,
    places: HashMap<&'a str, usize>,
    /// The letters of the texts and of those that are told with the incidents.
    letters: usize,
}

impl<'a> Texts<'a> {
    /// The place of a text in the list.
    pub fn place(&mut self, text: &'a str) -> usize {
        *self.places.entry(text).or_insert_with(|| {
            self.letters += text.len();
            self.list.push(text);
            self.list.len() - 1
        })
    }

    /// The texts.
    pub fn list(self) -> Vec<&'a str> {
        self.list
    }
}

/// The first text among an incident's columns of these names.
fn column<'a>(incident: &'a Incident, names: &[&str]) -> Option<&'a str> {
    let of = |wanted: &&str| {
        incident.own.columns().find_map(|(name, value)| match value {
            OwnValue::Text(text) if name.eq_ignore_ascii_case(wanted) => Some(text),
            _ => None,
        })
    };
    names.iter().find_map(of).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_note_ends_between_words() {
        assert_eq!(shortened("one two", 7), "one two");
        assert_eq!(shortened("one two", 6), "one …");
        assert_eq!(shortened("éééééé", 3), "ééé …");
    }

    #[test]
    fn a_text_is_held_once() {
        let mut texts = Texts::default();
        assert_eq!([texts.place("a"), texts.place("b"), texts.place("a")], [0, 1, 0]);
        assert_eq!(texts.list(), ["a", "b"]);
    }
}

//! The disclosures on the page: for each, a table of sites by items, and the statements on all sites.

use super::reasons::{reasons, shared_note};
use super::{Disclosure, Disclosures, Statement};
use crate::layers::Property;
use serde::Serialize;
use std::collections::BTreeMap;

/// A disclosure on the page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DisclosurePage {
    /// The word of the disclosure.
    pub name: &'static str,
    /// What it asks for.
    pub about: &'static str,
    /// Its items.
    pub items: Vec<ItemColumn>,
    /// The notes on answers, each once.
    pub notes: Vec<String>,
    /// The answers for each site that the page shows.
    pub sites: Vec<SiteRow>,
    /// The statements on all sites.
    pub all: Vec<Overall>,
}

/// A statement on all sites: item, what it is of, value, unit, note.
pub type Overall = (String, Option<String>, serde_json::Value, &'static str, Option<String>);

/// An item of a disclosure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemColumn {
    /// Its name.
    pub item: String,
    /// The unit of its numbers.
    pub unit: Option<&'static str>,
    /// What has to be said with every known answer, where that is the same: the rule by which it is given.
    pub told: Option<String>,
    /// Why it is not known: each reason with the number of sites, the most frequent first.
    pub unknown: Vec<(String, usize)>,
}

/// The answers for one site.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SiteRow {
    /// The row of the site on the page.
    pub row: usize,
    /// An answer for each item; null if it is not known.
    pub values: Vec<serde_json::Value>,
    /// For each item the note on its answer, as an index into the notes; null without one, or if the answer is not known.
    pub notes: Vec<Option<usize>>,
    /// The items whose number is the least that there is.
    pub least: Vec<usize>,
}

impl Disclosures {
    /// The disclosures on a page on which the sites with these indices have rows, in this order.
    pub fn page(&self, rows: &[usize]) -> Vec<DisclosurePage> {
        let row_of: BTreeMap<usize, usize> =
            rows.iter().enumerate().map(|(row, site)| (*site, row)).collect();
        Disclosure::ALL.into_iter().map(|of| self.of_page(of, &row_of)).collect()
    }

    fn of_page(&self, disclosure: Disclosure, row_of: &BTreeMap<usize, usize>) -> DisclosurePage {
        let of = |list: &'_ [Statement]| -> Vec<usize> {
            let one = |one: &Statement| one.disclosure == disclosure && one.of.is_none();
            (0..).zip(list).filter(|(_, statement)| one(statement)).map(|(at, _)| at).collect()
        };
        let mut items: Vec<ItemColumn> = Vec::new();
        let mut asked: Vec<Vec<&Statement>> = Vec::new();
        let mut sites: Vec<SiteRow> = Vec::new();
        let mut notes: BTreeMap<String, usize> = BTreeMap::new();
        for one in &self.sites {
            let mut values = vec![serde_json::Value::Null; items.len()];
            let mut told = vec![None; items.len()];
            let mut least = Vec::new();
            for statement in of(&one.list).into_iter().filter_map(|at| one.list.get(at)) {
                let known = items.iter().position(|item| *item.item == *statement.item);
                let at = known.unwrap_or(items.len());
                if known.is_none() {
                    let (item, unit) = (statement.item.to_string(), statement.unit);
                    items.push(ItemColumn { item, unit, told: None, unknown: Vec::new() });
                    asked.push(Vec::new());
                    values.push(serde_json::Value::Null);
                    told.push(None);
                }
                if let Some(value) = values.get_mut(at) {
                    *value = json(&statement.value);
                }
                let note = statement.note.as_ref().filter(|_| statement.value != Property::Missing);
                if let Some((place, note)) = told.get_mut(at).zip(note) {
                    let next = notes.len();
                    *place = Some(*notes.entry(note.clone()).or_insert(next));
                }
                if statement.is_least() {
                    least.push(at);
                }
                if let Some(asked) = asked.get_mut(at) {
                    asked.push(statement);
                }
            }
            if let Some(row) = row_of.get(&one.site) {
                sites.push(SiteRow { row: *row, values, notes: told, least });
            }
        }
        sites.sort_by_key(|site| site.row);
        for (item, asked) in items.iter_mut().zip(asked) {
            item.told = shared_note(asked.iter().copied().filter(|one| one.is_known()));
            item.unknown = reasons(asked.into_iter());
        }
        let all = self.all.iter().filter(|one| one.disclosure == disclosure).map(|one| {
            let Statement { item, of, value, unit, note, .. } = one;
            (item.to_string(), of.clone(), json(value), unit.unwrap_or(""), note.clone())
        });
        let all = all.collect();
        let mut notes: Vec<(usize, String)> =
            notes.into_iter().map(|(note, at)| (at, note)).collect();
        notes.sort_unstable();
        let notes = notes.into_iter().map(|(_, note)| note).collect();
        DisclosurePage {
            name: disclosure.word(),
            about: disclosure.about(),
            items,
            notes,
            sites,
            all,
        }
    }
}

/// An answer as JSON: rounded to the digits with which it is written.
fn json(value: &Property) -> serde_json::Value {
    match value {
        Property::Missing => serde_json::Value::Null,
        Property::Text(text) => text.as_str().into(),
        Property::Flag(flag) => (*flag).into(),
        Property::Date(day) => day.to_string().into(),
        Property::Number(number, crate::layers::Digits::Decimals(digits)) => {
            let text = format!("{number:.*}", usize::from(*digits));
            text.parse::<f64>().unwrap_or(*number).into()
        }
        Property::Number(number, crate::layers::Digits::All) => (*number).into(),
    }
}

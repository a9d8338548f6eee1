//! Columns of incidents whose names alone say too little: a column `Event` that holds types of events, or a
//! column of casualties if there is no column of deaths.

use super::columns::{Binding, Field as F, Role, fold};
use super::map::RoleMap;
use super::tally::Tally;
use crate::model::{Domain, route};
use crate::sources::reader::Reader;
use crate::sources::values::numbers::is_missing;
use crate::{Code, Result};
use std::sync::Arc;

/// Folded names of columns that may hold types, titles or numbers of events.
const NAMES: [&str; 6] = ["category", "event", "incident", "ereignis", "vorfall", "kategorie"];

/// Number of records examined to see what a column holds.
const LOOKED_AT: usize = 200;

/// Types are words that repeat, not sentences.
const MOST_LETTERS: usize = 60;

/// Adds to the map a column whose content shows that it holds types, if no column is named for them.
///
/// # Errors
/// If the table cannot be read.
pub(super) fn learn(reader: &Reader, map: &mut RoleMap, tally: &mut Tally) -> Result<()> {
    let columns = reader.columns();
    let named = |name: &Arc<str>| NAMES.contains(&fold(name).as_str());
    if !columns.iter().any(named) {
        return Ok(());
    }
    let binding = Binding::new(reader.file(), columns, Role::Incidents, None, map)?;
    if binding.has(F::EventType) || binding.has(F::SubEventType) || binding.has(F::ViolenceType) {
        return Ok(());
    }
    // The user has already decided about domains.
    if map.columns.contains_key(&F::Domain) {
        return Ok(());
    }
    let sample = reader.sample(LOOKED_AT)?;
    let holds_types = |at: usize| {
        let values = sample.iter().map(|record| record.field(at));
        let given: Vec<_> = values.filter(|value| !is_missing(value)).collect();
        let texts = || given.iter().filter_map(|value| value.as_str());
        let is_known =
            |text: &&str| text.len() <= MOST_LETTERS && route(None, None, Some(text), None).known;
        // A column that holds only words for domains is left to be read as the domain.
        let types = texts().filter(is_known).any(|text| Domain::from_word(text).is_none());
        types && texts().filter(is_known).count() * 2 >= given.len()
    };
    for name in NAMES {
        let Some(at) = columns.iter().position(|column| fold(column) == name) else { continue };
        if let (true, Some(column)) = (holds_types(at), columns.get(at)) {
            map.columns.insert(F::EventType, column.to_string());
            tally.say(
                Code::ColumnDoubtful,
                Some(column),
                "holds types of events and is read as event_type".to_owned(),
            );
            return Ok(());
        }
    }
    Ok(())
}

/// The note on incidents without a known column of deaths, with the likeliest column.
pub(super) fn no_deaths(columns: &[Arc<str>]) -> String {
    const WORDS: [&str; 21] = [
        "fatal",
        "death",
        "dead",
        "killed",
        "killing",
        "casualt",
        "victim",
        "died",
        "mort",
        "décès",
        "deces",
        "tué",
        "muert",
        "fallecid",
        "víctima",
        "tote",
        "getötet",
        "opfer",
        "погиб",
        "убит",
        "死亡",
    ];
    let likeliest = WORDS
        .iter()
        .find_map(|word| columns.iter().find(|column| column.to_lowercase().contains(word)));
    let base = "no column of deaths is known; counted as 0";
    match likeliest {
        None => base.to_owned(),
        Some(column) if column.to_lowercase().contains("casualt") => format!(
            "{base}; {} may be the dead and the injured: ⟦map=incidents.fatalities={}⟧ if it is the dead alone",
            column.escape_debug(),
            column.escape_debug()
        ),
        Some(column) => format!(
            "{base}; if {} are deaths: ⟦map=incidents.fatalities={}⟧",
            column.escape_debug(),
            column.escape_debug()
        ),
    }
}

//! The incidents on the map, column by column: the newest, and those behind the scores of the sites with a panel.

mod months;

pub use months::Months;

use super::degrees;
use super::kinds::{self, ACCIDENT};
use super::said::{Said, Texts};
use crate::layers::Context;
use crate::measures::Security;
use crate::model::{Domain, Incident, SecurityType};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Security incidents on the map, besides those behind scores.
const NEWEST: usize = 5_000;

/// Accidents on the map, besides those behind scores.
const ACCIDENTS: usize = 1_000;

/// The incidents on the map, the newest first; every list has one entry per incident.
#[derive(Debug, Default, Serialize)]
pub struct Events<'a> {
    /// Degrees.
    pub lon: Vec<f64>,
    /// Degrees.
    pub lat: Vec<f64>,
    /// Their types, as indices into `kinds`; accidents have a type of their own.
    pub kind: Vec<usize>,
    /// Their types in the source's words, as indices into `texts`.
    pub what: Vec<usize>,
    /// What the page calls them, as indices into `called`.
    pub name: Vec<usize>,
    /// Their last days.
    pub date: Vec<Option<String>>,
    /// Days from the last day to the as-of date.
    pub age_days: Vec<Option<i64>>,
    /// Deaths, by the best estimates.
    pub deaths: Vec<Option<u32>>,
    /// What the source says of them, as far as the page has room for it.
    pub said: Vec<Option<Said<'a>>>,
    /// The words for types; the last is that of accidents.
    pub kinds: Vec<&'static str>,
    /// What the page calls those types.
    pub labels: Vec<&'static str>,
    /// What the page calls incidents.
    pub called: Vec<String>,
    /// The first day from which security incidents were collected, and the last.
    pub record: Option<(String, String)>,
    /// All security incidents that count by month, and all accidents.
    pub months: [Months; 2],
    /// Texts that occur several times.
    pub texts: Vec<&'a str>,
    /// The number of security incidents and of accidents that count.
    pub used: [usize; 2],
    /// The place of an incident in these lists, by its index in the run.
    #[serde(skip)]
    places: BTreeMap<usize, usize>,
}

impl<'a> Events<'a> {
    /// The newest incidents that count, and `behind`, those behind scores, by their indices.
    pub fn of(context: Context<'a>, security: &Security, behind: &BTreeSet<usize>) -> Self {
        let reported: Vec<usize> = security.incidents().iter().map(|event| event.index).collect();
        let accidents: Vec<usize> = (0..context.incidents.len())
            .filter(|at| context.incidents.get(*at).is_some_and(|one| counts(context, one)))
            .collect();
        let used = [reported.len(), accidents.len()];
        let months = [
            Months::of(context, &reported, context.collection),
            Months::of(context, &accidents, context.accident_collection),
        ];
        let mut chosen = behind.clone();
        chosen.extend(newest(context, reported, NEWEST));
        chosen.extend(newest(context, accidents, ACCIDENTS));
        let count = chosen.len();
        let order = newest(context, chosen.into_iter().collect(), count);
        let mut kinds: Vec<&str> = SecurityType::ALL.map(SecurityType::word).to_vec();
        kinds.push(ACCIDENT);
        let mut labels: Vec<&str> = SecurityType::ALL.map(kinds::label).to_vec();
        labels.push("Accidents");
        let record = record(context);
        let mut events = Self { kinds, labels, used, record, months, ..Self::default() };
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        let mut texts = Texts::default();
        for (place, index) in order.into_iter().enumerate() {
            let Some(incident) = context.incidents.get(index) else { continue };
            events.add(context, incident, &mut texts, behind.contains(&index));
            let called = kinds::called(incident).into_owned();
            let next = names.len();
            events.name.push(*names.entry(called).or_insert(next));
            events.places.insert(index, place);
        }
        events.texts = texts.list();
        let mut called: Vec<(usize, String)> =
            names.into_iter().map(|(name, at)| (at, name)).collect();
        called.sort_unstable();
        events.called = called.into_iter().map(|(_, name)| name).collect();
        events
    }

    fn add(
        &mut self,
        context: Context<'a>,
        incident: &'a Incident,
        texts: &mut Texts<'a>,
        needed: bool,
    ) {
        let kind = incident.security_type.map_or(ACCIDENT, SecurityType::word);
        self.kind.push(self.kinds.iter().position(|one| *one == kind).unwrap_or_default());
        self.lon.push(degrees(incident.position.lon()));
        self.lat.push(degrees(incident.position.lat()));
        self.what.push(texts.place(&incident.event_type));
        self.date.push(incident.date.map(|date| date.last().to_string()));
        self.age_days.push(context.age(incident));
        self.deaths.push(incident.fatalities);
        self.said.push(Said::of(incident, texts, needed));
    }

    /// The name of the place where an incident in these lists happened, by its source.
    pub fn location(&self, place: usize) -> Option<&'a str> {
        let said = self.said.get(place)?.as_ref()?;
        self.texts.get(said.location?).copied()
    }

    /// The place in the lists of an incident, by its index in the run.
    pub fn place(&self, index: usize) -> Option<usize> {
        self.places.get(&index).copied()
    }
}

/// The days from the first on which any file collected security incidents to the last: those of every other output.
fn record(context: Context<'_>) -> Option<(String, String)> {
    let sources = context.collection.sources().iter();
    let first = sources.clone().map(|source| source.from).min()?;
    let last = sources.map(|source| source.until).max()?;
    Some((first.to_string(), last.to_string()))
}

/// Whether an incident is an accident that counts.
pub(super) fn counts(context: Context<'_>, incident: &Incident) -> bool {
    incident.domain == Domain::Accident
        && !incident.vague
        && context.age(incident).is_none_or(|days| days >= 0)
}

/// The newest of some incidents, the newest first.
fn newest(context: Context<'_>, mut all: Vec<usize>, most: usize) -> Vec<usize> {
    let by = |at: &usize| {
        let incident = context.incidents.get(*at);
        let day = incident.and_then(|one| one.date).map(|date| date.last());
        (std::cmp::Reverse(day), incident.map(|one| one.id.as_str()))
    };
    if all.len() > most {
        all.select_nth_unstable_by(most, |a, b| by(a).cmp(&by(b)));
        all.truncate(most);
    }
    all.sort_by(|a, b| by(a).cmp(&by(b)));
    all
}

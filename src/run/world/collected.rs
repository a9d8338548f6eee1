//! When and where each file of incidents collected, by the days of its records.

use crate::earth::Length;
use crate::measures::{Places, SourceSpan, days_between};
use crate::model::{Codes, CountryCode, Declared, Domain, Incident, bulk, collected_in};
use crate::sources::Reading;
use jiff::civil::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A shorter lack of incidents is unremarkable in any country.
const QUIET_DAYS: i64 = 365;

/// The records of one domain in one file, by their last days.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::run) struct Collected {
    pub file: Arc<str>,
    pub domain: Domain,
    /// The days of all its records, ascending, without duplicates.
    pub days: Vec<Date>,
    /// The days by country; `None` if the file has no column of countries.
    countries: Option<BTreeMap<CountryCode, Vec<Date>>>,
    /// The first requested day, if the file has earlier records: it already collected then.
    begins: Option<Date>,
    /// The countries of those records.
    earlier: BTreeSet<CountryCode>,
    /// The first day of a record whose place is known.
    pub(super) usable: Option<Date>,
}

impl Collected {
    /// The collection of a file for each domain in which a lack of incidents means calm. A domain whose
    /// records were all rejected or known only to a country covers no place. If the file was read from a
    /// day on, `since` is that day.
    pub fn of(reading: &Reading<Incident>, since: Option<Date>) -> Vec<Self> {
        let mut all = Self::even_unusable(reading, since);
        all.retain(Self::is_usable);
        all
    }

    /// Like [`Self::of`], but with domains of which no record is usable, which those of another part of the file may be.
    pub fn even_unusable(reading: &Reading<Incident>, since: Option<Date>) -> Vec<Self> {
        let domains = [Domain::Security, Domain::Accident];
        domains.into_iter().map(|domain| Self::of_domain(reading, domain, since)).collect()
    }

    /// Whether the place of any record is known.
    pub fn is_usable(&self) -> bool {
        self.usable.is_some()
    }

    /// Adds the records of another part of the file.
    pub fn merge(&mut self, other: Self) {
        self.days.extend(other.days);
        sort(&mut self.days);
        match (&mut self.countries, other.countries) {
            (Some(countries), Some(others)) => {
                for (code, days) in others {
                    let known = countries.entry(code).or_default();
                    known.extend(days);
                    sort(known);
                }
            }
            (countries, others) => *countries = countries.take().or(others),
        }
        self.begins = self.begins.or(other.begins);
        self.earlier.extend(other.earlier);
        self.usable = self.usable.into_iter().chain(other.usable).min();
    }

    fn of_domain(reading: &Reading<Incident>, domain: Domain, since: Option<Date>) -> Self {
        let of_domain = reading.items.iter().filter(|incident| incident.domain == domain);
        let usable = of_domain.filter(|incident| !incident.vague);
        let usable = usable.filter_map(|incident| Some(incident.date?.last())).min();
        let mut days = Vec::new();
        let mut countries: Vec<(CountryCode, Vec<Date>)> = Vec::new();
        let mut places: BTreeMap<CountryCode, usize> = BTreeMap::new();
        // Records of one country are mostly adjacent.
        let mut last = usize::MAX;
        let dated: Vec<(Date, Codes)> = reading
            .items
            .par_iter()
            .filter(|incident| incident.domain == domain)
            .filter_map(|incident| {
                let there = if reading.has_countries { there(incident) } else { Codes::default() };
                Some((incident.date?.last(), there))
            })
            .collect();
        for (day, codes) in dated {
            days.push(day);
            for code in codes.iter() {
                if countries.get(last).is_none_or(|(known, _)| *known != code) {
                    last = *places.entry(code).or_insert_with(|| {
                        countries.push((code, Vec::new()));
                        countries.len() - 1
                    });
                }
                if let Some((_, days)) = countries.get_mut(last) {
                    days.push(day);
                }
            }
        }
        sort(&mut days);
        countries.par_iter_mut().for_each(|(_, days)| sort(days));
        let earlier = reading.earlier.get(&domain);
        let begins = since.filter(|_| earlier.is_some());
        let earlier = earlier.cloned().unwrap_or_default();
        let countries = reading.has_countries.then(|| {
            let mut countries: BTreeMap<_, _> = countries.into_iter().collect();
            earlier.iter().for_each(|code| {
                countries.entry(*code).or_default();
            });
            countries
        });
        let file = reading.file.clone();
        Self { file, domain, days, countries, begins, earlier, usable }
    }

    /// The first day from which its records are known.
    pub(super) fn begin(&self) -> Option<Date> {
        self.begins.or(self.days.first().copied())
    }

    /// Its newest day, except for days far after all others, which are likely typing errors.
    pub(super) fn end(&self) -> Option<Date> {
        bulk(&self.days).last().copied()
    }

    /// Its coverage at a date, if any; `end` is the last day of which it is known that it collected.
    pub(super) fn span(
        &self,
        end: Date,
        as_of: Date,
        grace_days: i64,
        area: bool,
    ) -> Option<SourceSpan> {
        let last = end.min(as_of);
        let from = self.begin().filter(|first| *first <= last)?;
        let begun = |code: &CountryCode, days: &Vec<Date>| {
            self.earlier.contains(code) || days.first().is_some_and(|first| *first <= last)
        };
        let places = match &self.countries {
            _ if area => Places::Area,
            None => Places::Everywhere,
            Some(countries) => {
                let begun = countries.iter().filter(|(code, days)| begun(code, days));
                Places::Countries(begun.map(|(code, _)| *code).collect())
            }
        };
        let span = self.spanning(places, from, end, as_of, grace_days);
        Some(SourceSpan { declared: area, ..span })
    }

    /// The first and the last day of a declaration, which ends on `end` unless it says when. If one of them is taken
    /// from the data, the first may be after the last; then no day is covered.
    pub(super) fn declared_days(
        &self,
        declared: &Declared,
        end: Option<Date>,
    ) -> Option<(Date, Date)> {
        // Days excluded by the read options are not covered, whatever is declared.
        let from = declared.from.max(self.begins).or(self.begin())?;
        Some((from, declared.until.or(end)?))
    }

    /// The coverage of a declaration, at a date.
    pub(super) fn declared(
        &self,
        declared: &Declared,
        end: Option<Date>,
        as_of: Date,
        grace_days: i64,
    ) -> Option<SourceSpan> {
        let country = declared.country;
        let days = self.declared_days(declared, end);
        let (from, until) = days.filter(|(from, until)| from <= until && *from <= as_of)?;
        let places = country.map_or(Places::Everywhere, |code| Places::Countries([code].into()));
        let span = self.spanning(places, from, until, as_of, grace_days);
        Some(SourceSpan { declared: true, ..span })
    }

    fn spanning(
        &self,
        places: Places,
        from: Date,
        end: Date,
        as_of: Date,
        grace_days: i64,
    ) -> SourceSpan {
        let until = end.min(as_of);
        let current = days_between(until, as_of) <= grace_days;
        SourceSpan { file: self.file.clone(), places, from, until, current, declared: false }
    }

    /// The newest day of its records in each country up to a date.
    pub(super) fn newest_by_country(
        &self,
        as_of: Date,
    ) -> impl Iterator<Item = (CountryCode, Date)> + '_ {
        self.countries.iter().flatten().filter_map(move |(code, days)| {
            let by_then = days.partition_point(|day| *day <= as_of);
            Some((*code, *days.get(by_then.checked_sub(1)?)?))
        })
    }

    /// The countries without records long before the end of the file: the country, its last day, the days
    /// without records by the end, and its longest such period before; longest first.
    pub(super) fn silent(&self, until: Date) -> Vec<(CountryCode, Date, i64, i64)> {
        let mut silent = Vec::new();
        for (code, days) in self.countries.iter().flatten() {
            let by_then = days.get(..days.partition_point(|day| *day <= until)).unwrap_or_default();
            let Some(last) = by_then.last() else { continue };
            let quiet = days_between(*last, until);
            if quiet <= QUIET_DAYS {
                continue;
            }
            let gaps = by_then.windows(2).filter_map(|pair| match pair {
                [first, second] => Some(days_between(*first, *second)),
                _ => None,
            });
            let longest = gaps.max().unwrap_or(0);
            if quiet > 2 * longest {
                silent.push((*code, *last, quiet, longest));
            }
        }
        silent.sort_by_key(|(code, _, quiet, _)| (-quiet, *code));
        silent
    }
}

/// The countries for which an incident counts as collected; one known only to a country counts for the one
/// it names.
fn there(incident: &Incident) -> Codes {
    let named = incident.country.as_slice();
    if incident.vague {
        return named.iter().copied().collect();
    }
    let accuracy = incident.accuracy.unwrap_or(Length::ZERO);
    collected_in(incident.position, named, accuracy)
}

fn sort(days: &mut Vec<Date>) {
    days.par_sort_unstable();
    days.dedup();
}

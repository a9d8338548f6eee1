//! When and where each file of incidents collected, judged by the days of its records, and what that
//! covers at an as-of date.

use super::World;
use super::newest::bulk;
use crate::earth::{Length, Shape};
use crate::measures::{Collection, Places, SourceSpan, days_between};
use crate::model::{
    Codes, CountryCode, Declared, Domain, Finding, Incident, Place, ReceptorKind, Verdict,
    collected_in,
};
use crate::run::{CoverageChoice, Rules};
use crate::scoring::{CoverageRules, country_list, country_name, thousands};
use crate::sources::{self, ReadOptions, Reading, Rows};
use crate::{Code, Error, Result};
use geo_types::MultiPolygon;
use jiff::civil::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A shorter lack of incidents is unremarkable in any country.
const QUIET_DAYS: i64 = 365;

/// Most countries without recent incidents that are named.
const MOST_NAMED: usize = 5;

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
    usable: Option<Date>,
}

impl Collected {
    /// The collection of a file for each domain in which a lack of incidents means calm. A domain whose
    /// records were all rejected or known only to a country covers no place. If the file was read from a
    /// day on, `since` is that day.
    pub fn of(reading: &Reading<Incident>, since: Option<Date>) -> Vec<Self> {
        let mut all = Self::even_unusable(reading, since);
        all.retain(Self::usable);
        all
    }

    /// Like [`Self::of`], but with domains of which no record is usable, which those of another part of the file may be.
    pub fn even_unusable(reading: &Reading<Incident>, since: Option<Date>) -> Vec<Self> {
        let domains = [Domain::Security, Domain::Accident];
        domains.into_iter().map(|domain| Self::of_domain(reading, domain, since)).collect()
    }

    /// Whether the place of any record is known.
    pub fn usable(&self) -> bool {
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
    fn begin(&self) -> Option<Date> {
        self.begins.or(self.days.first().copied())
    }

    /// Its newest day, except for days far after all others, which are likely typing errors.
    fn end(&self) -> Option<Date> {
        bulk(&self.days).last().copied()
    }

    /// Its coverage at a date, if any; `end` is the last day of which it is known that it collected.
    fn span(&self, end: Date, as_of: Date, grace_days: i64, area: bool) -> Option<SourceSpan> {
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
    fn declared_days(&self, declared: &Declared, end: Option<Date>) -> Option<(Date, Date)> {
        // Days excluded by the read options are not covered, whatever is declared.
        let from = declared.from.max(self.begins).or(self.begin())?;
        Some((from, declared.until.or(end)?))
    }

    /// The coverage of a declaration, at a date.
    fn declared(
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

    /// The countries without records long before the end of the file: the country, its last day, the days
    /// without records by the end, and its longest such period before; longest first.
    fn silent(&self, until: Date) -> Vec<(CountryCode, Date, i64, i64)> {
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

/// Where and when the files of a run collected, by their records or by declaration.
#[derive(Debug)]
pub(in crate::run) struct Sources<'a> {
    collected: &'a [Collected],
    choice: CoverageChoice,
    /// The polygons of the choice.
    area: Option<MultiPolygon<f64>>,
    rules: CoverageRules,
}

impl<'a> Sources<'a> {
    /// The coverage of a world's files, by some rules.
    ///
    /// # Errors
    /// A coverage file that cannot be read, or holds no polygon.
    pub fn new(world: &'a World, rules: &Rules) -> Result<Self> {
        let collected = &world.collected;
        let choice = rules.coverage(&world.read);
        let area = match &choice {
            CoverageChoice::Area(source) if !collected.is_empty() => {
                Some(polygons(source, &world.read)?)
            }
            _ => None,
        };
        Ok(Self { collected, choice, area, rules: rules.scheme.coverage.clone() })
    }

    fn of_domain(&self, domain: Domain) -> impl Iterator<Item = &'a Collected> {
        self.collected.iter().filter(move |collected| collected.domain == domain)
    }

    /// Where and until when the incidents of a domain were collected, at a date. Records after it show that their source
    /// was maintained.
    pub fn at(&self, domain: Domain, as_of: Option<Date>) -> Collection {
        self.collection(domain, as_of, |_| true, Collected::end)
    }

    /// The same as it was known on a day: a source with a record by then counts as collecting until then, and nothing dated
    /// later matters.
    pub fn known_at(&self, domain: Domain, day: Date) -> Collection {
        let begun = |one: &Collected| one.usable.is_some_and(|first| first <= day);
        self.collection(domain, Some(day), begun, |_| Some(day))
    }

    /// The places that one source covers on every day from one to another, as a collection at the first of them.
    pub fn throughout(&self, domain: Domain, from: Date, until: Date) -> Collection {
        let lasting = |one: &Collected, declared: &Declared| {
            let days = one.declared_days(declared, one.end());
            days.is_some_and(|(_, last)| last >= until)
        };
        let is_area = self.area.is_some();
        let sources = match &self.choice {
            CoverageChoice::Declared(declared) => self
                .of_domain(domain)
                .flat_map(|one| {
                    let lasting = declared.iter().filter(move |declared| lasting(one, declared));
                    lasting.filter_map(move |of| one.declared(of, one.end(), from, 0))
                })
                .collect(),
            CoverageChoice::FromData | CoverageChoice::Area(_) => self
                .of_domain(domain)
                .filter_map(|one| {
                    one.span(one.end().filter(|end| *end >= until)?, from, 0, is_area)
                })
                .collect(),
        };
        Collection::new(sources, self.area.clone(), (from, 0), None)
    }

    /// The first and the last day that any source of a domain covers; `None` if there is none.
    pub fn days(&self, domain: Domain) -> Option<(Date, Date)> {
        let days = self.of_domain(domain).flat_map(|one| match &self.choice {
            CoverageChoice::Declared(declared) => {
                let days = declared.iter().filter_map(|of| one.declared_days(of, one.end()));
                days.filter(|(from, until)| from <= until).collect()
            }
            CoverageChoice::FromData | CoverageChoice::Area(_) => {
                Vec::from_iter(one.begin().zip(one.end()))
            }
        });
        days.reduce(|(from, until), (first, last)| (from.min(first), until.max(last)))
    }

    /// Where and until when the incidents of a domain were collected, at a date, by the sources that count, each until
    /// its `end`.
    fn collection(
        &self,
        domain: Domain,
        as_of: Option<Date>,
        counts: impl Fn(&Collected) -> bool,
        end: impl Fn(&Collected) -> Option<Date>,
    ) -> Collection {
        let grace_days = i64::from(match domain {
            Domain::Accident => self.rules.accident_grace_days,
            _ => self.rules.grace_days,
        });
        let of_domain = || self.of_domain(domain).filter(|one| counts(one));
        let Some(as_of) = as_of.filter(|_| of_domain().next().is_some()) else {
            return Collection::default();
        };
        let newest = of_domain().filter_map(|collected| {
            let by_then = collected.days.partition_point(|day| *day <= as_of);
            collected.days.get(by_then.checked_sub(1)?).copied()
        });
        let newest = newest.max();
        let is_area = self.area.is_some();
        let sources = match &self.choice {
            CoverageChoice::Declared(declared) => of_domain()
                .flat_map(|collected| {
                    let end = end(collected);
                    let of = |one| collected.declared(one, end, as_of, grace_days);
                    together(declared.iter().filter_map(of).collect())
                })
                .collect(),
            CoverageChoice::FromData | CoverageChoice::Area(_) => {
                let span = |one: &Collected| one.span(end(one)?, as_of, grace_days, is_area);
                of_domain().filter_map(span).collect()
            }
        };
        Collection::new(sources, self.area.clone(), (as_of, grace_days), newest)
    }

    /// Findings about the coverage of security incidents: sources that have ended, countries without
    /// recent records in sources that continue, and declared periods without a day.
    pub fn findings(&self, collection: &Collection) -> Vec<Finding> {
        let mut findings = self.without_a_day();
        for source in collection.sources() {
            let days = collection.days_since(source.until);
            if !source.current {
                findings.push(noted(&source.file, format!(
                    "security incidents{} end on {}, {} days before the as-of date; nothing is known after that, and the lack of incidents lowers no score",
                    of_places(&source.places),
                    source.until,
                    thousands(days),
                )));
                continue;
            }
            // For declared coverage, a lack of records is not reported.
            let named = self
                .of_domain(Domain::Security)
                .find(|one| one.file == source.file)
                .filter(|_| matches!(source.places, Places::Countries(_)));
            let silent = named.map(|one| one.silent(source.until)).unwrap_or_default();
            if let Some(words) = silence(&silent) {
                findings.push(noted(&source.file, words));
            }
        }
        findings
    }

    /// Periods that begin after they end, since one end was declared and the other is taken from the data.
    pub fn without_a_day(&self) -> Vec<Finding> {
        let CoverageChoice::Declared(declared) = &self.choice else { return Vec::new() };
        let of = |file: &Collected, one: &Declared| {
            let (from, until) =
                file.declared_days(one, file.end()).filter(|(from, until)| from > until)?;
            let told = match one.from {
                Some(_) => format!("its incidents end on {until}"),
                None => format!("its first incident is of {from}"),
            };
            Some(noted(&file.file, format!("{told}, so that the coverage {one} holds no day")))
        };
        let files = self.of_domain(Domain::Security);
        files.flat_map(|file| declared.iter().filter_map(move |one| of(file, one))).collect()
    }
}

/// A finding about the days of a file.
fn noted(file: &Arc<str>, why: String) -> Finding {
    Finding {
        code: Code::CoverageDoubtful,
        file: file.clone(),
        place: Place::File,
        id: None,
        field: Some("date".into()),
        value: None,
        why,
        verdict: Verdict::Noted,
    }
}

/// The declared spans of one file, with countries of the same period merged.
fn together(spans: Vec<SourceSpan>) -> Vec<SourceSpan> {
    let mut all: Vec<SourceSpan> = Vec::new();
    for span in spans {
        let same = |known: &&mut SourceSpan| (known.from, known.until) == (span.from, span.until);
        match (all.iter_mut().find(same).map(|known| &mut known.places), &span.places) {
            (Some(Places::Countries(known)), Places::Countries(codes)) => known.extend(codes),
            _ => all.push(span),
        }
    }
    all
}

/// The polygons of a file.
fn polygons(source: &sources::Source, read: &ReadOptions) -> Result<MultiPolygon<f64>> {
    // Row conditions apply to scored records, not to coverage areas.
    let read = ReadOptions { rows: Rows::default(), ..read.clone() };
    let area = sources::read_receptors(source, Some(ReceptorKind::SensitiveAreas), &read)?;
    let polygons = area.items.into_iter().filter_map(|receptor| match receptor.shape {
        Shape::Polygons(polygons) => Some(polygons.0),
        _ => None,
    });
    let polygons: Vec<_> = polygons.flatten().collect();
    if polygons.is_empty() {
        return Err(Error::data(Code::TableMissing, format!("{}: has no polygons", source.name())));
    }
    Ok(MultiPolygon(polygons))
}

/// A sentence on the countries without recent records.
fn silence(silent: &[(CountryCode, Date, i64, i64)]) -> Option<String> {
    silent.first()?;
    let told = |(code, last, quiet, longest): &(CountryCode, Date, i64, i64)| {
        let before = match longest {
            0 => String::new(),
            days => format!(", at most {} days before that", thousands(*days)),
        };
        format!("{} since {last} ({} days{before})", country_name(*code), thousands(*quiet))
    };
    let named: Vec<String> = silent.iter().take(MOST_NAMED).map(told).collect();
    let more = match silent.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    Some(format!(
        "goes on, but has no security incident in {}{more}; these count as calm; if the source stopped collecting there, say when with ⟦coverage⟧",
        named.join("; ")
    ))
}

/// ` in Mali and Niger`; empty for everywhere.
fn of_places(places: &Places) -> String {
    match places {
        Places::Everywhere | Places::Area => String::new(),
        Places::Countries(codes) => format!(" in {}", country_list(codes.iter().copied())),
    }
}

//! Where and when incidents were collected at an as-of date, by the files' records or by declaration.

use super::World;
use super::collected::Collected;
use crate::earth::Shape;
use crate::measures::{Collection, Places, SourceSpan};
use crate::model::{CountryCode, Declared, Domain, Finding, Place, ReceptorKind, Verdict};
use crate::run::{CoverageChoice, Rules};
use crate::scoring::{CoverageRules, country_list, country_name, thousands};
use crate::sources::{self, ReadOptions, Rows};
use crate::{Code, Error, Result};
use geo_types::MultiPolygon;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most countries without recent incidents that are named.
const MOST_NAMED: usize = 5;

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
        let newest_in = match &self.choice {
            CoverageChoice::Declared(_) => BTreeMap::new(),
            CoverageChoice::FromData | CoverageChoice::Area(_) => newest_in(of_domain(), as_of),
        };
        Collection::new(sources, self.area.clone(), (as_of, grace_days), newest)
            .with_newest_in(newest_in)
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

/// The newest day of a record in each country up to a date.
fn newest_in<'c>(
    files: impl Iterator<Item = &'c Collected>,
    as_of: Date,
) -> BTreeMap<CountryCode, Date> {
    let mut newest: BTreeMap<CountryCode, Date> = BTreeMap::new();
    for (code, day) in files.flat_map(|file| file.newest_by_country(as_of)) {
        newest.entry(code).and_modify(|known| *known = day.max(*known)).or_insert(day);
    }
    newest
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

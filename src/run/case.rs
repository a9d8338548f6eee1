//! A case: everything gathered, indexed under a scheme and an as-of date, ready to be measured.

use super::collected::Sources;
use super::gather::Gathered;
use super::newest::newest;
use super::request::{Request, Stale};
use super::surface::SurfaceRequest;
use super::{Cancel, Watch, gather, scheme_notes};
use crate::earth::{Bounds, Position, Shape};
use crate::index::Probe;
use crate::layers::{Context, DRIVER_COLUMNS};
use crate::measures::{
    Accidents, Asset, Collection, Coverage, EnvironmentPlan, Event, Events, Receptors, Security,
    Subject, Until, decay,
};
use crate::model::{
    CountryCode, DateSpan, Domain, Finding, Incident, Place, Receptor, ReceptorKind, Site, Verdict,
    country_of,
};
use crate::scoring::{Scheme, severity};
use crate::{Error, Result};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that a run works on.
#[derive(Debug)]
pub struct Case {
    /// What was read.
    pub gathered: Gathered,
    /// The scheme in force.
    pub scheme: Scheme,
    /// The date from which ages are counted; `None` where no incident has a date and none was given.
    pub as_of: Option<Date>,
    /// Kinds of receptors of which the files hold all there are.
    pub complete: BTreeSet<ReceptorKind>,
    /// Security incidents, and where they are collected at the as-of date.
    pub security: Security,
    /// Security incidents as they stood when the collection of some places ended: the day, latest first.
    /// Only where those places are scored as of then.
    pub ended: Vec<(Date, Security)>,
    /// Where and until when security incidents were collected.
    pub collection: Collection,
    /// Where and until when accidents were.
    pub accident_collection: Collection,
    /// Accidents, where any were collected.
    pub accidents: Option<Accidents>,
    /// Receptors, with the earthquakes among the incidents.
    pub receptors: Receptors,
    /// The box outside which sites were left out.
    pub bbox: Option<Bounds>,
    /// Earthquakes given as receptors that happened after the as-of date.
    pub receptors_after: u64,
    /// What is measured for the environment score.
    pub environment_plan: EnvironmentPlan,
    /// The surface to draw, where one is asked for.
    pub surface: Option<SurfaceRequest>,
    /// What decides the output, as one hash.
    pub fingerprint: String,
}

/// What an incident is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// It counts in its domain.
    Used,
    /// It happened after the as-of date.
    AfterAsOf,
    /// Its place is known to no more than a country or a sea.
    Vague,
    /// No score asks for its domain.
    Unscored,
}

impl Use {
    /// The word used in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::AfterAsOf => "after the as-of date",
            Self::Vague => "place too vague",
            Self::Unscored => "unscored",
        }
    }
}

impl Case {
    /// Reads and indexes what a request names.
    ///
    /// # Errors
    /// An input that cannot be read.
    pub fn open(request: &Request, watch: &dyn Watch, cancel: &Cancel) -> Result<Self> {
        let gathered = gather(request, watch, cancel)?;
        watch.stage("indexing", None);
        Self::new(gathered, request)
    }

    /// Indexes what was gathered for a request.
    ///
    /// # Errors
    /// A coverage file that cannot be read; a promise of completeness without a file.
    pub(super) fn new(mut gathered: Gathered, request: &Request) -> Result<Self> {
        let hashes = gathered.inputs.iter().map(|input| input.hash.as_str());
        let fingerprint = request.fingerprint(hashes)?;
        let scheme = request.scheme.clone();
        refuse_empty_promises(&gathered, &request.complete)?;
        let as_of = match request.as_of {
            Some(given) => Some(given),
            None => {
                let (newest, finding) = newest(&gathered.collected, &gathered.incidents);
                finding.into_iter().for_each(|finding| gathered.findings.push(finding));
                newest
            }
        };
        gathered.findings.append(scheme_notes::of(&scheme));
        let sources = Sources::new(&gathered.collected, request)?;
        let collection = sources.at(Domain::Security, as_of);
        let accident_collection = sources.at(Domain::Accident, as_of);
        let findings = sources.findings(&collection);
        let ended = match request.stale {
            Stale::NoData => Vec::new(),
            Stale::Last => collection.ended(),
        };
        // Around a place that is scored as of a day lies what was covered on that day.
        let around = |day| sources.at(Domain::Security, Some(day)).coverage();
        let ended: Vec<(Date, [Coverage; 2])> =
            ended.into_iter().map(|(day, there)| (day, [there, around(day)])).collect();
        findings.into_iter().for_each(|finding| gathered.findings.push(finding));
        let (receptors, receptors_after) = index_receptors(&mut gathered, as_of);
        let kept = kept(&scheme);
        let environment_plan = scheme.environment_plan(kept, receptors.list());
        let half_life = scheme.security.recency.half_life_days;
        let security = |as_of, coverage| {
            let incidents = events(&gathered, &scheme, as_of, Domain::Security, half_life);
            Security::new(incidents, coverage, scheme.security_plan(kept))
        };
        let as_of_end = |(day, [there, around]): (Date, [Coverage; 2])| {
            (day, security(Some(day), there).with_coverage_around(around))
        };
        let ended = ended.into_iter().map(as_of_end).collect();
        let security = security(as_of, collection.coverage());
        let accidents = (!accident_collection.is_empty()).then(|| {
            let half_life = scheme.environment.accidents.half_life_days;
            let incidents = events(&gathered, &scheme, as_of, Domain::Accident, half_life);
            Accidents::new(incidents, accident_collection.coverage(), &environment_plan)
        });
        let mut case = Self {
            environment_plan,
            scheme,
            as_of,
            complete: request.complete.clone(),
            security,
            ended,
            collection,
            accident_collection,
            accidents,
            receptors,
            bbox: request.bbox,
            receptors_after,
            surface: request.surface.clone(),
            fingerprint,
            gathered,
        };
        case.note_unused();
        Ok(case)
    }

    /// A finding for every incident that no score counts; the reading has said so of vague ones.
    fn note_unused(&mut self) {
        let unused = |incident: &Incident| {
            let Incident { file, place, id, .. } = incident;
            match self.usage(incident) {
                Use::Used | Use::Vague => None,
                Use::AfterAsOf => Some(after_as_of(file, place, id, incident.date, self.as_of)),
                Use::Unscored => Some(Finding {
                    file: Arc::clone(file),
                    place: place.clone(),
                    id: Some(id.clone()),
                    field: Some("event_type".into()),
                    value: Some(incident.event_type.to_string()),
                    why: "counts towards no score; listed in incidents.geojson".into(),
                    verdict: Verdict::SetAside,
                }),
            }
        };
        let incidents = self.gathered.incidents.par_iter();
        let findings: Vec<Finding> = incidents.filter_map(unused).collect();
        findings.into_iter().for_each(|finding| self.gathered.findings.push(finding));
    }

    /// What the layers are drawn from.
    pub fn context(&self) -> Context<'_> {
        Context {
            sites: &self.gathered.sites,
            linked: &self.gathered.linked,
            incidents: &self.gathered.incidents,
            receptors: self.receptors.list(),
            scheme: &self.scheme,
            as_of: self.as_of,
            collection: &self.collection,
        }
    }

    /// The security incidents by which a place is scored, and the day from which their ages are counted.
    pub fn security_at(
        &self,
        position: Position,
        country: Option<CountryCode>,
    ) -> (&Security, Option<Date>) {
        let stands = match self.collection.at(position, country) {
            Until::Ended(day) => self.ended.iter().find(|(ended, _)| *ended == day),
            Until::Current(_) | Until::Never => None,
        };
        match stands {
            Some((day, security)) => (security, Some(*day)),
            None => (&self.security, self.as_of),
        }
    }

    /// What an incident is used for.
    pub fn usage(&self, incident: &Incident) -> Use {
        usage(incident, self.as_of)
    }

    /// The country of a site: by its position, or the one that its file names where that lies near enough.
    pub fn country_of(&self, site: &Site) -> Option<CountryCode> {
        let accuracy = self.scheme.position.radius(site.accuracy);
        country_of(site.position, site.country.as_slice(), accuracy)
    }

    /// A site and its parts, ready to be measured.
    pub fn subject(&self, site: usize) -> Option<Subject> {
        let main = self.gathered.sites.get(site)?;
        let linked = self.gathered.linked.get(site).map_or(&[][..], Vec::as_slice);
        let weights = &self.scheme.security.parts;
        let part = |part: &Site| Asset {
            probe: Probe::new(&part.shape),
            weight: weights.of(part.part),
            spread_km: self.scheme.position.sigma_km(part.accuracy),
        };
        let parts = std::iter::once(main).chain(linked).map(part).collect();
        Some(Subject { position: main.position, parts })
    }

    /// How many incidents are used for what, by domain.
    pub fn tally(&self) -> BTreeMap<(Domain, Use), usize> {
        type Tally = BTreeMap<(Domain, Use), usize>;
        let add = |mut tally: Tally, (key, count)| {
            *tally.entry(key).or_insert(0) += count;
            tally
        };
        let incidents = self.gathered.incidents.par_iter();
        incidents
            .map(|incident| ((incident.domain, self.usage(incident)), 1))
            .fold(Tally::new, add)
            .reduce(Tally::new, |tally, other| other.into_iter().fold(tally, add))
    }

    /// The countries of a batch of sites.
    pub fn countries(&self, sites: &[usize]) -> Vec<Option<CountryCode>> {
        let country = |&site: &usize| self.country_of(self.gathered.sites.get(site)?);
        sites.par_iter().map(country).collect()
    }
}

/// Receptors and the earthquakes among the incidents, but for those after the as-of date, which are
/// set aside and counted.
fn index_receptors(gathered: &mut Gathered, as_of: Option<Date>) -> (Receptors, u64) {
    let after = |receptor: &Receptor| {
        receptor.date.is_some_and(|date| as_of.is_some_and(|as_of| date.last() > as_of))
    };
    let (after, mut list): (Vec<_>, Vec<_>) =
        std::mem::take(&mut gathered.receptors).into_iter().partition(after);
    for Receptor { file, place, id, date, .. } in &after {
        gathered.findings.push(after_as_of(file, place, id, *date, as_of));
    }
    let used = gathered.incidents.iter().filter(|incident| usage(incident, as_of) == Use::Used);
    list.extend(used.filter_map(earthquake));
    list.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| a.id.cmp(&b.id)));
    let count = u64::try_from(after.len()).unwrap_or(u64::MAX);
    (Receptors::new(list, gathered.kinds.iter().copied()), count)
}

fn after_as_of(
    file: &Arc<str>,
    place: &Place,
    id: &str,
    date: Option<DateSpan>,
    as_of: Option<Date>,
) -> Finding {
    let as_of = as_of.map(|as_of| as_of.to_string()).unwrap_or_default();
    Finding {
        file: Arc::clone(file),
        place: place.clone(),
        id: Some(id.to_owned()),
        field: Some("date".into()),
        value: date.map(|date| date.last().to_string()),
        why: format!("is after the as-of date {as_of}; not used"),
        verdict: Verdict::SetAside,
    }
}

/// Refuses a layer that is said to be complete and was not given.
fn refuse_empty_promises(gathered: &Gathered, complete: &BTreeSet<ReceptorKind>) -> Result<()> {
    let quakes = gathered.incidents.iter().any(|incident| incident.domain == Domain::Earthquake);
    let given = |kind: &ReceptorKind| {
        gathered.kinds.contains(kind) || *kind == ReceptorKind::Earthquakes && quakes
    };
    let page = complete.iter().find_map(|kind| Some((kind, gathered.partial.get(kind)?)));
    if let Some((kind, why)) = page {
        let word = kind.word();
        return Err(Error::usage(format!("--complete: {word}: {why}"))
            .with_hint(format!("fetch all of it, or leave {word} out")));
    }
    match complete.iter().find(|kind| !given(kind)) {
        None => Ok(()),
        Some(kind) => {
            let word = kind.word();
            Err(Error::usage(format!("--complete: no file of {word} is given"))
                .with_hint(format!("name one with --receptors {word}=FILE, or leave {word} out")))
        }
    }
}

/// How many of the strongest incidents are kept: those drawn as links, and those in columns.
fn kept(scheme: &Scheme) -> usize {
    let links = usize::try_from(scheme.security.drivers.links);
    links.map_or(DRIVER_COLUMNS, |links| links.max(DRIVER_COLUMNS))
}

fn usage(incident: &Incident, as_of: Option<Date>) -> Use {
    let after = incident.date.is_some_and(|date| as_of.is_some_and(|as_of| date.last() > as_of));
    if incident.domain == Domain::Other {
        Use::Unscored
    } else if after {
        Use::AfterAsOf
    } else if incident.vague {
        Use::Vague
    } else {
        Use::Used
    }
}

/// The incidents of a domain that are used, weighed by severity and age.
fn events(
    gathered: &Gathered,
    scheme: &Scheme,
    as_of: Option<Date>,
    domain: Domain,
    half_life_days: f64,
) -> Events {
    let list = gathered
        .incidents
        .par_iter()
        .enumerate()
        .filter(|(_, incident)| incident.domain == domain && usage(incident, as_of) == Use::Used)
        .map(|(index, incident)| {
            let age_days = match (incident.date, as_of) {
                (Some(date), Some(as_of)) => date.age_at(as_of),
                _ => 0,
            };
            Event {
                incident: index,
                position: incident.position,
                weight: severity(scheme, incident) * decay(age_days, half_life_days),
                spread_km: scheme.position.sigma_km(incident.accuracy),
                fatalities: incident.fatalities.unwrap_or(0),
                age_days,
            }
        })
        .collect();
    Events::new(list)
}

/// An earthquake among the incidents as a receptor of the catalog.
fn earthquake(incident: &Incident) -> Option<Receptor> {
    (incident.domain == Domain::Earthquake).then(|| Receptor {
        id: incident.id.clone(),
        name: None,
        kind: ReceptorKind::Earthquakes,
        file: incident.file.clone(),
        place: incident.place.clone(),
        shape: Shape::point(incident.position),
        accuracy: incident.accuracy,
        area_km2: None,
        designation: None,
        population: None,
        magnitude: incident.magnitude,
        depth_km: incident.depth_km,
        date: incident.date,
        tailings: None,
        water_stress: None,
    })
}

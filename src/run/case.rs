//! A case: a world under a scheme, an as-of date and a box, ready to be measured.

use super::request::{Request, Rules, Stale};
use super::usage::{Use, tally};
use super::world::collected::Sources;
use super::world::newest::newest;
use super::world::{Sites, World};
use super::{Cancel, Watch, scheme_notes};
use crate::earth::{Bounds, Position, Shape};
use crate::index::Probe;
use crate::layers::{Context, DRIVER_COLUMNS};
use crate::measures::{
    Accidents, Asset, Collection, Coverage, EnvironmentPlan, Event, Events, Receptors, Security,
    Subject, Until, decay,
};
use crate::model::{
    CountryCode, DateSpan, Domain, Finding, Findings, Incident, Place, Receptor, ReceptorKind,
    Site, Verdict, country_of,
};
use crate::scoring::{Scheme, severity};
use crate::{Code, Error, Result};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that a run works on.
#[derive(Debug)]
pub struct Case {
    /// What was read.
    pub world: Arc<World>,
    /// The sites to score: those of the box.
    pub sites: Sites,
    /// Sites and parts left out because they lie outside the box asked for.
    pub outside: usize,
    /// What each incident is used for.
    uses: Vec<Use>,
    /// What was found beyond the world's own findings.
    findings: Findings,
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
}

impl Case {
    /// Reads what a request names, and makes it ready to be measured.
    ///
    /// # Errors
    /// An input that cannot be read; those of [`Self::new`].
    pub fn open(request: &Request, watch: &dyn Watch, cancel: &Cancel) -> Result<Self> {
        let world = World::read(&request.inputs, watch, cancel)?;
        watch.stage("indexing", None);
        Self::new(Arc::new(world), &request.rules)
    }

    /// Makes a world ready to be measured under some rules. Nothing of the world is copied but the sites that lie
    /// in a box, where there is one, and the receptors where some are left out for their date or incidents
    /// are earthquakes.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use tamarisk::run::{self, Cancel, Case, Rules, Unwatched, World};
    ///
    /// let world = Arc::new(World::read(&run::demo().inputs, &Unwatched, &Cancel::new())?);
    /// let at = |day: &str| Rules { as_of: day.parse().ok(), ..Rules::default() };
    /// let (then, now) = (Case::new(world.clone(), &at("2020-01-01"))?, Case::new(world, &at("2026-01-31"))?);
    /// assert!(then.as_of < now.as_of);
    /// # Ok::<(), tamarisk::Error>(())
    /// ```
    ///
    /// # Errors
    /// A coverage file that cannot be read; a promise of completeness without a file.
    pub fn new(world: Arc<World>, rules: &Rules) -> Result<Self> {
        let scheme = rules.scheme.clone();
        refuse_empty_promises(&world, &rules.complete)?;
        let mut findings = Findings::default();
        let as_of = match rules.as_of {
            Some(given) => Some(given),
            None => {
                let (newest, finding) = newest(&world.collected, &world.incidents);
                finding.into_iter().for_each(|finding| findings.push(finding));
                newest
            }
        };
        findings.append(scheme_notes::of(&scheme));
        let sources = Sources::new(&world, rules)?;
        let collection = sources.at(Domain::Security, as_of);
        let accident_collection = sources.at(Domain::Accident, as_of);
        sources.findings(&collection).into_iter().for_each(|finding| findings.push(finding));
        let ended = match rules.stale {
            Stale::NoData => Vec::new(),
            Stale::Last => collection.ended(),
        };
        // Around a place that is scored as of a day lies what was covered on that day.
        let around = |day| sources.at(Domain::Security, Some(day)).coverage();
        let ended: Vec<(Date, [Coverage; 2])> =
            ended.into_iter().map(|(day, there)| (day, [there, around(day)])).collect();
        let uses = Use::of_each(&world.incidents, as_of);
        let (receptors, receptors_after) = receptors_at(&world, &uses, as_of, &mut findings);
        let kept = kept(&scheme);
        let environment_plan = scheme.environment_plan(kept, receptors.list());
        let half_life = scheme.security.recency.half_life_days;
        let security = |uses: &[Use], as_of, coverage| {
            let incidents = events(&world, uses, &scheme, as_of, Domain::Security, half_life);
            Security::new(incidents, coverage, scheme.security_plan(kept))
        };
        let as_of_end = |(day, [there, around]): (Date, [Coverage; 2])| {
            let uses = Use::of_each(&world.incidents, Some(day));
            (day, security(&uses, Some(day), there).with_coverage_around(around))
        };
        let ended = ended.into_iter().map(as_of_end).collect();
        let security = security(&uses, as_of, collection.coverage());
        let accidents = (!accident_collection.is_empty()).then(|| {
            let half_life = scheme.environment.accidents.half_life_days;
            let incidents = events(&world, &uses, &scheme, as_of, Domain::Accident, half_life);
            Accidents::new(incidents, accident_collection.coverage(), &environment_plan)
        });
        let (sites, outside) = world.sites.within(rules.bbox);
        let mut case = Self {
            environment_plan,
            scheme,
            as_of,
            complete: rules.complete.clone(),
            security,
            ended,
            collection,
            accident_collection,
            accidents,
            receptors,
            bbox: rules.bbox,
            receptors_after,
            sites,
            outside,
            uses,
            findings,
            world,
        };
        case.note_unused();
        Ok(case)
    }

    /// A finding for every incident that no score counts; the reading has said so of vague ones.
    fn note_unused(&mut self) {
        let unused = |(incident, usage): (&Incident, &Use)| {
            let Incident { file, place, id, .. } = incident;
            match usage {
                Use::Used | Use::Vague => None,
                Use::AfterAsOf => Some(after_as_of(file, place, id, incident.date, self.as_of)),
                Use::Unscored => Some(Finding {
                    code: Code::TypeUnscored,
                    file: Arc::clone(file),
                    place: place.clone(),
                    id: Some(id.clone()),
                    field: Some("event_type".into()),
                    value: Some(incident.event_type.to_string()),
                    why: "is of a type that is not scored; listed in incidents.geojson".into(),
                    verdict: Verdict::SetAside,
                }),
            }
        };
        let incidents = self.world.incidents.par_iter().zip(&self.uses);
        let findings: Vec<Finding> = incidents.filter_map(unused).collect();
        findings.into_iter().for_each(|finding| self.findings.push(finding));
    }

    /// What the layers are drawn from.
    pub fn context(&self) -> Context<'_> {
        self.context_of(&self.sites)
    }

    /// What the layers of other sites are drawn from that are scored by this case.
    pub(super) fn context_of<'a>(&'a self, sites: &'a Sites) -> Context<'a> {
        Context {
            sites: &sites.list,
            linked: &sites.linked,
            incidents: &self.world.incidents,
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

    /// What was found wrong: in the files, then with what the rules make of them.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.world.findings.iter().chain(self.findings.iter())
    }

    /// What an incident is used for, by its index in the world's list.
    pub fn usage(&self, incident: usize) -> Option<Use> {
        self.uses.get(incident).copied()
    }

    /// The country of a site: by its position, or the one that its file names where that lies near enough.
    pub fn country_of(&self, site: &Site) -> Option<CountryCode> {
        let accuracy = self.scheme.position.radius(site.accuracy);
        country_of(site.position, site.country.as_slice(), accuracy)
    }

    /// A site and its parts, ready to be measured.
    pub(super) fn subject(&self, sites: &Sites, site: usize) -> Option<Subject> {
        let main = sites.list.get(site)?;
        let linked = sites.linked.get(site).map_or(&[][..], Vec::as_slice);
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
        tally(&self.world.incidents, &self.uses)
    }

    /// The countries of a batch of sites.
    pub(super) fn countries(&self, sites: &Sites, batch: &[usize]) -> Vec<Option<CountryCode>> {
        let country = |&site: &usize| self.country_of(sites.list.get(site)?);
        batch.par_iter().map(country).collect()
    }
}

/// The receptors at a date, with the earthquakes among the incidents, but for those after it, which are set
/// aside and counted.
fn receptors_at(
    world: &World,
    uses: &[Use],
    as_of: Option<Date>,
    findings: &mut Findings,
) -> (Receptors, u64) {
    let after = |receptor: &Receptor| {
        receptor.date.is_some_and(|date| as_of.is_some_and(|as_of| date.last() > as_of))
    };
    let mut count = 0;
    for Receptor { file, place, id, date, .. } in world.receptors.iter().filter(|r| after(r)) {
        findings.push(after_as_of(file, place, id, *date, as_of));
        count += 1;
    }
    let used = world.incidents.iter().zip(uses).filter(|(_, usage)| **usage == Use::Used);
    let among: Vec<Receptor> = used.filter_map(|(incident, _)| earthquake(incident)).collect();
    let all = world.indexed_receptors();
    if count == 0 && among.is_empty() {
        return (all.clone(), 0);
    }
    (all.changed(|receptor| !after(receptor), among), count)
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
        code: Code::AfterAsOf,
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
fn refuse_empty_promises(world: &World, complete: &BTreeSet<ReceptorKind>) -> Result<()> {
    let quakes = world.incidents.iter().any(|incident| incident.domain == Domain::Earthquake);
    let given = |kind: &ReceptorKind| {
        world.kinds.contains(kind) || *kind == ReceptorKind::Earthquakes && quakes
    };
    let page = complete.iter().find_map(|kind| Some((kind, world.partial.get(kind)?)));
    if let Some((kind, why)) = page {
        let word = kind.word();
        return Err(Error::usage(Code::ReceptorsPartial, format!("⟦~complete⟧: {word}: {why}"))
            .with_hint(format!("fetch all of it, or leave {word} out")));
    }
    match complete.iter().find(|kind| !given(kind)) {
        None => Ok(()),
        Some(kind) => {
            let word = kind.word();
            Err(Error::usage(
                Code::InputMissing,
                format!("⟦~complete⟧: no file of {word} is given"),
            )
            .with_hint(format!("name one with ⟦receptors={word}=FILE⟧, or leave {word} out")))
        }
    }
}

/// How many of the strongest incidents are kept: those drawn as links, and those in columns.
fn kept(scheme: &Scheme) -> usize {
    let links = usize::try_from(scheme.security.drivers.links);
    links.map_or(DRIVER_COLUMNS, |links| links.max(DRIVER_COLUMNS))
}

/// The incidents of a domain that are used, weighed by severity and age.
fn events(
    world: &World,
    uses: &[Use],
    scheme: &Scheme,
    as_of: Option<Date>,
    domain: Domain,
    half_life_days: f64,
) -> Events {
    let list = world
        .incidents
        .par_iter()
        .zip(uses)
        .enumerate()
        .filter(|(_, (incident, usage))| incident.domain == domain && **usage == Use::Used)
        .map(|(index, (incident, _))| {
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

//! A case: a world under a scheme, an as-of date and a box, ready to be measured.

mod borders;
mod ready;

use super::receptors::{after_as_of, flow_findings, receptors_at, refuse_empty_promises};
use super::request::{Request, Rules, Stale};
use super::usage::{Use, not_scored, tally};
use super::world::covered::Sources;
use super::world::newest::newest;
use super::world::{Sites, World};
use super::{Cancel, Watch, calibration_notes, scheme_notes};
use crate::earth::{Bounds, Position};
use crate::layers::Context;
use crate::measures::{
    Accidents, Collection, Counted, Coverage, Dams, DrawPlan, EnvironmentPlan, Receptors, Sampler,
    Security, SiteProbe, Until, WeighedIncidents,
};
use crate::model::{CountryCode, Domain, Finding, Findings, Incident, ReceptorKind, Site, Verdict};
use crate::scoring::{Calibration, Catalog, Scheme};
use crate::sources::Source;
use crate::{Code, Error, Result};
pub(super) use borders::beside_covered;
use jiff::civil::Date;
use rayon::prelude::*;
use ready::kept;
pub(super) use ready::{country, events, subject};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// All data that a run works on. Clones share all but the sites.
#[derive(Debug, Clone)]
pub struct Case {
    /// The data that was read.
    pub world: Arc<World>,
    /// The sites to score: those in the box.
    pub sites: Sites,
    /// Number of sites and parts left out because they lie outside the box.
    pub outside: usize,
    /// The use of each incident.
    uses: Arc<Vec<Use>>,
    /// Findings beyond the world's own.
    findings: Findings,
    /// The scheme in force.
    pub scheme: Scheme,
    /// What gives security scores a probability.
    pub calibration: Option<Calibration>,
    /// The date at which ages are computed; `None` if no incident has a date and none was given.
    pub as_of: Option<Date>,
    /// Receptor kinds whose files are complete.
    pub complete: BTreeSet<ReceptorKind>,
    /// Security incidents, and where they are collected at the as-of date.
    pub security: Arc<Security>,
    /// Security incidents as of the days on which the collection of some places ended, latest first. Empty unless those
    /// places are scored as of then.
    pub ended: Arc<Vec<(Date, Security)>>,
    /// Where and until when security incidents were collected.
    pub collection: Collection,
    /// Where and until when accidents were collected.
    pub accident_collection: Collection,
    /// Accidents, if any were collected.
    pub accidents: Option<Arc<Accidents>>,
    /// Receptors, including the earthquakes among the incidents.
    pub receptors: Receptors,
    /// The span of the earthquakes among the receptors.
    pub catalog: Option<Catalog>,
    /// The receptors that count, where others of their kind do not.
    pub counted: Arc<Counted>,
    /// The dams of the tailings layer, measured as sites need them.
    pub dams: Arc<Dams>,
    /// The box outside which sites were left out.
    pub bbox: Option<Bounds>,
    /// The number of earthquakes among the receptors that happened after the as-of date.
    pub receptors_after: u64,
    /// What is measured for the environment score.
    pub environment_plan: EnvironmentPlan,
    /// The draws that tell how sure scores are; `None` for none.
    pub uncertainty: Option<DrawPlan>,
    /// The rasters, each with what is measured of it.
    pub(super) samplers: Vec<Sampler>,
}

impl Case {
    /// Reads the inputs of a request and prepares the case.
    ///
    /// # Errors
    /// An input that cannot be read; those of [`Self::new`].
    pub fn open(request: &Request, watch: &dyn Watch, cancel: &Cancel) -> Result<Self> {
        let world = World::read(&request.inputs, watch, cancel)?;
        watch.stage("indexing", None);
        Self::new(Arc::new(world), &request.rules)
    }

    /// Prepares a world under some rules. Nothing of the world is copied except the sites in a box, if there is one,
    /// and the receptors if some are left out for their date or some incidents are earthquakes.
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
    /// A coverage file that cannot be read; a kind declared complete without a file; a box around sites that are
    /// [streamed](super::Streamed), or draws of them; a calibration that was fitted under another scheme.
    pub fn new(world: Arc<World>, rules: &Rules) -> Result<Self> {
        Self::sharing(world, rules, None)
    }

    /// Like [`Self::new`], but reuses the parts of previously indexed security incidents that are unchanged, cube by
    /// cube of space.
    ///
    /// # Errors
    /// Those of [`Self::new`].
    pub(super) fn sharing(
        world: Arc<World>,
        rules: &Rules,
        former: Option<&Security>,
    ) -> Result<Self> {
        refuse_empty_promises(&world, &rules.complete)?;
        if let Some(calibration) = &rules.calibration {
            calibration.check(std::slice::from_ref(&rules.scheme))?;
        }
        if world.streamed.is_some() && rules.bbox.is_some() {
            return Err(Error::usage(
                Code::SettingsConflict,
                "streamed sites cannot be filtered by a box",
            ));
        }
        if world.streamed.is_some() && rules.uncertainty.is_some() {
            return Err(Error::usage(
                Code::SettingsConflict,
                "streamed sites cannot be drawn: ranks are among all sites",
            )
            .with_hint("hold them all, without most_held"));
        }
        let mut findings = Findings::default();
        let as_of = match rules.as_of {
            Some(given) => Some(given),
            None => {
                let (newest, finding) = newest(&world.collected, &world.incidents);
                finding.into_iter().for_each(|finding| findings.push(finding));
                newest
            }
        };
        findings.append(scheme_notes::of(&rules.scheme));
        findings.append(calibration_notes::of(rules.calibration.as_ref(), &world.inputs));
        let sources = Sources::new(&world, rules)?;
        let collection = sources.at(Domain::Security, as_of);
        let accident_collection = sources.at(Domain::Accident, as_of);
        sources.findings(&collection).into_iter().for_each(|finding| findings.push(finding));
        // The surroundings of a place that is scored as of a day use the coverage on that day.
        let around = |day| sources.at(Domain::Security, Some(day)).coverage();
        let ended = ended(&collection, rules.stale, around);
        let covered = Covered { collection, accident_collection, ended };
        Ok(Self::under(world, rules, as_of, covered, findings, former))
    }

    /// Prepares a world with given collections (where and until when its incidents were collected), as recorded in a
    /// receipt. Ages are computed at the date of the rules.
    pub(super) fn with_collections(
        world: Arc<World>,
        rules: &Rules,
        [collection, accident_collection]: [Collection; 2],
    ) -> Self {
        let ended = ended(&collection, rules.stale, |_| collection.coverage());
        let covered = Covered { collection, accident_collection, ended };
        Self::under(world, rules, rules.as_of, covered, Findings::default(), None)
    }

    fn under(
        world: Arc<World>,
        rules: &Rules,
        as_of: Option<Date>,
        covered: Covered,
        mut findings: Findings,
        former: Option<&Security>,
    ) -> Self {
        let scheme = rules.scheme.clone();
        let Covered { collection, accident_collection, ended } = covered;
        let uses = Use::of_each(&world.incidents, as_of);
        let (receptors, receptors_after) = receptors_at(&world, &uses, as_of, &mut findings);
        flow_findings(&receptors, &mut findings);
        let kept = kept(&scheme);
        let mut environment_plan = scheme.environment_plan(kept, receptors.list());
        let plans = world.rasters.iter().map(|raster| scheme.raster_plan(&raster.name));
        environment_plan.rasters = plans.collect();
        let samplers = world.rasters.iter().cloned().zip(environment_plan.rasters.iter().cloned());
        let samplers = samplers.map(|(raster, plan)| Sampler::new(raster, plan)).collect();
        let half_life = scheme.security.recency.half_life_days;
        let security_incidents =
            |uses: &[Use], as_of| events(&world, uses, &scheme, as_of, Domain::Security, half_life);
        let plan = || scheme.security_plan(kept);
        let (list, coverage) = (security_incidents(&uses, as_of), collection.coverage());
        let security = match former {
            Some(former) => former.changed(list, coverage, plan()),
            None => Security::new(WeighedIncidents::new(list), coverage, plan()),
        };
        let as_of_end = |(day, [there, around]): (Date, [Coverage; 2])| {
            let uses = Use::of_each(&world.incidents, Some(day));
            let then = security.changed(security_incidents(&uses, Some(day)), there, plan());
            (day, then.with_coverage_around(around))
        };
        let ended = ended.into_iter().map(as_of_end).collect();
        let accidents = (!accident_collection.is_empty()).then(|| {
            let half_life = scheme.environment.accidents.half_life_days;
            let incidents = events(&world, &uses, &scheme, as_of, Domain::Accident, half_life);
            Arc::new(Accidents::new(
                WeighedIncidents::new(incidents),
                accident_collection.coverage(),
                accident_collection.is_declared(),
                &environment_plan,
            ))
        });
        let (sites, outside) = world.sites.within(rules.bbox);
        let least_magnitude = scheme.environment.seismic.least_magnitude;
        let catalog = Catalog::of(receptors.list(), least_magnitude);
        let mut case = Self {
            samplers,
            scheme,
            calibration: rules.calibration.clone(),
            as_of,
            complete: rules.complete.clone(),
            uncertainty: rules.uncertainty,
            security: Arc::new(security),
            ended: Arc::new(ended),
            collection,
            accident_collection,
            accidents,
            catalog,
            counted: Arc::new(Counted::new(&receptors, &environment_plan)),
            dams: Arc::new(Dams::new(&receptors)),
            receptors,
            environment_plan,
            bbox: rules.bbox,
            receptors_after,
            sites,
            outside,
            uses: Arc::new(uses),
            findings,
            world,
        };
        case.note_unused();
        case.note_outside();
        case.note_borders();
        case
    }

    /// Reads other sites for the same case, and keeps those in a box if one is given. Nothing else is read, indexed or
    /// copied; files, counts and findings are those of a case whose world was read with these sites.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use tamarisk::run::{self, Cancel, Case, Inputs, Rules, Unwatched, World};
    /// use tamarisk::sources::Source;
    ///
    /// let ground = Inputs { sites: vec![], ..run::demo().inputs };
    /// let world = World::read(&ground, &Unwatched, &Cancel::new())?;
    /// let ground = Case::new(Arc::new(world), &Rules::default())?;
    ///
    /// let pits = Source::bytes("pits.csv", &b"id,name,lon,lat\na,North pit,66.9,30.2\n"[..]);
    /// let case = ground.with_sites(&[pits], None)?;
    /// assert_eq!(run::perform(&case, &Unwatched, &Cancel::new())?.len(), 1);
    /// # Ok::<(), tamarisk::Error>(())
    /// ```
    ///
    /// # Errors
    /// A file that cannot be read; the world of this case already has sites.
    pub fn with_sites(&self, sites: &[Source], bbox: Option<Bounds>) -> Result<Self> {
        Ok(self.of_world(Arc::new(self.world.with_sites(sites)?), bbox))
    }

    /// The case of the sites of a world that differs from this case's in its sites alone; those in a box are kept.
    pub(super) fn of_world(&self, world: Arc<World>, bbox: Option<Bounds>) -> Self {
        let (sites, outside) = world.sites.within(bbox);
        let mut case = Self { world, sites, outside, bbox, ..self.clone() };
        case.note_outside();
        case.note_borders();
        case
    }

    /// The same case without the findings of its rules, for questions that do not tell them: at an early date there is one
    /// for each later incident.
    pub(super) fn without_findings(mut self) -> Self {
        self.findings = Findings::default();
        self
    }

    /// Adds a finding for every raster that does not reach a site.
    fn note_outside(&mut self) {
        let outside = super::rasters::outside(&self.samplers, &self.sites);
        outside.into_iter().for_each(|finding| self.findings.push(finding));
    }

    /// Adds a finding for every site without a score beside a border.
    fn note_borders(&mut self) {
        let beside = beside_covered(self, &self.sites);
        beside.into_iter().for_each(|finding| self.findings.push(finding));
    }

    /// The same case with more findings.
    pub(super) fn with_findings(&self, more: Vec<Finding>) -> Self {
        let mut case = self.clone();
        more.into_iter().for_each(|finding| case.findings.push(finding));
        case
    }

    /// Adds a finding for every incident that no score counts, except those known only to a country, which the reader
    /// has reported.
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
                    id: Some(id.to_string()),
                    field: Some("event_type".into()),
                    value: Some(incident.event_type.to_string()),
                    why: "is of a type that is not scored; listed in incidents.geojson".into(),
                    verdict: Verdict::SetAside,
                }),
            }
        };
        let incidents = self.world.incidents.par_iter().zip(&*self.uses);
        let findings: Vec<Finding> = incidents.filter_map(unused).collect();
        findings.into_iter().for_each(|finding| self.findings.push(finding));
    }

    /// The context for the layers.
    pub fn context(&self) -> Context<'_> {
        self.context_of(&self.sites)
    }

    /// The context for the layers of other sites that are scored by this case.
    pub(super) fn context_of<'a>(&'a self, sites: &'a Sites) -> Context<'a> {
        Context {
            sites: &sites.list,
            linked: &sites.linked,
            met: &sites.met,
            incidents: &self.world.incidents,
            receptors: self.receptors.list(),
            rasters: &self.environment_plan.rasters,
            scheme: &self.scheme,
            calibration: self.calibration.as_ref(),
            as_of: self.as_of,
            collection: &self.collection,
            accident_collection: &self.accident_collection,
            catalog: self.catalog,
            draws: self.uncertainty.map(|plan| plan.draws),
        }
    }

    /// The security incidents that score a place, and the day at which their ages are computed.
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

    /// All findings: first those of the files, then those of the rules.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.world.findings.iter().chain(self.findings.iter())
    }

    /// The use of an incident, by its index in the world's list.
    pub fn usage(&self, incident: usize) -> Option<Use> {
        self.uses.get(incident).copied()
    }

    /// The country of a site: by its position, or the one in its record if that is near enough.
    pub fn country_of(&self, site: &Site) -> Option<CountryCode> {
        country(&self.scheme, site)
    }

    /// A site and its parts, ready to be measured.
    pub(super) fn subject(&self, sites: &Sites, site: usize) -> Option<SiteProbe> {
        subject(&self.scheme, sites, site)
    }

    /// The number of incidents by domain and use.
    pub fn tally(&self) -> BTreeMap<(Domain, Use), usize> {
        tally(&self.world.incidents, &self.uses)
    }

    /// The records of each file, by its role and name, that could be read and count toward no score: after the as-of date,
    /// of a place known only to a country, or of a type that no score uses.
    pub fn not_scored(&self) -> BTreeMap<(&'static str, &str), u64> {
        not_scored(&self.world, &self.uses, self.as_of)
    }

    /// The countries of a batch of sites.
    pub(super) fn countries(&self, sites: &Sites, batch: &[usize]) -> Vec<Option<CountryCode>> {
        let country = |&site: &usize| self.country_of(sites.list.get(site)?);
        batch.par_iter().map(country).collect()
    }
}

/// Where and until when incidents were collected, and, for places whose collection has ended, the coverage there and
/// around them, by day.
struct Covered {
    collection: Collection,
    accident_collection: Collection,
    ended: Vec<(Date, [Coverage; 2])>,
}

/// The places that are scored as of the day on which their collection ended, with their borders.
fn ended(
    collection: &Collection,
    stale: Stale,
    around: impl Fn(Date) -> Coverage,
) -> Vec<(Date, [Coverage; 2])> {
    let ended = match stale {
        Stale::NoData => Vec::new(),
        Stale::Last => collection.ended(),
    };
    ended.into_iter().map(|(day, there)| (day, [there, around(day)])).collect()
}

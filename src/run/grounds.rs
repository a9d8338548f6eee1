//! The grounds of a plan, held for questions: one for each of its regions, and on demand those under its other schemes and
//! at any date, of which the last few are kept.

use super::batch::{self, Plan};
use super::world::{Ask, Sort};
use super::{Cancel, Ground, Performed, Request, Rules, Watch, named, perform};
use crate::earth::{Bounds, Position};
use crate::index::Probe;
use crate::layers::{Layer, sites_over_time};
use crate::scoring::{Calibration, Scheme};
use crate::sources::Keep;
use crate::{Code, Error, Result};
use jiff::civil::Date;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many grounds under other schemes and at other dates are kept.
const KEPT: usize = 4;

/// Grounds held for questions.
#[derive(Debug)]
pub struct Grounds {
    regions: Vec<Part>,
    schemes: Vec<(Scheme, Option<Calibration>)>,
    /// The dates of the plan, ascending; none if it names none.
    pub dates: Vec<Date>,
    /// The last to be asked for first.
    kept: Mutex<VecDeque<(Which, Arc<Ground>)>>,
    /// Held while one is made, so that no two make the same.
    making: Mutex<()>,
}

/// A region with its ground under the first scheme, at the newest date of the plan.
#[derive(Debug)]
struct Part {
    /// Its name; empty if it is the only one and has none.
    name: String,
    /// The name of its folder in a batch.
    folder: String,
    /// Its box.
    bbox: Option<Bounds>,
    ground: Arc<Ground>,
}

/// One of the grounds: a region and a scheme by their places, and a date, without which it is the newest of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Which {
    /// The place of the region.
    pub region: usize,
    /// The place of the scheme.
    pub scheme: usize,
    /// The date.
    pub as_of: Option<Date>,
}

impl Grounds {
    /// Reads the inputs of all regions of a plan. Those that have the same share them.
    ///
    /// # Errors
    /// Those of [`Ground::open`].
    pub fn open(plan: &Plan, watch: &dyn Watch, cancel: &Cancel) -> Result<Self> {
        let schemes = plan.schemes.iter();
        let schemes: Vec<_> =
            schemes.map(|scheme| (scheme.clone(), plan.calibration(scheme).cloned())).collect();
        let gone = || Error::usage(Code::PlanInvalid, "the plan has no scheme");
        let first = plan.schemes.first().ok_or_else(gone)?;
        let dates = plan.dated(cancel)?.dates;
        let newest = dates.last().copied().flatten();
        let mut parts: Vec<(usize, Part)> = Vec::new();
        for region in &plan.regions {
            let Request { mut inputs, rules, .. } = batch::request(plan, region, first, newest);
            // Explanations have what the source says of an incident, whatever layers the plan writes.
            inputs.read.incident_columns = Keep::default();
            let same = parts.iter().find(|(shared, _)| *shared == region.shared);
            let bbox = rules.bbox;
            let ground = match same {
                Some((_, part)) => part.ground.under(rules)?,
                None => {
                    let request = Request { inputs, rules, ..Request::default() };
                    Ground::open(request, watch, cancel)?
                }
            };
            let (name, folder) = (region.name.clone(), region.folder());
            parts.push((region.shared, Part { name, folder, bbox, ground: Arc::new(ground) }));
        }
        let regions = parts.into_iter().map(|(_, part)| part).collect();
        Ok(Self::new(regions, schemes, dates.into_iter().flatten().collect()))
    }

    fn new(
        regions: Vec<Part>,
        schemes: Vec<(Scheme, Option<Calibration>)>,
        dates: Vec<Date>,
    ) -> Self {
        let (kept, making) = (Mutex::default(), Mutex::default());
        Self { regions, schemes, dates, kept, making }
    }

    /// Every region with every scheme at the newest date of the plan, with the names of both.
    pub fn each(&self) -> impl Iterator<Item = (Which, &str, &str)> {
        self.regions.iter().enumerate().flat_map(move |(region, part)| {
            self.schemes.iter().enumerate().map(move |(scheme, (of, _))| {
                (Which { region, scheme, as_of: None }, part.name.as_str(), of.name.as_str())
            })
        })
    }

    /// What stands before the names of the layers of a region under a scheme: nothing if there is only one of each.
    pub fn prefix(&self, which: Which) -> String {
        if self.regions.len() * self.schemes.len() < 2 {
            return String::new();
        }
        let region = self.regions.get(which.region).map_or("", |part| part.folder.as_str());
        let scheme = self.schemes.get(which.scheme).map_or("", |(scheme, _)| scheme.name.as_str());
        format!("{region}-{scheme}-")
    }

    /// The names of the regions.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.regions.iter().map(|part| part.name.as_str())
    }

    /// The names of the schemes.
    pub fn schemes(&self) -> impl Iterator<Item = &str> {
        self.schemes.iter().map(|(scheme, _)| scheme.name.as_str())
    }

    /// Whether there are several regions, so that a question can be of one or of another.
    pub fn has_regions(&self) -> bool {
        self.regions.len() > 1
    }

    /// The place of a region by its name.
    ///
    /// # Errors
    /// There is none with that name.
    pub fn region(&self, word: &str) -> Result<usize> {
        let is = |part: &Part| {
            part.name.eq_ignore_ascii_case(word) || part.folder.eq_ignore_ascii_case(word)
        };
        let names: Vec<&str> = self.regions().filter(|name| !name.is_empty()).collect();
        let found = self.regions.iter().position(is);
        found.ok_or_else(|| match names.as_slice() {
            [] => Error::usage(Code::SettingInvalid, "region: there are none; it can be left out"),
            names => named::unknown("region", word, "a region", names),
        })
    }

    /// The place of a scheme by its name.
    ///
    /// # Errors
    /// There is none with that name.
    pub fn scheme(&self, word: &str) -> Result<usize> {
        let names: Vec<&str> = self.schemes().collect();
        let found = names.iter().position(|name| name.eq_ignore_ascii_case(word));
        found.ok_or_else(|| named::unknown("scheme", word, "a scheme", &names))
    }

    /// The first region whose box holds a place. If none does, of the regions without a box the one that has a site nearest to
    /// it; the first region if all have boxes.
    pub fn region_at(&self, place: Position) -> usize {
        if !self.has_regions() {
            return 0;
        }
        let all = || self.regions.iter().enumerate();
        let holds = |part: &Part| part.bbox.is_some_and(|bbox| bbox.contains(place));
        if let Some((at, _)) = all().find(|(_, part)| holds(part)) {
            return at;
        }
        let probe = Probe::point(place);
        let far = |part: &Part| {
            let near = part.ground.case.world.things_near(Sort::Sites, &probe, Ask::Nearest(1));
            near.first().map_or(f64::INFINITY, |(_, near)| near.distance.km())
        };
        let open = all().filter(|(_, part)| part.bbox.is_none());
        let open = open.map(|(at, part)| (far(part), at));
        open.min_by(|a, b| a.0.total_cmp(&b.0)).map_or(0, |(_, at)| at)
    }

    /// The first region that has a site of an id or name. The first if none has.
    pub fn region_of(&self, site: &str) -> usize {
        if !self.has_regions() {
            return 0;
        }
        let has = |part: &Part| part.ground.case.sites.called(site).is_ok();
        self.regions.iter().position(has).unwrap_or_default()
    }

    /// A ground: one that is held, or made from the one of its region without reading anything.
    ///
    /// # Errors
    /// There is no such region or scheme; those of [`Ground::under`].
    pub fn at(&self, which: Which) -> Result<Arc<Ground>> {
        let gone = || Error::usage(Code::SettingInvalid, "there is no such region or scheme");
        let first = &self.regions.get(which.region).ok_or_else(gone)?.ground;
        if which.scheme == 0 && (which.as_of.is_none() || which.as_of == first.case.as_of) {
            return Ok(Arc::clone(first));
        }
        if let Some(found) = self.find(which) {
            return Ok(found);
        }
        let (scheme, calibration) = self.schemes.get(which.scheme).ok_or_else(gone)?;
        let of_first = &first.request.rules;
        let rules = Rules {
            scheme: scheme.clone(),
            calibration: calibration.clone(),
            as_of: which.as_of.or(of_first.as_of),
            ..of_first.clone()
        };
        let _alone = lock(&self.making);
        if let Some(found) = self.find(which) {
            return Ok(found);
        }
        // A thread of a pool that waits for others takes up further questions meanwhile, and one of these could wait for
        // this one. A thread of its own takes up none.
        let made = std::thread::scope(|scope| scope.spawn(|| first.under(rules)).join());
        let made = Arc::new(made.unwrap_or_else(|cause| std::panic::resume_unwind(cause))?);
        let mut kept = lock(&self.kept);
        kept.push_front((which, Arc::clone(&made)));
        kept.truncate(KEPT);
        Ok(made)
    }

    /// One that is kept; it is then the last to go.
    fn find(&self, which: Which) -> Option<Arc<Ground>> {
        let mut kept = lock(&self.kept);
        let at = kept.iter().position(|(of, _)| *of == which)?;
        let found = kept.remove(at)?;
        let ground = Arc::clone(&found.1);
        kept.push_front(found);
        Some(ground)
    }

    /// The number of sites of a region at all dates of the plan.
    pub fn states(&self, which: Which) -> usize {
        let sites = |part: &Part| part.ground.case.sites.list.len();
        self.regions.get(which.region).map_or(0, sites) * self.dates.len()
    }

    /// The sites of a region under a scheme at all dates of the plan: the layer that a batch writes.
    ///
    /// # Errors
    /// It was stopped; those of [`Self::at`].
    pub fn over_time<T>(
        &self,
        which: Which,
        watch: &dyn Watch,
        cancel: &Cancel,
        show: impl FnOnce(&Layer<'_>) -> T,
    ) -> Result<T> {
        let mut last = self.at(which)?;
        let mut moments = Vec::new();
        watch.stage("scoring dates", u64::try_from(self.dates.len()).ok());
        for &date in &self.dates {
            let rules = Rules { as_of: Some(date), ..last.request.rules.clone() };
            last = Arc::new(last.under(rules)?);
            let sites = perform(&last.case, &super::Unwatched, cancel)?;
            let performed = Performed { sites, ..Performed::default() };
            moments.push(batch::moment(&last.case, &performed, date)?);
            watch.advance(1);
        }
        Ok(show(&sites_over_time(&moments, last.request.rules.uncertainty.is_some())))
    }

    /// The grounds that were read: those of the regions.
    pub fn first(&self) -> impl Iterator<Item = &Ground> {
        self.regions.iter().map(|part| &*part.ground)
    }

    /// Calls a function with the ground of each region under each scheme, at the newest date of the plan.
    ///
    /// # Errors
    /// Those of the function, and of [`Self::at`].
    pub fn for_each(&self, mut show: impl FnMut(Which, &Ground) -> Result<()>) -> Result<()> {
        self.each().try_for_each(|(which, _, _)| show(which, &*self.at(which)?))
    }
}

impl From<Ground> for Grounds {
    /// The ground of a request, as the only region under the only scheme.
    fn from(ground: Ground) -> Self {
        let rules = &ground.request.rules;
        let schemes = vec![(rules.scheme.clone(), rules.calibration.clone())];
        let (name, folder, bbox) = (String::new(), String::new(), rules.bbox);
        let part = Part { name, folder, bbox, ground: Arc::new(ground) };
        Self::new(vec![part], schemes, Vec::new())
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Scores two runs again: their records are paired, changed step by step from one run to the other, and reported site
//! by site.

use super::change::{Changes, IncidentCounts, ScoreChange, Side, SiteChange, SiteCounts, Standing};
use super::common::Common;
use super::folder::{Folder, Written};
use super::incidents::{self, BarChange, IndicatorChange, Moved};
use super::records::{Pairs, counting};
use super::walk::{End, Split, Step, Walk, scores, walk};
use crate::Result;
use crate::earth::geodesic::distance;
use crate::layers::Scored;
use crate::model::Receptor;
use crate::run::{Cancel, Stale, Watch, World};
use crate::scoring::Scheme;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The result of scoring again.
#[derive(Debug, Default)]
pub(super) struct Again {
    steps: Vec<Step>,
    counts: Option<IncidentCounts>,
    /// Why nothing could be scored again, or why the environment could not.
    unknown: Option<String>,
    environment_unknown: Option<String>,
    walk: Option<Walk>,
    /// The index of each site in the walk.
    places: BTreeMap<String, usize>,
    incidents: Vec<Moved>,
    bars: Vec<Vec<BarChange>>,
    indicators: Vec<Vec<IndicatorChange>>,
}

impl Again {
    pub(super) fn of(
        old: &Folder,
        new: &Folder,
        both: &[[&Written; 2]],
        watch: &dyn Watch,
        cancel: &Cancel,
    ) -> Result<Self> {
        let (old_parts, new_parts) = match (known(old), known(new)) {
            (Ok(old), Ok(new)) => (old, new),
            (Err(why), _) => return Ok(Self::unknown(format!("the older run: {why}"))),
            (_, Err(why)) => return Ok(Self::unknown(format!("the newer run: {why}"))),
        };
        let (old_scheme, old_incidents) = old_parts;
        let (new_scheme, new_incidents) = new_parts;
        let pairs = Pairs::of(
            &counting(&old_incidents.incidents, old.receipt.as_of),
            &counting(&new_incidents.incidents, new.receipt.as_of),
        );
        let no_receptors = || Arc::new(World::default());
        let (receptors, environment_unknown) = match (&old.receptors, &new.receptors) {
            (Ok((old, _)), Ok((new, _))) => ([Arc::clone(old), Arc::clone(new)], None),
            (Err(why), _) => {
                ([no_receptors(), no_receptors()], Some(format!("the older run: {why}")))
            }
            (_, Err(why)) => {
                ([no_receptors(), no_receptors()], Some(format!("the newer run: {why}")))
            }
        };
        let [old_receptors, new_receptors] = receptors;
        let sites = Common::of([old, new], both, [old_scheme, new_scheme]);
        let end = |folder: &Folder, scheme, sites, receptors: Arc<World>| End {
            scheme,
            collections: folder.receipt.collections(scheme),
            stale: folder.receipt.stale(),
            sites,
            as_of: folder.receipt.as_of,
            receptors: receptors_by(receptors, folder.receipt.as_of),
            complete: match environment_unknown {
                None => folder.receipt.complete(),
                Some(_) => BTreeSet::new(),
            },
        };
        let old_end = end(old, old_scheme, sites.old, old_receptors);
        let new_end = end(new, new_scheme, sites.new, new_receptors);
        let changes = |step: &Step| match step {
            Step::Scheme => old_scheme.hash() != new_scheme.hash(),
            Step::Coverage => {
                // For places that are scored as of the end of their data, that day matters too.
                let ends = |end: &End<'_>| end.collections.each_ref().map(|c| c.sources().to_vec());
                old_end.stale != new_end.stale
                    || old.receipt.covered() != new.receipt.covered()
                    || old_end.stale == Stale::Last && ends(&old_end) != ends(&new_end)
            }
            Step::Site => sites.any_changed,
            Step::Vanished => !pairs.vanished.is_empty(),
            Step::Aged => old_end.as_of != new_end.as_of,
            Step::Receptors => {
                let (old, new) = (&old_end.receptors, &new_end.receptors);
                old_end.complete != new_end.complete
                    || old.kinds != new.kinds
                    || !same_receptors(&old.receptors, &new.receptors)
            }
            Step::Corrected => !pairs.corrected.is_empty(),
            Step::New => !pairs.new.is_empty(),
        };
        let steps: Vec<Step> = Step::ALL.into_iter().filter(changes).collect();
        let walk = walk(&old_end, &new_end, &pairs, &steps, watch, cancel)?;
        let incidents = incidents::changes(&old_end, &new_end, &pairs, &walk);
        let (bars, indicators) = match environment_unknown {
            None => (incidents::bars(&walk), incidents::indicators(&walk)),
            Some(_) => Default::default(),
        };
        let counts = IncidentCounts {
            same: pairs.same.len(),
            new: pairs.new.len(),
            vanished: pairs.vanished.len(),
            corrected: pairs.corrected.len(),
        };
        Ok(Self {
            steps,
            counts: Some(counts),
            unknown: None,
            environment_unknown,
            walk: Some(walk),
            places: sites.places,
            incidents,
            bars,
            indicators,
        })
    }

    fn unknown(why: String) -> Self {
        Self { unknown: Some(why), ..Self::default() }
    }

    /// The result for one site and one score: 0 security, 1 environment, 2 overall.
    fn score(&self, site: &str, which: usize) -> Result<([Option<f64>; 2], Split), String> {
        if let Some(why) = &self.unknown {
            return Err(why.clone());
        }
        if let Some(why) = self.environment_unknown.as_ref().filter(|_| which > 0) {
            return Err(why.clone());
        }
        let found = self.places.get(site).zip(self.walk.as_ref()).and_then(|(at, walk)| {
            let of = |all: &[Scored]| Some(*scores(all.get(*at)?).get(which)?);
            Some(([of(&walk.before)?, of(&walk.after)?], *walk.splits.get(*at)?.get(which)?))
        });
        found.ok_or_else(|| "its record is no longer in the site files".to_owned())
    }

    pub(super) fn told(
        mut self,
        old: &Folder,
        new: &Folder,
        both: &[[&Written; 2]],
        came: Vec<Standing>,
        gone: Vec<Standing>,
    ) -> Changes {
        let same = old.receipt.fingerprint == new.receipt.fingerprint;
        let mut sites: Vec<SiteChange> = both.iter().map(|pair| self.site(*pair, same)).collect();
        sites.sort_by(|a, b| {
            let size = |site: &SiteChange| site.size();
            b.in_another_band
                .cmp(&a.in_another_band)
                .then(b.changed.cmp(&a.changed))
                .then(size(b).total_cmp(&size(a)))
                .then(a.id.cmp(&b.id))
        });
        let each = sites.iter().flat_map(|site| [&site.security, &site.environment, &site.overall]);
        let unknown: BTreeSet<String> = each.filter_map(|score| score.unknown.clone()).collect();
        let count = |of: fn(&SiteChange) -> bool| sites.iter().filter(|site| of(site)).count();
        let changed = count(|site| site.changed);
        let counts = SiteCounts {
            compared: sites.len(),
            changed,
            in_another_band: count(|site| site.in_another_band),
            unchanged: sites.len() - changed,
            came: came.len(),
            gone: gone.len(),
        };
        Changes {
            old: Side::of(old),
            new: Side::of(new),
            steps: self.steps.iter().map(|step| step.word()).collect(),
            incidents: self.counts,
            counts,
            unknown: unknown.into_iter().collect(),
            sites,
            came,
            gone,
        }
    }

    fn site(&mut self, [old, new]: [&Written; 2], same: bool) -> SiteChange {
        let score = |which: usize| {
            let none = (None, String::new());
            let [before, after] = [old, new].map(|site| site.scores.get(which));
            let written = [before.unwrap_or(&none), after.unwrap_or(&none)];
            match same {
                true => ScoreChange::of(written, Err("nothing changed".to_owned())),
                false => ScoreChange::of(written, self.score(&new.id, which)),
            }
        };
        let [security, environment, overall] = [0, 1, 2].map(score);
        let all = [&security, &environment, &overall];
        let moved = distance(old.position, new.position).km();
        let at = self.places.get(&new.id).copied();
        let moved_by = at.filter(|_| security.parts.is_some());
        let moved_by = moved_by.and_then(|at| self.incidents.get_mut(at)).map(std::mem::take);
        let Moved { most: incidents, more: more_incidents } = moved_by.unwrap_or_default();
        // A score that came or went has no parts, but its bars are known all the same.
        let again = environment.parts.is_some() || environment.turned_with.is_some();
        let at = at.filter(|_| again);
        let bars = at.and_then(|at| self.bars.get_mut(at)).map(std::mem::take);
        let indicators = at.and_then(|at| self.indicators.get_mut(at)).map(std::mem::take);
        SiteChange {
            id: new.id.clone(),
            name: new.name.clone(),
            lon: new.position.lon(),
            lat: new.position.lat(),
            moved_km: (moved >= 0.001).then_some(moved),
            changed: all.iter().any(|score| score.is_change()),
            in_another_band: all.iter().any(|score| score.is_in_another_band()),
            security,
            environment,
            overall,
            incidents,
            more_incidents,
            bars: bars.unwrap_or_default(),
            indicators: indicators.unwrap_or_default(),
        }
    }
}

/// The scheme and the incidents of a folder, if they are known.
fn known(folder: &Folder) -> Result<(&Scheme, &Arc<World>), String> {
    let scheme = folder.scheme.as_ref().map_err(Clone::clone)?;
    let (incidents, _) = folder.incidents.as_ref().map_err(Clone::clone)?;
    Ok((scheme, incidents))
}

/// A world with the receptors dated up to a day, or undated.
fn receptors_by(world: Arc<World>, as_of: Option<Date>) -> Arc<World> {
    let after = |one: &Receptor| one.date.is_some_and(|d| as_of.is_some_and(|day| d.last() > day));
    if !world.receptors.iter().any(after) {
        return world;
    }
    let by_then = world.receptors.iter().filter(|one| !after(one)).cloned().collect();
    let mut then = World::of_receptors(by_then, world.kinds.clone());
    then.rasters = Arc::clone(&world.rasters);
    Arc::new(then)
}

/// Whether receptors are equal, apart from the place where they were read.
fn same_receptors(old: &Arc<Vec<Receptor>>, new: &Arc<Vec<Receptor>>) -> bool {
    let same = |(old, new): (&Receptor, &Receptor)| {
        let place = (new.file.clone(), new.place.clone());
        Receptor { file: place.0, place: place.1, ..old.clone() } == *new
    };
    Arc::ptr_eq(old, new) || old.len() == new.len() && old.iter().zip(new.iter()).all(same)
}

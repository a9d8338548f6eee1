//! The ranks of sites under other settings of the scheme, and which settings their scores hang on.

use crate::layers::Scored;
use crate::measures::{Security, SiteProbe, Variants, WeighedIncident};
use crate::model::SecurityType;
use crate::run::{Cancel, Case, Watch};
use crate::scoring::ranks::{Codes, Standing, score_code};
use crate::scoring::sensitivity::{
    Design, EnvironmentTerms, Index, Resamples, Responses, ScoreName, ScoreSensitivity,
    Sensitivity, SettingGroup, SiteSensitivity, indices,
};
use crate::scoring::{overall, security_score};
use crate::{Code, Error, Result};
use rayon::prelude::*;

/// Settings drawn for each sample: ranks are over the first.
const SETTINGS: usize = 1_000;

/// The seed of the settings.
const SEED: u64 = 1;

/// Scores the sites of a case under other settings of its scheme; `scored` are all of them, as
/// [`perform`](crate::run::perform) gives them. Which sites have a score does not change.
///
/// ```
/// use tamarisk::run::{self, Cancel, Case, Unwatched};
///
/// let (case, cancel) = (Case::open(&run::demo(), &Unwatched, &Cancel::new())?, Cancel::new());
/// let scored = run::perform(&case, &Unwatched, &cancel)?;
/// let found = run::sensitivity(&case, &scored, &Unwatched, &cancel)?;
/// for site in found.sites.iter().filter_map(|site| site.security.as_ref()) {
///     let [low, high] = site.standing.ranks;
///     assert!(1 <= low && low <= high && high <= 45);
/// }
/// # Ok::<(), tamarisk::Error>(())
/// ```
///
/// # Errors
/// The run was asked to stop; the sites are [streamed](crate::run::Streamed) and not in memory.
pub fn sensitivity(
    case: &Case,
    scored: &[Scored],
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Sensitivity> {
    if case.world.streamed.is_some() {
        return Err(Error::usage(
            Code::SettingsConflict,
            "ranks under other settings need all sites in memory",
        )
        .with_hint("hold them all, without most_held"));
    }
    watch.stage("scoring under other settings", u64::try_from(scored.len()).ok());
    let design = Design::new(&case.scheme, SETTINGS, SEED);
    let of_intensity = design.settings(&case.scheme);
    let kind = |incident: &WeighedIncident| kind_of(case, incident);
    let used = used(case, scored).into_iter();
    let prepared: Vec<(&Security, Variants<'_>)> =
        used.map(|security| (security, security.variants(kind, &of_intensity))).collect();
    let resamples = Resamples::new(SETTINGS, SEED);
    let under = Under { case, design: &design, prepared: &prepared, resamples: &resamples };
    let any = |of: fn(&Scored) -> bool| scored.iter().any(of);
    let rows = |any: bool| vec![0_u16; if any { scored.len() * SETTINGS } else { 0 }];
    let mut security = rows(any(|one| one.risk.security.score.is_some()));
    let mut environment = rows(any(|one| one.risk.environment.score.is_some()));
    let mut both = rows(any(|one| one.risk.overall.is_some()));
    let found: Result<Vec<Found>> = scored
        .par_iter()
        .zip(by_site(&mut security, scored.len(), SETTINGS))
        .zip(by_site(&mut environment, scored.len(), SETTINGS))
        .zip(by_site(&mut both, scored.len(), SETTINGS))
        .map(|(((one, security), environment), overall)| {
            cancel.check()?;
            let found = under.site(one, [security, environment, overall]);
            watch.advance(1);
            Ok(found)
        })
        .collect();
    let found = found?;
    let standings =
        [security, environment, both].map(|rows| Codes::from_rows(SETTINGS, rows).standings());
    let scores: [fn(&Scored) -> Option<f64>; 3] =
        [|one| one.risk.security.score, |one| one.risk.environment.score, |one| one.risk.overall];
    let ranks = scores.map(|score| ranks(scored, score));
    let site = |(at, found): (usize, Found)| {
        let mut of = found.into_iter().zip(&standings).zip(&ranks);
        let mut next = || {
            let ((indices, standings), ranks) = of.next()?;
            let (rank, standing) = ((*ranks.get(at)?)?, standing(standings, at)?);
            Some(ScoreSensitivity { rank, standing, indices: indices? })
        };
        let site = scored.get(at).map_or(at, |one| one.site);
        SiteSensitivity { site, security: next(), environment: next(), overall: next() }
    };
    Ok(Sensitivity { settings: SETTINGS, sites: found.into_iter().enumerate().map(site).collect() })
}

/// The indices of the three scores, in the order of [`ScoreName::ALL`].
type Found = [Option<Vec<Index>>; 3];

/// What all sites share.
struct Under<'a> {
    case: &'a Case,
    design: &'a Design,
    prepared: &'a [(&'a Security, Variants<'a>)],
    resamples: &'a Resamples,
}

impl Under<'_> {
    /// Scores a site in every run, and leaves the codes of its scores under the settings of A.
    fn site(&self, one: &Scored, rows: [&mut [u16]; 3]) -> Found {
        let scheme = &self.case.scheme;
        let security = one.risk.security.score.and_then(|_| self.security(one));
        let environment =
            EnvironmentTerms::of(scheme, &one.risk.environment).map(|of| of.scores(self.design));
        let both = one.risk.overall.and_then(|_| {
            let (security, environment) = (security.as_ref()?, environment.as_ref()?);
            Some(self.overall(security, environment))
        });
        let all = [security, environment, both];
        for (scores, row) in all.iter().zip(rows) {
            let scores = scores.iter().flatten();
            row.iter_mut().zip(scores).for_each(|(code, score)| *code = score_code(*score));
        }
        let mut names = ScoreName::ALL.into_iter();
        all.map(|scores| {
            let groups = names.next()?.groups().len();
            let scores = scores?;
            let mut samples = scores.chunks(self.design.rows());
            let (a, b) = (samples.next()?, samples.next()?);
            let mixed: Vec<&[f64]> = samples.take(groups).collect();
            Some(indices(Responses { a, b, mixed: &mixed }, self.resamples))
        })
    }

    fn security(&self, one: &Scored) -> Option<Vec<f64>> {
        let site = self.case.sites.list.get(one.site)?;
        let (security, _) = self.case.security_at(site.position, one.country);
        let (_, variants) = self.prepared.iter().find(|(of, _)| std::ptr::eq(*of, security))?;
        let probe: SiteProbe = self.case.subject(&self.case.sites, one.site)?;
        let scheme = &self.case.scheme;
        let intensities = variants.intensities(&probe);
        Some(intensities.into_iter().map(|intensity| security_score(scheme, intensity)).collect())
    }

    /// The overall score in every run of [`SettingGroup::ALL`]. The settings of one of the two scores leave the other as
    /// it is under A.
    fn overall(&self, security: &[f64], environment: &[f64]) -> Vec<f64> {
        let rows = self.design.rows();
        let sample = |of: &[f64], number: usize, row: usize| of.get(number * rows + row).copied();
        // For each sample of the overall score those of security and environment: A, B, then the groups.
        let own = |groups: &[SettingGroup], group: SettingGroup| {
            groups.iter().position(|of| *of == group).map_or(0, |at| 2 + at)
        };
        let mut samples = vec![(0, 0), (1, 1)];
        samples.extend(SettingGroup::ALL.map(|group| {
            (own(&SettingGroup::SECURITY, group), own(&SettingGroup::ENVIRONMENT, group))
        }));
        let runs = samples.into_iter().flat_map(|of| (0..rows).map(move |row| (of, row)));
        runs.map(|((s, e), row)| {
            let (security, environment) = (sample(security, s, row), sample(environment, e, row));
            overall(&self.case.scheme, security, environment).unwrap_or(0.0)
        })
        .collect()
    }
}

/// The kind of an incident, by its place among the types.
fn kind_of(case: &Case, incident: &WeighedIncident) -> usize {
    let known = case.world.incidents.get(incident.index).and_then(|one| one.security_type);
    let known = known.unwrap_or(SecurityType::Unknown);
    SecurityType::ALL.iter().position(|one| *one == known).unwrap_or(0)
}

/// The sets of incidents by which any site is scored.
fn used<'c>(case: &'c Case, scored: &[Scored]) -> Vec<&'c Security> {
    let mut all: Vec<&Security> = Vec::new();
    for one in scored.iter().filter(|one| one.risk.security.score.is_some()) {
        let Some(site) = case.sites.list.get(one.site) else { continue };
        let (security, _) = case.security_at(site.position, one.country);
        if !all.iter().any(|of| std::ptr::eq(*of, security)) {
            all.push(security);
        }
    }
    all
}

/// The rows of each site; empty ones if there are no rows.
fn by_site(rows: &mut [u16], sites: usize, length: usize) -> Vec<&mut [u16]> {
    let mut chunks = rows.chunks_mut(length.max(1));
    (0..sites).map(|_| chunks.next().unwrap_or_default()).collect()
}

fn standing(standings: &[Standing], at: usize) -> Option<Standing> {
    standings.get(at).copied()
}

/// The rank of each site by a score; 1 is the highest, and equal scores share the better rank.
fn ranks(scored: &[Scored], score: fn(&Scored) -> Option<f64>) -> Vec<Option<u32>> {
    let mut all: Vec<f64> = scored.iter().filter_map(score).collect();
    all.sort_unstable_by(f64::total_cmp);
    let rank = |one: &Scored| {
        let own = score(one)?;
        let higher = all.len() - all.partition_point(|other| *other <= own);
        u32::try_from(higher + 1).ok()
    };
    scored.iter().map(rank).collect()
}

//! How sure the scores of a case are: draws of the data, and what follows for every site.

use crate::Result;
use crate::layers::Scored;
use crate::measures::{Doubt, DrawPlan, Drawn, IntensityDraws, Security, SiteProbe, key};
use crate::model::{Incident, Site};
use crate::run::{Cancel, Case, Sites, Watch};
use crate::scoring::ranks::{Codes, intensity_code, score_code};
use crate::scoring::{
    CodedScores, EnvironmentDraws, EnvironmentUncertainty, SecurityUncertainty, Uncertainty,
    Whereabouts, severity, severity_with,
};
use jiff::civil::Date;
use rayon::prelude::*;

/// Adds to scored sites how sure their scores are, if the case's rules ask for it.
///
/// # Errors
/// The run was asked to stop.
pub(super) fn add(
    case: &Case,
    sites: &Sites,
    scored: &mut [Scored],
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<()> {
    let Some(plan) = case.uncertainty else { return Ok(()) };
    watch.stage("drawing", u64::try_from(scored.len()).ok());
    let security = security(case, sites, scored, plan, watch, cancel);
    cancel.check()?;
    let environment = environment(case, sites, scored, plan, cancel);
    cancel.check()?;
    for ((scored, security), environment) in scored.iter_mut().zip(security).zip(environment) {
        scored.uncertainty = Some(Box::new(Uncertainty { security, environment }));
    }
    Ok(())
}

/// Adds to one scored site how sure its scores are, without its rank among others.
pub(super) fn add_alone(case: &Case, sites: &Sites, scored: &mut Scored) {
    if add(case, sites, std::slice::from_mut(scored), &crate::run::Unwatched, &Cancel::new())
        .is_err()
    {
        return;
    }
    if let Some(uncertainty) = &mut scored.uncertainty {
        let security = uncertainty.security.as_mut().map(|of| &mut of.spread);
        let environment = uncertainty.environment.as_mut().map(|of| &mut of.spread);
        security.into_iter().chain(environment).for_each(|spread| spread.standing = None);
    }
}

fn security(
    case: &Case,
    sites: &Sites,
    scored: &[Scored],
    plan: DrawPlan,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Vec<Option<SecurityUncertainty>> {
    let prepared = Prepared::of(case, plan);
    let with: Vec<&Scored> =
        scored.iter().filter(|scored| scored.risk.security.score.is_some()).collect();
    let coded = CodedScores::of_intensities(&case.scheme);
    let bands = &case.scheme.bands;
    let (codes, spreads) = Codes::with(with.len(), plan.draws, |at, row| {
        let drawn = with.get(at).filter(|_| !cancel.is_raised()).and_then(|scored| {
            let drawn = prepared.drawn(case, sites, scored)?;
            watch.advance(1);
            Some((drawn, scored.risk.security.score?))
        });
        let (Drawn { intensities, moved_by, effective }, score) = drawn?;
        for (code, intensity) in row.iter_mut().zip(intensities) {
            *code = intensity_code(intensity);
        }
        let spread = coded.spread(row, score, bands.of(Some(score)));
        Some(SecurityUncertainty { spread, moved_by, effective })
    });
    let ranked = codes.standings().into_iter().zip(spreads).map(|(standing, of)| {
        let mut of = of?;
        of.spread.standing = Some(standing);
        Some(of)
    });
    of_those(scored.iter().map(|scored| scored.risk.security.score.is_some()), ranked)
}

fn environment(
    case: &Case,
    sites: &Sites,
    scored: &[Scored],
    plan: DrawPlan,
    cancel: &Cancel,
) -> Vec<Option<EnvironmentUncertainty>> {
    let with: Vec<&Scored> =
        scored.iter().filter(|scored| scored.risk.environment.score.is_some()).collect();
    let coded = CodedScores::of_scores(&case.scheme);
    let bands = &case.scheme.bands;
    let (codes, spreads) = Codes::with(with.len(), plan.draws, |at, row| {
        let scored = with.get(at).filter(|_| !cancel.is_raised())?;
        let (site, score) = (sites.list.get(scored.site)?, scored.risk.environment.score?);
        let whereabouts = Whereabouts {
            key: key_of(site),
            spread_km: case.scheme.position.sigma_km(site.accuracy),
            receptors: case.receptors.list(),
        };
        let draws =
            EnvironmentDraws::new(&case.scheme, &scored.risk.environment, plan, whereabouts);
        let moved_by = if draws.is_sure() {
            row.fill(score_code(score));
            Vec::new()
        } else {
            draws.each(plan.draws, |draw, score| {
                if let Some(code) = row.get_mut(draw) {
                    *code = score_code(score);
                }
            })
        };
        let spread = coded.spread(row, score, bands.of(Some(score)));
        Some(EnvironmentUncertainty { spread, moved_by })
    });
    let ranked = codes.standings().into_iter().zip(spreads).map(|(standing, of)| {
        let mut of = of?;
        of.spread.standing = Some(standing);
        Some(of)
    });
    of_those(scored.iter().map(|scored| scored.risk.environment.score.is_some()), ranked)
}

/// Gives those that have one the next of some values, and all others none.
fn of_those<T>(
    have: impl Iterator<Item = bool>,
    mut values: impl Iterator<Item = Option<T>>,
) -> Vec<Option<T>> {
    have.map(|has| if has { values.next().flatten() } else { None }).collect()
}

/// Draws of the security incidents, and of those as of the days on which the collection of some places ended.
struct Prepared<'a> {
    current: IntensityDraws<'a>,
    ended: Vec<(Date, IntensityDraws<'a>)>,
}

impl<'a> Prepared<'a> {
    fn of(case: &'a Case, plan: DrawPlan) -> Self {
        let draws = |security: &'a Security| security.draws(&doubts(case, security), plan);
        let ended = case.ended.iter().map(|(day, security)| (*day, draws(security)));
        Self { current: draws(&case.security), ended: ended.collect() }
    }

    /// The draws of a scored site.
    fn drawn(&self, case: &Case, sites: &Sites, scored: &Scored) -> Option<Drawn> {
        let subject: SiteProbe = case.subject(sites, scored.site)?;
        let main = sites.list.get(scored.site)?;
        let linked = sites.linked.get(scored.site).map_or(&[][..], Vec::as_slice);
        let keys: Vec<u64> = std::iter::once(main).chain(linked).map(key_of).collect();
        let (_, as_of) = case.security_at(subject.position, scored.country);
        let ended = self.ended.iter().find(|(day, _)| Some(*day) == as_of);
        let draws = ended.map_or(&self.current, |(_, draws)| draws);
        Some(draws.at(&subject, &keys))
    }
}

/// What is not known of each security incident, in the order in which they are summed.
fn doubts(case: &Case, security: &Security) -> Vec<Doubt> {
    let doubt = |incident: &Incident| {
        let best = severity(&case.scheme, incident);
        let part = |deaths: u32| {
            let weight = severity_with(&case.scheme, incident, deaths);
            if best > 0.0 { weight / best } else { 1.0 }
        };
        let known = incident.fatalities.unwrap_or(0);
        let deaths = match incident.fatalities_range {
            Some((low, high)) => [part(low.min(known)), part(high.max(known))],
            None => [1.0, 1.0],
        };
        Doubt { key: key(incident.id.as_bytes()), deaths }
    };
    let unknown = Doubt { key: 0, deaths: [1.0, 1.0] };
    let incidents = security.incidents();
    incidents
        .par_iter()
        .map(|weighed| case.world.incidents.get(weighed.index).map_or(unknown, doubt))
        .collect()
}

/// The key of a site's random numbers.
fn key_of(site: &Site) -> u64 {
    key(site.id.as_bytes())
}

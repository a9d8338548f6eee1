//! What changed from date to date: the sites of a region and scheme that crossed a band, each with its cause by the
//! comparison of its two frames.

use super::remedy::PLAN;
use crate::Result;
use crate::layers::State;
use crate::layers::report::{Cause, Crossing, Turn};
use crate::run::ask::compare::compare_some;
use crate::run::{
    Cancel, Changes, DiffStep, IncidentChange, IndicatorChange, ScoreChange, SiteChange, World,
};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A smaller part of a change is not worth a word: the written decimal does not show it.
const LEAST: f64 = 0.05;

/// The crossings between successive frames of a region and scheme, the earliest first. `folders` are those of the frames,
/// and `states` their sites; a frame that failed has none and is passed over. `records` gives the records behind them.
///
/// # Errors
/// The run was asked to stop. A cause that cannot be found tells why.
pub(super) fn crossings(
    folders: &[PathBuf],
    states: &[Option<Vec<State>>],
    records: &mut dyn FnMut() -> Result<Arc<World>>,
    cancel: &Cancel,
) -> Result<Vec<Crossing>> {
    let made = states.iter().enumerate().filter_map(|(at, of)| Some((at, of.as_deref()?)));
    let made: Vec<(usize, &[State])> = made.collect();
    let mut all = Vec::new();
    for pair in made.windows(2) {
        let &[(old, before), (new, after)] = pair else { continue };
        let mut crossed = Crossing::between([old, new], before, after);
        if !crossed.is_empty()
            && let Some(ends) = folders.get(old).zip(folders.get(new))
        {
            match causes([ends.0, ends.1], &crossed, records, cancel) {
                Ok(changes) => {
                    crossed.iter_mut().for_each(|one| one.cause = cause(one, &changes));
                }
                Err(error) if error.is_interrupted() => return Err(error),
                Err(error) => {
                    let why = format!("not known: {}", error.message_for(PLAN));
                    crossed.iter_mut().for_each(|one| one.cause.why.clone_from(&why));
                }
            }
        }
        all.extend(crossed);
    }
    Ok(all)
}

/// Compares the sites that crossed.
fn causes(
    ends: [&Path; 2],
    crossed: &[Crossing],
    records: &mut dyn FnMut() -> Result<Arc<World>>,
    cancel: &Cancel,
) -> Result<Changes> {
    let sites: BTreeSet<&str> = crossed.iter().map(|one| one.id.as_str()).collect();
    compare_some(ends, &sites, &records()?, cancel)
}

/// The cause of a crossing, from the comparison of its frames.
fn cause(crossing: &Crossing, changes: &Changes) -> Cause {
    let plain = |why: &str| Cause { why: why.to_owned(), ..Cause::default() };
    match crossing.what {
        Turn::Came => return plain("the site is new"),
        Turn::Gone => return plain("the site is no longer there"),
        _ => {}
    }
    let Some(site) = changes.sites.iter().find(|site| site.id == crossing.id) else {
        return plain("not known");
    };
    let is_security = crossing.score == "security";
    let score = if is_security { &site.security } else { &site.environment };
    if let Some(why) = &score.unknown {
        return plain(&format!("not known: {}", PLAN.words(why)));
    }
    if let Some(word) = score.turned_with {
        let step = DiffStep::ALL.into_iter().find(|step| step.word() == word);
        let why = step.map_or("not known", |step| turned(step, crossing.what == Turn::Lost));
        return Cause { main: Some(word), ..plain(why) };
    }
    match score.parts {
        Some(_) => of_parts(site, score, is_security),
        None => plain("not known"),
    }
}

/// The cause of a score that changed from one number to another.
fn of_parts(site: &SiteChange, score: &ScoreChange, is_security: bool) -> Cause {
    let Some(parts) = score.parts else { return Cause::default() };
    let direction = score.change.unwrap_or_default().signum();
    let mut steps = DiffStep::ALL.map(|step| (step, parts.of(step)));
    let points = steps.map(|(_, points)| points);
    steps.sort_by(|a, b| (direction * b.1).total_cmp(&(direction * a.1)));
    let main = steps.first().map(|(step, _)| *step);
    let told = steps.iter().filter(|(step, points)| points.abs() >= LEAST || Some(*step) == main);
    let told = told.map(|(step, points)| {
        let most = match is_security {
            true => most_of(site, *step),
            false => indicator(site, *step).map(str::to_owned),
        };
        let most = most.map(|most| format!(" ({most})")).unwrap_or_default();
        format!("{} {}{most}", worded(*step), signed(*points))
    });
    let why = told.collect::<Vec<_>>().join(", ");
    Cause { main: main.map(DiffStep::word), parts: Some(points), why }
}

/// A part of a change, as a sentence names it.
fn worded(step: DiffStep) -> &'static str {
    match step {
        DiffStep::Scheme => "another scheme",
        DiffStep::Coverage => "where or until when incidents were collected",
        DiffStep::Site => "the site's own record",
        DiffStep::Vanished => "incidents no longer in the data",
        DiffStep::Aged => "age of earlier incidents",
        DiffStep::Receptors => "receptors",
        DiffStep::Corrected => "corrected incidents",
        DiffStep::New => "new incidents",
    }
}

/// Why a score appeared or disappeared with a step.
fn turned(step: DiffStep, is_lost: bool) -> &'static str {
    match (step, is_lost) {
        (DiffStep::Coverage, true) => "no data on incidents covers the place any more",
        (DiffStep::Coverage, false) => "data on incidents cover the place now",
        (DiffStep::Scheme, _) => "another scheme",
        (DiffStep::Site, _) => "the site's own record changed",
        (DiffStep::Receptors, true) => "too little is known of the surroundings any more",
        (DiffStep::Receptors, false) => "enough is known of the surroundings now",
        (DiffStep::Aged, _) => "with the date",
        (DiffStep::Vanished, _) => "incidents are no longer in the data",
        (DiffStep::Corrected, _) => "incidents were corrected",
        (DiffStep::New, _) => "with new incidents",
    }
}

/// The incident with the largest part of a step: `Battles, 2024-05-20, 12 km, 4 deaths`, and how many more there are.
fn most_of(site: &SiteChange, step: DiffStep) -> Option<String> {
    let of = |change: &&IncidentChange| change.what == step.word();
    let first = site.incidents.iter().find(of)?;
    let mut said = vec![first.name.clone()];
    said.extend(first.date.clone());
    said.push(format!("{:.0} km", first.distance_km));
    if let Some(deaths) = first.fatalities.filter(|deaths| *deaths > 0) {
        said.push(format!("{deaths} {}", if deaths == 1 { "death" } else { "deaths" }));
    }
    let more = site.incidents.iter().filter(of).count() - 1;
    if more > 0 {
        let also = if site.more_incidents > 0 { "or more " } else { "" };
        said.push(format!("and {more} {also}others"));
    }
    Some(said.join(", "))
}

/// The indicator of the environment whose points changed most.
fn indicator(site: &SiteChange, step: DiffStep) -> Option<&'static str> {
    let all = |a: Option<f64>, b: Option<f64>| a.unwrap_or_default() + b.unwrap_or_default();
    let size = |one: &IndicatorChange| {
        let after = all(one.points_after, one.assumed_after);
        (after - all(one.points_before, one.assumed_before)).abs()
    };
    let most = site.indicators.iter().max_by(|a, b| size(a).total_cmp(&size(b)))?;
    matches!(step, DiffStep::Receptors | DiffStep::New | DiffStep::Aged).then_some(most.indicator)
}

fn signed(points: f64) -> String {
    let rounded = format!("{points:+.1}");
    rounded.replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_told_with_their_sign() {
        assert_eq!((signed(9.26), signed(-0.04)), ("+9.3".to_owned(), "\u{2212}0.0".to_owned()));
    }
}

//! The receptors on the map: those behind the scores of the sites with a panel, and others in reach of a site; and the
//! shapes of the sites.

use super::{Drawn, View, drawn, tenths};
use crate::earth::Position;
use crate::layers::beside_rings::receptor_km;
use crate::layers::context::title;
use crate::layers::{Context, Scored};
use crate::model::{Designation, Receptor, ReceptorKind, Site};
use crate::scoring::{Exposure, Exposures, IndicatorCode, written};
use serde::Serialize;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Receptors on the map.
const MOST: usize = 3_000;

/// Corners of all their shapes.
const CORNERS: usize = 50_000;

/// Sites that are named with a receptor.
const NAMED: usize = 5;

/// The receptors on the map.
#[derive(Debug, Default, Serialize)]
pub struct Mapped<'a> {
    /// The receptors; those of one kind follow each other.
    pub list: Vec<MappedReceptor<'a>>,
    /// Parts of a map unit in which shapes are told, here and of the sites.
    pub per_unit: f64,
    /// How many more are in reach of a site.
    pub more: usize,
    /// How many of each kind were read, and how many of them are in reach of a site.
    pub kinds: Vec<Reached>,
    /// The place of a receptor in the list, by its index in the run.
    #[serde(skip)]
    places: BTreeMap<usize, usize>,
}

/// A receptor on the map.
#[derive(Debug, Serialize)]
pub struct MappedReceptor<'a> {
    /// Its kind.
    pub kind: &'static str,
    /// Its name, or its id.
    pub name: Cow<'a, str>,
    /// How strictly a sensitive area is protected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub designation: Option<&'static str>,
    /// Population of a settlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub population: Option<f64>,
    /// Magnitude of an earthquake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub magnitude: Option<f64>,
    /// Its day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// How many sites have it in their reach.
    pub sites: usize,
    /// The nearest of them: row, and distance in km.
    pub near: Vec<(usize, f64)>,
    /// What it adds: row, label of the indicator, points of the environment score, if there is one, and value from 0 to 1.
    pub adds: Vec<Adds>,
    /// Its shape.
    #[serde(flatten)]
    pub drawn: Drawn,
}

/// The receptors of a kind: its word, how many were read, how many of them are in reach of a site, and what reach is in km, if
/// it is a distance. How many are in reach is not known of a run that does not list them.
pub type Reached = (&'static str, usize, Option<usize>, Option<f64>);

/// What a receptor adds to a score: row, label, points and value.
pub type Adds = (usize, &'static str, Option<f64>, Option<f64>);

/// Why a receptor is drawn: what it adds, and who has it nearby.
#[derive(Default)]
struct Why<'e> {
    adds: Vec<Adds>,
    nearest: bool,
    exposure: Option<&'e Exposure>,
}

impl<'a> Mapped<'a> {
    /// The receptors behind the scores of the sites of the first rows, then those in reach, the nearest first.
    pub fn of(
        context: Context<'a>,
        exposures: &Exposures,
        rows: &[&Scored],
        told: usize,
        view: &View,
    ) -> Self {
        let row_of: BTreeMap<usize, usize> =
            rows.iter().enumerate().map(|(row, one)| (one.site, row)).collect();
        let mut reasons: BTreeMap<usize, Why<'_>> = BTreeMap::new();
        for (row, one) in rows.iter().enumerate() {
            for (code, index, points, value) in drivers(one) {
                reasons.entry(index).or_default().adds.push((row, code.label(), points, value));
            }
            for near in one.quantities.environment.nearby.values().filter(|_| row < told) {
                if let Some(nearby) = near.first() {
                    reasons.entry(nearby.index).or_default().nearest = true;
                }
            }
        }
        for (index, exposure) in exposures.iter() {
            reasons.entry(index).or_default().exposure = Some(exposure);
        }
        // Protected areas out of reach are drawn, too: else their ground would look unprotected. Rivers are, too: else
        // they would end where reach does.
        for index in out_of_reach(context, exposures, view) {
            reasons.entry(index).or_default();
        }
        let mut order: Vec<(usize, &Why<'_>)> =
            reasons.iter().map(|(index, why)| (*index, why)).collect();
        order.sort_by_cached_key(|(index, why)| {
            let behind = why.nearest || why.adds.iter().any(|adds| adds.0 < told);
            (Reverse(behind), Reverse(!why.adds.is_empty()), meters(why.exposure), *index)
        });
        let kinds = reached(context, exposures);
        let mut mapped = Self { per_unit: drawn::per_unit(view), kinds, ..Self::default() };
        let mut corners = 0;
        let mut chosen: Vec<(ReceptorKind, usize, MappedReceptor<'a>)> = Vec::new();
        for (index, why) in order {
            let Some(receptor) = context.receptors.get(index) else { continue };
            let drawn = Drawn::of(&receptor.shape, view);
            let behind = why.nearest || why.adds.iter().any(|adds| adds.0 < told);
            if !behind && (corners + drawn.corners() > CORNERS || chosen.len() >= MOST) {
                mapped.more += usize::from(why.exposure.is_some() || !why.adds.is_empty());
                continue;
            }
            corners += drawn.corners();
            chosen.push((receptor.kind, index, mapped_receptor(receptor, why, &row_of, drawn)));
        }
        chosen.sort_by_key(|(kind, ..)| *kind);
        mapped.places =
            chosen.iter().enumerate().map(|(place, (_, index, _))| (*index, place)).collect();
        mapped.list = chosen.into_iter().map(|(_, _, receptor)| receptor).collect();
        mapped
    }

    /// Whether a receptor is shown though no site has it in its reach.
    pub fn is_far(&self, index: usize) -> bool {
        let shown = self.place(index).and_then(|place| self.list.get(place));
        shown.is_some_and(|one| one.sites == 0 && one.adds.is_empty())
    }

    /// The place in the list of a receptor, by its index in the run.
    pub fn place(&self, index: usize) -> Option<usize> {
        self.places.get(&index).copied()
    }
}

/// The sensitive areas and rivers on the map that no site has in its reach, if the run lists those in reach and there are
/// not too many of the kind.
fn out_of_reach(context: Context<'_>, exposures: &Exposures, view: &View) -> Vec<usize> {
    let near: BTreeSet<usize> = exposures.iter().map(|(index, _)| index).collect();
    // Areas are drawn around the first view, too; rivers, of which there may be many, where a part of them is in it.
    let on_map = |receptor: &Receptor| match receptor.kind {
        ReceptorKind::SensitiveAreas => {
            receptor.shape.places().next().is_some_and(|at| lies_within(view, at, 1.0))
        }
        ReceptorKind::Rivers => receptor.shape.places().any(|at| lies_within(view, at, 0.0)),
        _ => false,
    };
    let mut found: BTreeMap<ReceptorKind, Vec<usize>> = BTreeMap::new();
    for (index, receptor) in context.receptors.iter().enumerate() {
        if !near.is_empty() && !near.contains(&index) && on_map(receptor) {
            found.entry(receptor.kind).or_default().push(index);
        }
    }
    found.into_values().filter(|indices| indices.len() <= MOST).flatten().collect()
}

/// Whether a place lies on the map or within so many of its sizes around it.
fn lies_within(view: &View, at: Position, around: f64) -> bool {
    let (x, y) = view.place(at.lon(), at.lat());
    let on = |value: f64, size: f64| (-around * size..=(1.0 + around) * size).contains(&value);
    on(x, view.width) && on(y, view.height)
}

/// How many receptors of each kind were read and are in reach of a site.
fn reached(context: Context<'_>, exposures: &Exposures) -> Vec<Reached> {
    let mut counts: BTreeMap<ReceptorKind, [usize; 2]> = BTreeMap::new();
    for receptor in context.receptors {
        counts.entry(receptor.kind).or_default()[0] += 1;
    }
    for receptor in exposures.iter().filter_map(|(index, _)| context.receptors.get(index)) {
        counts.entry(receptor.kind).or_default()[1] += 1;
    }
    let reach = |kind| match kind {
        ReceptorKind::Faults | ReceptorKind::Tailings => {
            Some(context.scheme.buffers.window_radius_km)
        }
        // How far an earthquake is felt depends on its magnitude; a basin is in reach of what lies in it.
        ReceptorKind::Earthquakes | ReceptorKind::WaterStress => None,
        kind => context.scheme.environment.reach_km(kind),
    };
    let listed = exposures.iter().next().is_some();
    let of = |(kind, [read, near]): (ReceptorKind, [usize; 2])| {
        (kind.word(), read, listed.then_some(near), reach(kind))
    };
    counts.into_iter().map(of).collect()
}

/// What a receptor is called: by its name, or by its kind and id.
pub(super) fn called(receptor: &Receptor) -> Cow<'_, str> {
    match receptor.kind.column() {
        Some(kind) if receptor.name.is_none() => {
            Cow::Owned(format!("{} {}", kind.replace('_', " "), receptor.id))
        }
        _ => title(receptor),
    }
}

/// The receptors that determine indicators of a site, with points and value.
fn drivers(one: &Scored) -> impl Iterator<Item = (IndicatorCode, usize, Option<f64>, Option<f64>)> {
    let receptors =
        one.risk.environment.indicators.iter().filter(|one| one.code != IndicatorCode::Accidents);
    receptors.filter_map(|one| {
        let nearby = one.driver?;
        Some((one.code, nearby.index, one.points.map(tenths), one.value.map(super::thousandths)))
    })
}

#[expect(clippy::cast_possible_truncation, reason = "a distance on Earth in meters")]
fn meters(exposure: Option<&Exposure>) -> i64 {
    let nearest = exposure.and_then(|exposure| exposure.nearest.first());
    nearest.map_or(i64::MAX, |near| near.distance.meters() as i64)
}

fn mapped_receptor<'a>(
    receptor: &'a Receptor,
    why: &Why<'_>,
    row_of: &BTreeMap<usize, usize>,
    drawn: Drawn,
) -> MappedReceptor<'a> {
    let near = why.exposure.map_or(&[][..], |exposure| &exposure.nearest);
    let mut adds = why.adds.clone();
    adds.sort_by(|a, b| b.2.unwrap_or(0.0).total_cmp(&a.2.unwrap_or(0.0)).then(a.0.cmp(&b.0)));
    adds.truncate(NAMED);
    MappedReceptor {
        kind: receptor.kind.word(),
        name: called(receptor),
        designation: receptor.designation.map(Designation::word),
        population: receptor.population,
        magnitude: receptor.magnitude.map(written::score),
        date: receptor.date.map(|date| date.last().to_string()),
        sites: why.exposure.map_or(0, |exposure| exposure.sites),
        near: (near.iter().take(NAMED))
            .filter_map(|near| Some((*row_of.get(&near.site)?, receptor_km(near.distance))))
            .collect(),
        adds,
        drawn,
    }
}

/// The shape of a site or of a part of it, if it is more than a point.
#[derive(Debug, Serialize)]
pub struct Footprint<'a> {
    /// The row of its site.
    pub row: usize,
    /// Its name.
    pub name: &'a str,
    /// Which part it is.
    pub part: &'static str,
    /// Its shape.
    #[serde(flatten)]
    pub drawn: Drawn,
}

/// The shapes of the sites of the first rows and of their parts, as far as there is room.
pub fn footprints<'a>(context: Context<'a>, rows: &[&Scored], view: &View) -> Vec<Footprint<'a>> {
    let linked = |one: &Scored| context.linked.get(one.site).map_or(&[][..], Vec::as_slice);
    let parts = rows.iter().enumerate().flat_map(|(row, one)| {
        let site = context.sites.get(one.site).into_iter();
        site.chain(linked(one)).map(move |part: &'a Site| (row, part))
    });
    let mut corners = 0;
    parts
        .filter(|(row, part)| {
            let is_itself = rows.get(*row).is_some_and(|one| {
                context.sites.get(one.site).is_some_and(|site| std::ptr::eq(site, *part))
            });
            // A part that is a point is drawn, since no marker stands at it.
            part.shape.as_point().is_none() || !is_itself
        })
        .map(|(row, part)| Footprint {
            row,
            name: &part.name,
            part: part.part.word(),
            drawn: Drawn::of(&part.shape, view),
        })
        .take_while(|footprint| {
            corners += footprint.drawn.corners();
            corners <= CORNERS
        })
        .collect()
}

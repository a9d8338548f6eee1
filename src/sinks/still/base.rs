//! What of the base map fits the scale of a still map: borders of provinces, rivers and lakes below the sites, the names
//! of the largest towns before those of the sites, and the names of other towns and of provinces where room is left.

use super::canvas::Canvas;
use super::labels::{self, Area, Room};
use super::legend::{Row, Sign};
use super::map::Map;
use super::{PAPER, font};
use crate::layers::report::{PlaceName, Step};
use crate::layers::style::GROUND;
use crate::model::type_words::fold;

const TOWN: f64 = 14.0;
const LARGE: f64 = 15.0;
const PROVINCE: f64 = 15.0;
const DASHES: Option<[f64; 2]> = Some([9.0, 3.5]);

/// Most names of each kind.
const MOST: usize = 40;

/// Towns that are named before the sites, so that a reader knows where these lie.
const FIRST: usize = 14;

/// A name of a town and of a receptor, nearer to each other than this, stands once.
pub(super) const SAME: f64 = 150.0;

/// A town with its name.
pub(super) struct Town<'m> {
    of: &'m PlaceName,
    place: (f64, f64),
    at: (f64, f64),
    size: f64,
}

/// Draws lakes, rivers and borders of provinces.
pub(super) fn draw(canvas: &mut Canvas, map: &Map) {
    for Step { lakes, .. } in &map.level.steps {
        canvas.areas(&map.all_placed(lakes), GROUND.sea);
        canvas.lines(&map.all_placed(lakes), 1.0, GROUND.river, None);
    }
    for Step { rivers, provinces, .. } in &map.level.steps {
        canvas.lines(&map.all_placed(rivers), 1.3, GROUND.river, None);
        canvas.lines(&map.all_placed(provinces), 1.2, GROUND.province, DASHES);
    }
}

/// Places the names of the largest towns, capitals before others of their rank.
pub(super) fn largest<'m>(map: &'m Map, room: &Room<'_>, taken: &mut Vec<Area>) -> Vec<Town<'m>> {
    let towns = map.places.towns.iter().filter(|PlaceName(_, x, y, _)| {
        let (x, y) = map.placed((*x, *y));
        map.shows((x, y))
    });
    // Near sites the name of a large town stands a little off, and its sign may lie below theirs.
    let first = |town: &'m PlaceName| {
        let place = map.placed((town.1, town.2));
        let dot = sign_area(place);
        let free = labels::is_free(&dot, map.area, taken.iter());
        let mut gaps = [6.0, 16.0, 26.0].into_iter().filter(|_| free);
        gaps.find_map(|gap| beside(town, LARGE, (map, gap), room, taken))
    };
    towns.take(FIRST).filter_map(first).collect()
}

/// Places the name of a town whose sign is covered by nothing.
fn placed<'m>(
    of: &'m PlaceName,
    size: f64,
    map: &Map,
    room: &Room<'_>,
    taken: &mut Vec<Area>,
) -> Option<Town<'m>> {
    let free = room.is_free(&sign_area(map.placed((of.1, of.2))), taken);
    if free { beside(of, size, (map, 6.0), room, taken) } else { None }
}

/// Places the name of a town at a distance from it, and takes its area; `None` if it has no room.
fn beside<'m>(
    of: &'m PlaceName,
    size: f64,
    (map, gap): (&Map, f64),
    room: &Room<'_>,
    taken: &mut Vec<Area>,
) -> Option<Town<'m>> {
    let PlaceName(name, x, y, _) = of;
    let place = map.placed((*x, *y));
    let (at, area) = labels::spot(place, (font::room(name, size), size), gap, room, taken)?;
    taken.extend([sign_area(place), area]);
    Some(Town { of, place, at, size })
}

fn sign_area((x, y): (f64, f64)) -> Area {
    [x - 4.0, y - 4.0, x + 4.0, y + 4.0]
}

/// Draws the sign of a town, a ring: a dot would look like an incident.
pub(super) fn sign(canvas: &mut Canvas, place: (f64, f64)) {
    canvas.disc(place, 3.0, PAPER);
    canvas.circle(place, 3.0, 1.4, GROUND.town);
}

/// A name on a map, and the place that it names.
pub(super) type Said<'n> = (&'n str, (f64, f64));

/// The names of towns.
pub(super) fn said<'t>(towns: &'t [Town<'_>]) -> impl Iterator<Item = Said<'t>> {
    towns.iter().map(|town| (town.of.0.as_str(), town.place))
}

/// Whether one of some names is a name, as people read it, of a place within a distance.
pub(super) fn is_said<'n>(
    mut said: impl Iterator<Item = Said<'n>>,
    name: &str,
    (x, y): (f64, f64),
    within: f64,
) -> bool {
    let folded = fold(name);
    said.any(|(other, (u, v))| {
        (u - x).abs() < within && (v - y).abs() < within && fold(other) == folded
    })
}

/// Writes the names of the first towns, and those of other towns and of provinces that have room and are not among the
/// names of receptors.
pub(super) fn names<'m>(
    canvas: &mut Canvas,
    map: &'m Map,
    mut towns: Vec<Town<'m>>,
    receptors: &[Said<'_>],
    room: &Room<'_>,
    taken: &mut Vec<Area>,
) {
    for town in &map.places.towns {
        let place = map.placed((town.1, town.2));
        let is_new = !towns.iter().any(|known| std::ptr::eq(known.of, town))
            && !is_said(receptors.iter().copied(), &town.0, place, SAME);
        if towns.len() < MOST && is_new {
            towns.extend(placed(town, TOWN, map, room, taken));
        }
    }
    for Town { of, place, at, size } in &towns {
        sign(canvas, *place);
        canvas.text_haloed(&of.0, *at, *size, GROUND.town);
    }
    let mut left = MOST;
    for PlaceName(name, x, y, _) in &map.places.provinces {
        let (x, y) = map.placed((*x, *y));
        let half = font::room(name, PROVINCE) / 2.0 + 4.0;
        let area = [x - half, y - PROVINCE, x + half, y + 0.6 * PROVINCE];
        let known = said(&towns).chain(receptors.iter().copied());
        let is_new = left > 0 && !is_said(known, name, (x, y), f64::INFINITY);
        if is_new && room.is_free(&area, taken) {
            canvas.text_spaced(name, (x, y), PROVINCE, 1.0, GROUND.name);
            taken.push(area);
            left -= 1;
        }
    }
}

/// The rows of a legend for what is seen of the base map. Rivers may be among what is scored, too.
pub(super) fn legend(map: &Map, scored_rivers: bool) -> Vec<Row> {
    let seen = |at: &(f64, f64)| map.shows(map.placed(*at));
    let any = |lines: &[Vec<(f64, f64)>]| lines.iter().flatten().any(seen);
    let steps = &map.level.steps;
    let mut rows = Vec::new();
    if map.places.towns.iter().any(|PlaceName(_, x, y, _)| seen(&(*x, *y))) {
        rows.push((Sign::Town, "Town".to_owned(), None));
    }
    if steps.iter().any(|step| any(&step.rivers)) {
        let words = if scored_rivers { "Other river" } else { "River" };
        rows.push((Sign::Thin(GROUND.river, None), words.to_owned(), None));
    }
    if steps.iter().any(|step| any(&step.provinces)) {
        let sign = Sign::Thin(GROUND.province, DASHES);
        rows.push((sign, "Border of a province".to_owned(), None));
    }
    if map.ground.disputed.iter().flatten().any(seen) {
        rows.push((Sign::Disputed, "Disputed border".to_owned(), None));
    }
    rows
}

//! Label placement: beside the site if there is room, else farther away at the end of a leader line.

use super::{font, marker};

/// Font size in pixels.
pub(super) const LETTERS: f64 = 19.0;

/// So many sites of the highest scores are named wherever there is room for a name.
const HIGHEST: usize = 12;

/// A longer name is truncated.
const LONGEST: usize = 48;

/// A name beside its site is at most so many times as far from it as from any other.
const SURELY: f64 = 0.75;

/// Distances of a label from the center of its marker, in pixels.
const AWAY: [f64; 7] = [36.0, 58.0, 84.0, 114.0, 148.0, 190.0, 240.0];

/// Directions to try for more distant labels, as unit vectors: sideways first.
const WAYS: [(f64, f64); 22] = [
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.966, -0.259),
    (0.966, 0.259),
    (-0.966, -0.259),
    (-0.966, 0.259),
    (0.866, -0.5),
    (0.866, 0.5),
    (-0.866, -0.5),
    (-0.866, 0.5),
    (0.707, -0.707),
    (0.707, 0.707),
    (-0.707, -0.707),
    (-0.707, 0.707),
    (0.5, -0.866),
    (0.5, 0.866),
    (-0.5, -0.866),
    (-0.5, 0.866),
    (0.259, -0.966),
    (0.259, 0.966),
    (-0.259, -0.966),
    (-0.259, 0.966),
];

/// The least distance of a label at the end of a line from the middle of another site's marker, and that of the line
/// from the marker itself; less by the scale of small markers.
const CLEAR: f64 = 34.0;
const PAST: f64 = 3.0;

/// A line from a site to its label.
pub(super) type Line = [(f64, f64); 2];

/// A rectangle: left, top, right, bottom.
pub(super) type Area = [f64; 4];

/// A site to label.
pub(super) struct Named<'a> {
    /// Its position in pixels.
    pub place: (f64, f64),
    /// Its band, 0 to 5.
    pub band: u8,
    /// Whether its marker has the dot of a gap in the record.
    pub gap: bool,
    /// Its name.
    pub name: &'a str,
    /// Its id, for a name that the font cannot draw.
    pub id: &'a str,
}

/// What labels are placed among.
#[derive(Clone, Copy)]
pub(super) struct Room<'r> {
    /// The map, which no label leaves.
    pub within: Area,
    /// The markers, which no label covers.
    pub markers: &'r [Area],
    /// Further sites, of which no label may seem the name, though it may cover their dots.
    pub more: &'r [(f64, f64)],
    /// Dots that labels avoid where they can.
    pub dots: &'r [(f64, f64)],
    /// The scale of the markers.
    pub scale: f64,
}

impl Room<'_> {
    /// Whether an area is on the map and overlaps neither a marker nor a taken area.
    pub(super) fn is_free(&self, area: &Area, taken: &[Area]) -> bool {
        is_free(area, self.within, self.markers.iter().chain(taken))
    }

    /// How many dots an area covers.
    pub(super) fn covered(&self, [left, top, right, bottom]: &Area) -> usize {
        let within = |(x, y): &&(f64, f64)| {
            (left - 2.0..=right + 2.0).contains(x) && (top - 2.0..=bottom + 2.0).contains(y)
        };
        self.dots.iter().filter(within).count()
    }

    /// The distance of an area from the nearest marker besides a site's own.
    fn nearest_other(&self, area: &Area, own: &Area) -> f64 {
        self.others(own).map(|place| apart(area, place)).fold(f64::INFINITY, f64::min)
    }

    /// The middles of the markers besides a site's own.
    fn others(&self, own: &Area) -> impl Iterator<Item = (f64, f64)> {
        self.markers.iter().filter(move |marker| *marker != own).map(middle)
    }

    /// Whether a reader takes a text on an area for the name of a site at a place, whose marker has an area of its own: the
    /// text as a whole, and its nearest end by far, is nearer to it than to any other marker.
    fn belongs(&self, area: &Area, place: (f64, f64), own: &Area) -> bool {
        let from = |(x, y): (f64, f64), (u, v): (f64, f64)| libm::hypot(x - u, y - v);
        let (text, near) = (middle(area), apart(area, place));
        self.others(own).chain(self.more.iter().copied()).all(|other| {
            near < SURELY * apart(area, other) && from(text, place) < from(text, other)
        })
    }
}

/// A placed label.
pub(super) struct Label {
    /// The text.
    pub text: String,
    /// The start of its baseline.
    pub at: (f64, f64),
    /// The leader line from the site, for a more distant label.
    pub line: Option<Line>,
}

/// Places labels greedily in the order of the sites. No label overlaps another, a marker or an area of `taken`, to which
/// the areas of labels and leader lines are added. A label is nearer to its own marker than to any other, or at the end
/// of a leader line, which passes no other marker and crosses no other line. One without such a place is left out: no name
/// is better than one that seems to be another site's. Only the lines of the [first](HIGHEST) sites may run below
/// other markers.
pub(super) fn place(sites: &[&Named<'_>], room: &Room<'_>, taken: &mut Vec<Area>) -> Vec<Label> {
    let mut labels = Vec::new();
    let mut without = Vec::new();
    for (rank, &site) in sites.iter().enumerate() {
        match beside(site, room, taken) {
            Some((label, area)) => {
                labels.push(label);
                taken.push(area);
            }
            None => without.push((rank, site)),
        }
    }
    let mut lines: Vec<Line> = Vec::new();
    for (rank, site) in without {
        let clear = away(site, room, taken, &lines, true);
        let below = || away(site, room, taken, &lines, false);
        let found = clear.or_else(|| if rank < HIGHEST { below() } else { None });
        if let Some((label, line, area)) = found {
            lines.push(line);
            labels.push(label);
            taken.push(area);
        }
    }
    taken.extend(lines.into_iter().flat_map(steps));
    labels
}

/// The area of a marker, which labels must avoid.
pub(super) fn marker_area((x, y): (f64, f64), band: u8, scale: f64) -> Area {
    let reach = marker::radius(band) * scale + 1.0;
    [x - reach, y - reach, x + reach, y + reach]
}

fn beside(site: &Named<'_>, room: &Room<'_>, taken: &[Area]) -> Option<(Label, Area)> {
    let (text, width) = written(site);
    let gap = 5.0 + marker::radius(site.band);
    let own = marker_area(site.place, site.band, room.scale);
    let is_own = |area: &Area| room.belongs(area, site.place, &own);
    let (at, area) = best(spots(site.place, (width, LETTERS), gap), room, taken, is_own)?;
    Some((Label { text, at, line: None }, area))
}

/// The start of a text of a width and a size beside a place, where it covers fewest dots.
pub(super) fn spot(
    place: (f64, f64),
    sizes: (f64, f64),
    gap: f64,
    room: &Room<'_>,
    taken: &[Area],
) -> Option<((f64, f64), Area)> {
    best(spots(place, sizes, gap), room, taken, |_| true)
}

/// The starts of a text beside a place with their areas, the best first.
fn spots((x, y): (f64, f64), (width, size): (f64, f64), gap: f64) -> [((f64, f64), Area); 8] {
    let (middle, above, below) = (y + 0.35 * size, y - gap, y + gap + 0.75 * size);
    let (right, left, center) = (x + gap, x - gap - width, x - width / 2.0);
    let near = 0.6 * gap;
    [
        (right, middle),
        (left, middle),
        (center, above),
        (center, below),
        (x + near, above),
        (x + near, below),
        (x - near - width, above),
        (x - near - width, below),
    ]
    .map(|at| (at, area(at, width, size)))
}

/// The first of some spots that is free, accepted, and covers fewest dots.
fn best(
    spots: [((f64, f64), Area); 8],
    room: &Room<'_>,
    taken: &[Area],
    accepted: impl Fn(&Area) -> bool,
) -> Option<((f64, f64), Area)> {
    let free = spots.into_iter().filter(|(_, area)| room.is_free(area, taken) && accepted(area));
    free.min_by_key(|(_, area)| room.covered(area))
}

/// A label at the end of a line; a clear one passes no other marker.
fn away(
    site: &Named<'_>,
    room: &Room<'_>,
    taken: &[Area],
    lines: &[Line],
    clear: bool,
) -> Option<(Label, Line, Area)> {
    let (x, y) = site.place;
    let (text, width) = written(site);
    let start = marker::radius(site.band) * room.scale;
    let own = marker_area(site.place, site.band, room.scale);
    let spots = AWAY.into_iter().flat_map(|away| WAYS.into_iter().map(move |way| (away, way)));
    let free = spots.enumerate().filter_map(|(order, (away, (u, v)))| {
        let line = [(x + start * u, y + start * v), (x + away * u, y + away * v)];
        let [_, to] = line;
        let left = if u > 0.0 { to.0 + 4.0 } else { to.0 - 4.0 - width };
        let at = (left, to.1 + 0.35 * LETTERS);
        let area = area(at, width, LETTERS);
        let mut others = room.markers.iter().filter(|marker| **marker != own);
        let free = room.is_free(&area, taken)
            && room.nearest_other(&area, &own) > CLEAR * room.scale
            && !taken.iter().any(|other| passes(line, other, 0.0))
            && !(clear && others.any(|marker| passes(line, marker, PAST * room.scale)))
            && !lines.iter().any(|other| cross(line, *other) || passes(*other, &area, 0.0));
        // A dot more is worth the next distance.
        free.then(|| (WAYS.len() * room.covered(&area) + order, at, line, area))
    });
    let (_, at, line, area) = free.min_by_key(|(fewest, ..)| *fewest)?;
    Some((Label { text, at, line: Some(line) }, line, area))
}

/// The text of a site's label, and its width.
fn written(site: &Named<'_>) -> (String, f64) {
    let text = if font::has(site.name) { site.name } else { site.id };
    let text = if text.chars().count() <= LONGEST {
        text.to_owned()
    } else {
        text.chars().take(LONGEST - 1).chain(['…']).collect()
    };
    let width = font::room(&text, LETTERS);
    (text, width)
}

fn area((left, base): (f64, f64), width: f64, size: f64) -> Area {
    [left - 2.0, base - 0.85 * size, left + width + 2.0, base + 0.28 * size]
}

/// A line as small areas along it.
fn steps([(x, y), (u, v)]: Line) -> impl Iterator<Item = Area> {
    const STEPS: u32 = 40;
    (0..=STEPS).map(move |step| {
        let part = f64::from(step) / f64::from(STEPS);
        let (x, y) = (x + part * (u - x), y + part * (v - y));
        [x - 2.0, y - 2.0, x + 2.0, y + 2.0]
    })
}

/// The middle of an area.
fn middle([left, top, right, bottom]: &Area) -> (f64, f64) {
    (f64::midpoint(*left, *right), f64::midpoint(*top, *bottom))
}

/// The distance of a place from an area; 0 within.
fn apart([left, top, right, bottom]: &Area, (x, y): (f64, f64)) -> f64 {
    let aside = (left - x).max(x - right).max(0.0);
    let off = (top - y).max(y - bottom).max(0.0);
    libm::hypot(aside, off)
}

/// Whether a line passes an area within a distance (Liang and Barsky 1984).
fn passes([(x, y), (u, v)]: Line, [left, top, right, bottom]: &Area, within: f64) -> bool {
    let (mut first, mut last) = (0.0_f64, 1.0_f64);
    for (start, way, low, high) in
        [(x, u - x, left - within, right + within), (y, v - y, top - within, bottom + within)]
    {
        if way.abs() < 1e-9 {
            if start < low || start > high {
                return false;
            }
            continue;
        }
        let (one, other) = ((low - start) / way, (high - start) / way);
        first = first.max(one.min(other));
        last = last.min(one.max(other));
    }
    first <= last
}

/// Whether two lines cross.
fn cross([a, b]: Line, [c, d]: Line) -> bool {
    let side = |(x, y): (f64, f64), (u, v): (f64, f64), at: (f64, f64)| {
        (u - x) * (at.1 - y) - (v - y) * (at.0 - x)
    };
    let parted = |one: f64, other: f64| (one > 0.0) != (other > 0.0);
    parted(side(a, b, c), side(a, b, d)) && parted(side(c, d, a), side(c, d, b))
}

/// Whether an area is on the map and overlaps no taken one.
pub(super) fn is_free<'a>(
    area: &Area,
    within: Area,
    mut taken: impl Iterator<Item = &'a Area>,
) -> bool {
    let [left, top, right, bottom] = *area;
    left >= within[0] + 4.0
        && right <= within[2] - 4.0
        && top >= within[1] + 4.0
        && bottom <= within[3] - 4.0
        && taken.all(|other| !overlap(area, other))
}

/// Whether two areas overlap.
pub(super) fn overlap(a: &Area, b: &Area) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

#[cfg(test)]
mod tests;

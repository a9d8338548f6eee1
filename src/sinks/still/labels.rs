//! Label placement: beside the site if there is room, else farther away at the end of a leader line.

use super::{font, marker};
use std::cmp::Reverse;

/// Font size in pixels.
pub(super) const LETTERS: f64 = 19.0;

/// A longer name is truncated.
const LONGEST: usize = 32;

/// Distances of a label from the center of its marker, in pixels.
const AWAY: [f64; 5] = [36.0, 58.0, 84.0, 114.0, 148.0];

/// Directions to try for more distant labels, as unit vectors: sideways first.
const WAYS: [(f64, f64); 12] = [
    (0.966, -0.259),
    (0.966, 0.259),
    (-0.966, -0.259),
    (-0.966, 0.259),
    (0.866, -0.5),
    (0.866, 0.5),
    (-0.866, -0.5),
    (-0.866, 0.5),
    (0.5, -0.866),
    (-0.5, -0.866),
    (0.5, 0.866),
    (-0.5, 0.866),
];

/// A rectangle: left, top, right, bottom.
pub(super) type Area = [f64; 4];

/// A site to label.
pub(super) struct Named<'a> {
    /// Its position in pixels.
    pub place: (f64, f64),
    /// Its band, 0 to 5.
    pub band: u8,
    /// Its name.
    pub name: &'a str,
    /// Its id, for a name that the font cannot draw.
    pub id: &'a str,
}

/// What labels are placed among.
pub(super) struct Room<'r> {
    /// The map, which no label leaves.
    pub within: Area,
    /// The markers, which no label covers.
    pub markers: &'r [Area],
    /// Dots that labels avoid where they can.
    pub dots: &'r [(f64, f64)],
}

impl Room<'_> {
    /// Whether an area is on the map and overlaps neither a marker nor a taken area.
    fn is_free(&self, area: &Area, taken: &[Area]) -> bool {
        is_free(area, self.within, self.markers.iter().chain(taken))
    }

    /// How many dots an area covers.
    fn covered(&self, [left, top, right, bottom]: &Area) -> usize {
        let within = |(x, y): &&(f64, f64)| {
            (left - 2.0..=right + 2.0).contains(x) && (top - 2.0..=bottom + 2.0).contains(y)
        };
        self.dots.iter().filter(within).count()
    }
}

/// A placed label.
pub(super) struct Label {
    /// The text.
    pub text: String,
    /// The start of its baseline.
    pub at: (f64, f64),
    /// The leader line from the site, for a more distant label.
    pub line: Option<[(f64, f64); 2]>,
}

/// Places labels greedily in the order of the sites; one without room is left out. No label overlaps another, a
/// marker or an area of `taken`, to which the areas of labels and leader lines are added. Leader lines avoid markers
/// where they can, and pass below them where they cannot.
pub(super) fn place(sites: &[&Named<'_>], room: &Room<'_>, taken: &mut Vec<Area>) -> Vec<Label> {
    let mut labels = Vec::new();
    let mut without = Vec::new();
    for &site in sites {
        match beside(site, room, taken) {
            Some((label, area)) => {
                labels.push(label);
                taken.push(area);
            }
            None => without.push(site),
        }
    }
    for site in without {
        let found = away(site, room, taken, true).or_else(|| away(site, room, taken, false));
        if let Some((label, area)) = found {
            taken.extend(label.line.into_iter().flat_map(|[from, to]| steps(from, to)));
            labels.push(label);
            taken.push(area);
        }
    }
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
    let (at, area) = spot(site.place, (width, LETTERS), gap, room, taken)?;
    Some((Label { text, at, line: None }, area))
}

/// The start of a text of a width and a size beside a place, where it covers fewest dots.
pub(super) fn spot(
    (x, y): (f64, f64),
    (width, size): (f64, f64),
    gap: f64,
    room: &Room<'_>,
    taken: &[Area],
) -> Option<((f64, f64), Area)> {
    let (middle, above, below) = (y + 0.35 * size, y - gap, y + gap + 0.75 * size);
    let (right, left, center) = (x + gap, x - gap - width, x - width / 2.0);
    let near = 0.6 * gap;
    let spots = [
        (right, middle),
        (left, middle),
        (center, above),
        (center, below),
        (x + near, above),
        (x + near, below),
        (x - near - width, above),
        (x - near - width, below),
    ];
    let free = spots.into_iter().enumerate().filter_map(|(order, at)| {
        let area = area(at, width, size);
        room.is_free(&area, taken).then(|| (Reverse((room.covered(&area), order)), at, area))
    });
    let (_, at, area) = free.max_by_key(|(fewest, ..)| *fewest)?;
    Some((at, area))
}

fn away(
    site: &Named<'_>,
    room: &Room<'_>,
    taken: &[Area],
    past_markers: bool,
) -> Option<(Label, Area)> {
    let (x, y) = site.place;
    let (text, width) = written(site);
    let start = marker::radius(site.band);
    let own = marker_area(site.place, site.band, 1.0);
    let past: &[Area] = if past_markers { room.markers } else { &[] };
    let spots = AWAY.into_iter().flat_map(|away| WAYS.into_iter().map(move |way| (away, way)));
    let free = spots.enumerate().filter_map(|(order, (away, (u, v)))| {
        let (from, to) = ((x + start * u, y + start * v), (x + away * u, y + away * v));
        let left = if u > 0.0 { to.0 + 4.0 } else { to.0 - 4.0 - width };
        let at = (left, to.1 + 0.35 * LETTERS);
        let area = area(at, width, LETTERS);
        let mut around = past.iter().filter(|other| **other != own).chain(taken);
        let crossed = around.any(|other| steps(from, to).any(|step| overlap(&step, other)));
        let label = Label { text: text.clone(), at, line: Some([from, to]) };
        // A name beside another site's marker would seem to be that site's.
        let [left, top, right, bottom] = area;
        let apart = [left - 12.0, top - 4.0, right + 12.0, bottom + 4.0];
        // So would one at the end of a line that comes from under that marker.
        let halfway = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
        let mut others = room.markers.iter().filter(|marker| **marker != own);
        let beside_another = others.any(|marker| {
            overlap(&apart, marker) || steps(halfway, to).any(|step| overlap(&step, marker))
        });
        let free = room.is_free(&area, taken) && !crossed && !beside_another;
        // A dot more is worth the next distance.
        free.then(|| (Reverse(WAYS.len() * room.covered(&area) + order), label, area))
    });
    let (_, label, area) = free.max_by_key(|(fewest, ..)| *fewest)?;
    Some((label, area))
}

/// The text of a site's label, and its width.
fn written(site: &Named<'_>) -> (String, f64) {
    let text = if font::has(site.name) { site.name } else { site.id };
    let text = if text.chars().count() <= LONGEST {
        text.to_owned()
    } else {
        text.chars().take(LONGEST - 1).chain(['…']).collect()
    };
    let width = font::width(&text, LETTERS);
    (text, width)
}

fn area((left, base): (f64, f64), width: f64, size: f64) -> Area {
    [left - 2.0, base - 0.85 * size, left + width + 2.0, base + 0.28 * size]
}

/// A line as small areas along it.
fn steps((x, y): (f64, f64), (u, v): (f64, f64)) -> impl Iterator<Item = Area> {
    (1..=12).map(move |step| {
        let part = f64::from(step) / 12.0;
        let (x, y) = (x + part * (u - x), y + part * (v - y));
        [x - 1.0, y - 1.0, x + 1.0, y + 1.0]
    })
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
mod tests {
    use super::*;

    fn written_area(label: &Label) -> Area {
        area(label.at, font::width(&label.text, LETTERS), LETTERS)
    }

    #[test]
    fn a_name_stands_where_it_covers_no_dot_and_stays_on_the_map() {
        let site = Named { place: (700.0, 600.0), band: 3, name: "A name", id: "n" };
        let markers = [marker_area(site.place, 3, 1.0)];
        // A row of dots on the right.
        let dots: Vec<(f64, f64)> = (1..20).map(|n| (712.0 + 6.0 * f64::from(n), 600.0)).collect();
        let within = [0.0, 90.0, 1600.0, 1140.0];
        let place = |within, dots: &[_]| {
            let room = Room { within, markers: &markers, dots };
            let labels = super::place(&[&site], &room, &mut Vec::new());
            written_area(labels.first().expect("a label"))
        };
        assert!(place(within, &[])[0] > 700.0, "on the right if nothing is there");
        assert!(place(within, &dots)[2] < 700.0, "on the left of the dots");
        let narrow = [0.0, 90.0, 740.0, 1140.0];
        assert!(place(narrow, &[])[2] < 740.0);
    }

    #[test]
    fn names_of_a_cluster_stand_apart_and_off_the_markers() {
        let places: Vec<(f64, f64)> = (0..9)
            .map(|n| (700.0 + 14.0 * f64::from(n % 3), 600.0 + 14.0 * f64::from(n / 3)))
            .collect();
        let sites: Vec<Named<'_>> = places
            .iter()
            .map(|place| Named { place: *place, band: 3, name: "A name", id: "n" })
            .collect();
        let markers: Vec<Area> = places.iter().map(|place| marker_area(*place, 3, 1.0)).collect();
        let within = [0.0, 90.0, 1600.0, 1140.0];
        let room = Room { within, markers: &markers, dots: &[] };
        let labels = place(&sites.iter().collect::<Vec<_>>(), &room, &mut Vec::new());
        assert_eq!(labels.len(), 9, "all have room");
        assert!(labels.iter().any(|label| label.line.is_some()), "some stand off");
        let areas: Vec<Area> = labels.iter().map(written_area).collect();
        for (at, one) in areas.iter().enumerate() {
            assert!(
                markers.iter().chain(areas.iter().skip(at + 1)).all(|other| !overlap(one, other))
            );
        }
    }
}

//! What lies on a map besides data: the place of the legend, the scale bar, and lines of longitude and latitude.

use super::canvas::Canvas;
use super::labels::{self, Area};
use super::legend::{self, Legend, Row, Sign};
use super::map::Map;
use super::{GRATICULE, PAPER, QUIET, TEXT, font};
use crate::earth::Lon;

/// The distance from the edge of the map.
const OFF: f64 = 16.0;

/// Font size of the graticule's labels.
const DEGREES: f64 = 15.0;

/// The greatest width and height of the scale bar.
const SCALE: (f64, f64) = (300.0, 56.0);

/// The labels of lines of longitude and latitude: text, and the start of its baseline.
type Degrees = Vec<(String, (f64, f64))>;

/// The furniture on the map itself.
pub(super) struct Furniture {
    legend: Option<(Legend, Area)>,
    /// Whether the legend is at the bottom.
    low: bool,
    scale: Area,
    degrees: Degrees,
    lines: Vec<Vec<(f64, f64)>>,
}

impl Furniture {
    /// Places the legend below the map if there is an area for it, or in the corner where it hides least, and the scale bar
    /// in another.
    pub fn of(map: &Map, legend: Option<Legend>, hidden: &Below<'_>) -> Self {
        let [left, _, right, bottom] = map.area;
        let legend = legend.map(|legend| match map.below {
            Some(below) => (legend.spread(below[2] - below[0]), below),
            None => {
                let area = corner(map.area, legend.size(), hidden);
                (legend, area)
            }
        });
        let low = bottom - OFF;
        // The scale bar is at the bottom, on the right unless the legend is there.
        let inside = legend.as_ref().filter(|_| map.below.is_none());
        let beside =
            inside.is_some_and(|(_, [west, _, _, south])| *south > low - 1.0 && *west > left + OFF);
        let start = if beside { left + OFF } else { right - OFF - SCALE.0 };
        let scale = [start, low - SCALE.1, start + SCALE.0, low];
        let low = inside.is_some_and(|(_, [.., south])| *south > low - 1.0);
        let mut furniture = Self { legend, low, scale, degrees: Vec::new(), lines: Vec::new() };
        furniture.draw_up(map);
        furniture
    }

    /// The areas that labels must avoid.
    pub fn areas(&self) -> Vec<Area> {
        let legend = self.legend.iter().map(|(_, area)| *area);
        let degrees = self.degrees.iter().map(|(text, at)| label_area(text, *at));
        legend.chain([self.scale]).chain(degrees).collect()
    }

    /// Finds the lines of longitude and latitude, and the places of their labels unless these are hidden.
    fn draw_up(&mut self, map: &Map) {
        let view = &map.view;
        let [west, south, east, north] = view.around(0.0);
        let step = [0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 45.0]
            .into_iter()
            .find(|step| (east - west) / step <= 9.0)
            .unwrap_or(60.0);
        let [left, _, right, _] = map.area;
        // The map's edges, or the poles if they are inside.
        let [top, bottom] = [north, south].map(|lat| map.placed(view.at(0.0, lat)).1);
        let first = |from: f64| (from / step).ceil() * step;
        let mut lon = first(west + view.lon);
        while lon <= east + view.lon {
            let x = map.placed(view.at(lon - view.lon, 0.0)).0;
            self.lines.push(vec![(x, top), (x, bottom)]);
            let wrapped = Lon::wrapped(lon).map_or(lon, Lon::degrees);
            self.label(map, degrees(wrapped, "E", "W"), (x + 4.0, top + 18.0));
            lon += step;
        }
        let mut lat = first(south);
        while lat <= north {
            let y = map.placed(view.at(0.0, lat)).1;
            self.lines.push(vec![(left, y), (right, y)]);
            let text = degrees(lat, "N", "S");
            let start = right - font::room(&text, DEGREES) - 6.0;
            self.label(map, text, (start, y - 4.0));
            lat += step;
        }
    }

    /// Labels a line unless the legend, the scale bar, another label or the edge of the map is in the way.
    fn label(&mut self, map: &Map, text: String, at: (f64, f64)) {
        let area = label_area(&text, at);
        let [left, top, right, bottom] = map.area;
        let inside = area[0] >= left && area[1] >= top && area[2] <= right && area[3] <= bottom;
        if inside && self.areas().iter().all(|other| !labels::overlap(&area, other)) {
            self.degrees.push((text, at));
        }
    }

    /// Tells in the legend how many sites have no name on the map, in the row that was kept for it.
    pub fn tell_unnamed(&mut self, sites: usize) {
        let Some((legend, area)) = &mut self.legend else { return };
        let high = legend.size().1;
        let unnamed = |row: &Row| matches!(row.0, Sign::Unnamed);
        let Some(at) = legend.rows.iter().position(unnamed) else { return };
        match legend::unnamed(sites) {
            Some(row) => legend.rows.splice(at..=at, [row]).for_each(drop),
            None => drop(legend.rows.remove(at)),
        }
        if legend.columns > 1 {
            return;
        }
        // It keeps to its corner.
        let less = high - legend.size().1;
        if self.low { area[1] += less } else { area[3] -= less }
    }

    /// Draws the lines of longitude and latitude with their labels.
    pub fn graticule(&self, canvas: &mut Canvas) {
        canvas.lines(&self.lines, 1.0, GRATICULE, None);
        for (text, at) in &self.degrees {
            canvas.text_haloed(text, *at, DEGREES, QUIET);
        }
    }

    /// Draws legend and scale bar.
    pub fn draw(&self, canvas: &mut Canvas, map: &Map) {
        if let Some((legend, area)) = &self.legend {
            match map.below {
                Some(_) => {
                    canvas.rectangle(*area, PAPER);
                    legend.draw_plain(canvas, *area);
                }
                None => legend.draw_boxed(canvas, *area),
            }
        }
        self.scale(canvas, map);
    }

    /// Draws a bar of two round lengths, true along the parallel in the map's middle.
    fn scale(&self, canvas: &mut Canvas, map: &Map) {
        let per_km = map.view.per_km();
        let round = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];
        let half = round.into_iter().rev().find(|km| 2.0 * km * per_km <= 220.0).unwrap_or(1.0);
        let [left, _, right, low] = self.scale;
        let length = 2.0 * half * per_km;
        let start = if left > map.area[0] + OFF { right - length - 56.0 } else { left + 12.0 };
        let middle = start + length / 2.0;
        let (top, bottom) = (low - 14.0, low - 6.0);
        canvas.rectangle([start - 1.5, top - 1.5, start + length + 1.5, bottom + 1.5], TEXT);
        canvas.rectangle([middle, top, start + length, bottom], PAPER);
        let mut ends = vec![
            (start, "0".to_owned()),
            (middle, half.to_string()),
            (start + length, format!("{} km", 2.0 * half)),
        ];
        // A short bar has no room for a number in its middle.
        if length < 130.0 {
            ends.remove(1);
        }
        for (x, words) in ends {
            // The number is centered over the end; the unit follows.
            let number = words.trim_end_matches(" km");
            let at = (x - font::room(number, 17.0) / 2.0, top - 9.0);
            canvas.text_haloed(&words, at, 17.0, TEXT);
        }
    }
}

/// The area of a label that begins on a baseline.
fn label_area(text: &str, (left, base): (f64, f64)) -> Area {
    [left - 2.0, base - DEGREES, left + font::room(text, DEGREES) + 2.0, base + 4.0]
}

/// What a legend may hide.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Below<'b> {
    /// The places of sites.
    pub sites: &'b [(f64, f64)],
    /// The places of incidents and of what else is drawn.
    pub others: &'b [(f64, f64)],
}

impl Below<'_> {
    /// How many sites an area hides, and how much else.
    fn hidden(&self, [left, top, right, bottom]: &Area) -> (usize, usize) {
        let within = |room: f64| {
            move |(x, y): &&(f64, f64)| {
                (left - room..=right + room).contains(x) && (top - room..=bottom + room).contains(y)
            }
        };
        // A label beside a site needs room, too.
        let sites = self.sites.iter().filter(within(14.0)).count();
        (sites, self.others.iter().filter(within(0.0)).count())
    }
}

/// The height that a legend takes below a map, if it hides sites in every corner of the map.
pub(super) fn height_below(map: &Map, legend: Legend, hidden: &Below<'_>) -> Option<f64> {
    let area = corner(map.area, legend.size(), hidden);
    let [left, _, right, _] = map.area;
    (hidden.hidden(&area).0 > 0).then(|| legend.spread(right - left).size().1)
}

/// The area of a legend of a size, in the corner where it hides fewest sites, then least of the rest; ties go
/// to the first of lower left, lower right, upper left and upper right.
fn corner(map: Area, (width, height): (f64, f64), hidden: &Below<'_>) -> Area {
    let [west, north, east, south] = map;
    // The labels of longitude are above.
    let (low, high) = (south - OFF - height, north + OFF + DEGREES);
    let (left, right) = (west + OFF, east - OFF - width);
    let area = |(left, top): (f64, f64)| [left, top, left + width, top + height];
    let [first, others @ ..] = [(left, low), (right, low), (left, high), (right, high)].map(area);
    others.into_iter().fold(first, |best, next| {
        if hidden.hidden(&next) < hidden.hidden(&best) { next } else { best }
    })
}

fn degrees(degrees: f64, above: &str, below: &str) -> String {
    let side = match degrees {
        0.0 | 180.0 | -180.0 => "",
        east if east > 0.0 => above,
        _ => below,
    };
    format!("{}° {side}", degrees.abs()).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::report::{Ground, View};
    use crate::layers::style::Theme;

    #[test]
    fn the_legend_hides_as_little_as_it_can() {
        let map = [0.0, 90.0, 1600.0, 1140.0];
        let corner =
            |sites: &[_], others: &[_]| corner(map, (372.0, 300.0), &Below { sites, others });
        let [left, top, ..] = corner(&[], &[]);
        assert!(left < 100.0 && top > 800.0, "lower left where nothing is hidden");
        let low = [(50.0, 1000.0), (1500.0, 1000.0)];
        let [left, top, ..] = corner(&low, &[]);
        assert!(left < 100.0 && top < 200.0, "upper left");
        let [left, top, ..] = corner(&low, &[(50.0, 200.0)]);
        assert!(left > 1000.0 && top < 200.0, "upper right");
    }

    #[test]
    fn a_legend_that_hides_sites_in_every_corner_goes_below_the_map() {
        let area = [0.0, 90.0, 1600.0, 1140.0];
        let view = View::of(std::iter::empty(), 1600.0, 1050.0);
        let map = Map::of(area, view, Ground::default());
        let rows = || (0..12).map(|row| (Sign::Unnamed, format!("Row {row}"), None)).collect();
        let legend = || Legend {
            title: "Sites",
            theme: Theme::Security,
            rows: rows(),
            shaded: false,
            columns: 1,
        };
        let corners = [(60.0, 200.0), (1540.0, 200.0), (60.0, 1100.0), (1540.0, 1100.0)];
        let below = |sites| height_below(&map, legend(), &Below { sites, others: &[] });
        assert_eq!(below(&corners[..3]), None);
        let height = below(&corners).expect("below the map");
        assert!(height < 0.4 * legend().size().1, "{height}");
        let spread = legend().spread(1600.0);
        assert!(spread.columns > 3 && spread.size().0 <= 1600.0);
    }
}

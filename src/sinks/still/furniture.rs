//! Map furniture: title, legend, scale bar, graticule and credits.

use super::canvas::Canvas;
use super::labels::Area;
use super::{
    BOTTOM, DASHES, Frame, GRATICULE, INCIDENT, LINK, PAPER, SIZE, TEXT, TOP, drawn_incidents,
};
use super::{font, marker};
use crate::earth::Lon;
use crate::layers::report::{Page, View};
use crate::layers::style::{Color, GROUND, Theme};

const QUIET: Color = Color::rgb(84, 92, 98);

/// The legend's width, the height of a row, and the distance from the edge.
const LEGEND: f64 = 372.0;
const ROW: f64 = 34.0;
const OFF: f64 = 16.0;

/// Font size of the graticule's labels.
const DEGREES: f64 = 15.0;

/// The area of the scale bar: offset from the edges, and greatest width and height.
const SCALE: (f64, f64) = (300.0, 56.0);

/// Kilometers of a degree of latitude on a sphere of the Earth's mean radius.
const KM_PER_DEGREE: f64 = 111.195;

/// A symbol in the legend.
#[derive(Clone, Copy)]
enum Sign {
    Band(u8),
    Link,
    Incident,
    Disputed,
}

/// The furniture on the map itself.
pub(super) struct Furniture {
    /// The legend's rows: symbol, text, and count if there is one.
    rows: Vec<(Sign, String, Option<usize>)>,
    legend: Area,
    scale: Area,
}

impl Furniture {
    /// Places the legend in the corner where it hides fewest of the given sites, then fewest incidents, and the
    /// scale bar in another.
    pub fn of(
        page: &Page<'_>,
        shown: Theme,
        linked: bool,
        sites: &[(f64, f64)],
        incidents: &[(f64, f64)],
    ) -> Self {
        let rows = rows(page, shown, linked);
        let height = 46.0 + ROW * f64::from(u32::try_from(rows.len()).unwrap_or(0)) + 8.0;
        let legend = corner(height, sites, incidents);
        let (right, low) = (f64::from(SIZE.0) - OFF, BOTTOM - OFF);
        // The scale bar is at the bottom, on the right unless the legend is there.
        let beside = legend[3] > low - 1.0 && legend[0] > OFF;
        let left = if beside { OFF } else { right - SCALE.0 };
        let scale = [left, low - SCALE.1, left + SCALE.0, low];
        Self { rows, legend, scale }
    }

    /// The areas that labels must avoid.
    pub fn areas(&self) -> [Area; 2] {
        [self.legend, self.scale]
    }

    /// Draws lines of longitude and latitude with their labels, unless these are hidden.
    pub fn graticule(&self, canvas: &mut Canvas, view: &View, frame: Frame) {
        let [west, south, east, north] = view.around(0.0);
        let step = [0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 45.0]
            .into_iter()
            .find(|step| (east - west) / step <= 9.0)
            .unwrap_or(60.0);
        let right = f64::from(SIZE.0);
        // The map's edges, or the poles if they are inside.
        let [top, bottom] = [north, south].map(|lat| frame.place(view.at(0.0, lat)).1);
        let first = |from: f64| (from / step).ceil() * step;
        let mut lon = first(west + view.lon);
        while lon <= east + view.lon {
            let x = frame.place(view.at(lon - view.lon, 0.0)).0;
            canvas.lines(&[vec![(x, top), (x, bottom)]], 1.0, GRATICULE, None);
            let wrapped = Lon::wrapped(lon).map_or(lon, Lon::degrees);
            self.label(canvas, &degrees(wrapped, "E", "W"), (x + 4.0, top + 18.0));
            lon += step;
        }
        let mut lat = first(south);
        while lat <= north {
            let y = frame.place(view.at(0.0, lat)).1;
            canvas.lines(&[vec![(0.0, y), (right, y)]], 1.0, GRATICULE, None);
            let text = degrees(lat, "N", "S");
            let left = right - font::width(&text, DEGREES) - 6.0;
            self.label(canvas, &text, (left, y - 4.0));
            lat += step;
        }
    }

    /// Labels a line of the graticule unless legend or scale bar cover the place.
    fn label(&self, canvas: &mut Canvas, text: &str, (left, base): (f64, f64)) {
        let (right, top) = (left + font::width(text, DEGREES), base - DEGREES);
        let hides =
            |area: &Area| left < area[2] && area[0] < right && top < area[3] && area[1] < base;
        if !self.areas().iter().any(hides) {
            canvas.text_haloed(text, (left, base), DEGREES, QUIET);
        }
    }

    /// Draws legend and scale bar.
    pub fn draw(&self, canvas: &mut Canvas, page: &Page<'_>, frame: Frame, shown: Theme) {
        let [left, top, right, bottom] = self.legend;
        canvas.rectangle(self.legend, PAPER.with_alpha(240));
        let edge = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        canvas.lines(&[edge], 1.0, QUIET.with_alpha(90), None);
        let title = match shown {
            Theme::Security => "Security score, and sites with it",
            Theme::Environment => "Environment score, and sites with it",
        };
        canvas.text(title, (left + 16.0, top + 32.0), 20.0, TEXT);
        let mut y = top + 46.0 + ROW / 2.0;
        for (sign, words, count) in &self.rows {
            let x = left + 34.0;
            match sign {
                Sign::Band(band) => marker::draw(canvas, (x, y), *band, shown),
                Sign::Link => canvas.lines(&[vec![(x - 16.0, y), (x + 16.0, y)]], 2.5, LINK, None),
                Sign::Incident => canvas.disc((x, y), 3.0, INCIDENT),
                Sign::Disputed => {
                    canvas.lines(&[vec![(x - 16.0, y), (x + 16.0, y)]], 2.0, GROUND.border, DASHES)
                }
            }
            canvas.text(words, (left + 62.0, y + 6.0), 18.0, TEXT);
            if let Some(count) = count {
                let number = count.to_string();
                let width = font::width(&number, 18.0);
                canvas.text(&number, (right - 16.0 - width, y + 6.0), 18.0, QUIET);
            }
            y += ROW;
        }
        self.scale(canvas, &page.report.view, frame);
    }

    /// Draws a bar of two round lengths, true along the parallel in the map's middle.
    fn scale(&self, canvas: &mut Canvas, view: &View, frame: Frame) {
        let per_km = view.per_lat * frame.scale / KM_PER_DEGREE;
        let round = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];
        let half = round.into_iter().rev().find(|km| 2.0 * km * per_km <= 220.0).unwrap_or(1.0);
        let [left, _, right, low] = self.scale;
        let length = 2.0 * half * per_km;
        let start = if left > OFF { right - length - 56.0 } else { left + 12.0 };
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
            let at = (x - font::width(number, 17.0) / 2.0, top - 9.0);
            canvas.text_haloed(&words, at, 17.0, TEXT);
        }
    }
}

/// The area of a legend of a height, in the corner where it hides fewest sites, then fewest incidents; ties go
/// to the first of lower left, lower right, upper left and upper right.
fn corner(height: f64, sites: &[(f64, f64)], incidents: &[(f64, f64)]) -> Area {
    let (right, low) = (f64::from(SIZE.0) - OFF, BOTTOM - OFF);
    // The labels of longitude are above.
    let high = TOP + OFF + DEGREES;
    let area = |left: f64, top: f64| [left, top, left + LEGEND, top + height];
    let first = area(OFF, low - height);
    let others = [area(right - LEGEND, low - height), area(OFF, high), area(right - LEGEND, high)];
    let hidden = |area: &Area| {
        let [left, top, right, bottom] = *area;
        let within =
            |(x, y): &&(f64, f64)| (left..=right).contains(x) && (top..=bottom).contains(y);
        (sites.iter().filter(within).count(), incidents.iter().filter(within).count())
    };
    others
        .into_iter()
        .fold(first, |best, next| if hidden(&next) < hidden(&best) { next } else { best })
}

/// The bands from the worst to no data, with the number of sites in each, and the other symbols.
fn rows(page: &Page<'_>, shown: Theme, linked: bool) -> Vec<(Sign, String, Option<usize>)> {
    let report = &page.report;
    let counts = match shown {
        Theme::Security => report.bands[0],
        Theme::Environment => report.bands[1],
    };
    let bands = [5_u8, 4, 3, 2, 1, 0].into_iter().filter_map(|band| {
        let at = usize::from(band);
        let label = report.labels.get(at)?.clone();
        Some((Sign::Band(band), label, Some(*counts.get(at)?)))
    });
    let mut rows: Vec<_> = bands.collect();
    if linked {
        rows.push((Sign::Link, "To the incidents that add most".into(), None));
    }
    let (width, height) = (report.view.width, report.view.height);
    let seen = |(x, y): &(f64, f64)| (0.0..=width).contains(x) && (0.0..=height).contains(y);
    let places =
        drawn_incidents(page, shown).iter().map(|(lon, lat)| report.view.place(*lon, *lat));
    let drawn = places.filter(seen).count();
    if drawn > 0 {
        let newest = report.incidents.len();
        let words = if newest < report.incidents_used {
            format!("Incident of the newest {newest}")
        } else {
            "Incident used".into()
        };
        rows.push((Sign::Incident, words, Some(drawn)));
    }
    if page.ground.disputed.iter().flatten().any(seen) {
        rows.push((Sign::Disputed, "Disputed border".into(), None));
    }
    rows
}

fn degrees(degrees: f64, above: &str, below: &str) -> String {
    let side = match degrees {
        0.0 | 180.0 | -180.0 => "",
        east if east > 0.0 => above,
        _ => below,
    };
    format!("{}° {side}", degrees.abs()).trim_end().to_owned()
}

/// Draws the title above the map, and the credits below.
pub(super) fn margins(canvas: &mut Canvas, page: &Page<'_>, shown: Theme) {
    let report = &page.report;
    let (right, bottom) = (f64::from(SIZE.0), f64::from(SIZE.1));
    canvas.rectangle([0.0, 0.0, right, TOP], PAPER);
    canvas.rectangle([0.0, BOTTOM, right, bottom], PAPER);
    for y in [TOP, BOTTOM] {
        canvas.lines(&[vec![(0.0, y), (right, y)]], 1.0, QUIET.with_alpha(120), None);
    }
    let (what, [.., high, very_high]) = match shown {
        Theme::Security => ("Security risk", report.bands[0]),
        Theme::Environment => ("Environmental risk", report.bands[1]),
    };
    canvas.text(&format!("{what} of {} sites", report.sites), (18.0, 42.0), 34.0, TEXT);
    let as_of = report.as_of.as_ref().map_or(String::new(), |date| format!("as of {date}, "));
    let upper = high + very_high;
    let stand = if upper == 1 { "stands" } else { "stand" };
    let assumed = match shown {
        Theme::Security => "",
        Theme::Environment => "; what is not known counts with a reference value",
    };
    let under =
        format!("{as_of}scheme {}: {upper} {stand} high or very high{assumed}", report.scheme);
    canvas.text(&under, (18.0, 74.0), 19.0, QUIET);
    canvas.text(report.no_position, (18.0, BOTTOM + 24.0), 15.5, QUIET);
    let about = format!(
        "An index of what was reported and mapped, not a probability. Equidistant cylindrical projection. Tamarisk {}",
        report.facts.version
    );
    canvas.text(&about, (18.0, BOTTOM + 48.0), 15.5, QUIET);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_legend_hides_as_little_as_it_can() {
        let height = 300.0;
        let [left, top, ..] = corner(height, &[], &[]);
        assert!(left < 100.0 && top > 800.0, "lower left where nothing is hidden");
        let low = [(50.0, 1000.0), (1500.0, 1000.0)];
        let [left, top, ..] = corner(height, &low, &[]);
        assert!(left < 100.0 && top < 200.0, "upper left");
        let [left, top, ..] = corner(height, &low, &[(50.0, 200.0)]);
        assert!(left > 1000.0 && top < 200.0, "upper right");
    }
}

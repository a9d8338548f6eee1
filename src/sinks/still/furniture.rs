//! What stands around the map: title, legend, scale, graticule, and where it all comes from.

use super::canvas::Canvas;
use super::font;
use super::{BOTTOM, Frame, GRATICULE, PAPER, SIZE, Shown, TEXT, TOP, marker};
use crate::layers::report::{Page, View};
use crate::layers::style::Color;

const QUIET: Color = Color::rgb(96, 104, 110);

/// The legend's box: left, top, right, bottom.
const LEGEND: [f64; 4] = [16.0, 908.0, 292.0, 1128.0];

/// Kilometers of a degree of latitude on a sphere of the Earth's mean radius.
const KM_PER_DEGREE: f64 = 111.195;

/// Where no name may stand.
pub(super) fn boxes() -> [[f64; 4]; 2] {
    [LEGEND, [1250.0, 1090.0, 1600.0, 1142.0]]
}

/// Lines of longitude and latitude with their degrees.
pub(super) fn graticule(canvas: &mut Canvas, view: &View, frame: Frame) {
    let [west, south, east, north] = view.around(0.0);
    let step = [0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 45.0]
        .into_iter()
        .find(|step| (east - west) / step <= 9.0)
        .unwrap_or(60.0);
    let right = f64::from(SIZE.0);
    let first = |from: f64| (from / step).ceil() * step;
    let mut lon = first(west + view.lon);
    while lon <= east + view.lon {
        let x = frame.place(view.at(lon - view.lon, 0.0)).0;
        canvas.lines(&[vec![(x, TOP), (x, BOTTOM)]], 1.0, GRATICULE, None);
        let turned = if lon > 180.0 {
            lon - 360.0
        } else if lon < -180.0 {
            lon + 360.0
        } else {
            lon
        };
        canvas.text_haloed(&degrees(turned, "E", "W"), (x + 4.0, TOP + 16.0), 12.0, QUIET);
        lon += step;
    }
    let mut lat = first(south);
    while lat <= north {
        let y = frame.place(view.at(0.0, lat)).1;
        canvas.lines(&[vec![(0.0, y), (right, y)]], 1.0, GRATICULE, None);
        let text = degrees(lat, "N", "S");
        let left = right - font::width(&text, 12.0) - 6.0;
        canvas.text_haloed(&text, (left, y - 4.0), 12.0, QUIET);
        lat += step;
    }
}

fn degrees(degrees: f64, above: &str, below: &str) -> String {
    let side = match degrees {
        0.0 | 180.0 | -180.0 => "",
        east if east > 0.0 => above,
        _ => below,
    };
    format!("{}° {side}", degrees.abs()).trim_end().to_owned()
}

/// Title, legend, scale and sources.
pub(super) fn margins(canvas: &mut Canvas, page: &Page<'_>, frame: Frame, shown: Shown) {
    let report = &page.report;
    let (right, bottom) = (f64::from(SIZE.0), f64::from(SIZE.1));
    canvas.rectangle([0.0, 0.0, right, TOP], PAPER);
    canvas.rectangle([0.0, BOTTOM, right, bottom], PAPER);
    for y in [TOP, BOTTOM] {
        canvas.lines(&[vec![(0.0, y), (right, y)]], 1.0, QUIET.with_alpha(120), None);
    }
    let (what, [.., high, very_high]) = match shown {
        Shown::Security => ("Security risk", report.bands[0]),
        Shown::Environment => ("Environmental risk", report.bands[1]),
    };
    canvas.text(&format!("{what} of {} sites", report.sites), (18.0, 38.0), 27.0, TEXT);
    let as_of = report.as_of.as_ref().map_or(String::new(), |date| format!("as of {date}, "));
    let upper = high + very_high;
    let stand = if upper == 1 { "stands" } else { "stand" };
    let under = format!("{as_of}scheme {}: {upper} {stand} high or very high", report.scheme);
    canvas.text(&under, (18.0, 62.0), 15.0, QUIET);
    canvas.text(report.no_position, (18.0, BOTTOM + 22.0), 13.0, QUIET);
    let about = format!(
        "An index of what was reported and mapped, not a probability. Small dots: incidents. Equidistant cylindrical projection. Tamarisk {}",
        report.facts.version
    );
    canvas.text(&about, (18.0, BOTTOM + 42.0), 13.0, QUIET);
    legend(canvas, page, shown);
    scale(canvas, &report.view, frame);
}

/// The bands from the worst to what is not known, with how many sites stand in each.
fn legend(canvas: &mut Canvas, page: &Page<'_>, shown: Shown) {
    let [left, top, ..] = LEGEND;
    canvas.rectangle(LEGEND, PAPER.with_alpha(235));
    let (title, counts) = match shown {
        Shown::Security => ("Security score", page.report.bands[0]),
        Shown::Environment => ("Environment score", page.report.bands[1]),
    };
    canvas.text(title, (left + 14.0, top + 26.0), 16.0, TEXT);
    let rows = [5_u8, 4, 3, 2, 1, 0];
    let mut y = top + 52.0;
    for band in rows {
        let at = usize::from(band);
        let (Some(label), Some(count)) = (page.report.labels.get(at), counts.get(at)) else {
            continue;
        };
        marker::draw(canvas, (left + 26.0, y), band, shown);
        canvas.text(label, (left + 46.0, y + 5.0), 14.0, TEXT);
        let number = count.to_string();
        let width = font::width(&number, 14.0);
        canvas.text(&number, (LEGEND[2] - 12.0 - width, y + 5.0), 14.0, QUIET);
        y += 30.0;
    }
}

/// A bar of a round length, true along the parallel in the map's middle.
fn scale(canvas: &mut Canvas, view: &View, frame: Frame) {
    let per_km = view.per_lat * frame.scale / KM_PER_DEGREE;
    let round = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0];
    let km = round.into_iter().rev().find(|km| km * per_km <= 220.0).unwrap_or(1.0);
    let (right, y) = (f64::from(SIZE.0) - 60.0, BOTTOM - 18.0);
    let left = right - km * per_km;
    let bar = vec![(left, y - 6.0), (left, y), (right, y), (right, y - 6.0)];
    canvas.lines(std::slice::from_ref(&bar), 4.5, PAPER.with_alpha(220), None);
    canvas.lines(&[bar], 1.6, TEXT, None);
    canvas.text_haloed(&format!("{km} km"), (left, y - 12.0), 14.0, TEXT);
}

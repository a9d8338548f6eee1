//! The atlas: the map of all sites, then a page for each site, with its surroundings and what its scores come from.

mod unknown;

use super::canvas::Canvas;
use super::header::{self, Header};
use super::labels::Area;
use super::legend::{Sign, counted};
use super::overview::{self, Overview};
use super::pdf::Document;
use super::sheet::{CREDITS, Sheet};
use super::{PAPER, close, flow::Flow, nearby::is_name};
use crate::earth::Position;
use crate::layers::report::{Detail, Page, Paper, Surroundings};
use crate::layers::style::Theme;
use crate::model::{Countries, CountryCode};
use crate::scoring::country_name;
use resvg::tiny_skia::Pixmap;
use std::io::{self, Write};
use std::sync::Arc;
use unknown::{gaps, unknown_of_all, without_list};

/// Distance of columns from the edges and from each other.
const OFF: f64 = 36.0;

/// What is listed of a kind, at most.
const LISTED: usize = 6;

/// The rows of a page that have a page in the atlas, at most so many: by the score of the main map, the highest first, those
/// without it last.
pub fn order(page: &Page<'_>, most: usize) -> Vec<usize> {
    let rows = &page.report.rows;
    let scores = match super::main_theme(page) {
        Theme::Environment => &rows.environment,
        Theme::Security | Theme::Overall => &rows.security,
    };
    let score = |row: &usize| scores.get(*row).copied().flatten().unwrap_or(-1.0);
    let mut order: Vec<usize> = (0..page.report.details.len()).collect();
    // The sort is stable: of equal scores the first row comes first.
    order.sort_by(|a, b| score(b).total_cmp(&score(a)));
    order.truncate(most);
    order
}

/// Writes the atlas of a page: a page for each of some rows with its surroundings.
///
/// # Errors
/// Those of the writer.
pub fn write(
    page: &Page<'_>,
    surroundings: &[(usize, Surroundings<'_>)],
    paper: Paper,
    out: &mut dyn Write,
) -> io::Result<()> {
    let sheet = Sheet::of(paper);
    let logo = super::logo_of(page)?;
    let theme = super::main_theme(page);
    let mut document = Document::new();
    let sites =
        surroundings.iter().filter_map(|(row, around)| Some((Row::of(page, *row)?, around)));
    let sites: Vec<_> = sites.collect();
    let unknown = unknown_of_all(&sites);
    let mut leaves: Vec<(&str, Canvas)> = Vec::new();
    for (one, around) in &sites {
        let canvases = site_pages(page, one, (around, &unknown), sheet, logo.as_ref());
        leaves.extend(canvases.into_iter().map(|canvas| (one.name, canvas)));
    }
    let first = overview_page(page, (theme, &unknown), sheet, surroundings.len(), logo);
    let pages = 1 + leaves.len();
    for ((name, mut canvas), number) in [("All sites", first)].into_iter().chain(leaves).zip(1..) {
        header::credits(&mut canvas, page, sheet, Some(format!("{number} / {pages}")));
        document.add(name, canvas)?;
    }
    let title = overview::head(page, theme, sheet, None).title.join(" ");
    out.write_all(&document.finish(&title)?)
}

/// The map of all sites.
fn overview_page(
    page: &Page<'_>,
    (theme, unknown): (Theme, &[&str]),
    sheet: Sheet,
    sites: usize,
    logo: Option<Arc<Pixmap>>,
) -> Canvas {
    let mut canvas = Canvas::new(sheet.pixels(), PAPER);
    let mut header = overview::head(page, theme, sheet, logo);
    let all = page.report.sites;
    header.lines.push(match (sites, sites < all) {
        (0, _) => "no site was scored".to_owned(),
        (_, false) => {
            format!("a page for each site follows, the highest {} score first", theme.word())
        }
        (_, true) => format!(
            "a page follows for each of the {sites} sites with the highest {} scores, of {}",
            theme.word(),
            counted(all)
        ),
    });
    if !unknown.is_empty() {
        let words = format!("not known at any of these sites: {}", unknown.join(", "));
        header.lines.extend(header::lines(&words, page, sheet));
    }
    let map = overview::map(page, sheet.between(header.height()), &[theme]);
    super::ground(&mut canvas, &map);
    Overview::of(page, theme, &map).draw(&mut canvas);
    header.draw(&mut canvas, sheet);
    canvas
}

/// A site of the table with its detail.
pub(super) struct Row<'p> {
    pub(super) name: &'p str,
    pub(super) id: &'p str,
    pub(super) at: (f64, f64),
    pub(super) scores: [(Theme, Option<f64>, u8); 3],
    pub(super) country: Option<&'p str>,
    pub(super) detail: &'p Detail<'p>,
}

impl<'p> Row<'p> {
    fn of(page: &'p Page<'p>, row: usize) -> Option<Self> {
        let rows = &page.report.rows;
        let score = |theme, scores: &[Option<f64>], bands: &[u8]| {
            Some((theme, *scores.get(row)?, *bands.get(row)?))
        };
        Some(Self {
            name: rows.name.get(row)?,
            id: rows.id.get(row)?,
            at: (*rows.lon.get(row)?, *rows.lat.get(row)?),
            scores: [
                score(Theme::Security, &rows.security, &rows.security_band)?,
                score(Theme::Environment, &rows.environment, &rows.environment_band)?,
                score(Theme::Overall, &rows.overall, &rows.overall_band)?,
            ],
            country: rows.country.get(row)?.as_deref(),
            detail: page.report.details.get(row)?,
        })
    }
}

impl Row<'_> {
    fn position(&self) -> Option<Position> {
        Position::from_degrees(self.at.0, self.at.1)
    }

    /// The country that its file names, or else that of its position by the built-in borders.
    fn lies_in(&self) -> Option<CountryCode> {
        let named = self.country.and_then(CountryCode::new);
        named.or_else(|| Countries::built_in().at(self.position()?))
    }
}

/// The map's area and the columns of text of a sheet below a head.
fn columns(sheet: Sheet, top: f64) -> (Area, Vec<Area>) {
    let (top, bottom, right) = (top + 16.0, sheet.height - CREDITS - 16.0, sheet.width - OFF);
    let high = bottom - top;
    if sheet.width > sheet.height {
        let middle = OFF + 0.55 * (right - OFF);
        let below = top + 0.66 * high;
        let map = [OFF, top, middle, below];
        let half = f64::midpoint(OFF, middle);
        let under =
            [[OFF, below + 14.0, half - 12.0, bottom], [half + 12.0, below + 14.0, middle, bottom]];
        (map, vec![under[0], under[1], [middle + 28.0, top, right, bottom]])
    } else {
        let below = top + 0.46 * high;
        let half = f64::midpoint(OFF, right);
        let under =
            [[OFF, below + 18.0, half - 14.0, bottom], [half + 14.0, below + 18.0, right, bottom]];
        ([OFF, top, right, below], vec![under[0], under[1]])
    }
}

/// The sizes of type of a page: the greatest at which a site has one page, else two pages in the first of them.
const SIZES: [f64; 3] = [1.0, 0.94, 0.88];

/// The pages of a site: one, or two where there is more to say than has room.
fn site_pages(
    page: &Page<'_>,
    one: &Row<'_>,
    (around, unknown): (&Surroundings<'_>, &[&str]),
    sheet: Sheet,
    logo: Option<&Arc<Pixmap>>,
) -> Vec<Canvas> {
    let header = site_header(page, one, sheet, logo);
    let top = header.height();
    let (area, columns) = columns(sheet, top);
    let mut map = Canvas::new(sheet.pixels(), PAPER);
    let legend = close::draw(&mut map, page, one, around, area);
    let set = |scale: f64| {
        let further = (sheet.pixels(), further(sheet, top));
        let mut flow = Flow::new((map.clone(), columns.clone()), further, scale);
        scores(&mut flow, page, one);
        flow.heading("On the map");
        for (sign, words, _) in &legend {
            flow.sign(*sign, Theme::Security, words, false);
        }
        if sheet.width > sheet.height {
            flow.next_to(2);
        }
        words(&mut flow, one, (around, unknown), page);
        flow.pages()
    };
    let fitting = SIZES.iter().map(|scale| set(*scale)).find(|pages| pages.len() == 1);
    let mut pages = fitting.unwrap_or_else(|| set(1.0));
    for canvas in &mut pages {
        header.draw(canvas, sheet);
    }
    pages
}

/// The name of a site, where it lies, and what the scores are of.
fn site_header(page: &Page<'_>, one: &Row<'_>, sheet: Sheet, logo: Option<&Arc<Pixmap>>) -> Header {
    let (lon, lat) = one.at;
    let country = one.lies_in().map(country_name);
    let country = country.map(|country| format!("{country}, ")).unwrap_or_default();
    let as_of = page.report.as_of.as_ref().map(|date| format!("as of {date}, "));
    let facts = format!(
        "{country}{}, {}, {}scheme {}",
        degrees(lat, ["N", "S"]),
        degrees(lon, ["E", "W"]),
        as_of.unwrap_or_default(),
        page.report.scheme
    );
    let title = if super::font::has(one.name) { one.name } else { one.id };
    let above = page.heading.title.iter().filter(|title| super::font::has(title));
    let above = above.flat_map(|title| header::lines(title, page, sheet));
    Header {
        title: header::lines_of(title, page, sheet),
        lines: above.chain([facts]).collect(),
        logo: logo.cloned(),
    }
}

/// The columns of a page that goes on with a site.
fn further(sheet: Sheet, top: f64) -> Vec<Area> {
    let (top, bottom, right) = (top + 16.0, sheet.height - CREDITS - 16.0, sheet.width - OFF);
    let half = f64::midpoint(OFF, right);
    vec![[OFF, top, half - 14.0, bottom], [half + 14.0, top, right, bottom]]
}

/// The three scores with their bands and ranks.
fn scores(flow: &mut Flow, page: &Page<'_>, one: &Row<'_>) {
    let detail = one.detail;
    for (theme, score, band) in one.scores {
        let (what, rank) = match theme {
            Theme::Security => ("Security", detail.security_rank),
            Theme::Environment => ("Environment", detail.environment_rank),
            Theme::Overall => ("Overall", None),
        };
        let label = page.report.labels.get(usize::from(band)).map_or("", String::as_str);
        let label = label.split(" (").next().unwrap_or(label).to_lowercase();
        let words = match score {
            Some(score) => {
                let rank =
                    rank.map(|rank| format!(", rank {rank} of {}", counted(page.ranked(theme))));
                let rank = rank.unwrap_or_default();
                format!("{what} {score:.1}, {label}{rank}")
            }
            None => format!("{what}: no score"),
        };
        flow.sign(Sign::Band(band), theme, &words, true);
    }
}

/// What the scores come from, and what is not known.
fn words(flow: &mut Flow, one: &Row<'_>, around: (&Surroundings<'_>, &[&str]), page: &Page<'_>) {
    let detail = one.detail;
    flow.heading("In words");
    // What is not known has its own list below.
    flow.text(&without_list(&detail.explanation));
    if let Some(event) = &detail.event {
        flow.text(event);
    }
    flow.heading(&format!("Security incidents around the site, {}", span(page, one)));
    // Where none were collected, none within a radius says nothing.
    let collected = if detail.uncovered.is_none() { detail.rings.as_slice() } else { &[] };
    if collected.is_empty() {
        flow.text("Not known: no incidents were collected here.");
    }
    for (km, incidents, deaths) in collected {
        let many = |count: u64, one: &str| {
            let end = if count == 1 { "" } else { "s" };
            format!("{count} {one}{end}")
        };
        let counts = [many(u64::from(*incidents), "incident"), many(*deaths, "death")];
        flow.row(&format!("within {km} km"), &counts.join(", "));
    }
    if !detail.drivers.is_empty() {
        flow.heading("Incidents that add most to the security score");
        for driver in detail.drivers.iter().take(LISTED) {
            let date = driver.date.as_ref().map(|date| format!(", {date}")).unwrap_or_default();
            let deaths = match driver.fatalities {
                None | Some(0) => String::new(),
                Some(1) => ", 1 death".to_owned(),
                Some(deaths) => format!(", {deaths} deaths"),
            };
            let place = driver.event.and_then(|event| page.report.events.location(event));
            let place = place.map(|place| format!(", {place}")).unwrap_or_default();
            let (km, way) = (driver.km, compass(driver.bearing));
            let coarse = driver.accuracy_km.is_some_and(|accuracy| accuracy >= 1.0);
            let digits = usize::from(!coarse);
            let known = driver.accuracy_km.filter(|_| coarse);
            let known = known.map(|km| format!(" (place known to {km:.0} km)")).unwrap_or_default();
            let words =
                format!("{}{date}, {km:.digits$} km {way}{known}{deaths}{place}", driver.what);
            flow.row(&words, &format!("{:.1} points", driver.points));
        }
    }
    let mut adding: Vec<_> = detail.indicators.iter().collect();
    adding.retain(|indicator| indicator.points.is_some_and(|points| points > 0.0));
    adding.sort_by(|a, b| b.points.unwrap_or(0.0).total_cmp(&a.points.unwrap_or(0.0)));
    if !adding.is_empty() {
        flow.heading("What adds most to the environment score");
        for indicator in adding.into_iter().take(LISTED) {
            let km = indicator.km.map(|km| format!(", {} km", told(km))).unwrap_or_default();
            let driver = indicator.driver.as_ref().filter(|name| is_name(name));
            let driver = driver.map(|name| format!(": {name}")).unwrap_or_default();
            let words = format!("{}{driver}{km}", indicator.label);
            flow.row(&words, &format!("{:.1} points", indicator.points.unwrap_or(0.0)));
        }
    }
    flow.heading("What is not known");
    for gap in gaps(one, around, page) {
        flow.quiet(&gap);
    }
    if !detail.receptors.is_empty() {
        flow.heading("The nearest of each kind");
        for near in &detail.receptors {
            let where_to = if near.km > 0.0 {
                format!("{} km {}", told(near.km), compass(near.bearing))
            } else {
                "at the site".to_owned()
            };
            flow.row(&format!("{}: {}", near.kind, near.name), &where_to);
        }
    }
}

/// The days of the records that cover a site: `2019-01-02 to 2025-03-19`.
fn span(page: &Page<'_>, one: &Row<'_>) -> String {
    let first = one.position().and_then(|at| page.collection.since(at, one.lies_in()));
    match first.zip(page.report.as_of.as_ref()) {
        Some((first, as_of)) => format!("{first} to {as_of}"),
        None => "over all time".to_owned(),
    }
}

/// Degrees with the side of the equator or of the first meridian: `10.950° N`.
fn degrees(degrees: f64, [above, below]: [&str; 2]) -> String {
    let side = if degrees < 0.0 { below } else { above };
    format!("{:.3}° {side}", degrees.abs())
}

/// A distance in km with one decimal, or with those that it has beside a ring.
fn told(km: f64) -> String {
    let one = format!("{km:.1}");
    if one.parse() == Ok(km) { one } else { km.to_string() }
}

/// A bearing as one of eight directions.
pub(super) fn compass(bearing: f64) -> &'static str {
    const WAYS: [&str; 8] = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];
    let turned = (bearing + 22.5).rem_euclid(360.0);
    let way = WAYS.iter().zip(1_u8..).find(|(_, end)| turned < 45.0 * f64::from(*end));
    way.map_or("N", |(way, _)| way)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bearings_have_the_nearest_of_eight_directions() {
        let of = [0.0, 22.0, 23.0, 90.0, 180.0, 269.0, 337.0, 338.0, 360.0].map(compass);
        assert_eq!(of, ["N", "N", "NE", "E", "S", "W", "NW", "N", "N"]);
    }

    #[test]
    fn map_and_columns_share_a_sheet_without_overlap() {
        for paper in Paper::ALL {
            let sheet = Sheet::of(paper);
            let (map, columns) = columns(sheet, 118.0);
            for (at, one) in columns.iter().enumerate() {
                assert!(one[2] - one[0] > 300.0 && one[3] - one[1] > 90.0, "{paper:?} {one:?}");
                assert!(one[2] <= sheet.width && one[3] <= sheet.height - CREDITS);
                let others = columns.iter().skip(at + 1).chain([&map]);
                for other in others {
                    assert!(!super::super::labels::overlap(one, other), "{paper:?}");
                }
            }
        }
    }
}

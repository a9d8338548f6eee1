//! The layers `land` and `borders`: the base map, from the built-in countries. Borders are Natural
//! Earth's; a separate table marks the disputed ones. The map takes no position on the status of any
//! territory.

use super::collected::{self, Collected};
use super::{Layer, Table};
use crate::measures::Collection;
use crate::model::{Countries, Country};
use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Rect};
use jiff::civil::Date;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// A common border or a coast: the codes of the one or two countries, and whether it is disputed.
type Between<'a> = (&'a str, Option<&'a str>, bool);

/// The column of land that tells whether security incidents were collected there.
pub(super) const COLLECTED: &str = "incidents_collected";

/// A row of the table of disputed borders: two codes and the box within which their border is disputed.
struct Disputed {
    codes: [String; 2],
    within: [f64; 4],
}

static DISPUTED: LazyLock<Vec<Disputed>> =
    LazyLock::new(|| parse(include_str!("../../data/borders/disputed.csv")));

fn parse(text: &str) -> Vec<Disputed> {
    let row = |line: &str| {
        let mut cells = line.split(',');
        let codes = [cells.next()?.to_owned(), cells.next()?.to_owned()];
        let mut edge = || cells.next()?.parse::<f64>().ok();
        Some(Disputed { codes, within: [edge()?, edge()?, edge()?, edge()?] })
    };
    text.lines().skip(1).filter_map(row).collect()
}

/// Whether bounds touch a box (west, south, east, north); west may be greater than east.
pub(super) fn touches([west, south, east, north]: [f64; 4], bounds: Rect<f64>) -> bool {
    let (low, high) = (bounds.min(), bounds.max());
    let in_width = if west <= east {
        low.x <= east && high.x >= west
    } else {
        high.x >= west || low.x <= east
    };
    in_width && low.y <= north && high.y >= south
}

/// The countries that a box touches.
fn touched(within: [f64; 4]) -> Vec<&'static Country> {
    let seen = |country: &&Country| country.bounds().is_some_and(|bounds| touches(within, bounds));
    Countries::built_in().iter().filter(seen).collect()
}

/// A country or a part of it, whether incidents were collected there, and the day of the newest in the country, if that is
/// known.
type Land = (&'static Country, Option<Collected>, Option<Date>);

/// The countries that a box touches, as polygons. With a collection, each tells whether security incidents were collected
/// there, in two features where an area of coverage cuts it.
pub fn land<'a>(within: [f64; 4], collection: Option<&Collection>) -> Layer<'a> {
    let table = Table::new()
        .text("name", "Natural Earth's name", |(country, ..): &Land| Some(country.name.as_str()))
        .text("iso3", "ISO 3166-1 alpha-3", |(country, ..): &Land| Some(country.code.to_string()));
    let table = match collection {
        None => table,
        Some(_) => table.text(
            COLLECTED,
            "Whether security incidents were collected there: yes; old, if the newest in the country is 5 years old or older; ended, up to a day too long before the as-of date; no. Where it is not yes, that there is none says little or nothing. Empty if no file of incidents is used",
            |(_, collected, _): &Land| Some((*collected)?.word()),
        ).date(
            "newest_incident",
            "Day of the newest security incident in the country up to the as-of date, where the records show in which countries incidents were collected",
            |(.., newest): &Land| *newest,
        ),
    };
    let told = collection.filter(|collection| !collection.is_empty());
    let parts = |country: &'static Country| -> Vec<(Land, Cow<'static, MultiPolygon<f64>>)> {
        match told {
            None => vec![((country, None, None), Cow::Borrowed(&country.borders))],
            Some(told) => {
                let parts = collected::parts(country, told).into_iter();
                let newest = told.newest_in_country(country.code);
                parts.map(|(collected, part)| ((country, Some(collected), newest), part)).collect()
            }
        }
    };
    let land: Vec<_> = touched(within).into_iter().flat_map(parts).collect();
    Layer::polygons("land", table, land.len(), move |at| {
        let (row, polygons) = land.get(at)?;
        let (country, collected, _) = row;
        let before = at.checked_sub(1).and_then(|before| land.get(before));
        let first = before.is_none_or(|((other, ..), _)| other.code != country.code);
        let id = match collected {
            Some(collected) if !first => format!("{}-{}", country.code, collected.word()),
            _ => country.code.to_string(),
        };
        Some((id, polygons.clone(), *row))
    })
}

/// The borders and coasts of the countries that a box touches, as lines.
pub fn borders<'a>(within: [f64; 4]) -> Layer<'a> {
    let lines: Vec<(Between<'static>, MultiLineString<f64>)> = traced(&touched(within))
        .into_iter()
        .map(|(of, lines)| (of, MultiLineString(lines)))
        .collect();
    let table = Table::new()
        .text("kind", "border, disputed or coast", |(_, other, disputed): &Between| {
            Some(match (other, disputed) {
                (None, _) => "coast",
                (Some(_), true) => "disputed",
                (Some(_), false) => "border",
            })
        })
        .text(
            "between",
            "The countries on both sides, ISO 3166-1 alpha-3",
            |(one, other, _): &Between| {
                Some(other.map_or_else(|| (*one).to_owned(), |other| format!("{one} and {other}")))
            },
        );
    Layer::lines("borders", table, lines.len(), move |at| {
        let (of, lines) = lines.get(at)?;
        let (one, other, disputed) = of;
        let id = format!(
            "{one}-{}{}",
            other.unwrap_or("coast"),
            if *disputed { "-disputed" } else { "" }
        );
        Some((id, Cow::Owned(lines.clone()), *of))
    })
}

/// The edges of countries, joined to lines and grouped by the country on the other side. Neighbors share
/// exactly the same vertices, so an edge of two countries is a common border, and any other a coast.
/// Edges along the antimeridian or a pole are artifacts of cutting and are dropped.
fn traced(countries: &[&'static Country]) -> BTreeMap<Between<'static>, Vec<LineString<f64>>> {
    let mut sides: HashMap<Edge, [Option<usize>; 2]> = HashMap::new();
    for (index, country) in countries.iter().enumerate() {
        for edge in rings(country).flat_map(|ring| ring.lines()) {
            let found = sides.entry(Edge::of(edge.start, edge.end)).or_default();
            match found {
                [None, _] => found[0] = Some(index),
                [Some(first), None] if *first != index => found[1] = Some(index),
                _ => {}
            }
        }
    }
    let mut lines: BTreeMap<Between<'static>, Vec<LineString<f64>>> = BTreeMap::new();
    for (index, country) in countries.iter().enumerate() {
        for ring in rings(country) {
            let mut open: Option<(Between<'static>, Vec<Coord<f64>>)> = None;
            for edge in ring.lines() {
                let found = sides.get(&Edge::of(edge.start, edge.end)).copied().unwrap_or_default();
                // A shared border is drawn once, from the first of the two countries.
                let of = (found[0] == Some(index) && !is_cut(edge.start, edge.end)).then(|| {
                    let other = found[1].and_then(|at| countries.get(at)).map(|c| c.code.as_str());
                    let disputed = other.is_some_and(|other| {
                        is_disputed(country.code.as_str(), other, edge.start, edge.end)
                    });
                    (country.code.as_str(), other, disputed)
                });
                match (&mut open, of) {
                    (Some((now, line)), Some(of)) if *now == of => line.push(edge.end),
                    (_, of) => {
                        if let Some((now, line)) = open.take() {
                            lines.entry(now).or_default().push(LineString(line));
                        }
                        open = of.map(|of| (of, vec![edge.start, edge.end]));
                    }
                }
            }
            if let Some((now, line)) = open {
                lines.entry(now).or_default().push(LineString(line));
            }
        }
    }
    lines
}

fn rings(country: &'static Country) -> impl Iterator<Item = &'static LineString<f64>> {
    country
        .borders
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
}

/// An undirected edge; its ends have four decimals, as in the built-in data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Edge([i32; 4]);

impl Edge {
    fn of(a: Coord<f64>, b: Coord<f64>) -> Self {
        let (a, b) = (whole(a), whole(b));
        let [first, second] = if a <= b { [a, b] } else { [b, a] };
        Self([first.0, first.1, second.0, second.1])
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a degree is within ±180, so this is below 2³¹"
)]
fn whole(at: Coord<f64>) -> (i32, i32) {
    ((at.x * 1e4).round() as i32, (at.y * 1e4).round() as i32)
}

fn is_cut(a: Coord<f64>, b: Coord<f64>) -> bool {
    let seam = a.x.abs() >= 180.0 && b.x.abs() >= 180.0;
    let pole = a.y.abs() >= 90.0 || b.y.abs() >= 90.0;
    seam || pole
}

fn is_disputed(one: &str, other: &str, a: Coord<f64>, b: Coord<f64>) -> bool {
    let (x, y) = ((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
    DISPUTED.iter().any(|row| {
        let [west, south, east, north] = row.within;
        let [first, second] = &row.codes;
        let of = (first == one && second == other) || (first == other && second == one);
        of && (west..=east).contains(&x) && (south..=north).contains(&y)
    })
}

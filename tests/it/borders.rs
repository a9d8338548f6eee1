//! The borders of the base map: Natural Earth's disputed borders are dashed.

use std::collections::BTreeMap;
use tamarisk::earth::{Position, geodesic};
use tamarisk::layers::{Geometry, Property, borders};

/// The table of disputed stretches: two codes, and the box within which their border is disputed.
const TABLE: &str = include_str!("../../data/borders/disputed.csv");

/// The ends of each edge of a line.
type Edges = Vec<[Position; 2]>;

/// The edges of all borders by `ONE and OTHER`, those that are dashed and those that are not.
fn drawn() -> BTreeMap<String, [Edges; 2]> {
    let layer = borders([-180.0, -90.0, 180.0, 90.0]);
    let at = |name: &str| {
        let found = layer.columns().iter().position(|column| &*column.name == name);
        found.expect("a column")
    };
    let (kind, between) = (at("kind"), at("between"));
    let mut all: BTreeMap<String, [Edges; 2]> = BTreeMap::new();
    for feature in (0..layer.len()).filter_map(|index| layer.feature(index)) {
        let text = |column: usize| match &feature.properties[column] {
            Property::Text(text) => text.clone(),
            other => panic!("{other:?}"),
        };
        let Geometry::Lines(lines) = &feature.geometry else { panic!("no lines") };
        let place = |at: geo_types::Coord<f64>| Position::from_degrees(at.x, at.y).expect("valid");
        let edges = lines.0.iter().flat_map(|line| line.lines());
        let edges = edges.map(|edge| [place(edge.start), place(edge.end)]);
        let of = all.entry(text(between)).or_default();
        of[usize::from(text(kind) == "disputed")].extend(edges);
    }
    all
}

fn km(edges: &Edges) -> f64 {
    edges.iter().map(|[a, b]| geodesic::distance(*a, *b).km()).sum()
}

fn name(codes: [&str; 2]) -> String {
    let mut codes = codes;
    codes.sort_unstable();
    codes.join(" and ")
}

#[test]
fn every_row_of_the_table_dashes_a_border() {
    let drawn = drawn();
    for row in TABLE.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let [west, south, east, north] =
            [2, 3, 4, 5].map(|at| cells[at].parse::<f64>().expect("a number"));
        let [_, dashed] = &drawn[&name([cells[0], cells[1]])];
        let inside = dashed.iter().filter(|[a, b]| {
            let (x, y) = ((a.lon() + b.lon()) / 2.0, (a.lat() + b.lat()) / 2.0);
            (west..=east).contains(&x) && (south..=north).contains(&y)
        });
        assert!(inside.count() >= 5, "{row}: is not dashed");
    }
}

/// Lengths of Natural Earth 5's own lines, measured independently; the built-in borders are of version
/// 4.1, some of whose vertices differ.
#[test]
fn as_much_is_dashed_as_natural_earth_calls_disputed() {
    let drawn = drawn();
    for (codes, due) in [
        (["SOL", "SOM"], 392.0),
        (["CYN", "CYP"], 142.0),
        (["ISR", "SYR"], 81.0),
        (["IND", "PAK"], 188.0 + 130.0 + 414.0),
        (["ESH", "MAR"], 1329.0),
        (["CHN", "KAS"], 97.0),
        (["KAS", "PAK"], 66.0),
        (["IND", "KAS"], 80.0),
        (["SDN", "SSD"], 162.0),
        (["RUS", "UKR"], 146.0),
        (["CHN", "PAK"], 147.0),
    ] {
        let name = name(codes);
        let found = km(&drawn[&name][1]);
        assert!((found - due).abs() < 0.03 * due + 2.0, "{name}: {found} km, should be {due}");
    }
}

#[test]
fn what_natural_earth_calls_international_is_not_dashed() {
    let drawn = drawn();
    for codes in [["SRB", "XKX"], ["EGY", "SDN"], ["LBN", "SYR"], ["ETH", "SOL"], ["AFG", "PAK"]] {
        let [plain, dashed] = &drawn[&name(codes)];
        assert!(!plain.is_empty() && dashed.is_empty(), "{codes:?}");
    }
    // A part of each of these is disputed.
    for codes in [["ARG", "CHL"], ["BRA", "URY"], ["GUY", "SUR"], ["DZA", "MAR"], ["CHN", "IND"]] {
        let [plain, dashed] = &drawn[&name(codes)];
        assert!(!plain.is_empty() && !dashed.is_empty(), "{codes:?}");
    }
}

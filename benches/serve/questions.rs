//! The questions that are asked, with what is to be reached for each.

use crate::data::{Data, Served};
use crate::numbers::Numbers;
use std::collections::BTreeSet;
use tamarisk::earth::Position;

/// A question.
pub struct Question {
    /// Its name for `ONLY`.
    pub key: &'static str,
    /// What it asks, in words.
    pub name: &'static str,
    /// The data that it is asked of.
    pub served: Served,
    /// The addresses that are asked, one after the other.
    pub addresses: Vec<String>,
    /// How it is asked.
    pub how: How,
    /// What is to be reached on two cores, one of which wrk takes part of.
    pub goal: Option<Goal>,
}

/// How a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Again and again.
    Again,
    /// Each address once, of a server that was just started: it cannot hold an answer.
    Once,
    /// With the tag of the answer, which is therefore not sent.
    Unchanged,
    /// While other connections are open and ask nothing.
    BesideIdle,
}

/// Answers in a second at least, and milliseconds within which 99 of 100 come.
#[derive(Debug, Clone, Copy)]
pub struct Goal {
    pub rate: f64,
    pub p99_ms: Option<f64>,
}

/// All questions.
pub fn all(data: &Data) -> Vec<Question> {
    let mut all = of_the_layer(data);
    all.extend(of_scores(data));
    all
}

fn goal(rate: f64) -> Option<Goal> {
    Some(Goal { rate, p99_ms: None })
}

fn of_the_layer(data: &Data) -> Vec<Question> {
    let one = |key, name, address: &str, how, goal| Question {
        key,
        name,
        served: Served::Layer,
        addresses: vec![address.to_owned()],
        how,
        goal,
    };
    let several =
        |key, name, addresses, how, goal| Question { addresses, ..one(key, name, "", how, goal) };
    let items = "/collections/points/items";
    let ten = format!("{items}?limit=10");
    let tiles = tiles(&data.sites);
    let held: Vec<String> = data.sites.first().map(|at| tile(*at)).into_iter().collect();
    vec![
        one("items-10", "items, limit=10", &ten, How::Again, goal(10_000.0)),
        several(
            "items-bbox",
            "items in a box of one degree that varies, limit=100",
            data.places.iter().map(|at| format!("{items}?{}&limit=100", degree(*at))).collect(),
            How::Again,
            goal(6_000.0),
        ),
        one(
            "items-1000",
            "items, limit=1000",
            &format!("{items}?limit=1000"),
            How::Again,
            goal(1_500.0),
        ),
        one(
            "items-filter",
            "items, filter of two terms, limit=10",
            &format!("{items}?filter=value%3E90%20AND%20class%3D%27gold%27&limit=10"),
            How::Again,
            goal(400.0),
        ),
        several(
            "item",
            "one item that varies",
            ids(data.points).map(|id| format!("{items}/{id}")).collect(),
            How::Again,
            goal(12_000.0),
        ),
        several("tile-first", "a tile of zoom 8, not asked before", tiles, How::Once, goal(800.0)),
        several("tile-held", "one tile of zoom 8", held, How::Again, goal(12_000.0)),
        one("unchanged", "items, limit=10, If-None-Match", &ten, How::Unchanged, goal(15_000.0)),
        one("idle", "items, limit=10, beside 1,000 idle connections", &ten, How::BesideIdle, None),
    ]
}

fn of_scores(data: &Data) -> Vec<Question> {
    let question = |key, name, addresses, goal| Question {
        key,
        name,
        served: Served::Scored,
        addresses,
        how: How::Again,
        goal,
    };
    let items = "/collections/sites/items";
    let about = |path: &str, more: &str| {
        let address = |at: &Position| format!("{path}?at={:.5},{:.5}{more}", at.lon(), at.lat());
        data.places.iter().map(address).collect::<Vec<_>>()
    };
    let of_risk = |rate| Some(Goal { rate, p99_ms: Some(25.0) });
    vec![
        question(
            "items-1000-scored",
            "items, limit=1000",
            vec![format!("{items}?limit=1000")],
            goal(1_500.0),
        ),
        question(
            "items-filter-scored",
            "items, filter of two terms, limit=10",
            vec![format!(
                "{items}?filter=security_score%3E60%20AND%20incidents_50km%3E100&limit=10"
            )],
            goal(400.0),
        ),
        question(
            "near",
            "near, k=10, places that vary",
            about("/near", "&k=10"),
            Some(Goal { rate: 8_000.0, p99_ms: Some(10.0) }),
        ),
        question(
            "risk-20",
            "risk, most=20, places that vary",
            about("/risk", "&most=20"),
            of_risk(2_000.0),
        ),
        question("risk-all", "risk with all incidents, places that vary", about("/risk", ""), None),
    ]
}

/// The ids of features in a random order.
fn ids(points: usize) -> impl Iterator<Item = usize> {
    let mut numbers = Numbers::new(4001);
    (0..20_000).map(move |_| numbers.below(points) + 1)
}

/// A box of one degree around a place.
fn degree(at: Position) -> String {
    let (west, south) = (at.lon() - 0.5, at.lat() - 0.5);
    format!("bbox={west:.5},{south:.5},{:.5},{:.5}", west + 1.0, south + 1.0)
}

/// All tiles that hold points, in a random order.
fn tiles(sites: &[Position]) -> Vec<String> {
    let mut numbers = Numbers::new(4002);
    let tiles: BTreeSet<String> = sites.iter().map(|at| tile(*at)).collect();
    let mut tiles: Vec<(u64, String)> = tiles.into_iter().map(|of| (numbers.bits(), of)).collect();
    tiles.sort();
    tiles.into_iter().map(|(_, of)| of).collect()
}

/// The address of the tile of zoom 8 that holds a place.
fn tile(at: Position) -> String {
    let side = 256.0;
    let x = (at.lon() + 180.0) / 360.0 * side;
    let north = libm::asinh(libm::tan(at.lat().to_radians()));
    let y = (1.0 - north / std::f64::consts::PI) / 2.0 * side;
    format!("/tiles/points/8/{}/{}.mvt", x as u32, y as u32)
}

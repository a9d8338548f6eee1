//! The base map of the page besides countries and borders, in parts that the page asks for as its map is enlarged.

use super::answer::Answer;
use super::page::{geojson, made, packed};
use super::problem::{Kind, Problem};
use super::routes::{Asked, Cost, Form, Route};
use crate::layers::Window;
use bytes::Bytes;
use hyper::Method;
use std::io;
use std::sync::LazyLock;

/// The whole Earth: west, south, east, north.
const EARTH: [f64; 4] = [-180.0, -90.0, 180.0, 90.0];

/// A part: its name, and the least zooms of what is in it, past the first and up to the second.
const PARTS: [(&str, [f64; 2]); 3] =
    [("far", [-1.0, 4.5]), ("middle", [4.5, 6.5]), ("near", [6.5, 9.0])];

static MADE: [LazyLock<io::Result<Bytes>>; 3] = [
    LazyLock::new(|| part(PARTS[0].1)),
    LazyLock::new(|| part(PARTS[1].1)),
    LazyLock::new(|| part(PARTS[2].1)),
];

/// The path of the parts.
pub fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: "/basemap/{part}",
        id: "basemap",
        says: "Provinces, rivers, lakes and towns behind the map: far, middle or near",
        forms: &[Form::Only],
        media: "application/json",
        params: &[],
        takes: None,
        cost: Cost::Work,
        open: false,
        tagged: true,
        answer: basemap,
    }]
}

fn basemap(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let name = asked.part("part");
    let found = PARTS.iter().zip(&MADE).find(|((known, _), _)| *known == name);
    let (_, part) = found.ok_or_else(|| {
        let detail = format!("{name:?} is no part of the base map; it has far, middle and near");
        Problem::new(Kind::NotFound, detail)
    })?;
    Ok(Answer::packed("application/json", made(part)?.clone()))
}

/// The layers of a part, as an object with a collection of features for each.
fn part(zooms: [f64; 2]) -> io::Result<Bytes> {
    packed(|out| {
        for (at, layer) in (Window { within: EARTH, zooms }).layers().iter().enumerate() {
            write!(out, "{}\"{}\":", if at == 0 { "{" } else { "," }, layer.name())?;
            geojson(layer, out)?;
        }
        out.write_all(b"}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Basemap;
    use flate2::read::GzDecoder;
    use serde_json::Value;

    #[test]
    fn each_thing_is_in_one_part_and_no_part_is_large() {
        let mut towns = 0;
        for part in &MADE {
            let part = made(part).expect("a part");
            assert!(part.len() < 700_000, "{}", part.len());
            let text = io::read_to_string(GzDecoder::new(&part[..])).expect("text");
            let all: Value = serde_json::from_str(&text).expect("JSON");
            towns += all["towns"]["features"].as_array().map_or(0, Vec::len);
            assert!(all["rivers"]["features"].as_array().is_some_and(|rivers| !rivers.is_empty()));
        }
        assert_eq!(towns, Basemap::built_in().towns.len());
    }
}

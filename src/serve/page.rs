//! The page with the map, its script and style, and the outlines of countries behind the map.

use super::answer::{Answer, Cache};
use super::problem::{Kind, Problem};
use super::routes::{Asked, Cost, Form, Route};
use crate::layers::{self, Layer};
use crate::sinks;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::Method;
use std::io::{self, Write};
use std::sync::LazyLock;

/// The page; `{{name}}` stands for what the server fills in.
const PAGE: &str = include_str!("../../web/page.html");

/// Its script, which `make web` makes.
const SCRIPT: &[u8] = include_bytes!("../../web/dist/map.js.gz");

/// What its style has besides that of the reports, which `make web` makes, too.
const STYLE: &str = include_str!("../../web/dist/map.css");

/// A part of the page, at an address that has a hash of its content.
struct Part {
    file: String,
    media: &'static str,
    packed: Bytes,
}

impl Part {
    fn new(packed: Bytes, ending: &str, media: &'static str) -> Self {
        let hash: String = blake3::hash(&packed).to_hex().chars().take(16).collect();
        Self { file: format!("{hash}.{ending}"), media, packed }
    }
}

static SCRIPT_PART: LazyLock<Part> =
    LazyLock::new(|| Part::new(Bytes::from_static(SCRIPT), "js", "text/javascript; charset=utf-8"));

static STYLE_PART: LazyLock<io::Result<Part>> = LazyLock::new(|| {
    let text = format!("{}{STYLE}", sinks::report::style());
    Ok(Part::new(packed(|out| out.write_all(text.as_bytes()))?, "css", "text/css; charset=utf-8"))
});

/// The whole Earth: west, south, east, north.
const EARTH: [f64; 4] = [-180.0, -90.0, 180.0, 90.0];

static LAND: LazyLock<io::Result<Bytes>> =
    LazyLock::new(|| packed(|out| geojson(&layers::land(EARTH, None), out)));
static BORDERS: LazyLock<io::Result<Bytes>> =
    LazyLock::new(|| packed(|out| geojson(&layers::borders(EARTH), out)));

/// The paths of the page.
pub fn routes() -> Vec<Route> {
    let get = |path, id, says, media, cost, answer| Route {
        method: Method::GET,
        path,
        id,
        says,
        forms: &[Form::Only],
        media,
        params: &[],
        takes: None,
        cost,
        open: false,
        tagged: true,
        answer,
    };
    // The page itself is in the program, and has no data: a browser can ask for the token only once it is there.
    let open = |path, id, says, media, answer| Route {
        open: true,
        tagged: false,
        ..get(path, id, says, media, Cost::Free, answer)
    };
    let geo = "application/geo+json";
    vec![
        open("/map", "map", "A page with a map that asks the questions", "text/html", page),
        open(
            "/assets/{file}",
            "asset",
            "The script or the style of the page",
            "text/javascript",
            asset,
        ),
        get(
            "/land.geojson",
            "land",
            "The countries, by the built-in borders",
            geo,
            Cost::Work,
            land,
        ),
        get(
            "/borders.geojson",
            "borders",
            "Borders and coasts, by the built-in borders",
            geo,
            Cost::Work,
            borders,
        ),
    ]
}

fn page(asked: &Asked<'_>) -> Result<Answer, Problem> {
    // Where the server is below a path of a proxy, so are the parts of its page.
    let below = asked.base.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    let root = below.map_or_else(String::new, |(_, path)| format!("/{path}"));
    let address = |part: &Part| sinks::report::html(&format!("{root}/assets/{}", part.file));
    let text = PAGE
        .replace("{{script}}", &address(&SCRIPT_PART))
        .replace("{{style}}", &address(made(&STYLE_PART)?));
    Ok(Answer::text("text/html; charset=utf-8", text).cached(Cache::None))
}

fn asset(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let file = asked.part("file");
    let parts = [&*SCRIPT_PART, made(&STYLE_PART)?];
    let found = parts.into_iter().find(|part| part.file == file);
    let part = found.ok_or_else(|| {
        let detail = format!("{file:?} is no part of the page; it may be of another version");
        Problem::new(Kind::NotFound, detail)
    })?;
    Ok(Answer::packed(part.media, part.packed.clone()).cached(Cache::Forever))
}

fn land(_: &Asked<'_>) -> Result<Answer, Problem> {
    Ok(Answer::packed("application/geo+json", made(&LAND)?.clone()))
}

fn borders(_: &Asked<'_>) -> Result<Answer, Problem> {
    Ok(Answer::packed("application/geo+json", made(&BORDERS)?.clone()))
}

/// Writes a layer.
pub(super) fn geojson(layer: &Layer<'_>, out: &mut dyn Write) -> io::Result<()> {
    sinks::geojson::write(layer, out)
}

/// What is written, packed by gzip.
pub(super) fn packed(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Bytes> {
    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    write(&mut out)?;
    out.finish().map(Bytes::from)
}

/// What was made once and for all.
pub(super) fn made<T>(once: &'static io::Result<T>) -> Result<&'static T, Problem> {
    once.as_ref().map_err(|error| Problem::new(Kind::Internal, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;

    fn unpacked(packed: &[u8]) -> String {
        io::read_to_string(GzDecoder::new(packed)).expect("packed text")
    }

    #[test]
    fn the_page_has_no_script_or_style_of_its_own_and_names_nothing_elsewhere() {
        for inline in ["<style", " style=", "onclick", "javascript:", "http://", "https://"] {
            assert!(!PAGE.contains(inline), "{inline}");
        }
        assert_eq!(PAGE.matches("<script").count(), 1);
        let style = unpacked(&made(&STYLE_PART).expect("a style").packed);
        assert!(!style.contains("url(http") && !style.contains("@import"));
        assert!(!unpacked(&SCRIPT_PART.packed).contains("eval("));
    }

    #[test]
    fn the_style_has_the_colors_of_the_reports() {
        let style = unpacked(&made(&STYLE_PART).expect("a style").packed);
        for theme in layers::style::Theme::ALL {
            for (band, color) in (1..).zip(theme.ramp()) {
                let tone = format!("--{}-{band}: {};", theme.word(), color.hex());
                assert!(style.contains(&tone), "{tone}");
            }
        }
    }

    #[test]
    fn all_countries_are_behind_the_map() {
        let land: serde_json::Value =
            serde_json::from_str(&unpacked(made(&LAND).expect("land"))).expect("GeoJSON");
        let features = land["features"].as_array().expect("features");
        assert_eq!(features.len(), crate::model::Countries::built_in().iter().count());
    }
}

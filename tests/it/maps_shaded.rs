//! The risk surface on maps that people read, and what still maps do with letters that their fonts lack.

use crate::cli::{Folder, features};
use crate::report::data;
use crate::stills::texts;
use serde_json::Value;

/// The area of the rings of relative path data, holes taken off.
fn area(path: &str) -> f64 {
    let ring = |ring: &str| {
        let mut numbers: Vec<f64> = Vec::new();
        let mut word = String::new();
        for letter in ring.chars().chain([' ']) {
            let ends = !letter.is_ascii_digit() && (letter != '.' || word.contains('.'));
            if ends && !word.is_empty() && word != "-" {
                numbers.push(word.parse().expect("a number"));
                word.clear();
            }
            if letter.is_ascii_digit() || matches!(letter, '.' | '-') {
                word.push(letter);
            }
        }
        let mut at = (0.0, 0.0);
        let places: Vec<(f64, f64)> = numbers
            .chunks(2)
            .map(|way| {
                at = (at.0 + way[0], at.1 + way[1]);
                at
            })
            .collect();
        let next = places.iter().cycle().skip(1);
        places.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>() / 2.0
    };
    path.split('z').filter(|part| part.starts_with('M')).map(ring).sum::<f64>().abs()
}

/// The area of a multipolygon in square degrees.
fn degrees(geometry: &Value) -> f64 {
    let of_ring = |ring: &Value| {
        let place = |at: &Value| (at[0].as_f64().expect("lon"), at[1].as_f64().expect("lat"));
        let places: Vec<(f64, f64)> = ring.as_array().expect("a ring").iter().map(place).collect();
        places.windows(2).map(|w| w[0].0 * w[1].1 - w[1].0 * w[0].1).sum::<f64>() / 2.0
    };
    let polygons = geometry["coordinates"].as_array().expect("polygons");
    let rings = polygons.iter().flat_map(|polygon| polygon.as_array().expect("rings"));
    rings.map(of_ring).sum()
}

#[test]
fn the_risk_surface_is_on_page_and_atlas_as_the_contours_have_it_and_only_if_it_is_drawn() {
    let folder = Folder::new();
    folder.done(&["score", "--demo", "--surface", "--report", "--pdf", "-o", "with"]);
    folder.done(&["score", "--demo", "--report", "--pdf", "-o", "without"]);
    let page = |inside: &str| {
        String::from_utf8(folder.bytes(&format!("{inside}/report.html"))).expect("UTF-8")
    };
    let (with, without) = (page("with"), page("without"));
    assert!(with.contains("<g id=\"surface\">") && !without.contains("<g id=\"surface\">"));
    let view = &data(&with)["view"];
    let unit = view["per_lon"].as_f64().expect("a scale") * view["per_lat"].as_f64().expect("one");
    let contours = features(&folder.json("with/contours.geojson"));
    let bands = ["very low", "low", "medium", "high", "very high"];
    let mut seen = 0;
    for (at, band) in bands.iter().enumerate() {
        // The bands lie on one another, each with all above it.
        let or_above = contours
            .values()
            .filter(|one| bands.iter().skip(at).any(|above| one["properties"]["band"] == **above));
        let due: f64 = or_above.map(|one| degrees(&one["geometry"])).sum::<f64>() * unit;
        let path = format!("<path class=\"zone zone-{}\" d=\"", at + 1);
        let drawn = with.split_once(&path).map_or(0.0, |(_, rest)| {
            seen += 1;
            area(rest.split('"').next().expect("its end"))
        });
        assert!((drawn - due).abs() <= 0.02 * due + 20.0, "{band}: {drawn} {due}");
    }
    assert!(seen >= 3);
    let words = "Risk surface: security score of a place";
    let told = |inside: &str| texts(&folder.bytes(&format!("{inside}/atlas.pdf")));
    // A page that goes on with a site has no map.
    let shaded = |page: &String| page.contains("Risk surface") || !page.contains("On the map");
    assert!(told("with").iter().skip(1).all(shaded));
    assert!(told("with").first().is_some_and(|page| page.contains(words)));
    assert!(told("without").iter().all(|page| !page.contains("Risk surface")));
}

#[test]
fn what_still_maps_have_no_letters_for_is_told_and_never_a_box() {
    let folder = Folder::new();
    folder
        .write(
            "sites.csv",
            "id,name,lat,lon\na,Mine 北京,30.1,67.1\nb,Шахта,30.2,67.2\nc,معدن,30.3,67.3\n",
        )
        .write("incidents.csv", "date,lat,lon,type,fatalities\n2026-01-01,30.1,67.0,attack,2\n");
    let run = ["score", "-s", "sites.csv", "-i", "incidents.csv", "--pdf", "--png", "security"];
    let more = ["--title", "Рудники: 金矿", "--subtitle", "Για το συμβούλιο"];
    let said = folder.run(&[&run[..], &more].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    for told in [
        "no letters for \"金矿\" in the title, so the usual title stands instead",
        "no letters for the names of 1 site, which is named by id: Mine 北京 is a",
    ] {
        assert!(said.err.contains(told), "{}", said.err);
    }
    assert!(!said.err.contains("subtitle"), "{}", said.err);
    let pages = texts(&folder.bytes("out/atlas.pdf"));
    let [first, ..] = pages.as_slice() else { panic!("no page") };
    assert!(first.contains("Security risk of 3 sites\n") && first.contains("Για το συμβούλιο"));
    assert!(first.contains("Шахта") && !first.contains("Рудники"), "{first}");
    let quiet = folder.run(&[&run[..], &["--title", "Рудники"]].concat());
    assert!(!quiet.err.contains("in the title"), "{}", quiet.err);
}

//! The colors of scores: their steps are distinguishable for every reader, they are defined in one place, and a
//! band has the same color on sites, contours, surface, report and static map.

use crate::cli::Folder;
use crate::layering::files;
use crate::styled::demo;
use std::collections::BTreeMap;
use tamarisk::layers::style::{Color, GROUND, NO_DATA, Theme};

/// How kinds of color blindness change a color: Machado, Oliveira and Fernandes 2009, table 1, at full
/// severity, on linear red, green and blue.
const SEEN: [(&str, [[f64; 3]; 3]); 4] = [
    ("all", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "no red",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "no green",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "no blue",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
];

/// CIE 1976 L*, a*, b* under D65 of a color as perceived.
fn lab(Color(r, g, b, _): Color, seen: &[[f64; 3]; 3]) -> [f64; 3] {
    let linear = [r, g, b].map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    let times = |rows: &[[f64; 3]; 3], of: [f64; 3]| {
        rows.map(|row| row[0] * of[0] + row[1] * of[1] + row[2] * of[2])
    };
    let shown = times(seen, linear).map(|part| part.clamp(0.0, 1.0));
    let xyz = times(
        &[
            [0.412_456_4, 0.357_576_1, 0.180_437_5],
            [0.212_672_9, 0.715_152_2, 0.072_175_0],
            [0.019_333_9, 0.119_192_0, 0.950_304_1],
        ],
        shown,
    );
    let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let [x, y, z] = [f(xyz[0] / 0.950_47), f(xyz[1]), f(xyz[2] / 1.088_83)];
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// The CIE 1976 difference of two colors; 2.3 is just noticeable.
fn apart(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

#[test]
fn steps_stay_apart_for_color_blind_readers_and_in_grey() {
    let [security, environment] = Theme::ALL.map(Theme::ramp);
    for (who, seen) in SEEN {
        for ramp in [security, environment] {
            let steps = ramp.map(|color| lab(color, &seen));
            for (at, step) in steps.iter().enumerate() {
                for other in &steps[..at] {
                    assert!(apart(*step, *other) > 15.0, "{who}: {ramp:?}");
                }
                for grey in [NO_DATA.ground, NO_DATA.plain] {
                    // The lightest step is next to the light background of hatching, never next to bare ground.
                    let least = if grey == NO_DATA.ground && at == 0 { 5.0 } else { 8.0 };
                    let off = apart(*step, lab(grey, &seen));
                    assert!(off > least, "{who}: no data and step {at} of {ramp:?}: {off}");
                }
            }
            // Higher bands are darker, so the order survives a grayscale print.
            let light: Vec<f64> = steps.iter().map(|step| step[0]).collect();
            assert!(light.windows(2).all(|pair| pair[0] - pair[1] > 8.0), "{who}: {light:?}");
        }
        for (one, other) in security.into_iter().zip(environment) {
            let [one, other] = [one, other].map(|color| lab(color, &seen));
            assert!(apart(one, other) > 8.0, "{who}: a band of both: {one:?} {other:?}");
            assert!(one[0] - other[0] > 7.0, "{who}: a band of both in grey");
        }
    }
}

#[test]
fn environment_does_not_look_like_water() {
    let normal = &SEEN[0].1;
    let (sea, coast) = (lab(GROUND.sea, normal), lab(GROUND.coast, normal));
    for color in Theme::Environment.ramp() {
        let step = lab(color, normal);
        assert!(apart(step, sea) > 12.0 && apart(step, coast) > 25.0, "{color:?}");
        // More red than green, and no more blue than half again the red: purple, not blue.
        assert!(color.0 > color.1 && f64::from(color.2) < 1.5 * f64::from(color.0), "{color:?}");
    }
}

#[test]
fn no_color_of_a_score_or_of_the_ground_is_written_in_a_second_place() {
    let ramps = Theme::ALL.into_iter().flat_map(Theme::ramp);
    let viridis = [(68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)];
    let old = [(255, 255, 204), (161, 218, 180), (65, 182, 196), (44, 127, 184), (37, 52, 148)];
    let gone = viridis.into_iter().chain(old).map(|(r, g, b)| Color::rgb(r, g, b));
    let ground = [GROUND.sea, GROUND.land, GROUND.coast, GROUND.border, GROUND.name];
    let searched: Vec<Color> = ramps.chain(gone).chain(ground).collect();
    let sources = files("src", &["rs", "js", "css", "html", "svg", "qml"]);
    assert!(sources.len() > 100, "the sources were not found");
    let mut homes = 0;
    for (name, text) in sources {
        let text: String = text.to_lowercase().split_whitespace().collect();
        if name.ends_with("layers/style/color.rs") {
            homes += 1;
            continue;
        }
        for color in &searched {
            let Color(r, g, b, _) = color;
            for written in [color.hex(), format!("({r},{g},{b}"), format!("\"{r},{g},{b},")] {
                assert!(!text.contains(&written), "{name} writes {written}");
            }
        }
    }
    assert_eq!(homes, 1);
}

/// The page of `serve` takes its colors from the style sheet of the reports and its own.
#[test]
fn every_color_that_a_script_names_is_in_a_style_sheet() {
    let sheets: String = files("src/sinks/report", &["css"])
        .into_iter()
        .chain(files("web/src", &["css"]))
        .map(|(_, text)| text)
        .collect();
    let bands = Theme::ALL.map(Theme::word);
    let mut named = 0;
    for (folder, call) in [("src/sinks/report", "getPropertyValue(\"--"), ("web/src", "color(\"")] {
        for (file, text) in files(folder, &["js"]) {
            for part in text.split(call).skip(1) {
                let name = part.split('"').next().expect("an end");
                // The program writes the colors of bands and of no data.
                let is_made =
                    name.starts_with("unknown") || bands.iter().any(|word| name.starts_with(word));
                let is_known = is_made || sheets.contains(&format!("--{name}:"));
                assert!(is_known, "{file}: {name} has no color");
                named += 1;
            }
        }
    }
    assert!(named > 20, "{named}");
}

/// The colors of a style's classes by their legend labels.
fn colors_of_classes(qml: &str) -> BTreeMap<String, Color> {
    let attribute = |text: &str, name: &str| -> String {
        let (_, rest) = text.split_once(&format!(" {name}=\"")).expect(name);
        rest.split('"').next().expect("a value").to_owned()
    };
    let mut symbols = BTreeMap::new();
    // Symbols within symbols are named after these.
    for part in qml.replace("name=\"@", "within=\"@").split("<symbol ").skip(1) {
        let Some((head, inner)) = part.split_once('>') else { continue };
        // The dot of a gap in the record lies above the color of a band.
        let is_dot = |rest: &&str| attribute(rest, "value").starts_with("24,24,24,");
        let of = |key: &str| {
            let key = format!("name=\"{key}\"");
            inner.rmatch_indices(&key).map(|(at, _)| &inner[at..]).find(|rest| !is_dot(rest))
        };
        let Some(rest) = of("color").or_else(|| of("line_color")) else { continue };
        let value = attribute(rest, "value");
        let parts: Vec<u8> = value.split(',').map(|part| part.parse().expect("a byte")).collect();
        let head = format!(" {head}");
        // A symbol without a color of its own, such as one that smooths, has that of the symbol within.
        let name = match head.split_once("within=\"@") {
            Some((_, rest)) => rest.split('@').next().expect("a name").to_owned(),
            None => attribute(&head, "name"),
        };
        symbols.entry(name).or_insert(Color(parts[0], parts[1], parts[2], parts[3]));
    }
    let mut colors = BTreeMap::new();
    for part in qml.split("<category ").skip(1) {
        let head = format!(" {}", part.split("/>").next().expect("a category"));
        if let Some(color) = symbols.get(&attribute(&head, "symbol")) {
            colors.insert(attribute(&head, "label"), *color);
        }
    }
    colors
}

fn text(folder: &Folder, file: &str) -> String {
    String::from_utf8(folder.bytes(file)).expect("UTF-8")
}

#[test]
fn a_band_has_one_color_on_sites_contours_and_surface() {
    let folder = Folder::new();
    let run = ["score", "--demo", "--project", "--gpkg", "--surface", "--cell", "20km"];
    folder.done(&[&run[..], &["-o", "out"]].concat());
    let labels = [
        "Very low (under 20)",
        "Low (20 to under 40)",
        "Medium (40 to under 60)",
        "High (60 to under 80)",
        "Very high (80 to 100)",
    ];
    let due = |theme: Theme| -> BTreeMap<String, Color> {
        labels.map(String::from).into_iter().zip(theme.ramp()).collect()
    };
    let known = |mut colors: BTreeMap<String, Color>| {
        colors.remove("No score");
        colors.remove(tamarisk::layers::RecordGap::LABEL);
        colors
    };
    for layer in ["sites", "contours", "footprint_lines"] {
        let colors = colors_of_classes(&text(&folder, &format!("out/{layer}.qml")));
        assert_eq!(known(colors), due(Theme::Security), "{layer}");
    }
    let mut of_surface = BTreeMap::new();
    let mut uppers = Vec::new();
    let style = text(&folder, "out/surface.qml");
    for item in style.split("<item ").skip(1) {
        let value = |name: &str| -> String {
            let (_, rest) = item.split_once(&format!("{name}=\"")).expect(name);
            rest.split('"').next().expect("a value").to_owned()
        };
        let hex = u32::from_str_radix(value("color").trim_start_matches('#'), 16).expect("a color");
        let [_, r, g, b] = hex.to_be_bytes();
        of_surface.insert(value("label"), Color::rgb(r, g, b));
        uppers.push(value("value"));
    }
    let blank = of_surface.remove("Blank: no score (not covered, or far away)");
    assert_eq!(blank, Some(tamarisk::layers::style::GROUND.land), "the land shows there");
    assert_eq!(of_surface, due(Theme::Security));
    assert_eq!(uppers, ["-1", "19.95", "39.95", "59.95", "79.95", "inf"]);
    assert!(style.contains("colorRampType=\"DISCRETE\""), "no color between two bands");
    assert!(!style.contains("nodataColor"), "blank where there is no score");
    // With transparency, the color would differ.
    assert!(style.contains("opacity=\"1\"") && !style.contains("bilinear"));

    let database = rusqlite::Connection::open(folder.at("out/risk.gpkg")).expect("a GeoPackage");
    for (layer, name, theme) in [
        ("sites", "security", Theme::Security),
        ("sites", "environment", Theme::Environment),
        ("contours", "bands", Theme::Security),
    ] {
        let sql = "SELECT styleQML FROM layer_styles WHERE f_table_name = ?1 AND styleName = ?2";
        let style: String =
            database.query_row(sql, [layer, name], |row| row.get(0)).expect("a style");
        assert_eq!(known(colors_of_classes(&style)), due(theme), "{layer} {name}");
    }
}

#[test]
fn the_report_has_the_colors_of_both_scores() {
    let page = text(&demo(), "out/report.html");
    for theme in Theme::ALL {
        for (band, color) in (1..).zip(theme.ramp()) {
            let told = format!("--{}-{band}: {};", theme.word(), color.hex());
            assert_eq!(page.matches(&told).count(), 1, "{told}");
        }
    }
    assert!(page.contains(&format!("--unknown: {};", NO_DATA.plain.hex())));
    for (name, color) in [("sea", GROUND.sea), ("land", GROUND.land), ("name", GROUND.name)] {
        assert!(page.contains(&format!("--{name}: {};", color.hex())), "{name}");
    }
}

/// The number of pixels of an image with exactly a color, opaque.
#[cfg(feature = "png")]
fn painted(folder: &Folder, file: &str, Color(r, g, b, _): Color) -> usize {
    let picture = resvg::tiny_skia::Pixmap::decode_png(&folder.bytes(file)).expect("a PNG");
    let same =
        |p: &&resvg::tiny_skia::PremultipliedColorU8| (p.red(), p.green(), p.blue()) == (r, g, b);
    picture.pixels().iter().filter(same).count()
}

#[cfg(feature = "png")]
#[test]
fn the_still_map_has_the_colors_of_the_score_that_it_shows() {
    let folder = Folder::new();
    folder.done(&["score", "--demo", "--png", "-o", "security"]);
    // Without incident data, the map shows the other score.
    folder.write("i.csv", "id,lon,lat,date,event_type,fatalities\n");
    let sites = "id,name,lon,lat\na,A,66.9,30.1\nb,B,67.4,29.8\n";
    folder.write("s.csv", sites);
    folder.write("towns.csv", "id,name,lon,lat,population\nt,T,66.91,30.1,90000\n");
    folder.write("r.csv", "id,name,lon,lat\nr,R,67.39,29.8\n");
    let areas = r#"{"type":"Feature","id":"w","properties":{},"geometry":{"type":"Polygon","coordinates":[[[66,29],[68,29],[68,31],[66,31],[66,29]]]}}"#;
    folder.write("w.geojson", areas);
    folder.write("q.csv", "id,date,lon,lat,magnitude\nq,2020-01-01,66.95,30.05,6.5\n");
    let receptors =
        ["settlements=towns.csv", "rivers=r.csv", "sensitive_areas=w.geojson", "earthquakes=q.csv"];
    let mut run = vec!["score", "-s", "s.csv", "-i", "i.csv", "--png", "-o", "environment"];
    run.extend(receptors.iter().flat_map(|each| ["-r", each]));
    run.extend(["--complete", "settlements,rivers,sensitive_areas,earthquakes"]);
    folder.done(&run);
    for (file, shown, other) in [
        ("security/map.png", Theme::Security, Theme::Environment),
        ("environment/map.png", Theme::Environment, Theme::Security),
    ] {
        for band in 1..=5 {
            let of = |theme: Theme| painted(&folder, file, theme.color(band).expect("a color"));
            assert!(of(shown) > 20, "{file} {band}: its legend has every band");
            assert_eq!(of(other), 0, "{file} {band}");
        }
    }
}

//! The files for QGIS are well-formed, name existing files, and have a class for every value. `make
//! qgis-check` opens them in QGIS itself.

use crate::cli::{Folder, column};
use crate::styled::{HOSTILE, demo, hostile, layers, made, mines, over_time};
use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// An element of a document: its name, attributes and text, with the elements that it stands in.
pub struct Element {
    pub path: String,
    pub attributes: BTreeMap<String, String>,
    pub text: String,
}

/// Every element of a document, which must be well-formed.
pub fn elements(text: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(text);
    let mut all: Vec<Element> = Vec::new();
    let mut open: Vec<(String, usize)> = Vec::new();
    loop {
        let event = reader.read_event().expect("well-formed");
        match &event {
            Event::Start(start) | Event::Empty(start) => {
                let name = start.name().0.to_owned();
                let attributes = start
                    .attributes()
                    .map(|a| {
                        let a = a.expect("an attribute");
                        let key = a.key.0.to_owned();
                        (
                            key,
                            a.normalized_value(XmlVersion::Implicit1_0)
                                .expect("a value")
                                .into_owned(),
                        )
                    })
                    .collect();
                let mut path = open.last().map_or_else(String::new, |(path, _)| format!("{path}/"));
                path.push_str(&name);
                if matches!(event, Event::Start(_)) {
                    open.push((path.clone(), all.len()));
                }
                all.push(Element { path, attributes, text: String::new() });
            }
            Event::Text(text) => {
                if let Some((_, at)) = open.last() {
                    all[*at].text.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(entity) => {
                let (_, at) = open.last().expect("in an element");
                let name = entity.xml10_content().into_owned();
                let text =
                    quick_xml::escape::unescape(&format!("&{name};")).expect("known").into_owned();
                all[*at].text.push_str(&text);
            }
            Event::End(_) => {
                open.pop().expect("opened");
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "everything is closed");
    all
}

pub fn document(folder: &Folder) -> String {
    project(folder, "out/risk.qgz")
}

pub fn project(folder: &Folder, file: &str) -> String {
    let bytes = folder.bytes(file);
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip");
    assert_eq!(zip.len(), 1);
    let mut entry = zip.by_index(0).expect("an entry");
    assert_eq!(entry.name().expect("a name"), "risk.qgs");
    let dated = entry.last_modified().expect("a date");
    assert_eq!((dated.year(), dated.month(), dated.day()), (1980, 1, 1), "no clock");
    let mut text = String::new();
    entry.read_to_string(&mut text).expect("UTF-8");
    text
}

pub fn qml(folder: &Folder, layer: &str) -> Vec<Element> {
    elements(&String::from_utf8(folder.bytes(&format!("out/{layer}.qml"))).expect("UTF-8"))
}

/// The classes of a style: value and label.
fn classes(elements: &[Element]) -> BTreeMap<String, String> {
    elements
        .iter()
        .filter(|e| e.path.ends_with("categories/category"))
        .map(|e| (e.attributes["value"].clone(), e.attributes["label"].clone()))
        .collect()
}

#[test]
fn the_project_names_files_that_lie_beside_it_and_nothing_else() {
    // A map that goes around the world has no scale bar.
    for (folder, items) in [(demo(), 4), (made(), 3), (hostile(), 4)] {
        let text = document(&folder);
        let here = folder.path().to_str().expect("UTF-8");
        assert!(!text.contains(here), "names the folder that it lies in");
        let all = elements(&text);
        let mut ids = BTreeSet::new();
        for element in all.iter().filter(|e| e.path == "qgis/projectlayers/maplayer/id") {
            assert!(element.text.len() >= 16, "{}", element.text);
            assert!(ids.insert(element.text.clone()), "{} stands twice", element.text);
        }
        assert!(ids.len() >= 7, "{ids:?}");
        for element in all.iter().filter(|e| e.path == "qgis/projectlayers/maplayer/datasource") {
            let file = element.text.strip_prefix("./").expect("relative");
            let (file, _) = file.split_once("|layername=").unwrap_or((file, ""));
            assert!(folder.at(&format!("out/{file}")).exists(), "{file}");
        }
        // Each is in the tree, in the order of drawing, and nothing else is.
        let of = |end: &str, key: &str| -> BTreeSet<String> {
            let found = all.iter().filter(|e| e.path.ends_with(end) && !e.path.contains("Layouts"));
            found.map(|e| e.attributes.get(key).unwrap_or(&e.text).clone()).collect()
        };
        assert_eq!(of("/layer-tree-layer", "id"), ids);
        assert_eq!(of("/custom-order/item", ""), ids);
        assert_eq!(of("/layerorder/layer", "id"), ids);
        let groups: Vec<&str> = all
            .iter()
            .filter(|e| e.path == "qgis/layer-tree-group/layer-tree-group")
            .map(|e| e.attributes["name"].as_str())
            .collect();
        let receptors = folder.files("out").keys().any(|name| name.starts_with("receptor"));
        let due = ["Risk", "Why", "Receptors", "Base map"];
        let due: Vec<&str> =
            due.into_iter().filter(|group| receptors || *group != "Receptors").collect();
        assert_eq!(groups, due);
        let layout: BTreeSet<&str> = all
            .iter()
            .filter(|e| e.path == "qgis/Layouts/Layout/LayoutItem")
            .map(|e| e.attributes["type"].as_str())
            .collect();
        assert_eq!(layout.len(), items, "map, legend, labels, scale bar");
        assert!(text.contains("takes no position on the status"));
    }
}

#[test]
fn every_band_has_its_class_and_its_scores_in_the_legend() {
    let folder = demo();
    for layer in ["sites", "footprint_lines"] {
        let mut classes = classes(&qml(&folder, layer));
        // The legend of sites tells what the dot in their markers means.
        assert_eq!(classes.remove("security_record_gap").is_some(), layer == "sites");
        let bands: BTreeSet<&str> =
            ["no data", "very low", "low", "medium", "high", "very high"].into();
        assert_eq!(classes.keys().map(String::as_str).collect::<BTreeSet<_>>(), bands);
        assert_eq!(classes["high"], "High (60 to under 80)");
        assert_eq!(classes["no data"], "No score");
        let data = column(&folder.json(&format!("out/{layer}.geojson")), "security_band");
        assert!(data.values().all(|band| classes.contains_key(band.as_str().expect("a band"))));
    }
    // A surface has no band where nothing is known.
    let bands = column(&folder.json("out/contours.geojson"), "band");
    let of_surface = classes(&qml(&folder, "contours"));
    assert_eq!((of_surface.len(), &*of_surface["low"]), (5, "Low (20 to under 40)"));
    assert!(bands.values().all(|band| of_surface.contains_key(band.as_str().expect("a band"))));
    // The class of a receptor is its kind, or a designation.
    for layer in ["receptors", "receptor_lines"] {
        let kinds = column(&folder.json(&format!("out/{layer}.geojson")), "kind");
        let classes = classes(&qml(&folder, layer));
        for kind in kinds.values() {
            let class = match kind.as_str().expect("a kind") {
                "rivers" | "water_bodies" => "water",
                other => other,
            };
            assert!(classes.contains_key(class), "{layer}: {kind}");
        }
    }
    let roles = column(&folder.json("out/links.geojson"), "role");
    let classes = classes(&qml(&folder, "links"));
    assert!(roles.values().all(|role| classes.contains_key(role.as_str().expect("a role"))));
}

#[test]
fn the_legend_has_the_edges_of_the_scheme_in_force() {
    let folder = Folder::with_mines();
    folder.write("mine.toml", "name = \"mine\"\n[bands]\nedges = [10.5, 30, 50, 70]\n");
    let run = ["score", "-s", "sites.csv", "-i", "incidents.csv", "--project", "-o", "out"];
    folder.done(&[&run[..], &["--scheme", "mine.toml"]].concat());
    let classes = classes(&qml(&folder, "sites"));
    assert_eq!(classes["very low"], "Very low (under 10.5)");
    assert_eq!(classes["low"], "Low (10.5 to under 30)");
    assert_eq!(classes["very high"], "Very high (70 to 100)");
}

#[test]
fn names_that_markup_has_a_meaning_for_do_no_harm() {
    let folder = hostile();
    let names: Vec<Value> =
        column(&folder.json("out/sites.geojson"), "name").into_values().collect();
    assert_eq!(names, HOSTILE);
    let all = qml(&folder, "sites");
    let aliases: BTreeMap<&str, &str> = all
        .iter()
        .filter(|e| e.path == "qgis/aliases/alias")
        .map(|e| (e.attributes["field"].as_str(), e.attributes["name"].as_str()))
        .collect();
    assert_eq!(aliases["site_we\"ird <&> 🚩'; DROP"], "Own: we\"ird <&> 🚩'; DROP");
    assert_eq!(aliases["security_score"], "Security score");
    assert_eq!(aliases["nearest_river_km"], "Nearest river (km)");
    // A map tip escapes what it shows: each value goes through three replacements.
    let tip = &all.iter().find(|e| e.path == "qgis/mapTip").expect("a map tip").text;
    for part in tip.split("[%").skip(1) {
        let expression = part.split("%]").next().expect("an expression");
        assert_eq!(expression.matches("replace(").count() % 3, 0, "{expression}");
        assert!(
            expression.contains("'&', '&amp;'") && expression.contains("'<', '&lt;'"),
            "{expression}"
        );
    }
    assert!(tip.contains("\"explanation\""));
}

#[test]
fn incidents_play_by_their_date_and_nothing_else_does() {
    let folder = demo();
    for (name, _) in layers(&folder) {
        let all = qml(&folder, &name);
        let temporal =
            &all.iter().find(|e| e.path == "qgis/temporal").expect("temporal").attributes;
        assert_eq!(temporal["accumulate"], "0");
        let plays = name == "incidents";
        assert_eq!(temporal["enabled"], if plays { "1" } else { "0" }, "{name}");
        assert_eq!(temporal["startField"], if plays { "date" } else { "" }, "{name}");
    }
    let dates = column(&folder.json("out/incidents.geojson"), "date");
    let dates: BTreeSet<&str> = dates.values().filter_map(Value::as_str).collect();
    let all = elements(&document(&folder));
    let text = |end: &str| {
        let path = format!("qgis/ProjectTimeSettings/TemporalRange/{end}");
        all.iter().find(|e| e.path == path).expect("a range").text.clone()
    };
    assert!(text("start").as_str() <= *dates.first().expect("dates"), "{}", text("start"));
    assert!(text("end").as_str() > *dates.last().expect("dates"), "{}", text("end"));
}

#[test]
fn the_layer_over_time_plays_from_each_date_until_the_next() {
    let (folder, of) = over_time();
    let text = String::from_utf8(folder.bytes(&format!("{of}/sites_over_time.qml")));
    let style = elements(&text.expect("UTF-8"));
    assert_eq!(classes(&style)["high"], "High (60 to under 80)");
    let all = elements(&project(&folder, &format!("{of}/sites_over_time.qgz")));
    // In the style beside the layer, and in each of the project's layers of sites.
    let inside = all.iter().filter(|e| e.path == "qgis/projectlayers/maplayer/temporal");
    let temporal: Vec<_> =
        style.iter().filter(|e| e.path == "qgis/temporal").chain(inside).collect();
    let playing: Vec<_> = temporal.iter().filter(|e| e.attributes["enabled"] == "1").collect();
    assert_eq!((temporal.len(), playing.len()), (1 + 9, 1 + 2));
    for temporal in playing {
        let of = |name: &str| temporal.attributes[name].as_str();
        assert_eq!((of("mode"), of("limitMode"), of("accumulate")), ("4", "0", "0"));
        let [from, until] = ["as_of", "until"].map(|day| format!("to_datetime(\"{day}\")"));
        assert_eq!([of("startExpression"), of("endExpression")], [&from, &until]);
    }
    let one = |path: &str| all.iter().find(|e| e.path == path).expect(path);
    let range = "qgis/ProjectTimeSettings/TemporalRange";
    assert_eq!(one(&format!("{range}/start")).text, "2024-04-30T00:00:00Z");
    assert_eq!(one(&format!("{range}/end")).text, "2024-06-30T00:00:00Z");
    let settings = &one("qgis/ProjectTimeSettings").attributes;
    assert_eq!((&*settings["timeStep"], &*settings["timeStepUnit"]), ("1", "mon"));
    assert_eq!(one("qgis/properties/TemporalControllerWidget/NavigationMode").text, "1");
    for source in all.iter().filter(|e| e.path == "qgis/projectlayers/maplayer/datasource") {
        assert!(source.text.starts_with("./sites_over_time.gpkg|layername="), "{}", source.text);
    }
}

#[test]
fn the_ground_has_borders_as_built_in_with_disputed_ones_apart() {
    let folder = demo();
    let borders = folder.json("out/borders.geojson");
    let kinds = column(&borders, "kind");
    let between = column(&borders, "between");
    let of = |pair: &str| -> BTreeSet<&str> {
        let ids = between.iter().filter(|(_, value)| *value == pair).map(|(id, _)| id);
        ids.map(|id| kinds[id].as_str().expect("a kind")).collect()
    };
    assert_eq!(of("AFG and PAK"), ["border"].into());
    assert_eq!(of("IND and PAK"), ["border", "disputed"].into());
    assert_eq!(of("IND and KAS"), ["disputed"].into());
    assert_eq!(of("PAK"), ["coast"].into());
    // No line runs along the antimeridian or a pole, where shapes are only cut.
    for feature in borders["features"].as_array().expect("features") {
        for line in crate::styled::paths(&feature["geometry"]) {
            for pair in line.windows(2) {
                assert!(!pair.iter().all(|p| p[0].abs() == 180.0), "{}", feature["id"]);
            }
        }
    }
    let lands = column(&folder.json("out/land.geojson"), "iso3");
    assert!(lands.values().any(|code| code == "PAK"));
}

#[test]
fn one_click_shows_the_receptors() {
    let all = elements(&document(&demo()));
    let of = |end: &str, id: &str| -> Vec<&str> {
        let found = all.iter().filter(|e| e.path.ends_with(end));
        let found = found.filter(|e| e.attributes.get("id").is_some_and(|of| of == id));
        found.filter_map(|e| e.attributes.get("checked").map(String::as_str)).collect()
    };
    let group = all.iter().find(|e| {
        e.path.ends_with("layer-tree-group")
            && e.attributes.get("name").is_some_and(|name| name == "Receptors")
    });
    assert_eq!(group.expect("a group").attributes["checked"], "Qt::Unchecked");
    // They are checked within it, and of the legends only that of the pages of sites has them.
    for layer in ["receptors", "receptor_lines"] {
        let id = format!("tamarisk_{layer}_receptors");
        assert_eq!(of("layer-tree-layer", &id), ["Qt::Checked"; 2], "{layer}");
    }
    assert!(of("layer-tree-layer", "tamarisk_sites_security").len() == 3, "tree and legends");
}

#[test]
fn the_project_shows_flatgeobuf_where_there_is_no_geojson() {
    let folder = mines(&["--project", "--format", "fgb", "--surface", "--cell", "20km"]);
    let all = elements(&document(&folder));
    let sources: BTreeSet<&str> = all
        .iter()
        .filter(|e| e.path == "qgis/projectlayers/maplayer/datasource")
        .map(|e| e.text.as_str())
        .collect();
    for layer in ["sites", "contours"] {
        assert!(sources.contains(&*format!("./{layer}.fgb")), "{sources:?}");
        assert!(!folder.at(&format!("out/{layer}.geojson")).exists(), "{layer}");
    }
}

#[test]
fn a_surface_that_is_written_lies_on_the_land_and_below_all_else() {
    let folder = Folder::new();
    folder.done(&["score", "--demo", "--project", "--surface", "--cell", "20km", "-o", "out"]);
    let all = elements(&document(&folder));
    let order: Vec<&str> = all
        .iter()
        .filter(|e| e.path == "qgis/layerorder/layer")
        .map(|e| e.attributes["id"].as_str())
        .collect();
    let last = &order[order.len() - 4..];
    let due = [
        "tamarisk_contours_bands",
        "tamarisk_surface_scores",
        "tamarisk_lakes_lakes",
        "tamarisk_land_land",
    ];
    assert_eq!(last, due);
    let classes: Vec<&str> = all
        .iter()
        .filter(|e| e.path.ends_with("colorrampshader/item"))
        .map(|e| e.attributes["value"].as_str())
        .collect();
    assert_eq!(classes, ["-1", "19.95", "39.95", "59.95", "79.95", "inf"]);
    // It is there for a click.
    let shown: Vec<&str> = all
        .iter()
        .filter(|e| e.attributes.get("id").is_some_and(|id| id == "tamarisk_surface_scores"))
        .filter_map(|e| e.attributes.get("checked").map(String::as_str))
        .collect();
    assert_eq!(shown, ["Qt::Unchecked"], "in the tree alone: the zones show the same bands");
}

/// Without a reference system of its own, QGIS treats the grid's numbers as map coordinates.
#[test]
fn every_layer_of_the_project_names_its_reference_system() {
    let run = ["--project", "--surface", "--cell", "20km", "--bbox", "66,29,68,31"];
    let grids = [(&[][..], "EPSG:4326"), (&["--grid-crs", "EPSG:32642"], "EPSG:32642")];
    for (more, due) in grids.into_iter().take(if cfg!(feature = "proj") { 2 } else { 1 }) {
        let folder = mines(&[&run[..], more].concat());
        let all = elements(&document(&folder));
        let of = |end: &str| -> Vec<&str> {
            let path = format!("qgis/projectlayers/maplayer/{end}");
            all.iter().filter(|e| e.path == path).map(|e| e.text.as_str()).collect()
        };
        let systems: BTreeMap<_, _> =
            of("id").into_iter().zip(of("srs/spatialrefsys/authid")).collect();
        assert_eq!((systems.len(), of("srs").len()), (of("id").len(), of("id").len()));
        assert_eq!(systems["tamarisk_surface_scores"], due);
        assert_eq!(systems["tamarisk_contours_bands"], "EPSG:4326");
        assert!(of("srs/spatialrefsys/srsid").iter().all(|number| number.parse::<u32>().is_ok()));
    }
}

#[test]
fn styles_and_project_are_never_written_over_an_input() {
    let folder = Folder::with_mines();
    let sites = folder.bytes("sites.csv");
    folder.write("out/land.geojson", "{}").write("out/sites.fgb", &sites);
    let ended = folder.run(&[
        "score",
        "-s",
        "out/sites.fgb",
        "-i",
        "incidents.csv",
        "--project",
        "-o",
        "out",
    ]);
    assert_ne!(ended.code, 0);
    assert_eq!(folder.bytes("out/sites.fgb"), sites);
    assert!(ended.err.contains("input"), "{}", ended.err);
}

/// The words of an expression, without its texts and the names of columns.
fn expression_words(expression: &str) -> Vec<&str> {
    let unquoted = expression.split(['\'', '"']).step_by(2);
    unquoted
        .flat_map(|part| part.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect()
}

#[test]
fn every_case_of_an_expression_has_conditions_as_qgis_knows_no_other() {
    let folder = demo();
    let mut seen = 0;
    for (name, _) in layers(&folder) {
        for element in qml(&folder, &name) {
            let texts = element.attributes.values().chain([&element.text]);
            for text in texts.filter(|text| text.contains("CASE ")) {
                let words = expression_words(text);
                for pair in words.windows(2).filter(|pair| pair[0] == "CASE") {
                    assert_eq!(pair[1], "WHEN", "{name}: {text}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 5, "{seen}");
}

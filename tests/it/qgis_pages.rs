//! What the project shows of single sites, scores and zones: pages, themes, forms, and cells that are not too wide.

use crate::cli::{Folder, column};
use crate::qgis::{Element, document, elements, project, qml};
use crate::styled::demo;
use std::collections::{BTreeMap, BTreeSet};

/// The attributes of an element that is alone of its kind.
fn only<'e>(all: &'e [Element], path: &str) -> &'e BTreeMap<String, String> {
    let found: Vec<&Element> = all.iter().filter(|e| e.path == path).collect();
    assert_eq!(found.len(), 1, "{path}");
    &found[0].attributes
}

#[test]
fn the_page_of_a_site_tells_all_of_it_and_draws_its_own_rings() {
    let folder = demo();
    let all = elements(&document(&folder));
    let texts = all.iter().filter_map(|e| e.attributes.get("labelText"));
    let words: Vec<&String> = texts.filter(|text| text.contains("THEN \"explanation\"")).collect();
    assert_eq!(words.len(), 4, "a size each");
    // Together they hold a text of any length, once.
    for pair in words.windows(2) {
        let most = pair[0].split("<= ").nth(1).and_then(|rest| rest.split(' ').next());
        assert!(pair[1].contains(&format!("> {} AND", most.expect("a length"))), "{pair:?}");
    }
    assert!(words[0].contains("> 0 AND") && words[3].contains("AND true"), "{words:?}");
    for layer in ["rings", "links"] {
        let of = |e: &&Element| e.path.ends_with("renderer-v2");
        let style = qml(&folder, layer);
        let renderer = style.iter().find(of).expect("a renderer");
        let rule = style.iter().find(|e| e.path.ends_with("rules/rule"));
        let condition = rule.map_or_else(
            || renderer.attributes["attr"].as_str(),
            |rule| rule.attributes["filter"].as_str(),
        );
        assert!(condition.contains("attribute(@atlas_feature, 'id')"), "{layer}: {condition}");
    }
    let atlas = only(&all, "qgis/Layouts/Layout/Atlas");
    assert_eq!(atlas["filterFeatures"], "0");
    assert!(all.iter().any(|e| {
        let text = e.attributes.get("labelText");
        text.is_some_and(|text| {
            text.contains("map('AFG', 'Afghanistan'") || text.contains("'PAK', 'Pakistan'")
        })
    }));
}

#[test]
fn of_many_sites_those_with_the_highest_scores_have_a_page() {
    let folder = Folder::with_mines();
    let rows = (0..130).map(|n| format!("s{n},It's {n},{},30.2\n", 60.0 + 0.1 * f64::from(n)));
    folder.write("many.csv", format!("id,name,lon,lat\n{}", rows.collect::<String>()));
    let run = ["score", "-s", "many.csv", "-i", "incidents.csv", "--project", "-o", "out"];
    folder.done(&run);
    let all = elements(&document(&folder));
    let atlas = only(&all, "qgis/Layouts/Layout/Atlas");
    assert_eq!(atlas["filterFeatures"], "1");
    let ids: BTreeSet<&str> =
        atlas["featureFilter"].split('\'').filter(|part| part.starts_with('s')).collect();
    assert_eq!(ids.len(), 100);
    let scores = column(&folder.json("out/sites.geojson"), "security_score");
    let score = |id: &str| scores[id].as_f64().unwrap_or(-1.0);
    let least = ids.iter().map(|id| score(id)).fold(f64::INFINITY, f64::min);
    let left = scores.keys().filter(|id| !ids.contains(id.as_str()));
    assert!(left.map(|id| score(id)).all(|left| left <= least));
}

#[test]
fn a_theme_for_each_score_and_a_form_by_headings() {
    let folder = demo();
    let all = elements(&document(&folder));
    let of = |path: &str, key: &str| -> Vec<String> {
        all.iter().filter(|e| e.path == path).map(|e| e.attributes[key].clone()).collect()
    };
    let themes = of("qgis/visibility-presets/visibility-preset", "name");
    assert_eq!(themes, ["Security", "Environment", "Overall"]);
    let form = "qgis/attributeEditorForm/attributeEditorContainer";
    let style = qml(&folder, "sites");
    let tabs: Vec<&str> =
        style.iter().filter(|e| e.path == form).map(|e| e.attributes["name"].as_str()).collect();
    assert_eq!(tabs, ["Scores", "Security", "Environment", "Surroundings", "Source columns"]);
    let fields = style.iter().filter(|e| e.path == format!("{form}/attributeEditorField"));
    let fields: BTreeSet<&str> = fields.map(|e| e.attributes["name"].as_str()).collect();
    let layer = folder.json("out/sites.geojson");
    let known = layer["features"][0]["properties"].as_object().expect("properties");
    assert_eq!(fields, known.keys().map(String::as_str).collect(), "each column once");
}

#[test]
fn zones_of_cells_that_are_too_wide_are_drawn_only_for_who_asks_for_them() {
    let folder = Folder::with_mines();
    folder.write("far.csv", "id,name,lon,lat\na,A,-70.1,-23.5\nb,B,67.0,30.3\nc,C,148.2,-22.4\n");
    let run = ["score", "-s", "far.csv", "-i", "incidents.csv", "--coverage", "all", "-o"];
    let ended = folder.run(&[&run[..], &["every", "--all"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.err.contains("surface and contours not written"), "{}", ended.err);
    assert!(!folder.at("every/surface.tif").exists() && folder.at("every/risk.qgz").exists());
    folder.done(&[&run[..], &["asked", "--surface", "--project"]].concat());
    assert!(folder.at("asked/surface.tif").exists());
    let all = elements(&project(&folder, "asked/risk.qgz"));
    let wide =
        |e: &&Element| e.path.ends_with("maplayer/abstract") && e.text.contains("A cell is ");
    assert!(all.iter().find(wide).is_some_and(|e| e.text.contains("km wide")), "says how wide");
}

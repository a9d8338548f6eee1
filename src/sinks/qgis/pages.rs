//! The layout that QGIS fills for each site in turn (an atlas): its map, its scores, and why it has them.

use super::items::{Frame, Item, MAP, item, label, scale_bar};
use super::layout::{self, BAR_FRAME, FACTS_FRAME, NOTE_FRAME, TITLE_FRAME, extent, layout, logo};
use super::sheet::{Project, Sheet};
use super::tree::{groups, id};
use super::view::View;
use super::xml::Xml;
use crate::layers::style::{Drawing, Group, Style};
use crate::scoring::thousands;

const MAP_FRAME: Frame = [10.0, 21.0, 165.0, 158.0];
const SCORES_FRAME: Frame = [180.0, 21.0, 107.0, 22.0];
const WORDS_FRAME: Frame = [180.0, 45.0, 107.0, 82.0];
const LEGEND_FRAME: Frame = [180.0, 129.0, 107.0, 50.0];

/// The sizes of the letters of the words about a site in points, and the longest text that surely fits into its frame in
/// each; the last one is for any longer text.
const WORDS: [(u8, usize); 4] = [(8, 1400), (7, 1900), (6, 2600), (5, usize::MAX)];

/// The scale of the map of a site: 165 mm are 104 km wherever it lies. Web Mercator stretches by the latitude.
const SCALE: &str = "630000 / cos(radians(y($geometry)))";

/// The order of the pages: the highest score of the map first, which is that of security; sites without it last, by the other.
const ORDER: &str = "coalesce(\"security_score\", coalesce(\"environment_score\", 0) / 1000 - 1)";

/// The scores of a site in the page's words.
const SCORES: &str = "Security: [% coalesce(format_number(\"security_score\", 1) || ', ' || \"security_band\", 'no score') %]\nEnvironment: [% coalesce(format_number(\"environment_score\", 1) || ', ' || \"environment_band\", 'no score') %]\nOverall: [% coalesce(format_number(\"overall_score\", 1) || ', ' || \"overall_band\", 'no score') %]\nPosition [% if(\"position_accuracy_given\", 'known to ', 'taken as known to ') || \"position_accuracy_km\" || ' km' || if(\"position_accuracy_given\", '', ' (not given)') %]";

/// Writes the layout; there is none without sites, and none of a map in degrees.
pub(super) fn write(xml: &mut Xml, project: &Project, view: View) {
    let sites = project.sheets.iter().find(|sheet| sheet.layer == "sites");
    let Some(sites) = sites.filter(|_| !view.is_degrees()) else { return };
    layout(xml, "A page for each site", |xml| {
        map(xml, project, view);
        label(xml, 3, TITLE_FRAME, "[% \"name\" %]", 16, true);
        let facts = format!("[% coalesce({} || ', ', '') %]{}", country(project), project.facts);
        label(xml, 6, FACTS_FRAME, &facts, 9, false);
        logo(xml, project);
        label(xml, 8, SCORES_FRAME, SCORES, 11, false);
        words(xml);
        layout::legend(xml, &layout::of_site(LEGEND_FRAME), |xml| {
            groups(xml, project, |sheet| is_on_map(sheet) && is_told(sheet), None);
        });
        scale_bar(xml, BAR_FRAME);
        let all = match &project.pages.only {
            Some(only) => {
                format!(
                    " These are the {} sites with the highest security scores, of {}.",
                    only.len(),
                    thousands(i64::try_from(project.pages.sites).unwrap_or(i64::MAX))
                )
            }
            None => String::new(),
        };
        let note = format!(
            "Page [% @atlas_featurenumber %] of [% @atlas_totalfeatures %].{all} {}",
            project.note
        );
        label(xml, 5, NOTE_FRAME, &note, 7, false);
        atlas(xml, project, sites);
    });
}

/// Writes which sites have a page, and in which order.
fn atlas(xml: &mut Xml, project: &Project, sites: &Sheet) {
    let only = project.pages.only.as_ref().map(|ids| {
        let ids: Vec<String> = ids.iter().map(|id| quoted(id)).collect();
        format!("\"id\" IN ({})", ids.join(", "))
    });
    let id = id(sites);
    let attributes = [
        ("enabled", "1"),
        ("coverageLayer", &*id),
        ("coverageLayerName", &*sites.title()),
        ("hideCoverage", "0"),
        ("filenamePattern", "'site_' || @atlas_featurenumber"),
        ("pageNameExpression", "\"name\""),
        ("sortFeatures", "1"),
        ("sortKey", ORDER),
        ("sortAscending", "0"),
        ("filterFeatures", if only.is_some() { "1" } else { "0" }),
        ("featureFilter", only.as_deref().unwrap_or_default()),
    ];
    xml.leaf("Atlas", &attributes);
}

/// Writes the words about a site as large as they fit: a label for each size, of which all but one are empty. A label of
/// QGIS has one size.
fn words(xml: &mut Xml) {
    let mut shorter = 0;
    for (number, (points, most)) in (9..).zip(WORDS) {
        let within = if most == usize::MAX {
            "true".to_owned()
        } else {
            format!("length(\"explanation\") <= {most}")
        };
        let text = format!(
            "[% CASE WHEN length(\"explanation\") > {shorter} AND {within} THEN \"explanation\" ELSE '' END %]"
        );
        label(xml, number, WORDS_FRAME, &text, points, false);
        shorter = most;
    }
}

/// The name of the country of a site, or else its code.
fn country(project: &Project) -> String {
    let pairs = project.pages.countries.iter();
    let pairs: Vec<String> =
        pairs.map(|(code, name)| format!("{}, {}", quoted(code), quoted(name))).collect();
    if pairs.is_empty() {
        return "\"country\"".to_owned();
    }
    format!("coalesce(map_get(map({}), \"country\"), \"country\")", pairs.join(", "))
}

/// A text in an expression.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// Whether the map of a site shows a layer.
fn is_on_map(sheet: &Sheet) -> bool {
    let Style { name, .. } = sheet.style;
    match sheet.layer {
        "sites" => name == "security",
        "contours" => false,
        _ => true,
    }
}

/// Whether the legend of the map of a site explains a layer: of the base map, where incidents were not collected.
fn is_told(sheet: &Sheet) -> bool {
    let classes =
        matches!(&sheet.style.drawing, Drawing::ByText { classes, .. } if classes.len() > 1);
    sheet.style.group != Group::Base || sheet.layer == "land" && classes
}

/// Writes the map of one site, which QGIS moves from site to site: all that its scores come from is on it.
fn map(xml: &mut Xml, project: &Project, view: View) {
    let own = [
        ("frame", "true"),
        ("background", "true"),
        ("keepLayerSet", "true"),
        ("followPreset", "false"),
    ];
    let [xmin, ymin, xmax, ymax] = &extent(view, MAP_FRAME);
    item(xml, &Item { kind: MAP, number: 1, frame: MAP_FRAME }, &own, |xml| {
        xml.leaf("Extent", &[("xmin", xmin), ("ymin", ymin), ("xmax", xmax), ("ymax", ymax)]);
        xml.within("LayerSet", &[], |xml| {
            for sheet in project.sheets.iter().filter(|sheet| is_on_map(sheet)) {
                let source = format!("./{}", sheet.file);
                let (title, provider) = (sheet.title(), ("provider", "ogr"));
                let of = [provider, ("name", &*title), ("source", &*source)];
                xml.text("Layer", &of, &id(sheet));
            }
        });
        // 0: the scale is given and not that of the extent.
        xml.leaf("AtlasMap", &[("atlasDriven", "1"), ("scalingMode", "0"), ("margin", "0.1")]);
        xml.within("LayoutObject", &[], |xml| {
            xml.by_expression("dataDefinedProperties", &[("dataDefinedMapScale", SCALE)]);
        });
    });
}

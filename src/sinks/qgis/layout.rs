//! The print layouts: a sheet with the map of all sites, and one that QGIS fills for each site in turn (an atlas).

use super::items::{Frame, Item, MAP, PAGE, THE_MAP, font, item, label, picture, scale_bar};
use super::sheet::{Project, Sheet};
use super::slider::moment;
use super::tree::{groups, id};
use super::view::View;
use super::xml::Xml;
use crate::layers::style::{Drawing, Group, Style};

/// QGIS's number for a legend.
const LEGEND: &str = "65642";

const PAPER: Frame = [0.0, 0.0, 297.0, 210.0];
const LOGO_FRAME: Frame = [247.0, 6.0, 40.0, 12.0];
const TITLE_FRAME: Frame = [10.0, 5.0, 232.0, 8.0];
const FACTS_FRAME: Frame = [10.0, 13.0, 232.0, 6.0];
const MAP_FRAME: Frame = [10.0, 21.0, 205.0, 158.0];
const LEGEND_FRAME: Frame = [218.0, 21.0, 69.0, 158.0];
/// Below the map, where it covers nothing.
const BAR_FRAME: Frame = [10.0, 180.0, 90.0, 9.0];
const NOTE_FRAME: Frame = [10.0, 190.0, 277.0, 15.0];

/// The frames of the page of a site.
const SITE_MAP: Frame = [10.0, 21.0, 175.0, 158.0];
const SCORES_FRAME: Frame = [190.0, 21.0, 97.0, 22.0];
const WORDS_FRAME: Frame = [190.0, 45.0, 97.0, 58.0];
const SITE_LEGEND: Frame = [190.0, 105.0, 97.0, 74.0];

/// The scale of the map of a site: 175 mm are 110 km wherever it lies. Web Mercator stretches by the latitude.
const SITE_SCALE: &str = "630000 / cos(radians(y($geometry)))";

/// The scores of a site in the page's words.
const SCORES: &str = "Security: [% coalesce(format_number(\"security_score\", 1) || ', ' || \"security_band\", 'no score') %]\nEnvironment: [% coalesce(format_number(\"environment_score\", 1) || ', ' || \"environment_band\", 'no score') %]\nOverall: [% coalesce(format_number(\"overall_score\", 1) || ', ' || \"overall_band\", 'no score') %]\nPosition known to [% \"position_accuracy_km\" %] km";

/// Writes the layouts of a project.
pub(super) fn write(xml: &mut Xml, project: &Project, view: View) {
    xml.within("Layouts", &[], |xml| {
        layout(xml, "Risk map", |xml| {
            map(xml, project, view);
            legend(xml, 2, LEGEND_FRAME, false, |xml| {
                // The shapes of sites have the colors of the sites.
                let again = |sheet: &Sheet| sheet.layer.starts_with("footprint");
                // Rivers, lakes and towns need no explanation.
                let plain = |sheet: &Sheet| matches!(sheet.style.drawing, Drawing::Where { .. });
                // The surface's bands are in the legend already; only its first class, no data, remains.
                let no_data = [("legend/node-order", "1")];
                let shown = |sheet: &Sheet| sheet.style.shown && sheet.style.group.is_shown();
                groups(xml, project, |sheet| shown(sheet) && !again(sheet) && !plain(sheet), &no_data);
            });
            label(xml, 3, TITLE_FRAME, &project.title, 16, true);
            label(xml, 6, FACTS_FRAME, &project.facts, 9, false);
            logo(xml, project);
            // On a map of over half the world no single bar is right.
            if !view.is_wide() {
                scale_bar(xml, BAR_FRAME);
            }
            label(xml, 5, NOTE_FRAME, &project.note, 7, false);
        });
        let sites = project.sheets.iter().find(|sheet| sheet.layer == "sites");
        if let Some(sites) = sites.filter(|_| !view.is_degrees()) {
            layout(xml, "A page for each site", |xml| {
                site_map(xml, project, view);
                label(xml, 3, TITLE_FRAME, "[% \"name\" %]", 16, true);
                let facts = format!("[% coalesce(\"country\" || ', ', '') %]{}", project.facts);
                label(xml, 6, FACTS_FRAME, &facts, 9, false);
                logo(xml, project);
                label(xml, 8, SCORES_FRAME, SCORES, 11, false);
                label(xml, 9, WORDS_FRAME, "[% \"explanation\" %]", 8, false);
                legend(xml, 2, SITE_LEGEND, true, |xml| {
                    groups(xml, project, |sheet| is_on_site_map(sheet) && is_told(sheet), &[]);
                });
                scale_bar(xml, BAR_FRAME);
                let note = format!("Page [% @atlas_featurenumber %] of [% @atlas_totalfeatures %]. {}", project.note);
                label(xml, 5, NOTE_FRAME, &note, 7, false);
                let id = id(sites);
                let attributes = [
                    ("enabled", "1"),
                    ("coverageLayer", &*id),
                    ("coverageLayerName", sites.style.title),
                    ("hideCoverage", "0"),
                    ("filenamePattern", "'site_' || @atlas_featurenumber"),
                    ("pageNameExpression", "\"name\""),
                    ("sortFeatures", "1"),
                    // The highest score first; QGIS puts missing values last when it sorts down.
                    ("sortKey", "max(coalesce(\"security_score\", -1), coalesce(\"environment_score\", -1))"),
                    ("sortAscending", "0"),
                    ("filterFeatures", "0"),
                ];
                xml.leaf("Atlas", &attributes);
            });
        }
    });
}

fn layout(xml: &mut Xml, name: &str, items: impl FnOnce(&mut Xml)) {
    let attributes = [("name", name), ("units", "mm"), ("printResolution", "300")];
    xml.within("Layout", &attributes, |xml| {
        xml.within("PageCollection", &[], |xml| {
            let page = Item { kind: PAGE, number: 0, frame: PAPER };
            item(xml, &page, &[("background", "true")], |_| {});
        });
        items(xml);
    });
}

fn logo(xml: &mut Xml, project: &Project) {
    if let Some(logo) = &project.logo {
        picture(xml, 7, LOGO_FRAME, logo);
    }
}

/// Whether the map of a site shows a layer.
fn is_on_site_map(sheet: &Sheet) -> bool {
    let Style { name, .. } = sheet.style;
    match sheet.layer {
        "sites" => name == "security",
        "contours" => false,
        _ => true,
    }
}

/// Whether the legend of the map of a site explains a layer: the base map needs no words.
fn is_told(sheet: &Sheet) -> bool {
    let plain = matches!(sheet.layer, "footprints" | "footprint_lines" | "rings");
    !plain && sheet.style.group != Group::Base
}

/// The extent of a view as one of a frame: extended to its aspect ratio.
fn extent(view: View, [_, _, width, height]: Frame) -> [String; 4] {
    let [west, south, east, north] = view.edges;
    let (x, y) = ((west + east) / 2.0, (south + north) / 2.0);
    let (wide, high) = (east - west, north - south);
    let (wide, high) = if wide * height > high * width {
        (wide, wide * height / width)
    } else {
        (high * width / height, high)
    };
    [x - wide / 2.0, y - high / 2.0, x + wide / 2.0, y + high / 2.0].map(|edge| edge.to_string())
}

/// Writes the map, which fills its frame. If a project opens with its time slider on, the map shows the last step.
fn map(xml: &mut Xml, project: &Project, view: View) {
    let mut own = vec![
        ("frame", "true"),
        ("background", "true"),
        ("keepLayerSet", "false"),
        ("followPreset", "false"),
    ];
    let last = project.slider.filter(|slider| slider.on).map(|slider| moment(slider.last));
    if let Some(last) = &last {
        own.extend([("isTemporal", "1"), ("temporalRangeBegin", last), ("temporalRangeEnd", last)]);
    }
    let [xmin, ymin, xmax, ymax] = &extent(view, MAP_FRAME);
    item(xml, &Item { kind: MAP, number: 1, frame: MAP_FRAME }, &own, |xml| {
        xml.leaf("Extent", &[("xmin", xmin), ("ymin", ymin), ("xmax", xmax), ("ymax", ymax)]);
        xml.leaf("LayerSet", &[]);
    });
}

/// Writes the map of one site, which QGIS moves from site to site: all that its scores come from is on it.
fn site_map(xml: &mut Xml, project: &Project, view: View) {
    let own = [
        ("frame", "true"),
        ("background", "true"),
        ("keepLayerSet", "true"),
        ("followPreset", "false"),
    ];
    let [xmin, ymin, xmax, ymax] = &extent(view, SITE_MAP);
    item(xml, &Item { kind: MAP, number: 1, frame: SITE_MAP }, &own, |xml| {
        xml.leaf("Extent", &[("xmin", xmin), ("ymin", ymin), ("xmax", xmax), ("ymax", ymax)]);
        xml.within("LayerSet", &[], |xml| {
            for sheet in project.sheets.iter().filter(|sheet| is_on_site_map(sheet)) {
                let source = format!("./{}", sheet.file);
                let of = [("provider", "ogr"), ("name", sheet.style.title), ("source", &*source)];
                xml.text("Layer", &of, &id(sheet));
            }
        });
        // 0: the scale is given and not that of the extent.
        xml.leaf("AtlasMap", &[("atlasDriven", "1"), ("scalingMode", "0"), ("margin", "0.1")]);
        xml.within("LayoutObject", &[], |xml| {
            xml.by_expression("dataDefinedProperties", &[("dataDefinedMapScale", SITE_SCALE)]);
        });
    });
}

/// Writes a legend, of what its map shows alone if wanted.
fn legend(xml: &mut Xml, number: u8, frame: Frame, by_map: bool, layers: impl FnOnce(&mut Xml)) {
    let own = [
        ("map_uuid", THE_MAP),
        ("title", ""),
        ("frame", "false"),
        ("background", "false"),
        ("legendFilterByMap", if by_map { "1" } else { "0" }),
        ("resizeToContents", "1"),
        ("symbolWidth", "5"),
        ("symbolHeight", "3.2"),
        ("boxSpace", "0"),
        ("columnCount", "1"),
        ("columnSpace", "2"),
        ("lineSpacing", "1"),
        ("fontColor", "#282828"),
        ("wrapChar", ""),
    ];
    // Beside the words of a site there is room for smaller letters only.
    let sizes = if by_map { ["9", "7.5", "7", "7"] } else { ["11", "9", "8", "8"] };
    item(xml, &Item { kind: LEGEND, number, frame }, &own, |xml| {
        xml.within("styles", &[], |xml| {
            let styles = [
                ("group", "2.5", true),
                ("subgroup", "2", false),
                ("symbol", "1.2", false),
                ("symbolLabel", "1.2", false),
            ];
            for ((name, top, bold), size) in styles.into_iter().zip(sizes) {
                let attributes = [
                    ("name", name),
                    ("marginTop", top),
                    ("alignment", "1"),
                    ("indent", "0"),
                    ("marginLeft", "1.5"),
                ];
                // Only words beside a symbol have a margin.
                let many = if name == "symbolLabel" { 5 } else { 4 };
                let attributes = attributes.split_at(many).0;
                xml.within("style", attributes, |xml| font(xml, "styleFont", size, bold));
            }
        });
        xml.within("layer-tree-group", &[], layers);
    });
}

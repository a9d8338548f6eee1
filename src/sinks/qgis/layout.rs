//! The print layouts: a sheet with the map of all sites, and the parts that it shares with the pages of single sites.

use super::items::{Frame, Item, MAP, PAGE, THE_MAP, font, item, label, picture, scale_bar};
use super::pages;
use super::sheet::{Project, Sheet};
use super::slider::moment;
use super::tree::groups;
use super::view::View;
use super::xml::Xml;

/// QGIS's number for a legend.
const LEGEND: &str = "65642";

const PAPER: Frame = [0.0, 0.0, 297.0, 210.0];
const LOGO_FRAME: Frame = [247.0, 6.0, 40.0, 12.0];
pub(super) const TITLE_FRAME: Frame = [10.0, 5.0, 232.0, 8.0];
pub(super) const FACTS_FRAME: Frame = [10.0, 13.0, 232.0, 6.0];
const MAP_FRAME: Frame = [10.0, 21.0, 205.0, 158.0];
const LEGEND_FRAME: Frame = [218.0, 21.0, 69.0, 158.0];
/// Below the map, where it covers nothing.
pub(super) const BAR_FRAME: Frame = [10.0, 180.0, 90.0, 9.0];
pub(super) const NOTE_FRAME: Frame = [10.0, 190.0, 277.0, 15.0];

/// Writes the layouts of a project.
pub(super) fn write(xml: &mut Xml, project: &Project, view: View) {
    xml.within("Layouts", &[], |xml| {
        layout(xml, "Risk map", |xml| {
            map(xml, project, view);
            legend(xml, &OF_ALL, |xml| {
                // Names have no symbol.
                let plain = |sheet: &Sheet| sheet.layer == "province_names";
                let shown = |sheet: &Sheet| sheet.style.shown && sheet.style.group.is_shown();
                groups(xml, project, |sheet| shown(sheet) && !plain(sheet), None);
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
        pages::write(xml, project, view);
    });
}

pub(super) fn layout(xml: &mut Xml, name: &str, items: impl FnOnce(&mut Xml)) {
    let attributes = [("name", name), ("units", "mm"), ("printResolution", "300")];
    xml.within("Layout", &attributes, |xml| {
        xml.within("PageCollection", &[], |xml| {
            let page = Item { kind: PAGE, number: 0, frame: PAPER };
            item(xml, &page, &[("background", "true")], |_| {});
        });
        items(xml);
    });
}

pub(super) fn logo(xml: &mut Xml, project: &Project) {
    if let Some(logo) = &project.logo {
        picture(xml, 7, LOGO_FRAME, logo);
    }
}

/// The extent of a view as one of a frame: extended to its aspect ratio.
pub(super) fn extent(view: View, [_, _, width, height]: Frame) -> [String; 4] {
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

/// How a legend is set.
pub(super) struct Legend {
    frame: Frame,
    columns: &'static str,
    /// The sizes of its letters in points: groups, layers, symbols, words beside symbols.
    points: [&'static str; 4],
    /// The space above each of them in millimeters.
    above: [&'static str; 4],
}

const OF_ALL: Legend = Legend {
    frame: LEGEND_FRAME,
    columns: "1",
    points: ["11", "9", "8", "8"],
    above: ["2.5", "2", "1.2", "1.2"],
};

/// The legend in a frame below the words about a site, in smaller letters and two columns.
pub(super) const fn of_site(frame: Frame) -> Legend {
    Legend {
        frame,
        columns: "2",
        points: ["8", "6", "6", "6"],
        above: ["1.5", "1.2", "0.8", "0.8"],
    }
}

/// Writes a legend of what its map shows.
pub(super) fn legend(xml: &mut Xml, of: &Legend, layers: impl FnOnce(&mut Xml)) {
    let own = [
        ("map_uuid", THE_MAP),
        ("title", ""),
        ("frame", "false"),
        ("background", "false"),
        // A country without a coast has none in its legend.
        ("legendFilterByMap", "1"),
        ("resizeToContents", "1"),
        ("symbolWidth", "5"),
        ("symbolHeight", "3.2"),
        ("boxSpace", "0"),
        ("columnCount", of.columns),
        ("columnSpace", "2"),
        ("lineSpacing", "1"),
        ("fontColor", "#282828"),
        ("wrapChar", ""),
    ];
    item(xml, &Item { kind: LEGEND, number: 2, frame: of.frame }, &own, |xml| {
        xml.within("styles", &[], |xml| {
            let styles =
                [("group", true), ("subgroup", false), ("symbol", false), ("symbolLabel", false)];
            for (((name, bold), size), top) in styles.into_iter().zip(of.points).zip(of.above) {
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

//! A print layout: an A4 page with the map, its legend, title and scale bar, and the notes that a reader
//! must know.

use super::sheet::{Project, Sheet};
use super::slider::{Slider, moment};
use super::tree::groups;
use super::view::View;
use super::xml::Xml;
use crate::layers::style::{Color, Drawing, GROUND};

/// QGIS's numbers for the kinds of items.
const PAGE: &str = "65638";
const MAP: &str = "65639";
const LABEL: &str = "65641";
const LEGEND: &str = "65642";
const SCALE_BAR: &str = "65646";

/// The UUID of the map item, to which legend and scale bar refer.
const THE_MAP: &str = "{7a3ad0c4-0000-4000-8000-000000000001}";

/// The frame of an item on the page, in millimeters: left, top, width, height.
type Frame = [f64; 4];

const PAPER: Frame = [0.0, 0.0, 297.0, 210.0];
const TITLE_FRAME: Frame = [10.0, 7.0, 277.0, 9.0];
const MAP_FRAME: Frame = [10.0, 18.0, 205.0, 168.0];
const LEGEND_FRAME: Frame = [218.0, 18.0, 69.0, 168.0];
const BAR_FRAME: Frame = [13.0, 175.0, 90.0, 8.0];
const NOTE_FRAME: Frame = [10.0, 189.0, 277.0, 15.0];

/// Writes the layout of a project.
pub(super) fn write(xml: &mut Xml, project: &Project, view: View) {
    xml.within("Layouts", &[], |xml| {
        let attributes = [("name", "Risk map"), ("units", "mm"), ("printResolution", "300")];
        xml.within("Layout", &attributes, |xml| {
            xml.within("PageCollection", &[], |xml| {
                item(xml, PAGE, 0, PAPER, &[("background", "true")], |_| {})
            });
            map(xml, view, project.slider);
            legend(xml, project);
            label(xml, 3, TITLE_FRAME, &project.title, 16, true);
            // On a map of over half the world no single bar is right.
            if !view.is_wide() {
                scale_bar(xml);
            }
            label(xml, 5, NOTE_FRAME, &project.note, 7, false);
        });
    });
}

/// Writes an item: the common attributes, its own, and its content. Stacked from the lowest.
fn item(
    xml: &mut Xml,
    kind: &str,
    number: u8,
    [left, top, width, height]: Frame,
    own: &[(&str, &str)],
    inner: impl FnOnce(&mut Xml),
) {
    let uuid = match number {
        1 => THE_MAP.to_owned(),
        _ => format!("{{7a3ad0c4-0000-4000-8000-{number:012}}}"),
    };
    let position = format!("{left},{top},mm");
    let size = format!("{width},{height},mm");
    let order = number.to_string();
    let common = [
        ("type", kind),
        ("uuid", &*uuid),
        ("templateUuid", &*uuid),
        ("id", ""),
        ("position", &*position),
        ("positionOnPage", &*position),
        ("size", &*size),
        ("referencePoint", "0"),
        ("zValue", &*order),
        ("visibility", "1"),
        ("opacity", "1"),
        ("outlineWidthM", "0.2,mm"),
        ("frameJoinStyle", "miter"),
    ];
    let attributes: Vec<_> = common.iter().chain(own).copied().collect();
    xml.within("LayoutItem", &attributes, |xml| {
        tone(xml, "FrameColor", 120);
        // The sea is the map's background.
        let back = if kind == MAP { GROUND.sea } else { Color::rgb(255, 255, 255) };
        color(xml, "BackgroundColor", back);
        inner(xml);
    });
}

/// A shade of grey.
fn tone(xml: &mut Xml, name: &str, shade: u8) {
    color(xml, name, Color::rgb(shade, shade, shade));
}

fn color(xml: &mut Xml, name: &str, Color(red, green, blue, alpha): Color) {
    let [red, green, blue, alpha] = [red, green, blue, alpha].map(|part| part.to_string());
    xml.leaf(name, &[("red", &red), ("green", &green), ("blue", &blue), ("alpha", &alpha)]);
}

/// Writes the map, which fills its frame: the view is extended to the aspect ratio of the frame. If a
/// project opens with its time slider on, the map shows the last step.
fn map(xml: &mut Xml, view: View, slider: Option<Slider>) {
    let [west, south, east, north] = view.edges;
    let [_, _, width, height] = MAP_FRAME;
    let (x, y) = ((west + east) / 2.0, (south + north) / 2.0);
    let (wide, high) = (east - west, north - south);
    let (wide, high) = if wide * height > high * width {
        (wide, wide * height / width)
    } else {
        (high * width / height, high)
    };
    let edges =
        [x - wide / 2.0, y - high / 2.0, x + wide / 2.0, y + high / 2.0].map(|e| e.to_string());
    let [xmin, ymin, xmax, ymax] = &edges;
    let mut own = vec![
        ("frame", "true"),
        ("background", "true"),
        ("keepLayerSet", "false"),
        ("followPreset", "false"),
    ];
    let last = slider.filter(|slider| slider.on).map(|slider| moment(slider.last));
    if let Some(last) = &last {
        own.extend([("isTemporal", "1"), ("temporalRangeBegin", last), ("temporalRangeEnd", last)]);
    }
    item(xml, MAP, 1, MAP_FRAME, &own, |xml| {
        xml.leaf("Extent", &[("xmin", xmin), ("ymin", ymin), ("xmax", xmax), ("ymax", ymax)]);
        xml.leaf("LayerSet", &[]);
    });
}

/// Writes the legend of the initially visible layers, group by group.
fn legend(xml: &mut Xml, project: &Project) {
    let own = [
        ("map_uuid", THE_MAP),
        ("title", ""),
        ("frame", "false"),
        ("background", "false"),
        ("legendFilterByMap", "0"),
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
    item(xml, LEGEND, 2, LEGEND_FRAME, &own, |xml| {
        xml.within("styles", &[], |xml| {
            let styles = [
                ("group", "2.5", "11", true),
                ("subgroup", "2", "9", false),
                ("symbol", "1.2", "8", false),
                ("symbolLabel", "1.2", "8", false),
            ];
            for (name, top, size, bold) in styles {
                let attributes = [
                    ("name", name),
                    ("marginTop", top),
                    ("marginLeft", "1.5"),
                    ("alignment", "1"),
                    ("indent", "0"),
                ];
                let attributes = if name == "symbolLabel" {
                    &attributes[..]
                } else {
                    &[("name", name), ("marginTop", top), ("alignment", "1"), ("indent", "0")]
                };
                xml.within("style", attributes, |xml| font(xml, "styleFont", size, bold));
            }
        });
        xml.within("layer-tree-group", &[], |xml| {
            // The shapes of sites have the colors of the sites.
            let again = |sheet: &Sheet| sheet.layer.starts_with("footprint");
            // Rivers, lakes and towns need no explanation.
            let plain = |sheet: &Sheet| matches!(sheet.style.drawing, Drawing::Where { .. });
            // The surface's bands are in the legend already; only its first class, no data, remains.
            let no_data = [("legend/node-order", "1")];
            let shown = |sheet: &Sheet| sheet.style.shown && sheet.style.group.is_shown();
            groups(xml, project, |sheet| shown(sheet) && !again(sheet) && !plain(sheet), &no_data);
        });
    });
}

fn font(xml: &mut Xml, name: &str, points: &str, bold: bool) {
    // Qt's font format: family, points, pixels, hint, weight (50 normal, 75 bold), five flags.
    let weight = if bold { 75 } else { 50 };
    let description = format!("DejaVu Sans,{points},-1,5,{weight},0,0,0,0,0");
    xml.leaf(name, &[("style", ""), ("description", &description)]);
}

fn label(xml: &mut Xml, number: u8, frame: Frame, text: &str, points: u8, bold: bool) {
    let own = [
        ("labelText", text),
        ("htmlState", "0"),
        ("halign", "1"),
        ("valign", "32"),
        ("marginX", "0"),
        ("marginY", "0"),
        ("frame", "false"),
        ("background", "false"),
    ];
    item(xml, LABEL, number, frame, &own, |xml| {
        font(xml, "LabelFont", &points.to_string(), bold);
        tone(xml, "FontColor", 40);
    });
}

/// Writes a bar of as many kilometers as fit, measured on the ellipsoid in the middle of the map.
fn scale_bar(xml: &mut Xml) {
    let own = [
        ("mapUuid", THE_MAP),
        ("style", "Single Box"),
        ("unitType", "km"),
        ("unitLabel", "km"),
        ("numMapUnitsPerScaleBarUnit", "1"),
        ("numSegments", "2"),
        ("numSegmentsLeft", "0"),
        ("numUnitsPerSegment", "100"),
        ("segmentSizeMode", "1"),
        ("minBarWidth", "40"),
        ("maxBarWidth", "80"),
        ("height", "1.6"),
        ("labelBarSpace", "1"),
        ("boxContentSpace", "1"),
        ("outlineWidth", "0.2"),
        ("alignment", "0"),
        ("frame", "false"),
        // Labels on the map would overlap its numbers.
        ("background", "true"),
    ];
    item(xml, SCALE_BAR, 4, BAR_FRAME, &own, |xml| {
        let text = [
            ("fontFamily", "DejaVu Sans"),
            ("fontWeight", "50"),
            ("fontSize", "8"),
            ("fontSizeUnit", "Point"),
            ("textColor", "40,40,40,255"),
            ("textOpacity", "1"),
        ];
        xml.leaf("text-style", &text);
        tone(xml, "fillColor", 60);
        tone(xml, "fillColor2", 255);
        tone(xml, "strokeColor", 60);
    });
}

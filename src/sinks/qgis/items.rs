//! The items of a print layout: what all have in common, labels, pictures and scale bars.

use super::xml::Xml;
use crate::layers::style::{Color, GROUND};

/// QGIS's numbers for the kinds of items.
pub(super) const PAGE: &str = "65638";
pub(super) const MAP: &str = "65639";
const PICTURE: &str = "65640";
const LABEL: &str = "65641";
const SCALE_BAR: &str = "65646";

/// The UUID of the map item of a layout, to which legend and scale bar refer.
pub(super) const THE_MAP: &str = "{7a3ad0c4-0000-4000-8000-000000000001}";

/// The frame of an item on the page, in millimeters: left, top, width, height.
pub(super) type Frame = [f64; 4];

/// An item: its kind, its number in the layout, which is also its height in the stack, and its frame.
pub(super) struct Item<'a> {
    pub(super) kind: &'a str,
    pub(super) number: u8,
    pub(super) frame: Frame,
}

/// Writes an item: the common attributes, its own, and its content.
pub(super) fn item(
    xml: &mut Xml,
    Item { kind, number, frame: [left, top, width, height] }: &Item<'_>,
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
        ("type", *kind),
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
        let back = if *kind == MAP { GROUND.sea } else { Color::rgb(255, 255, 255) };
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

pub(super) fn font(xml: &mut Xml, name: &str, points: &str, bold: bool) {
    // Qt's font format: family, points, pixels, hint, weight (50 normal, 75 bold), five flags.
    let weight = if bold { 75 } else { 50 };
    let description = format!("DejaVu Sans,{points},-1,5,{weight},0,0,0,0,0");
    xml.leaf(name, &[("style", ""), ("description", &description)]);
}

/// Writes a label, in which QGIS fills in expressions.
pub(super) fn label(xml: &mut Xml, number: u8, frame: Frame, text: &str, points: u8, bold: bool) {
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
    item(xml, &Item { kind: LABEL, number, frame }, &own, |xml| {
        font(xml, "LabelFont", &points.to_string(), bold);
        tone(xml, "FontColor", 40);
    });
}

/// Writes a picture that the project itself holds, as large as its frame allows, in the upper right.
pub(super) fn picture(xml: &mut Xml, number: u8, frame: Frame, base64: &str) {
    let file = format!("base64:{base64}");
    let own = [
        ("file", &*file),
        ("resizeMode", "0"),
        ("anchorPoint", "2"),
        // QGIS's number for a picture whose format it finds out.
        ("mode", "2"),
        ("frame", "false"),
        ("background", "false"),
    ];
    item(xml, &Item { kind: PICTURE, number, frame }, &own, |_| {});
}

/// Writes a bar of as many kilometers as fit, measured on the ellipsoid in the middle of the map.
pub(super) fn scale_bar(xml: &mut Xml, frame: Frame) {
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
        ("background", "false"),
    ];
    item(xml, &Item { kind: SCALE_BAR, number: 4, frame }, &own, |xml| {
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

//! Labels in QGIS's format.

use super::symbol::color;
use super::xml::Xml;
use crate::earth::GeometryKind;
use crate::layers::style::Labels;

/// Writes the labels of a layer of a geometry kind; `only` is the condition for the features that have one.
pub(super) fn write(xml: &mut Xml, labels: &Labels, kind: GeometryKind, only: Option<&str>) {
    xml.within("labeling", &[("type", "simple")], |xml| {
        xml.within("settings", &[("calloutType", "simple")], |xml| {
            let is_column = !labels.of.contains(['(', '|']);
            let field = if is_column { labels.of.trim_matches('"') } else { labels.of };
            let text = [
                ("fieldName", field),
                ("isExpression", if is_column { "0" } else { "1" }),
                ("fontFamily", "DejaVu Sans"),
                // Qt's number for the normal weight; the default is the thinnest.
                ("fontWeight", "50"),
                ("fontSize", &*labels.size.to_string()),
                ("fontSizeUnit", "Point"),
                ("textColor", &color(labels.color)),
                ("textOpacity", "1"),
            ];
            xml.within("text-style", &text, |xml| {
                let buffer = [
                    ("bufferDraw", "1"),
                    ("bufferSize", "0.8"),
                    ("bufferSizeUnits", "MM"),
                    ("bufferColor", "255,255,255,215"),
                    ("bufferOpacity", "1"),
                    ("bufferJoinStyle", "128"),
                    ("bufferNoFill", "0"),
                ];
                xml.leaf("text-buffer", &buffer);
            });
            // 6: beside a point, in a fixed order of positions. 1: over it. 7: along an area's edge. 4: in an area.
            let placement = match (kind, labels.priority) {
                (GeometryKind::Point, Some(_)) => "6",
                (GeometryKind::Point, None) => "1",
                (_, None) => "7",
                (_, Some(_)) => "4",
            };
            let attributes = [
                ("placement", placement),
                // To the right of its point, above or below it, but not to the left: there the end of a long name
                // is read as the name of the next point.
                ("predefinedPositionOrder", "R,TR,BR,TSR,BSR,T,B"),
                ("dist", "0.4"),
                ("distUnits", "MM"),
                // From the symbol's edge, not from its center.
                ("offsetType", "1"),
                ("priority", "5"),
                // The name of a country waits for a map on which it fits into the country.
                ("fitInPolygonOnly", if placement == "4" { "1" } else { "0" }),
                ("centroidWhole", "0"),
                ("polygonPlacementFlags", "2"),
            ];
            xml.leaf("placement", &attributes);
            let scale = labels.from_scale.map(|scale| scale.to_string());
            let attributes = [
                ("scaleVisibility", if scale.is_some() { "1" } else { "0" }),
                ("scaleMin", "0"),
                ("scaleMax", scale.as_deref().unwrap_or("0")),
                ("obstacle", if kind == GeometryKind::Point { "1" } else { "0" }),
                ("obstacleFactor", "2"),
                ("drawLabels", "1"),
                ("maxNumLabels", "2000"),
                ("fontMaxPixelSize", "10000"),
            ];
            xml.leaf("rendering", &attributes);
            let shown = match (labels.shown, only) {
                (Some(shown), Some(only)) => Some(format!("({shown}) AND ({only})")),
                (shown, only) => shown.or(only).map(ToOwned::to_owned),
            };
            let priority = labels.priority.map(|expression| ("Priority", expression));
            let shown = shown.as_deref().map(|shown| ("Show", shown));
            let by: Vec<_> = priority.into_iter().chain(shown).collect();
            xml.by_expression("dd_properties", &by);
        });
    });
}

//! A style in QGIS's format, used in a `.qml` beside a layer, in a GeoPackage's `layer_styles`, and in a
//! project.

use super::symbol::{self, color};
use super::xml::Xml;
use crate::earth::GeometryKind;
use crate::layers::Column;
use crate::layers::style::{Drawing, Labels, Style, SurfaceClass, Time, Tip, aliases};

/// The version of QGIS that the files declare; later ones read them.
pub(super) const VERSION: &str = "3.22.16";

/// The properties of a layer that its style depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Of<'a> {
    pub(super) kind: GeometryKind,
    pub(super) columns: &'a [Column],
}

/// The text of a `.qml` file: how to draw a layer of a geometry kind with these columns.
pub fn style(style: &Style, kind: GeometryKind, columns: &[Column]) -> String {
    let mut xml = Xml::new();
    xml.doctype();
    let labels = if style.labels.is_some() { "1" } else { "0" };
    let attributes = [
        ("version", VERSION),
        ("styleCategories", "AllStyleCategories"),
        ("labelsEnabled", labels),
        ("hasScaleBasedVisibilityFlag", "0"),
        ("simplifyDrawingHints", if kind == GeometryKind::Point { "0" } else { "1" }),
        ("readOnly", "0"),
    ];
    xml.within("qgis", &attributes, |xml| {
        inner(xml, style, Of { kind, columns });
        let number = match kind {
            GeometryKind::Point => "0",
            GeometryKind::Line => "1",
            GeometryKind::Polygon => "2",
        };
        xml.text("layerGeometryType", &[], number);
    });
    xml.finish()
}

/// The content that a `.qml` and a layer of a project share.
pub(super) fn inner(xml: &mut Xml, style: &Style, of: Of) {
    temporal(xml, style.time);
    renderer(xml, style);
    if let Some(labels) = &style.labels {
        labeling(xml, labels, of.kind);
    }
    xml.text("blendMode", &[], "0");
    xml.text("featureBlendMode", &[], "0");
    xml.text("layerOpacity", &[], "1");
    xml.within("aliases", &[], |xml| {
        for (index, (column, alias)) in of.columns.iter().zip(aliases(of.columns)).enumerate() {
            let index = (index + 1).to_string();
            xml.leaf("alias", &[("index", &index), ("field", &column.name), ("name", &alias)]);
        }
    });
    xml.text("previewExpression", &[], style.display);
    xml.text("mapTip", &[], &map_tip(&style.tip));
}

/// The time slider: each feature on its day or through its span. `accumulate` is off, so that a step shows only
/// its own features; `limitMode` is 0, so that the end day of a span is excluded. The ends of a span are
/// expressions that convert days to datetimes: QGIS 3.22 sorts a day in a GeoPackage before the midnight with
/// which it begins.
fn temporal(xml: &mut Xml, time: Option<Time>) {
    // QGIS's numbers: 1 is one column with an instant, 4 are two expressions, for start and end.
    let moment = |day: &str| format!("to_datetime(\"{day}\")");
    let (mode, day, [from, until]) = match time {
        None => ("0", "", Default::default()),
        Some(Time::On(day)) => ("1", day, Default::default()),
        Some(Time::Span(from, until)) => ("4", "", [from, until].map(moment)),
    };
    let attributes = [
        ("enabled", if time.is_some() { "1" } else { "0" }),
        ("mode", mode),
        ("startField", day),
        ("endField", ""),
        ("durationField", ""),
        ("startExpression", &from),
        ("endExpression", &until),
        ("fixedDuration", "0"),
        ("durationUnit", "d"),
        ("limitMode", "0"),
        ("accumulate", "0"),
    ];
    xml.within("temporal", &attributes, |xml| {
        xml.within("fixedRange", &[], |xml| {
            xml.text("start", &[], "");
            xml.text("end", &[], "");
        });
    });
}

fn renderer(xml: &mut Xml, style: &Style) {
    let by_order = if style.order.is_some() { "1" } else { "0" };
    let common = [
        ("symbollevels", "0"),
        ("forceraster", "0"),
        ("referencescale", "-1"),
        ("enableorderby", by_order),
    ];
    let order = |xml: &mut Xml| {
        if let Some(order) = style.order {
            xml.within("orderby", &[], |xml| {
                xml.text("orderByClause", &[("asc", "1"), ("nullsFirst", "1")], order);
            });
        }
    };
    match &style.drawing {
        Drawing::One(symbol) => {
            let attributes: Vec<_> = [("type", "singleSymbol")].into_iter().chain(common).collect();
            xml.within("renderer-v2", &attributes, |xml| {
                xml.within("symbols", &[], |xml| symbol::write(xml, "0", symbol));
                order(xml);
            });
        }
        Drawing::Where { fits, label, symbol } => {
            let attributes: Vec<_> = [("type", "RuleRenderer")].into_iter().chain(common).collect();
            xml.within("renderer-v2", &attributes, |xml| {
                xml.within("rules", &[("key", "all")], |xml| {
                    let rule =
                        [("key", "fits"), ("symbol", "0"), ("filter", *fits), ("label", *label)];
                    xml.leaf("rule", &rule);
                });
                xml.within("symbols", &[], |xml| symbol::write(xml, "0", symbol));
                order(xml);
            });
        }
        Drawing::ByText { of, classes } => {
            // QGIS expects a bare column name here, or else an expression.
            let bare = of.strip_prefix('"').and_then(|of| of.strip_suffix('"')).unwrap_or(of);
            let attributes: Vec<_> =
                [("type", "categorizedSymbol"), ("attr", bare)].into_iter().chain(common).collect();
            xml.within("renderer-v2", &attributes, |xml| {
                xml.within("categories", &[], |xml| {
                    for (index, class) in classes.iter().enumerate() {
                        let attributes = [
                            ("render", "true"),
                            ("symbol", &*index.to_string()),
                            ("value", class.value),
                            ("label", &class.label),
                            ("type", "string"),
                        ];
                        xml.leaf("category", &attributes);
                    }
                });
                xml.within("symbols", &[], |xml| {
                    for (index, class) in classes.iter().enumerate() {
                        symbol::write(xml, &index.to_string(), &class.symbol);
                    }
                });
                order(xml);
            });
        }
    }
}

fn labeling(xml: &mut Xml, labels: &Labels, kind: GeometryKind) {
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
                ("predefinedPositionOrder", "R,L,TR,BR,TL,BL,TSR,BSR"),
                ("dist", "0.4"),
                ("distUnits", "MM"),
                // From the symbol's edge, not from its center.
                ("offsetType", "1"),
                ("priority", "5"),
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
                ("drawLabels", "1"),
                ("maxNumLabels", "2000"),
                ("fontMaxPixelSize", "10000"),
            ];
            xml.leaf("rendering", &attributes);
            let by = labels.priority.map(|expression| ("Priority", expression));
            xml.by_expression("dd_properties", by.as_slice());
        });
    });
}

/// A map tip: HTML in which QGIS fills in expressions. The expressions escape every value.
fn map_tip(tip: &Tip) -> String {
    let mut html = format!("<div style=\"max-width:28em\"><b>[% {} %]</b>", escaped(tip.heading));
    for line in &tip.lines {
        let label =
            if line.label.is_empty() { String::new() } else { format!("<i>{}</i>: ", line.label) };
        // A line is a text of its own, and is left out if it has no value.
        html.push_str(&format!("[% coalesce('<br>{label}' || {}, '') %]", escaped(line.value)));
    }
    html.push_str("</div>");
    html
}

/// An expression whose text is escaped for HTML.
fn escaped(expression: &str) -> String {
    let text = format!("to_string({expression})");
    [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")]
        .iter()
        .fold(text, |text, (from, to)| format!("replace({text}, '{from}', '{to}')"))
}

/// The text of a `.qmd` file: the title and the abstract of a layer.
pub fn metadata(style: &Style) -> String {
    let mut xml = Xml::new();
    xml.doctype();
    xml.within("qgis", &[("version", VERSION)], |xml| {
        xml.text("title", &[], style.title);
        xml.text("abstract", &[], style.about);
    });
    xml.finish()
}

/// The text of the `.qml` of a surface of scores: each cell in the color of its class.
pub fn surface_style(classes: &[SurfaceClass]) -> String {
    let mut xml = Xml::new();
    xml.doctype();
    let attributes = [("version", VERSION), ("styleCategories", "AllStyleCategories")];
    xml.within("qgis", &attributes, |xml| raster(xml, classes));
    xml.finish()
}

/// Writes the renderer of a surface.
pub(super) fn raster(xml: &mut Xml, classes: &[SurfaceClass]) {
    xml.within("pipe", &[], |xml| {
        let attributes = [
            ("type", "singlebandpseudocolor"),
            ("band", "1"),
            ("opacity", "1"),
            ("alphaBand", "-1"),
            ("classificationMin", "0"),
            ("classificationMax", "100"),
        ];
        xml.within("rasterrenderer", &attributes, |xml| {
            xml.leaf("rasterTransparency", &[]);
            xml.within("rastershader", &[], |xml| {
                let ramp = [
                    ("colorRampType", "DISCRETE"),
                    ("classificationMode", "1"),
                    ("minimumValue", "0"),
                    ("maximumValue", "100"),
                    ("clip", "0"),
                    ("labelPrecision", "0"),
                ];
                xml.within("colorrampshader", &ramp, |xml| {
                    for SurfaceClass { to, label, color } in classes {
                        let (to, color) = (to.to_string(), color.hex());
                        let item = [
                            ("value", &*to),
                            ("label", label),
                            ("color", &color),
                            ("alpha", "255"),
                        ];
                        xml.leaf("item", &item);
                    }
                });
            });
        });
        xml.leaf("brightnesscontrast", &[("brightness", "0"), ("contrast", "0"), ("gamma", "1")]);
        xml.leaf(
            "huesaturation",
            &[("saturation", "0"), ("grayscaleMode", "0"), ("colorizeOn", "0")],
        );
        // No resampling: between two bands it would give the colors of others.
        xml.leaf("rasterresampler", &[("maxOversampling", "2")]);
    });
    xml.text("blendMode", &[], "0");
}

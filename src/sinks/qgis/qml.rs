//! A style in QGIS's format, used in a `.qml` beside a layer, in a GeoPackage's `layer_styles`, and in a
//! project.

use super::form;
use super::labels;
use super::one_site;
use super::symbol;
use super::xml::Xml;
use crate::earth::GeometryKind;
use crate::layers::Column;
use crate::layers::style::{Drawing, Mark, Style, SurfaceClass, Time, Tip, aliases};

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
    let only = one_site::drawn(style, of.columns);
    renderer(xml, style, only);
    if let Some(named) = &style.labels {
        labels::write(xml, named, of.kind, only);
    }
    xml.text("blendMode", &[], "0");
    xml.text("featureBlendMode", &[], "0");
    xml.text("layerOpacity", &[], "1");
    xml.within("aliases", &[], |xml| {
        xml.leaf("alias", &[("index", "0"), ("field", "id"), ("name", "ID")]);
        for (index, (column, alias)) in of.columns.iter().zip(aliases(of.columns)).enumerate() {
            let index = (index + 1).to_string();
            xml.leaf("alias", &[("index", &index), ("field", &column.name), ("name", &alias)]);
        }
    });
    form::write(xml, of.columns);
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

/// The renderer; `only` is the condition for the features that it draws.
fn renderer(xml: &mut Xml, style: &Style, only: Option<&str>) {
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
        Drawing::One(symbol) if only.is_none() => {
            let attributes: Vec<_> = [("type", "singleSymbol")].into_iter().chain(common).collect();
            xml.within("renderer-v2", &attributes, |xml| {
                xml.within("symbols", &[], |xml| symbol::write(xml, "0", symbol));
                order(xml);
            });
        }
        Drawing::One(symbol) | Drawing::Where { symbol, .. } => {
            let (fits, label) = match &style.drawing {
                Drawing::Where { fits, label, .. } => (*fits, *label),
                _ => (only.unwrap_or_default(), style.title),
            };
            let attributes: Vec<_> = [("type", "RuleRenderer")].into_iter().chain(common).collect();
            xml.within("renderer-v2", &attributes, |xml| {
                xml.within("rules", &[("key", "all")], |xml| {
                    let rule =
                        [("key", "fits"), ("symbol", "0"), ("filter", fits), ("label", label)];
                    xml.leaf("rule", &rule);
                });
                xml.within("symbols", &[], |xml| symbol::write(xml, "0", symbol));
                order(xml);
            });
        }
        Drawing::ByText { of, classes } => {
            // QGIS expects a bare column name here, or else an expression.
            let bare = of.strip_prefix('"').and_then(|of| of.strip_suffix('"')).unwrap_or(of);
            let some = only.map(|only| format!("CASE WHEN {only} THEN {of} END"));
            let bare = some.as_deref().unwrap_or(bare);
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
                    // No feature has this text: the entry tells in the legend what the dot means.
                    if let Some(Mark { column, label, .. }) = style.mark {
                        let attributes = [
                            ("render", "true"),
                            ("symbol", &*classes.len().to_string()),
                            ("value", column),
                            ("label", label),
                            ("type", "string"),
                        ];
                        xml.leaf("category", &attributes);
                    }
                });
                xml.within("symbols", &[], |xml| {
                    for (index, class) in classes.iter().enumerate() {
                        symbol::marked(xml, &index.to_string(), &class.symbol, style.mark);
                    }
                    if style.mark.is_some() {
                        symbol::legend_of_mark(xml, &classes.len().to_string());
                    }
                });
                order(xml);
            });
        }
    }
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

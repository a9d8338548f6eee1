//! Symbols in QGIS's format.

use super::xml::Xml;
use crate::layers::style::{
    Color, DOT, DOT_SHARE, Fill, GROUND, Mark, NO_DATA, NoData, Sureness, Symbol,
};

const HAIRLINE: f64 = 0.2;

/// The width of a halo, half of which is outside its marker.
const HALO: f64 = 1.1;

/// A color in QGIS's format.
pub(super) fn color(Color(red, green, blue, alpha): Color) -> String {
    format!("{red},{green},{blue},{alpha}")
}

/// Writes a symbol under the name to which a renderer refers.
pub(super) fn write(xml: &mut Xml, name: &str, symbol: &Symbol) {
    marked(xml, name, symbol, None);
}

/// The same, with the dot of a mark in the middle of the markers that have it.
pub(super) fn marked(xml: &mut Xml, name: &str, symbol: &Symbol, mark: Option<Mark>) {
    match symbol {
        Symbol::Marker { shape, fill, outline, size, size_by, halo, sureness } => {
            let by: Vec<_> = size_by.iter().map(|by| ("size", *by)).collect();
            let edge = (*outline, HAIRLINE);
            element(xml, name, "marker", &[], |xml| {
                if let Some(halo) = halo {
                    marker(xml, shape, Some(*halo), (*halo, HALO), *size, &by);
                }
                match fill {
                    // The hatched layer of the symbol, after the halo.
                    Fill::Hatched | Fill::Lined { .. } => hatched_marker(
                        xml,
                        &format!("@{name}@{}", u8::from(halo.is_some())),
                        shape,
                        *size,
                    ),
                    Fill::Plain(color) | Fill::Smooth(color) => {
                        let Color(red, green, blue, _) = color;
                        let paler = sureness.map(|Sureness { opacity, ring }| {
                            let fill =
                                format!("color_rgba({red},{green},{blue},255 * ({opacity}))");
                            (fill, ring)
                        });
                        let paler = paler.iter().flat_map(|(fill, ring)| {
                            [("fillColor", fill.as_str()), ("outlineWidth", *ring)]
                        });
                        let by: Vec<_> = by.into_iter().chain(paler).collect();
                        marker(xml, shape, Some(*color), edge, *size, &by);
                    }
                    Fill::Hollow => marker(xml, shape, None, edge, *size, &by),
                }
                if let Some(Mark { of, .. }) = mark {
                    // A legend has no feature, so that the expression has no value there: it shows the dot's own size, none.
                    let of_marker = format!("CASE WHEN {of} THEN {} ELSE 0 END", DOT_SHARE * size);
                    dot(xml, 0.0, &[("size", &of_marker), ("enabled", of)]);
                }
            });
        }
        Symbol::Line { color, width, width_by, dash } => {
            let by = width_by.map(|by| ("outlineWidth", by));
            element(xml, name, "line", &[], |xml| line(xml, *color, *width, *dash, by.as_slice()));
        }
        Symbol::Area { fill, outline, width, dash } => {
            let by: &[_] =
                if matches!(fill, Fill::Smooth(_)) { &[("alpha", OPACITY)] } else { &[] };
            element(xml, name, "fill", by, |xml| area(xml, name, *fill, *outline, *width, *dash));
        }
    }
}

/// Writes the symbol of a legend for a mark: a dot in a ring.
pub(super) fn legend_of_mark(xml: &mut Xml, name: &str) {
    const SIZE: f64 = 3.4;
    let [ink, paper] = DOT;
    element(xml, name, "marker", &[], |xml| {
        marker(xml, "circle", Some(paper), (ink, HAIRLINE), SIZE, &[]);
        dot(xml, DOT_SHARE * SIZE, &[]);
    });
}

fn dot(xml: &mut Xml, size: f64, by: &[(&str, &str)]) {
    let [ink, paper] = DOT;
    marker(xml, "circle", Some(ink), (paper, HAIRLINE), size, by);
}

/// The opacity of zones in percent: on a near map the base map is seen through them.
const OPACITY: &str = "scale_linear(ln(@map_scale), ln(500000), ln(5000000), 45, 100)";

/// Writes a symbol with its data-defined properties.
fn element(
    xml: &mut Xml,
    name: &str,
    kind: &str,
    by: &[(&str, &str)],
    inner: impl FnOnce(&mut Xml),
) {
    let attributes = [
        ("type", kind),
        ("name", name),
        ("alpha", "1"),
        ("clip_to_extent", "1"),
        ("force_rhr", "0"),
    ];
    xml.within("symbol", &attributes, |xml| {
        xml.by_expression("data_defined_properties", by);
        inner(xml);
    });
}

/// Writes a layer of a symbol: its class, its options, and its data-defined properties.
fn layer(
    xml: &mut Xml,
    class: &str,
    options: &[(&str, &str)],
    by: &[(&str, &str)],
    inner: impl FnOnce(&mut Xml),
) {
    let attributes = [("class", class), ("enabled", "1"), ("locked", "0"), ("pass", "0")];
    xml.within("layer", &attributes, |xml| {
        xml.options(options);
        xml.by_expression("data_defined_properties", by);
        inner(xml);
    });
}

fn marker(
    xml: &mut Xml,
    shape: &str,
    fill: Option<Color>,
    (outline, width): (Color, f64),
    size: f64,
    by: &[(&str, &str)],
) {
    let options = [
        ("name", shape),
        ("color", &color(fill.unwrap_or(Color(255, 255, 255, 0)))),
        ("outline_color", &color(outline)),
        ("outline_style", "solid"),
        ("outline_width", &width.to_string()),
        ("outline_width_unit", "MM"),
        ("joinstyle", "miter"),
        ("angle", "0"),
        ("scale_method", "diameter"),
        ("size", &size.to_string()),
        ("size_unit", "MM"),
    ];
    layer(xml, "SimpleMarker", &options, by, |_| {});
}

/// A marker filled with hatching; `inner` is the name of the hatching.
fn hatched_marker(xml: &mut Xml, inner: &str, shape: &str, size: f64) {
    let options = [
        ("name", shape),
        ("angle", "0"),
        ("scale_method", "diameter"),
        ("size", &size.to_string()),
        ("size_unit", "MM"),
    ];
    layer(xml, "FilledMarker", &options, &[], |xml| {
        element(xml, inner, "fill", &[], |xml| hatching(xml, inner, 0.25, None));
    });
}

fn area(xml: &mut Xml, name: &str, fill: Fill, outline: Color, width: f64, dash: Option<[f64; 2]>) {
    match fill {
        Fill::Hatched => hatching(xml, name, width, dash),
        Fill::Lined { apart, angle } => {
            ground(xml, Some(GROUND.land), outline, width, dash);
            lines(xml, name, (apart, angle), (GROUND.lines, 0.13));
        }
        Fill::Plain(color) => ground(xml, Some(color), outline, width, dash),
        Fill::Smooth(color) => {
            smooth(xml, name, |xml| ground(xml, Some(color), outline, width, dash))
        }
        Fill::Hollow => ground(xml, None, outline, width, dash),
    }
}

/// A fill of the smoothed feature. The features themselves keep the edges of their cells.
fn smooth(xml: &mut Xml, name: &str, inner: impl FnOnce(&mut Xml)) {
    let options = [
        ("SymbolType", "Fill"),
        ("geometryModifier", "smooth($geometry, 3)"),
        ("units", "MapUnit"),
    ];
    layer(xml, "GeometryGenerator", &options, &[], |xml| {
        element(xml, &format!("@{name}@0"), "fill", &[], inner);
    });
}

/// Grey hatching for no data.
fn hatching(xml: &mut Xml, name: &str, width: f64, dash: Option<[f64; 2]>) {
    let NoData { ground: back, lines, edge, .. } = NO_DATA;
    ground(xml, Some(back), edge, width, dash);
    self::lines(xml, name, (0.7, 45), (lines, 0.18));
}

/// Slanted lines on the ground of a symbol, so far apart in millimeters and in a direction, with a color and a width.
fn lines(xml: &mut Xml, name: &str, (apart, angle): (f64, u8), (color, width): (Color, f64)) {
    let options = [
        ("angle", &*angle.to_string()),
        ("distance", &*apart.to_string()),
        ("distance_unit", "MM"),
        ("offset", "0"),
        ("offset_unit", "MM"),
    ];
    layer(xml, "LinePatternFill", &options, &[], |xml| {
        element(xml, &format!("@{name}@1"), "line", &[], |xml| line(xml, color, width, None, &[]));
    });
}

fn ground(xml: &mut Xml, fill: Option<Color>, outline: Color, width: f64, dash: Option<[f64; 2]>) {
    let style = match (width > 0.0, dash) {
        (false, _) => "no",
        (true, None) => "solid",
        (true, Some(_)) => "dash",
    };
    let options = [
        ("style", if fill.is_some() { "solid" } else { "no" }),
        ("color", &color(fill.unwrap_or(Color(255, 255, 255, 0)))),
        ("outline_color", &color(outline)),
        ("outline_style", style),
        ("outline_width", &width.to_string()),
        ("outline_width_unit", "MM"),
        ("joinstyle", "bevel"),
    ];
    layer(xml, "SimpleFill", &options, &[], |_| {});
}

fn line(xml: &mut Xml, tone: Color, width: f64, dash: Option<[f64; 2]>, by: &[(&str, &str)]) {
    let pattern = dash.map(|[dash, gap]| format!("{dash};{gap}"));
    let options = [
        ("line_color", color(tone)),
        ("line_style", "solid".into()),
        ("line_width", width.to_string()),
        ("line_width_unit", "MM".into()),
        ("capstyle", if dash.is_some() { "flat".into() } else { "round".into() }),
        ("joinstyle", "round".into()),
        ("use_custom_dash", if dash.is_some() { "1".into() } else { "0".into() }),
        ("customdash", pattern.unwrap_or_else(|| "5;2".into())),
        ("customdash_unit", "MM".into()),
    ];
    let options = options.each_ref().map(|(name, value)| (*name, value.as_str()));
    layer(xml, "SimpleLine", &options, by, |_| {});
}

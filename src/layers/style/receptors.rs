//! The styles of receptors: one look per kind, the same for points, lines and areas.

use super::{Class, Color, Drawing, EDGE, Fill, Group, Labels, Style, Symbol, Tip};
use crate::model::ReceptorKind;

/// Rivers.
const WATER: Color = Color::rgb(47, 127, 181);
/// Lakes and other water.
const SHORE: Color = Color::rgb(63, 143, 191);
/// The same, as the area of a lake.
const LAKE: Color = Color(120, 172, 212, 150);
/// Protected nature.
const NATURE: Color = Color::rgb(46, 125, 50);
const QUAKE: Color = Color::rgb(161, 0, 107);
const FAULT: Color = Color::rgb(143, 58, 0);
const TAILINGS: Color = Color::rgb(122, 75, 0);
const PEOPLE: Color = Color::rgb(107, 90, 74);
const STRESS: Color = Color::rgb(102, 112, 121);
const TOWN: Color = Color(168, 168, 176, 220);
const NAMES: Color = Color::rgb(70, 74, 78);

/// Settlements by people: 1.3 mm for 100, 2.9 mm for a million.
const BY_PEOPLE: &str = "0.5 + 0.4 * log10(1 + coalesce(\"population\", 0))";

/// Earthquakes by magnitude: 2 mm for 5, 3.2 mm for 8.
const BY_MAGNITUDE: &str = "0.4 * coalesce(\"magnitude\", 3)";

/// The color of a kind of receptor on a light page, the same on every map.
pub fn receptor_color(kind: ReceptorKind) -> Color {
    match kind {
        ReceptorKind::Rivers => WATER,
        ReceptorKind::WaterBodies => SHORE,
        ReceptorKind::SensitiveAreas => NATURE,
        ReceptorKind::Settlements => PEOPLE,
        ReceptorKind::Earthquakes => QUAKE,
        ReceptorKind::Faults => FAULT,
        ReceptorKind::Tailings => TAILINGS,
        ReceptorKind::WaterStress => STRESS,
    }
}

/// The shape of a point of a kind, by QGIS's name; earthquakes are hollow.
pub fn receptor_shape(kind: ReceptorKind) -> &'static str {
    match kind {
        ReceptorKind::Settlements => "square",
        ReceptorKind::Tailings => "triangle",
        _ => "circle",
    }
}

fn class(value: &'static str, label: &str, symbol: Symbol) -> Class {
    Class { value, label: label.into(), symbol }
}

fn marker(shape: &'static str, fill: Color, size: f64, size_by: Option<&'static str>) -> Symbol {
    Symbol::Marker {
        shape,
        fill: Fill::Plain(fill),
        outline: EDGE,
        size,
        size_by,
        halo: None,
        sureness: None,
    }
}

fn line(color: Color, width: f64, dash: Option<[f64; 2]>) -> Symbol {
    Symbol::Line { color, width, width_by: None, dash }
}

fn area(fill: Fill, outline: Color, width: f64, dash: Option<[f64; 2]>) -> Symbol {
    Symbol::Area { fill, outline, width, dash }
}

/// Points: settlements by people, earthquakes by magnitude.
pub(super) fn points() -> Style {
    Style {
        drawing: Drawing::ByText {
            of: "CASE WHEN \"kind\" IN ('rivers', 'water_bodies') THEN 'water' WHEN \"kind\" IN ('faults', 'water_stress') THEN 'other' ELSE \"kind\" END",
            classes: vec![
                class(
                    "settlements",
                    "Settlement, by people",
                    marker("square", PEOPLE, 2.0, Some(BY_PEOPLE)),
                ),
                class("tailings", "Tailings dam", marker("triangle", TAILINGS, 2.8, None)),
                class(
                    "sensitive_areas",
                    "Center of a sensitive area",
                    marker("circle", NATURE, 2.4, None),
                ),
                class("water", "Water", marker("circle", SHORE, 1.8, None)),
                class(
                    "earthquakes",
                    "Earthquake, by magnitude",
                    Symbol::Marker {
                        shape: "circle",
                        fill: Fill::Hollow,
                        outline: QUAKE,
                        size: 2.0,
                        size_by: Some(BY_MAGNITUDE),
                        halo: None,
                        sureness: None,
                    },
                ),
                class("other", "Other", marker("diamond", TOWN, 1.8, None)),
            ],
        },
        labels: labels(Some("log10(1 + coalesce(\"population\", 0))"), 2_500_000),
        ..style("Towns and other points near sites")
    }
}

/// Lines: rivers and faults.
pub(super) fn lines() -> Style {
    Style {
        drawing: Drawing::ByText {
            of: "CASE WHEN \"kind\" IN ('rivers', 'water_bodies') THEN 'water' WHEN \"kind\" IN ('faults', 'tailings') THEN \"kind\" ELSE 'other' END",
            classes: vec![
                class("water", "River", line(WATER, 0.45, None)),
                class("faults", "Fault", line(FAULT, 0.4, Some([2.4, 1.2]))),
                class("tailings", "Tailings dam", line(TAILINGS, 0.8, None)),
                class("other", "Other", line(PEOPLE, 0.3, None)),
            ],
        },
        labels: labels(None, 1_500_000),
        ..style("Rivers and other lines near sites")
    }
}

/// Areas: sensitive ones by designation, the strictest with the widest outline.
pub(super) fn areas() -> Style {
    let sensitive =
        |value, label, width, dash| class(value, label, area(Fill::Hollow, NATURE, width, dash));
    Style {
        drawing: Drawing::ByText {
            of: "CASE WHEN \"kind\" = 'sensitive_areas' THEN coalesce(\"designation\", 'other') WHEN \"kind\" IN ('rivers', 'water_bodies') THEN 'water' WHEN \"kind\" IN ('faults', 'earthquakes') THEN 'more' ELSE \"kind\" END",
            classes: vec![
                sensitive("strict", "Sensitive area, strict", 0.7, None),
                sensitive("managed", "Sensitive area, managed", 0.45, None),
                sensitive("sustainable", "Sensitive area, sustainable use", 0.45, Some([2.4, 1.2])),
                sensitive("other", "Sensitive area, other", 0.3, Some([1.0, 1.0])),
                class("water", "Water", area(Fill::Plain(LAKE), SHORE, 0.2, None)),
                class(
                    "settlements",
                    "Settlement",
                    area(Fill::Plain(PEOPLE.with_alpha(110)), PEOPLE, 0.2, None),
                ),
                class(
                    "tailings",
                    "Tailings dam",
                    area(Fill::Plain(TAILINGS.with_alpha(130)), TAILINGS, 0.2, None),
                ),
                class(
                    "water_stress",
                    "Basin, by water stress",
                    area(Fill::Hollow, STRESS, 0.2, Some([0.6, 1.2])),
                ),
                class("more", "Other", area(Fill::Hollow, FAULT, 0.3, None)),
            ],
        },
        labels: labels(None, 1_500_000),
        ..style("Protected areas and other areas near sites")
    }
}

fn labels(priority: Option<&'static str>, from_scale: u32) -> Option<Labels> {
    Some(Labels {
        of: "\"name\"",
        size: 7.0,
        color: NAMES,
        priority,
        from_scale: Some(from_scale),
        shown: None,
    })
}

/// What the three have in common.
fn style(title: &'static str) -> Style {
    Style {
        name: "receptors",
        title,
        about: "Mapped features in reach of at least one site, each with the number of sites that have it in their reach, the nearest of them, and the pressure that they put on it together.",
        group: Group::Receptors,
        shown: true,
        drawing: Drawing::ByText { of: "\"kind\"", classes: Vec::new() },
        order: None,
        labels: None,
        display: "coalesce(\"name\", \"receptor_id\")",
        tip: Tip::new(
            "coalesce(\"name\", \"receptor_id\")",
            [
                ("What", "replace(\"kind\", '_', ' ')"),
                ("Protection", "\"designation\""),
                ("", "CASE WHEN \"world_heritage\" THEN 'World Heritage' END"),
                ("People", "\"population\""),
                ("Magnitude", "\"magnitude\" || coalesce(', ' || \"date\", '')"),
                ("Tailings class", "\"tailings_class\""),
                ("Sites in whose reach it lies", "\"sites_within\" || ': ' || \"nearest_sites\""),
                (
                    "Nearest site",
                    "\"nearest_site_name\" || ', ' || \"nearest_site_km\" || ' km away'",
                ),
                ("Pressure of these sites together", "\"cumulative_pressure\""),
                ("Most of it from", "\"highest_pressure_site\""),
            ],
        ),
        mark: None,
        time: None,
    }
}

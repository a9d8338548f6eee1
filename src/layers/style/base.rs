//! The styles of the base map: borders and land.

use super::color::NONE;
use super::{Class, Drawing, Fill, GROUND, Group, Labels, Style, Symbol, Tip};

/// The note on borders that every map with borders carries.
pub const NO_POSITION: &str = "Natural Earth 1:50m, public domain. Borders are as Natural Earth draws them, disputed ones dashed; the map takes no position on the status of any territory.";

pub(super) fn borders() -> Style {
    let class = |value, label: &str, color, width, dash| Class {
        value,
        label: label.into(),
        symbol: Symbol::Line { color, width, width_by: None, dash },
    };
    Style {
        name: "borders",
        title: "Borders and coast",
        about: NO_POSITION,
        group: Group::Base,
        shown: true,
        drawing: Drawing::ByText {
            of: "\"kind\"",
            classes: vec![
                class("border", "Border", GROUND.border, 0.35, None),
                class("disputed", "Disputed border", GROUND.border, 0.35, Some([1.6, 1.2])),
                class("coast", "Coast", GROUND.coast, 0.25, None),
            ],
        },
        order: None,
        labels: None,
        display: "\"between\"",
        tip: Tip::new("\"between\"", [("", "\"kind\"")]),
        time: None,
    }
}

pub(super) fn land() -> Style {
    Style {
        name: "land",
        title: "Land",
        about: NO_POSITION,
        group: Group::Base,
        shown: true,
        drawing: Drawing::One(Symbol::Area {
            fill: Fill::Plain(GROUND.land),
            outline: NONE,
            width: 0.0,
            dash: None,
        }),
        order: None,
        labels: Some(Labels {
            of: "upper(\"name\")",
            size: 9.0,
            color: GROUND.name,
            priority: Some("0"),
            from_scale: None,
            shown: None,
        }),
        display: "\"name\"",
        tip: Tip::new("\"name\"", []),
        time: None,
    }
}

//! The styles of the base map: borders and land.

use super::color::NONE;
use super::{Class, Drawing, Fill, GROUND, Group, Labels, Style, Symbol, Tip};
use crate::layers::base::COLLECTED;
use crate::layers::{Collected, Column};

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
        mark: None,
        time: None,
    }
}

/// Land; where it tells whether security incidents were collected, that where they were not has thin lines.
pub(super) fn land(columns: &[Column]) -> Style {
    let area = |fill| Symbol::Area { fill, outline: NONE, width: 0.0, dash: None };
    let lined = |apart, angle| area(Fill::Lined { apart, angle });
    let plain = || area(Fill::Plain(GROUND.land));
    let class = |value, label: &str, symbol| Class { value, label: label.into(), symbol };
    let collected = |of: Collected| {
        let symbol = match of {
            Collected::Yes => plain(),
            Collected::Old => lined(2.4, 135),
            Collected::Ended => lined(3.2, 45),
            Collected::No => lined(1.6, 45),
        };
        class(of.word(), of.label(), symbol)
    };
    let told = columns.iter().any(|column| &*column.name == COLLECTED);
    let by_collection = || Drawing::ByText {
        of: "coalesce(\"incidents_collected\", 'untold')",
        classes: Collected::ALL
            .map(collected)
            .into_iter()
            .chain([class("untold", "Land", plain())])
            .collect(),
    };
    Style {
        name: "land",
        title: "Land",
        about: NO_POSITION,
        group: Group::Base,
        shown: true,
        drawing: if told { by_collection() } else { Drawing::One(plain()) },
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
        tip: if told {
            Tip::new(
                "\"name\"",
                [(
                    "",
                    "CASE WHEN \"incidents_collected\" = 'yes' THEN 'Security incidents were collected here' WHEN \"incidents_collected\" = 'old' THEN 'The newest security incident recorded here is of ' || format_date(\"newest_incident\", 'yyyy-MM-dd') || ': it is not known whether any are still collected' WHEN \"incidents_collected\" = 'ended' THEN 'Security incidents were collected here up to an earlier day only' WHEN \"incidents_collected\" = 'no' THEN 'No security incidents were collected here: that none is shown says nothing' END",
                )],
            )
        } else {
            Tip::new("\"name\"", [])
        },
        mark: None,
        time: None,
    }
}

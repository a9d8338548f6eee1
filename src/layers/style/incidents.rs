//! The classes of incidents by type, each with its color: every map that tells types apart takes them from here.

use super::Color;
use crate::model::SecurityType;

/// A class of incidents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IncidentClass {
    /// What it is called in legends.
    pub label: &'static str,
    /// Its types; accidents have none.
    pub types: &'static [SecurityType],
    /// Its color on a light page.
    pub color: Color,
}

/// The edge of incidents and of other points, which sets them off from each other.
pub const EDGE: Color = Color(29, 34, 38, 153);

/// Security incidents where their types are not told apart.
pub const SECURITY_INCIDENT: Color = Color::rgb(74, 52, 46);

/// Accidents.
pub const ACCIDENT: Color = Color::rgb(138, 90, 0);

/// The classes in the order of legends; the last is that of accidents.
pub const INCIDENT_CLASSES: [IncidentClass; 6] = [
    IncidentClass {
        label: "Battles",
        types: &[SecurityType::Battles],
        color: Color::rgb(10, 106, 168),
    },
    IncidentClass {
        label: "Explosions and remote violence",
        types: &[SecurityType::Explosions],
        color: Color::rgb(156, 47, 122),
    },
    IncidentClass {
        label: "Violence against civilians",
        types: &[SecurityType::Violence],
        color: Color::rgb(0, 117, 94),
    },
    IncidentClass {
        label: "Riots, protests, looting",
        types: &[SecurityType::Riots, SecurityType::Protests, SecurityType::Looting],
        color: Color::rgb(138, 106, 0),
    },
    IncidentClass {
        label: "Other and unknown types",
        types: &[SecurityType::Strategic, SecurityType::Unknown],
        color: Color::rgb(92, 97, 102),
    },
    IncidentClass { label: "Accidents", types: &[], color: ACCIDENT },
];

impl IncidentClass {
    /// The place in [`INCIDENT_CLASSES`] of a type; without one, that of accidents.
    pub fn number(of: Option<SecurityType>) -> usize {
        let found = INCIDENT_CLASSES
            .iter()
            .position(|class| of.is_some_and(|of| class.types.contains(&of)));
        found.unwrap_or(INCIDENT_CLASSES.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_one_class_and_no_color_has_two() {
        for kind in SecurityType::ALL {
            let holding = INCIDENT_CLASSES.iter().filter(|class| class.types.contains(&kind));
            assert_eq!(holding.count(), 1, "{kind:?}");
        }
        assert_eq!(IncidentClass::number(None), INCIDENT_CLASSES.len() - 1);
        for (at, class) in INCIDENT_CLASSES.iter().enumerate() {
            let mut others = INCIDENT_CLASSES.iter().skip(at + 1);
            assert!(others.all(|other| other.color != class.color), "{}", class.label);
        }
    }
}

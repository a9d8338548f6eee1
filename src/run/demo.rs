//! The built-in case: mines of Balochistan and publicly reported incidents around them, embedded in
//! the program. It is a hand-picked demonstration, not a sample; data/README.md lists its sources.

use super::{Inputs, Request};
use crate::model::ReceptorKind;
use crate::sources::Source;

/// Embeds a file of the case.
macro_rules! file {
    ($name:literal) => {
        Source::embedded($name, include_bytes!(concat!("../../data/balochistan/", $name)))
    };
}

/// The request of the built-in case, under the default scheme.
pub fn demo() -> Request {
    let receptors = |kind, source| (Some(kind), source);
    let inputs = Inputs {
        sites: vec![file!("sites.csv"), file!("linked_assets.geojson")],
        incidents: vec![file!("incidents.csv")],
        receptors: vec![
            receptors(ReceptorKind::Rivers, file!("rivers.geojson")),
            receptors(ReceptorKind::WaterBodies, file!("water_bodies.geojson")),
            receptors(ReceptorKind::SensitiveAreas, file!("protected_areas.csv")),
            receptors(ReceptorKind::Settlements, file!("settlements.csv")),
        ],
        ..Inputs::default()
    };
    Request { inputs, ..Request::default() }
}

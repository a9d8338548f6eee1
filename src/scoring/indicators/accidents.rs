//! E5, accidents and spills: past accidents around the site.

use super::Reading;
use crate::measures::EnvironmentQuantities;
use crate::scoring::Scheme;

/// The kernel sum over accidents on the log-logistic curve. The driver is an incident, not a
/// receptor.
///
/// A record of accidents shows what happened, and rarely all of it: the value is at least that, and it counts as known
/// like the gap of a layer, unless the user declares the record's coverage. Missing where no accidents were collected.
pub fn accidents(scheme: &Scheme, quantities: &EnvironmentQuantities) -> Reading {
    let Some(intensity) = &quantities.accidents else {
        return Reading::missing(vec!["no accidents were collected here".into()]);
    };
    let value = scheme.environment.accidents.curve().at(intensity.total);
    let driver = intensity.strongest.first().map(|contribution| contribution.nearby);
    let declared = quantities.accidents_declared;
    let mut notes = Vec::new();
    if driver.is_none() {
        notes.push("none on record within reach".into());
    }
    if !declared {
        notes.push("the record is not declared complete".into());
    }
    let known = if declared { 1.0 } else { scheme.environment.gaps.known };
    let reading = Reading::partly(value, known, driver, notes);
    // An accident is named by the explanation, which knows the incidents.
    if driver.is_some() { reading } else { reading.told("no accident on record".into()) }
}

//! The weight of one incident before distance and age, from its type and its deaths.

use super::Scheme;
use crate::model::{Domain, Incident, SecurityType};

/// The severity of an incident: the weight of its type times 1 + f log10(1 + deaths).
///
/// Deaths enter by their logarithm because deaths per event are heavy-tailed (Clauset, Young and
/// Gleditsch 2007). A missing number of deaths counts as 0. A security incident without a type has
/// the weight of an unknown type. Earthquakes and other incidents weigh 0, since no kernel sums
/// them.
pub fn severity(scheme: &Scheme, incident: &Incident) -> f64 {
    severity_with(scheme, incident, incident.fatalities.unwrap_or(0))
}

/// The severity of an incident if it had another number of deaths.
pub fn severity_with(scheme: &Scheme, incident: &Incident, deaths: u32) -> f64 {
    let (weight, factor) = match incident.domain {
        Domain::Security => {
            let severity = &scheme.security.severity;
            let security_type = incident.security_type.unwrap_or(SecurityType::Unknown);
            (severity.of_type(security_type), severity.fatality_factor)
        }
        Domain::Accident => {
            let accidents = &scheme.environment.accidents;
            (accidents.event, accidents.fatality_factor)
        }
        Domain::Earthquake | Domain::Other => return 0.0,
    };
    weight * (1.0 + factor * libm::log10(1.0 + f64::from(deaths)))
}

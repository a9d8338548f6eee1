//! What the map is about: sites, incidents and receptors, and the faults found in their data.

mod country;
mod date;
mod finding;
mod incident;
mod kind;
mod receptor;
mod routing;
mod site;
mod value;

pub use country::{Countries, Country, CountryCode};
pub use date::DateSpan;
pub use finding::{Finding, Findings, Place, Verdict};
pub use incident::{Domain, Incident, SecurityType, accuracy_of_acled, accuracy_of_ucdp};
pub use kind::ReceptorKind;
pub use receptor::{Designation, Receptor, WaterStress, WaterStressAside};
pub use routing::{Routed, route};
pub use site::{Part, Site, TailingsClass};
pub use value::Value;

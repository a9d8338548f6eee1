//! The data model: sites, incidents and receptors, and the findings about their data.

mod basemap;
mod borders;
mod country;
mod date;
mod days;
mod declared;
mod finding;
mod fips;
mod incident;
mod kind;
mod own;
mod raster;
mod receptor;
mod routing;
mod site;
mod tailings;
pub mod type_words;
mod value;
mod whereabouts;

pub use basemap::{Basemap, Mapped};
pub use country::{Countries, Country, CountryCode};
pub use date::DateSpan;
pub use days::bulk;
pub use declared::Declared;
pub use finding::{Finding, Findings, Place, Verdict};
pub use fips::by_fips;
pub use incident::{Domain, Incident, SecurityType};
pub use kind::ReceptorKind;
pub use own::{Own, OwnValue, Page, PageWriter, Said};
pub use raster::{Cells, Raster};
pub use receptor::{Designation, Receptor, WaterStress, WaterStressAside};
pub use routing::{Routed, route};
pub use site::{Part, Site};
pub use tailings::{Tailings, TailingsClass};
pub use value::Value;
pub use whereabouts::{
    BORDER_TOLERANCE, Codes, OFF_SHORE, Whereabouts, bordering, collected_in, country_at,
    country_of, covering, whereabouts,
};

//! Significant Earthquake Database (NOAA National Centers for Environmental Information, public
//! domain): tab-separated, with the search parameters in the first row, years before Christ as
//! negative numbers, and months, days and magnitudes missing where they are not known.

use super::{Dates, Layout, PLAIN};
use crate::model::{Domain, ReceptorKind};
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const SIGNIFICANT: Layout = Layout {
    name: "NOAA significant earthquakes",
    roles: &[Role::Receptors, Role::Incidents],
    kind: Some(ReceptorKind::Earthquakes),
    signature: &["Search Parameters", "Year", "Location Name", "Focal Depth (km)", "Mag"],
    fields: &[
        (F::Name, "Location Name"),
        (F::Lon, "Longitude"),
        (F::Lat, "Latitude"),
        (F::Year, "Year"),
        (F::Month, "Mo"),
        (F::Day, "Dy"),
        (F::Magnitude, "Mag"),
        (F::Depth, "Focal Depth (km)"),
        (F::Fatalities, "Deaths"),
    ],
    dates: Dates::Historic,
    domain: Some(Domain::Earthquake),
    event_type: Some("Earthquake"),
    search_row: true,
    ..PLAIN
};

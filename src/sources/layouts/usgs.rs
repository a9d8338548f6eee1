//! Earthquakes of the United States Geological Survey (public domain): the table of magnitudes 5.5
//! and more since 1965, with dates MM/DD/YYYY, and the current results of its catalog search. Both
//! list explosions among the earthquakes.

use super::{Dates, Layout, PLAIN};
use crate::model::{Domain, ReceptorKind};
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const CENTENNIAL: Layout = Layout {
    name: "USGS earthquakes",
    roles: &[Role::Receptors, Role::Incidents],
    kind: Some(ReceptorKind::Earthquakes),
    signature: &[
        "Date",
        "Time",
        "Depth Seismic Stations",
        "Magnitude",
        "Magnitude Seismic Stations",
    ],
    also: &["Depth Error", "Magnitude Error", "Azimuthal Gap", "Horizontal Distance"],
    fields: &[
        (F::Id, "ID"),
        (F::Lon, "Longitude"),
        (F::Lat, "Latitude"),
        (F::Date, "Date"),
        (F::EventType, "Type"),
        (F::Magnitude, "Magnitude"),
        (F::Depth, "Depth"),
    ],
    dates: Dates::Format("%m/%d/%Y"),
    note: Some("has dates as MM/DD/YYYY, which is how this data set is published"),
    domain: Some(Domain::Earthquake),
    event_type: Some("Earthquake"),
    ..PLAIN
};

pub(super) const COMCAT: Layout = Layout {
    name: "USGS earthquake catalog",
    signature: &["time", "mag", "magType"],
    also: &["nst", "gap", "dmin", "rms", "net", "updated"],
    fields: &[
        (F::Id, "id"),
        (F::Name, "place"),
        (F::Lon, "longitude"),
        (F::Lat, "latitude"),
        (F::Date, "time"),
        (F::EventType, "type"),
        (F::Magnitude, "mag"),
        (F::Depth, "depth"),
        (F::Source, "net"),
        (F::Link, "url"),
    ],
    // The GeoJSON feeds have the depth as the third coordinate of a position and times as numbers.
    dates: Dates::Milliseconds,
    height: Some("depth"),
    note: None,
    ..CENTENNIAL
};

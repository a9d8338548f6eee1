//! ACLED (Armed Conflict Location and Event Data): what users download for themselves, in the column
//! list in use since March 2023 and in the one before it.

use super::{Layout, PLAIN};
use crate::model::Domain;
use crate::sources::columns::{Field as F, Role};

pub(super) const EVENTS: Layout = Layout {
    name: "ACLED",
    roles: &[Role::Incidents],
    signature: &["event_id_cnty", "event_date", "event_type", "sub_event_type"],
    fields: &[
        (F::Id, "event_id_cnty"),
        (F::Lon, "longitude"),
        (F::Lat, "latitude"),
        (F::GeoPrecision, "geo_precision"),
        (F::Country, "country"),
        (F::Country, "iso3"),
        (F::Country, "iso"),
        (F::Date, "event_date"),
        (F::EventType, "event_type"),
        (F::SubEventType, "sub_event_type"),
        (F::Fatalities, "fatalities"),
    ],
    domain: Some(Domain::Security),
    ..PLAIN
};

/// Extracts that were cut down to the number of the event.
pub(super) const EVENTS_WITHOUT_COUNTRY_ID: Layout = Layout {
    signature: &["data_id", "event_date", "event_type", "sub_event_type"],
    fields: &[
        (F::Id, "data_id"),
        (F::Lon, "longitude"),
        (F::Lat, "latitude"),
        (F::GeoPrecision, "geo_precision"),
        (F::Country, "country"),
        (F::Country, "iso3"),
        (F::Country, "iso"),
        (F::Date, "event_date"),
        (F::EventType, "event_type"),
        (F::SubEventType, "sub_event_type"),
        (F::Fatalities, "fatalities"),
    ],
    ..EVENTS
};

//! ACLED (Armed Conflict Location and Event Data; ACLED Codebook, 2023): files that users download themselves,
//! with the columns in use since March 2023 or the earlier ones; its API returns the same columns. Its public
//! files are aggregated: a row is the number of events of a week or month in a province or country, placed at
//! its center or without a position. ACLED publishes them by week and province; the Humanitarian Data Exchange
//! has others (file names of its scraper, 2025).

use super::{Accuracy, Layout, PLAIN};
use crate::model::Domain;
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const EVENTS: Layout = Layout {
    name: "ACLED",
    roles: &[Role::Incidents],
    signature: &["event_id_cnty", "event_date", "event_type", "sub_event_type"],
    also: &[
        "disorder_type",
        "actor1",
        "assoc_actor_1",
        "inter1",
        "interaction",
        "time_precision",
        "source_scale",
        "civilian_targeting",
    ],
    fields: &[
        (F::Id, "event_id_cnty"),
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
        (F::Actors, "actor1"),
        (F::OtherActors, "actor2"),
        (F::Location, "location"),
        (F::Source, "source"),
    ],
    domain: Some(Domain::Security),
    ..PLAIN
};

/// Position accuracy by `geo_precision`: radii that hold the true place with 90 % chance.
pub(crate) const GEO_PRECISION: &[(u32, Accuracy)] =
    &[(1, Accuracy::Km(5.0)), (2, Accuracy::Km(25.0)), (3, Accuracy::Km(75.0))];

/// Extracts in which the event id is reduced to the number of the event.
pub(super) const EVENTS_WITHOUT_COUNTRY_ID: Layout =
    Layout { signature: &["data_id", "event_date", "event_type", "sub_event_type"], ..EVENTS };

/// Weeks by province (`*_aggregated_data_up_to-*.xlsx`).
pub(super) const AGGREGATED: Layout = Layout {
    name: "ACLED aggregated data",
    roles: &[Role::Incidents],
    signature: &["EVENTS", "FATALITIES", "DISORDER_TYPE"],
    fields: &[
        (F::Country, "COUNTRY"),
        (F::Date, "WEEK"),
        (F::EventType, "EVENT_TYPE"),
        (F::SubEventType, "SUB_EVENT_TYPE"),
        (F::Fatalities, "FATALITIES"),
    ],
    domain: Some(Domain::Security),
    refused: Some((
        "holds numbers of events by week and province at the province's center, not events",
        GIVE_EVENTS,
    )),
    ..PLAIN
};

/// The remedy for aggregated files.
const GIVE_EVENTS: &str = "give the events themselves: an export of ACLED that has event_id_cnty";

/// Months by district, as published by the Humanitarian Data Exchange (the sheet of countries with a response
/// plan in `*_events_and_fatalities_by_month-year*.xlsx`).
pub(super) const AGGREGATED_BY_HDX: Layout = Layout {
    signature: &["Admin1", "Month", "Year", "Events"],
    fields: &[(F::Country, "Country"), (F::Year, "Year"), (F::Month, "Month")],
    refused: Some(("holds numbers of events by month and district, not events", GIVE_EVENTS)),
    ..AGGREGATED
};

/// Months by country, the other sheet of that workbook.
pub(super) const AGGREGATED_OF_COUNTRIES: Layout = Layout {
    signature: &["Country", "ISO3", "Month", "Year", "Events"],
    refused: Some(("holds numbers of events by month and country, not events", GIVE_EVENTS)),
    ..AGGREGATED_BY_HDX
};

/// Months by district, from the API of the Humanitarian Data Exchange (`hdx_hapi_conflict_event_*.csv`).
pub(super) const AGGREGATED_BY_HAPI: Layout = Layout {
    name: "ACLED aggregated data by HDX HAPI",
    signature: &["location_code", "event_type", "events", "reference_period_start"],
    fields: &[
        (F::Country, "location_code"),
        (F::Date, "reference_period_start"),
        (F::EventType, "event_type"),
        (F::Fatalities, "fatalities"),
    ],
    refused: Some(("holds numbers of events by month and district, not events", GIVE_EVENTS)),
    ..AGGREGATED
};

/// Months by district, under the file names of 2025 (`conflict_events_and_fatalities*.csv`).
pub(super) const AGGREGATED_OF_HAPI: Layout = Layout {
    signature: &["Country ISO3", "Start Date", "Event Type", "Events"],
    fields: &[
        (F::Country, "Country ISO3"),
        (F::Date, "Start Date"),
        (F::EventType, "Event Type"),
        (F::Fatalities, "Fatalities"),
    ],
    ..AGGREGATED_BY_HAPI
};

//! UCDP Georeferenced Event Dataset (Uppsala Conflict Data Program, CC BY 4.0; UCDP GED Codebook 24.1, 2024): 41 to 50
//! columns in an order that changes with the version (older ones have `best_est` and similar names). Numbers may be
//! written as `1.0`, and copies from the Humanitarian Data Exchange have a row of HXL tags below the header. The
//! monthly candidate events and API responses have the same columns. `where_prec` gives the accuracy: 1 exact, 2 around
//! a place, 3 a district, 4 a province, 5 a line or an area without edges, 6 a country, 7 the sea or the air;
//! `type_of_violence` is 1 state-based, 2 non-state, 3 one-sided.

use super::{Accuracy, Layout, PLAIN};
use crate::model::{Domain, SecurityType};
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const GED: Layout = Layout {
    name: "UCDP GED",
    roles: &[Role::Incidents],
    signature: &["type_of_violence", "where_prec"],
    also: &[
        "side_a",
        "side_b",
        "dyad_name",
        "conflict_name",
        "event_clarity",
        "date_prec",
        "deaths_civilians",
        "where_coordinates",
    ],
    fields: &[
        (F::Id, "id"),
        (F::Lon, "longitude"),
        (F::Lat, "latitude"),
        (F::WherePrecision, "where_prec"),
        (F::Country, "country"),
        (F::Date, "date_start"),
        (F::DateEnd, "date_end"),
        (F::Year, "year"),
        (F::ViolenceType, "type_of_violence"),
        (F::Fatalities, "best"),
        (F::Fatalities, "best_est"),
        (F::FatalitiesLow, "low"),
        (F::FatalitiesLow, "low_est"),
        (F::FatalitiesHigh, "high"),
        (F::FatalitiesHigh, "high_est"),
        (F::Actors, "side_a"),
        (F::OtherActors, "side_b"),
        (F::Location, "where_coordinates"),
        (F::Location, "where_description"),
        (F::Source, "source_article"),
        (F::Source, "source_headline"),
    ],
    domain: Some(Domain::Security),
    whole_ids: true,
    ..PLAIN
};

/// Position accuracy by `where_prec`: radii that hold the true place with 90 % chance.
pub(crate) const WHERE_PRECISION: &[(u32, Accuracy)] = &[
    (1, Accuracy::Km(3.0)),
    (2, Accuracy::Km(25.0)),
    (3, Accuracy::Km(50.0)),
    (4, Accuracy::Km(220.0)),
    (5, Accuracy::Km(75.0)),
    (6, Accuracy::CountryLevel),
    (7, Accuracy::CountryLevel),
];

/// The security type of a `type_of_violence`.
pub(crate) const VIOLENCE: &[(u32, SecurityType)] =
    &[(1, SecurityType::Battles), (2, SecurityType::Battles), (3, SecurityType::Violence)];

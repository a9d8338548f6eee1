//! Social Conflict Analysis Database (Salehyan, Hendrix and others 2012; Codebook and Coding Procedures, version
//! 3.3, 2018): protests, strikes, riots and violence in Africa, Mexico, Central America and the Caribbean, 1990 to
//! 2017. The start date is in separate year, month and day columns, so that day and month cannot be confused.
//! Deaths below 0 (-77, -88, -99) are unknown. An event coded -9 represents an armed conflict, over years, that is
//! covered by other sources. `locnum` gives the kind of place: 1 the capital, 2 another city, 3 the countryside, 4
//! and 5 several cities or rural areas, 6 a province, 7 the whole country, -99 none. An event at several places
//! has a row for each, numbered by `sublocal`, all with the deaths of the whole event. `location_precision`, which
//! some copies have, is not explained in the codebook and not read.

use super::{Accuracy, Layout, PLAIN, Type};
use crate::model::{Domain, SecurityType as S};
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const SCAD: Layout = Layout {
    name: "SCAD",
    roles: &[Role::Incidents],
    signature: &["etype", "styr", "stmo", "stday", "ndeath"],
    also: &[
        "ccode",
        "escalation",
        "cgovtarget",
        "rgovtarget",
        "npart",
        "repress",
        "elocal",
        "ilocal",
    ],
    fields: &[
        (F::Id, "eventid"),
        (F::Lon, "longitude"),
        (F::Lat, "latitude"),
        (F::AccuracyCode, "locnum"),
        (F::PlaceNumber, "sublocal"),
        (F::Country, "countryname"),
        (F::Year, "styr"),
        (F::Month, "stmo"),
        (F::Day, "stday"),
        (F::EventType, "etype"),
        (F::Fatalities, "ndeath"),
        (F::Actors, "actor1"),
        (F::OtherActors, "actor2"),
        (F::Location, "elocal"),
    ],
    domain: Some(Domain::Security),
    types: &[
        Type::new("1", Some(S::Protests), "organized demonstration"),
        Type::new("2", Some(S::Protests), "spontaneous demonstration"),
        Type::new("3", Some(S::Riots), "organized violent riot"),
        Type::new("4", Some(S::Riots), "spontaneous violent riot"),
        Type::new("5", Some(S::Protests), "general strike"),
        Type::new("6", Some(S::Protests), "limited strike"),
        Type::new("7", Some(S::Violence), "pro-government violence (repression)"),
        Type::new("8", Some(S::Battles), "anti-government violence"),
        Type::new("9", Some(S::Violence), "extra-government violence"),
        Type::new("10", Some(S::Battles), "intra-government violence"),
        Type::new("-9", None, "armed conflict that other sources hold"),
    ],
    accuracy: &[
        ("1", Accuracy::Km(5.0)),
        ("2", Accuracy::Km(5.0)),
        ("3", Accuracy::Km(5.0)),
        ("4", Accuracy::Km(25.0)),
        ("5", Accuracy::Km(25.0)),
        ("6", Accuracy::Km(220.0)),
        ("7", Accuracy::CountryLevel),
        ("-99", Accuracy::CountryLevel),
    ],
    unknown: &[(F::Fatalities, &["-99", "-88", "-77"])],
    ..PLAIN
};

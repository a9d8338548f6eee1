//! Global Terrorism Database (START, University of Maryland; Codebook: Methodology, Inclusion Criteria, and
//! Variables, 2021). A month or day of 0 means unknown, as do counts of -9 and -99; `nkill` includes victims
//! and attackers. `country` is the database's own number, which is in no country code list, so that names are
//! read. `specificity` gives the accuracy: 1 the village or town with its coordinates; 2 a town whose
//! coordinates could not be found and 3 no town, both at the center of the smallest known district; 4 the
//! center of a province; 5 none. Records that are doubted to be terrorism (`doubtterr` 1) or failed (`success`
//! 0) did happen, and count.

use super::{Accuracy, Layout, PLAIN, Type};
use crate::model::{Domain, SecurityType as S};
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const GTD: Layout = Layout {
    name: "Global Terrorism Database",
    roles: &[Role::Incidents],
    signature: &["iyear", "imonth", "iday", "attacktype1"],
    also: &["country_txt", "provstate", "gname", "targtype1", "weaptype1", "nwound", "success"],
    fields: &[
        (F::Id, "eventid"),
        (F::Lon, "longitude"),
        (F::Lat, "latitude"),
        (F::AccuracyCode, "specificity"),
        (F::Country, "country_txt"),
        (F::Year, "iyear"),
        (F::Month, "imonth"),
        (F::Day, "iday"),
        (F::EventType, "attacktype1"),
        (F::Fatalities, "nkill"),
        (F::Actors, "gname"),
        (F::OtherActors, "gname2"),
        (F::Location, "city"),
        (F::Source, "scite1"),
    ],
    domain: Some(Domain::Security),
    types: &[
        Type::new("1", Some(S::Violence), "assassination"),
        Type::new("2", Some(S::Violence), "armed assault"),
        Type::new("3", Some(S::Explosions), "bombing or explosion"),
        Type::new("4", Some(S::Violence), "hijacking"),
        Type::new("5", Some(S::Violence), "hostage taking, barricade"),
        Type::new("6", Some(S::Violence), "hostage taking, kidnapping"),
        Type::new("7", Some(S::Looting), "facility or infrastructure attack"),
        Type::new("8", Some(S::Violence), "unarmed assault"),
        Type::new("9", Some(S::Unknown), "unknown"),
    ],
    accuracy: &[
        ("1", Accuracy::Km(5.0)),
        ("2", Accuracy::Km(50.0)),
        ("3", Accuracy::Km(50.0)),
        ("4", Accuracy::Km(220.0)),
        ("5", Accuracy::CountryLevel),
    ],
    unknown: &[(F::Month, &["0"]), (F::Day, &["0"]), (F::Fatalities, &["-9", "-99"])],
    ..PLAIN
};

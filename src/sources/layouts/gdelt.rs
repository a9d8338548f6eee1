//! GDELT event database (GDELT Event Database Codebook V2.0, 2015; CAMEO codebook 1.1b3, 2012): events
//! that a machine finds in news. `ActionGeo_CountryCode` is of FIPS 10-4; `ActionGeo_Type` tells the place:
//! 1 a country, 2 a state of the United States, 3 a city there, 4 a city elsewhere, 5 a province. Of the
//! twenty roots of CAMEO only those of force, protest and posture are incidents; the others are statements
//! and dealings.

use super::{Accuracy, Layout, PLAIN, Type};
use crate::model::{Domain, SecurityType as S};
use crate::sources::intake::columns::{Field as F, Role};
use crate::sources::intake::map::CountryCodes;

pub(super) const EVENTS: Layout = Layout {
    name: "GDELT events",
    roles: &[Role::Incidents],
    signature: &["SQLDATE", "EventCode", "ActionGeo_Type"],
    also: &["QuadClass", "GoldsteinScale", "NumMentions", "AvgTone", "SOURCEURL", "Actor1Code"],
    fields: &[
        (F::Id, "GLOBALEVENTID"),
        (F::Lon, "ActionGeo_Long"),
        (F::Lat, "ActionGeo_Lat"),
        (F::AccuracyCode, "ActionGeo_Type"),
        (F::Country, "ActionGeo_CountryCode"),
        (F::Date, "SQLDATE"),
        (F::EventType, "EventRootCode"),
        (F::SubEventType, "EventCode"),
        (F::Actors, "Actor1Name"),
        (F::OtherActors, "Actor2Name"),
        (F::Location, "ActionGeo_FullName"),
        (F::Link, "SOURCEURL"),
    ],
    domain: Some(Domain::Security),
    note: Some(
        "holds events that a machine found in news: one may be there several times, and none tells of \
         deaths",
    ),
    types: &[
        Type::new("145", Some(S::Riots), "protest violently, riot"),
        Type::new("1451", Some(S::Riots), "violent protest for leadership change"),
        Type::new("1452", Some(S::Riots), "violent protest for policy change"),
        Type::new("1453", Some(S::Riots), "violent protest for rights"),
        Type::new("1454", Some(S::Riots), "violent protest for change of institutions"),
        Type::new("171", Some(S::Looting), "seize or damage property"),
        Type::new("1711", Some(S::Looting), "confiscate property"),
        Type::new("1712", Some(S::Looting), "destroy property"),
        Type::new("175", Some(S::Violence), "use tactics of violent repression"),
        Type::new("183", Some(S::Explosions), "bombing, not by the military"),
        Type::new("1831", Some(S::Explosions), "suicide bombing"),
        Type::new("1832", Some(S::Explosions), "car bombing"),
        Type::new("1833", Some(S::Explosions), "roadside bombing"),
        Type::new("1834", Some(S::Explosions), "bombing of a place"),
        Type::new("194", Some(S::Explosions), "fight with artillery and tanks"),
        Type::new("195", Some(S::Explosions), "employ aerial weapons"),
        Type::new("1951", Some(S::Explosions), "employ precision-guided aerial munitions"),
        Type::new("1952", Some(S::Explosions), "employ remotely piloted aerial munitions"),
        Type::new("14", Some(S::Protests), "protest"),
        Type::new("15", Some(S::Strategic), "exhibit force posture"),
        Type::new("17", Some(S::Strategic), "coerce"),
        Type::new("18", Some(S::Violence), "assault"),
        Type::new("19", Some(S::Battles), "fight"),
        Type::new("20", Some(S::Violence), "use unconventional mass violence"),
        Type::new("01", None, "make public statement"),
        Type::new("02", None, "appeal"),
        Type::new("03", None, "express intent to cooperate"),
        Type::new("04", None, "consult"),
        Type::new("05", None, "engage in diplomatic cooperation"),
        Type::new("06", None, "engage in material cooperation"),
        Type::new("07", None, "provide aid"),
        Type::new("08", None, "yield"),
        Type::new("09", None, "investigate"),
        Type::new("10", None, "demand"),
        Type::new("11", None, "disapprove"),
        Type::new("12", None, "reject"),
        Type::new("13", None, "threaten"),
        Type::new("16", None, "reduce relations"),
    ],
    accuracy: &[
        ("1", Accuracy::Vague),
        ("2", Accuracy::Km(220.0)),
        ("3", Accuracy::Km(5.0)),
        ("4", Accuracy::Km(5.0)),
        ("5", Accuracy::Km(220.0)),
        ("0", Accuracy::Vague),
    ],
    country_codes: Some(CountryCodes::Fips),
    ..PLAIN
};

//! GDELT event database (GDELT Event Database Codebook V2.0, 19 February 2015, and Data Format Codebook V1.03,
//! 2013; CAMEO Event and Actor Codebook 1.1b3, 2012): events that a machine extracts from news. It is published as
//! tab-separated text without a header, with 58 columns (57 until March 2013) or, since 2015, 61, whose names are
//! those of the codebooks and of the tables in BigQuery. `ActionGeo_CountryCode` is a FIPS 10-4 code.
//! `ActionGeo_Type` gives the kind of place: 1 a country, 2 a state of the United States, 3 a city there, 4 a city
//! elsewhere, 5 a province; 2 and 5 are placed at their centers. Event codes have three or four digits and may have
//! lost a leading zero: `014` (consider policy option) is not `14` (protest), so that root codes have a list of
//! their own. Of the twenty root codes of CAMEO only those of force, protest and posture are incidents; the others
//! are statements and interactions.

use super::{Accuracy, Layout, PLAIN, Type};
use crate::model::{Domain, SecurityType as S};
use crate::sources::intake::columns::{Field as F, Role};
use crate::sources::intake::country_codes::CountryCodes;

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
        // Shapefiles truncate the first and the third of the position columns to this name.
        (F::AccuracyCode, "ActionGeo_"),
        (F::Country, "ActionGeo_CountryCode"),
        (F::Country, "ActionGe_2"),
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
        "holds events that a machine found in news: one may occur several times, and none \
         has deaths",
    ),
    types: &[
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
    finer: &[
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
        Type::new("191", Some(S::Strategic), "impose blockade, restrict movement"),
        Type::new("194", Some(S::Explosions), "fight with artillery and tanks"),
        Type::new("195", Some(S::Explosions), "employ aerial weapons"),
        Type::new("1951", Some(S::Explosions), "employ precision-guided aerial munitions"),
        Type::new("1952", Some(S::Explosions), "employ remotely piloted aerial munitions"),
        Type::new("204", Some(S::Explosions), "use weapons of mass destruction"),
        Type::new("2041", Some(S::Explosions), "use chemical, biological or radiological weapons"),
        Type::new("2042", Some(S::Explosions), "detonate nuclear weapons"),
    ],
    root_of: Some(root_of),
    is_record,
    headless: &[DAILY.split_at(HISTORIC).0, &DAILY, &QUARTER_HOURLY],
    accuracy: &[
        ("1", Accuracy::CountryLevel),
        ("2", Accuracy::Km(220.0)),
        ("3", Accuracy::Km(5.0)),
        ("4", Accuracy::Km(5.0)),
        ("5", Accuracy::Km(220.0)),
        ("0", Accuracy::CountryLevel),
    ],
    country_codes: Some(CountryCodes::Fips),
    ..PLAIN
};

/// The layout with the name for the day column from the codebook of 2015.
pub(super) const EVENTS_BY_DAY: Layout = Layout {
    signature: &["Day", "EventCode", "ActionGeo_Type"],
    fields: &[
        (F::Id, "GlobalEventID"),
        (F::Lon, "ActionGeo_Long"),
        (F::Lat, "ActionGeo_Lat"),
        (F::AccuracyCode, "ActionGeo_Type"),
        (F::AccuracyCode, "ActionGeo_"),
        (F::Country, "ActionGeo_CountryCode"),
        (F::Country, "ActionGe_2"),
        (F::Date, "Day"),
        (F::EventType, "EventRootCode"),
        (F::SubEventType, "EventCode"),
    ],
    headless: &[],
    ..EVENTS
};

/// Returns the root of an event code, which has three or four digits and may have lost its leading zero.
fn root_of(code: &str) -> Option<String> {
    if !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let first = |digits: usize| code.get(..digits).map(str::to_owned);
    match code.len() {
        2 if !code.starts_with('0') => first(1),
        // No root code is above 20: `211` was `0211`.
        3 if code.get(..2)? > "20" => first(1),
        2..=4 => first(2),
        _ => None,
    }
}

/// Whether a row with the right number of fields is a record: it begins with a number and a day whose year and
/// month repeat in the fields after it.
pub(super) fn is_record(row: &[String]) -> bool {
    let [id, day, month, year, ..] = row else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(id)
        && day.len() == 8
        && digits(day)
        && day.starts_with(month)
        && month.len() == 6
        && month.starts_with(year)
        && year.len() == 4
}

/// The number of columns in files of events before April 2013: those of the daily files without the last one.
const HISTORIC: usize = 57;

/// The columns of the daily files since April 2013.
const DAILY: [&str; 58] = [
    "GLOBALEVENTID",
    "SQLDATE",
    "MonthYear",
    "Year",
    "FractionDate",
    "Actor1Code",
    "Actor1Name",
    "Actor1CountryCode",
    "Actor1KnownGroupCode",
    "Actor1EthnicCode",
    "Actor1Religion1Code",
    "Actor1Religion2Code",
    "Actor1Type1Code",
    "Actor1Type2Code",
    "Actor1Type3Code",
    "Actor2Code",
    "Actor2Name",
    "Actor2CountryCode",
    "Actor2KnownGroupCode",
    "Actor2EthnicCode",
    "Actor2Religion1Code",
    "Actor2Religion2Code",
    "Actor2Type1Code",
    "Actor2Type2Code",
    "Actor2Type3Code",
    "IsRootEvent",
    "EventCode",
    "EventBaseCode",
    "EventRootCode",
    "QuadClass",
    "GoldsteinScale",
    "NumMentions",
    "NumSources",
    "NumArticles",
    "AvgTone",
    "Actor1Geo_Type",
    "Actor1Geo_FullName",
    "Actor1Geo_CountryCode",
    "Actor1Geo_ADM1Code",
    "Actor1Geo_Lat",
    "Actor1Geo_Long",
    "Actor1Geo_FeatureID",
    "Actor2Geo_Type",
    "Actor2Geo_FullName",
    "Actor2Geo_CountryCode",
    "Actor2Geo_ADM1Code",
    "Actor2Geo_Lat",
    "Actor2Geo_Long",
    "Actor2Geo_FeatureID",
    "ActionGeo_Type",
    "ActionGeo_FullName",
    "ActionGeo_CountryCode",
    "ActionGeo_ADM1Code",
    "ActionGeo_Lat",
    "ActionGeo_Long",
    "ActionGeo_FeatureID",
    "DATEADDED",
    "SOURCEURL",
];

/// The columns of the quarter-hourly files, since 2015: the daily ones, and a code of the second administrative
/// level beside each of the first.
static QUARTER_HOURLY: [&str; 61] = with_second_level([
    (39, "Actor1Geo_ADM2Code"),
    (47, "Actor2Geo_ADM2Code"),
    (55, "ActionGeo_ADM2Code"),
]);

/// Inserts columns into the daily ones, each at its index in the result.
#[expect(clippy::indexing_slicing, reason = "the compiler is who runs it")]
const fn with_second_level(more: [(usize, &'static str); 3]) -> [&'static str; 61] {
    let mut columns = [""; 61];
    let (mut at, mut added) = (0, 0);
    while at < columns.len() {
        if added < more.len() && more[added].0 == at {
            columns[at] = more[added].1;
            added += 1;
        } else {
            columns[at] = DAILY[at - added];
        }
        at += 1;
    }
    columns
}

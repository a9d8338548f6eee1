//! Worldwide Atrocities Dataset (Political Instability Task Force; Worldwide Atrocities Event Data Collection
//! Codebook 1.0b2, 2009; files of 1995 to February 2020): deliberate killings of noncombatants, coded from news
//! by people. Two title rows precede the header. Latitude and longitude are degrees, minutes, seconds and
//! direction under the same four names, the latitude first. An incident is one act at one place; a campaign is
//! several acts over days and places in one row, some of which have rows of their own. Deaths may be words (`at
//! least 20`). Column names are those used by three readers of the published files; no column gives the position
//! accuracy.

use super::{Layout, PLAIN, Type};
use crate::model::{Domain, SecurityType as S};
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const ATROCITIES: Layout = Layout {
    name: "PITF Worldwide Atrocities",
    roles: &[Role::Incidents],
    signature: &["Event Type", "Campaign Identifier", "Start Year", "Deaths Number"],
    also: &[
        "Event Reporting",
        "End Day",
        "End Month",
        "End Year",
        "Perp State Role",
        "Deaths Scale",
        "Injured Number",
    ],
    fields: &[
        (F::Lat, "Degrees"),
        (F::LatMin, "Minutes"),
        (F::LatSec, "Seconds"),
        (F::LatSide, "Direction"),
        (F::Lon, "Degrees (2nd)"),
        (F::LonMin, "Minutes (2nd)"),
        (F::LonSec, "Seconds (2nd)"),
        (F::LonSide, "Direction (2nd)"),
        (F::Country, "Country"),
        (F::Year, "Start Year"),
        (F::Month, "Start Month"),
        (F::Day, "Start Day"),
        (F::EventType, "Event Type"),
        (F::Fatalities, "Deaths Number"),
    ],
    domain: Some(Domain::Security),
    titled: true,
    note: Some(
        "does not state how well a place is known: if reports are vague, positions are centers of provinces \
         or guesses",
    ),
    types: &[
        Type::new("incident", Some(S::Violence), "atrocity"),
        Type::new("campaign", None, "campaign of atrocities"),
    ],
    ..PLAIN
};

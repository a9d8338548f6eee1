//! A dated event that harms: an attack, an accident, a spill, an earthquake.

use super::{CountryCode, DateSpan, Own, Place};
use crate::earth::{Length, Position};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A dated event at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// Unique within the run. Ids of up to 24 bytes take no memory beside the incident, of which there may be many millions.
    pub id: CompactString,
    /// The file it came from.
    pub file: Arc<str>,
    /// The location in that file.
    pub place: Place,
    /// The reported position.
    pub position: Position,
    /// The radius that contains the true place with 90 % probability; `None` if the source gives
    /// none.
    pub accuracy: Option<Length>,
    /// Whether the source knows only the country or the sea. Such an incident is listed but not
    /// scored or counted.
    pub vague: bool,
    /// The date. Security incidents and accidents always have one; earthquakes and unscored
    /// incidents may not.
    pub date: Option<DateSpan>,
    /// What the incident counts toward.
    pub domain: Domain,
    /// The security type, if `domain` is security.
    pub security_type: Option<SecurityType>,
    /// The type in the source's words, human-readable.
    pub event_type: Arc<str>,
    /// The finer type in the source's words, if the source gives one that says more.
    pub finer_type: Option<Arc<str>>,
    /// Best estimate of deaths; `None` if the source gives none.
    pub fatalities: Option<u32>,
    /// Low and high estimates of deaths, if the source gives them.
    pub fatalities_range: Option<(u32, u32)>,
    /// The country that the source names.
    pub country: Option<CountryCode>,
    /// Earthquake magnitude.
    pub magnitude: Option<f64>,
    /// Earthquake focal depth.
    ///
    /// # Units
    /// Kilometers.
    pub depth_km: Option<f64>,
    /// The source's own columns.
    pub own: Own,
}

impl Incident {
    /// Whether it is violence: a security incident of any type; a protest or a strategic development only if deaths are
    /// reported in it. An incident of unknown type is.
    pub fn is_violence(&self) -> bool {
        let peaceful =
            matches!(self.security_type, Some(SecurityType::Protests | SecurityType::Strategic));
        self.domain == Domain::Security && (!peaceful || self.fatalities.unwrap_or(0) > 0)
    }
}

/// What an incident counts toward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Domain {
    /// The security score, the rings, the nearest incident.
    Security,
    /// Accidents, spills, pollution: indicator E5.
    Accident,
    /// Indicator E3.
    Earthquake,
    /// Listed but not scored.
    Other,
}

impl Domain {
    /// The word used in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Accident => "accident",
            Self::Earthquake => "earthquake",
            Self::Other => "other",
        }
    }
}

/// The types of security incidents, named after ACLED (2023); UCDP's three are mapped onto them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecurityType {
    /// Explosions and remote violence.
    Explosions,
    /// Violence against civilians; UCDP one-sided violence.
    Violence,
    /// Battles; UCDP state-based and non-state conflict.
    Battles,
    /// Looting or property destruction.
    Looting,
    /// Riots.
    Riots,
    /// Protests.
    Protests,
    /// Strategic developments.
    Strategic,
    /// A security event of unknown type.
    Unknown,
}

impl SecurityType {
    /// Every type, in listing order.
    pub const ALL: [Self; 8] = [
        Self::Explosions,
        Self::Violence,
        Self::Battles,
        Self::Looting,
        Self::Riots,
        Self::Protests,
        Self::Strategic,
        Self::Unknown,
    ];

    /// The word used in schemes and files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Explosions => "explosions",
            Self::Violence => "violence_against_civilians",
            Self::Battles => "battles",
            Self::Looting => "looting",
            Self::Riots => "riots",
            Self::Protests => "protests",
            Self::Strategic => "strategic_developments",
            Self::Unknown => "unknown",
        }
    }
}

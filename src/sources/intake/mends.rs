//! Looks for another way to read a file whose records do not lie in the countries they name: axes swapped,
//! a sign lost, country codes of another list, a neighboring UTM zone. The alternative is suggested, never
//! applied by itself.

use super::claims::{Sampled, named_by_letters};
use super::country_codes::CountryCodes;
use super::file_rules::FileRules;
use super::map::RoleMap;
use crate::earth::{Crs, Position};
use crate::model::whereabouts;
use std::borrow::Cow;

/// Another way to read a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mend {
    /// With axes swapped, or not.
    Swap(bool),
    /// With country codes of another list.
    Codes(CountryCodes),
    /// With the sign of longitude or latitude changed, or not.
    Negate { lon: Option<bool>, lat: Option<bool> },
    /// In another CRS. The names are other systems that fit as well.
    Crs(Crs, Vec<String>),
}

/// The effect of the best alternative.
#[derive(Debug)]
pub(crate) struct Judged {
    pub mend: Mend,
    /// Number of disagreeing records that it moves into the country they name.
    pub mended: u64,
    /// Whether the file must be refused until the user states how it is meant.
    pub refused: bool,
}

/// A file is refused if an alternative moves at least this many in ten of the disagreeing records into
/// their country, and if at least this many in ten of all records it changes are improved.
const IN_TEN: u64 = 8;

/// Least number of records, since a single one may lie anywhere by accident.
const LEAST: u64 = 2;

/// A sample of records, and the number of records in the file that the sample represents.
type Drawn<'a> = (&'a [Sampled], u64);

/// Returns the alternative that moves most disagreeing records into their country: at least half of them.
pub(crate) fn judge(
    rules: &FileRules,
    codes: CountryCodes,
    wrong: Drawn<'_>,
    right: Drawn<'_>,
) -> Option<Judged> {
    let map = &rules.map;
    let turn = |now: bool| Some(!now);
    let mut mends = vec![
        Mend::Swap(!map.swap_axes),
        Mend::Codes(codes.other()),
        Mend::Negate { lon: turn(map.negate_lon), lat: None },
        Mend::Negate { lon: None, lat: turn(map.negate_lat) },
        Mend::Negate { lon: turn(map.negate_lon), lat: turn(map.negate_lat) },
    ];
    let crs = &rules.table_crs.crs;
    if !crs.is_wgs84() {
        let others = neighbors(crs.name()).into_iter().filter_map(|name| Crs::new(&name).ok());
        mends.extend(others.map(|crs| Mend::Crs(crs, Vec::new())));
    }
    let mut best: Option<Judged> = None;
    for mend in mends {
        let mended = scaled(wrong, |one| mend.mends(one, rules));
        if mended == 0 || mended * 2 < wrong.1 {
            continue;
        }
        if let Some(Judged { mend: Mend::Crs(_, alike), mended: most, .. }) = &mut best
            && let (Mend::Crs(crs, _), true) = (&mend, *most == mended)
        {
            alike.push(crs.name().to_owned());
            continue;
        }
        if best.as_ref().is_some_and(|best| best.mended >= mended) {
            continue;
        }
        let spoilt = scaled(right, |one| !mend.mends(one, rules));
        let refused = mended >= LEAST
            && mended * 10 >= wrong.1 * IN_TEN
            && mended * 10 >= (mended + spoilt) * IN_TEN
            && !map.insists(mend.key());
        best = Some(Judged { mend, mended, refused });
    }
    best
}

/// Estimates the number of records in the file that satisfy a condition.
fn scaled((drawn, all): Drawn<'_>, holds: impl Fn(&Sampled) -> bool) -> u64 {
    let found = drawn.iter().filter(|one| holds(one)).count();
    let (found, of) = (u64::try_from(found).unwrap_or(0), u64::try_from(drawn.len()).unwrap_or(0));
    found.saturating_mul(all).checked_div(of).unwrap_or(0)
}

impl Mend {
    /// Whether a record lies in the country it names if the file is read in this way.
    fn mends(&self, one: &Sampled, rules: &FileRules) -> bool {
        let mut map = rules.map.clone();
        let mut crs = one.own.as_ref().unwrap_or(&rules.table_crs.crs);
        let mut named = Cow::Borrowed(one.named.as_slice());
        match self {
            Self::Swap(swap) => map.swap_axes = *swap,
            Self::Codes(codes) => {
                if let Some(letters) = one.letters {
                    named = Cow::Owned(named_by_letters(*codes, letters));
                }
            }
            Self::Negate { lon, lat } => {
                map.negate_lon = lon.unwrap_or(map.negate_lon);
                map.negate_lat = lat.unwrap_or(map.negate_lat);
            }
            // No option changes the CRS that a record states itself.
            Self::Crs(..) if one.own.is_some() => {}
            Self::Crs(other, _) => crs = other,
        }
        let position = map.position(one.pair, crs);
        position
            .is_some_and(|position| !whereabouts(position, &named, one.accuracy).agreed.is_empty())
    }

    /// The key of the column map for the setting.
    fn key(&self) -> &'static str {
        match self {
            Self::Swap(_) => "swap_axes",
            Self::Codes(_) => "country_codes",
            Self::Negate { lon: Some(_), .. } => "negate_lon",
            Self::Negate { .. } => "negate_lat",
            Self::Crs(..) => "crs",
        }
    }

    /// The alternative in words.
    pub fn with(&self) -> String {
        match self {
            Self::Swap(_) => "with longitude and latitude swapped".to_owned(),
            Self::Codes(codes) => format!("with country codes of {}", codes.title()),
            Self::Negate { lon: Some(_), lat: Some(_) } => {
                "with the signs of longitude and latitude changed".to_owned()
            }
            Self::Negate { lon: Some(_), .. } => {
                "with the sign of the longitude changed".to_owned()
            }
            Self::Negate { .. } => "with the sign of the latitude changed".to_owned(),
            Self::Crs(crs, _) => format!("with coordinates in {}", crs.name()),
        }
    }

    /// The settings to type for the alternative, and for confirming the file as it is.
    pub fn hint(&self, role: &str) -> String {
        let (said, unsaid) = match self {
            Self::Swap(swap) => {
                (format!("{role}.swap_axes={swap}"), format!("{role}.swap_axes={}", !swap))
            }
            Self::Codes(codes) => (
                format!("{role}.country_codes={}", codes.word()),
                format!("{role}.country_codes={}", codes.other().word()),
            ),
            Self::Negate { lon, lat } => {
                let list = |turn: bool| {
                    let one = |key, value: &Option<bool>| {
                        value.map(|value| format!("{role}.{key}={}", value ^ turn))
                    };
                    let both = [one("negate_lon", lon), one("negate_lat", lat)];
                    both.into_iter().flatten().collect::<Vec<_>>().join(",")
                };
                (list(false), list(true))
            }
            Self::Crs(crs, alike) => {
                let or = if alike.is_empty() {
                    String::new()
                } else {
                    format!(" ({} would do as well: make sure which it is)", alike.join(", "))
                };
                return format!("⟦map={role}.crs={}⟧{or}", crs.name());
            }
        };
        format!("⟦map={said}⟧, or, where it is right as it is, ⟦map={unsaid}⟧")
    }
}

/// Returns the systems that are easily confused with this one, the likeliest first: the adjacent UTM
/// zones, north and south, or the adjacent codes, which in most families are the neighboring zones.
fn neighbors(name: &str) -> Vec<String> {
    let code: Option<i32> = name.strip_prefix("EPSG:").and_then(|code| code.parse().ok());
    let zone = match code {
        Some(code @ (32601..=32660 | 32701..=32760)) => {
            Some((code % 100, (32701..=32760).contains(&code)))
        }
        _ if name.contains("+proj=utm") => {
            let zone = name.split("+zone=").nth(1);
            let digits: Option<String> =
                zone.map(|zone| zone.chars().take_while(char::is_ascii_digit).collect());
            digits
                .and_then(|digits| digits.parse().ok())
                .map(|zone| (zone, name.contains("+south")))
        }
        _ => None,
    };
    if let Some((zone, south)) = zone {
        let steps = [0, 1, -1, 2, -2, 3, -3];
        let turned = |step: i32| (zone - 1 + step).rem_euclid(60) + 1;
        let code =
            |step, south| format!("EPSG:{}", if south { 32700 } else { 32600 } + turned(step));
        let all = steps.iter().flat_map(|&step| [code(step, south), code(step, !south)]);
        return all.skip(1).collect();
    }
    let next = |code: i32| [1, -1, 2, -2, 3, -3].map(|step| format!("EPSG:{}", code + step));
    code.map_or_else(Vec::new, |code| next(code).to_vec())
}

impl RoleMap {
    /// Returns the position of a pair of numbers, x first, read with the map's settings; `None` if it is
    /// invalid.
    pub(crate) fn position(&self, pair: [f64; 2], crs: &Crs) -> Option<Position> {
        let [x, y] = self.turned(pair);
        let [lon, lat] = crs.to_wgs84(x, y).ok()?;
        let lon = if lon > 180.0 && lon <= 360.0 { lon - 360.0 } else { lon };
        Position::from_degrees(lon, lat)
    }
}

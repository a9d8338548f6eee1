//! Detects events reported by several sources: incidents of different files on the same day, in the same
//! place, with the same deaths or the same type. Each incident is matched with at most one of another
//! file, the likeliest first.
//!
//! Incidents are sorted by day and by rows of latitude, so that only neighbors are compared. The result
//! equals that of comparing all pairs, and depends neither on the rows nor on the number of threads.

use super::days_between;
use crate::earth::{Length, geodesic};
use crate::model::{Domain, Incident, SecurityType};
use jiff::civil::Date;
use rayon::prelude::*;
use std::cmp::Ordering;

/// The incidents of one file.
#[derive(Debug, Clone, Copy)]
pub struct Reported<'a> {
    /// The incidents, in the order of the file.
    pub incidents: &'a [Incident],
    /// Name of the published data set, if the file is a known one. Within one data set, different ids are
    /// different events.
    pub data_set: Option<&'a str>,
}

/// Index of the file, and of the incident in it.
pub type At = (usize, usize);

/// One event reported in several files.
#[derive(Debug, Clone, PartialEq)]
pub struct Duplicate {
    /// The incidents in the order of the files, at most one per file.
    pub incidents: Vec<At>,
    /// The incident with the most accurate position; among equals, the first.
    pub best: At,
}

/// Positions closer than this count as the same place, whatever their stated accuracy.
///
/// # Units
/// Kilometers.
const SAME_PLACE_KM: f64 = 5.0;

/// An incident that lasted longer than this may comprise several events.
const LONGEST_DAYS: i64 = 7;

/// If more incidents than this are equally near on one day, they cannot be told apart.
const MOST_PARTNERS: usize = 1000;

/// Rows per degree of latitude.
const ROWS: f64 = 10.0;

/// Lower bound on the length of a degree of a meridian and, times the cosine of the latitude, of a
/// parallel.
///
/// # Units
/// Kilometers.
const DEGREE_KM: f64 = 110.0;

/// Returns the events that several files report, in the order of the files.
pub fn duplicates(files: &[Reported<'_>]) -> Vec<Duplicate> {
    if files.iter().filter(|file| !file.incidents.is_empty()).count() < 2 {
        return Vec::new();
    }
    let mut pairs = pairs(files, Reach::SamePlace);
    pairs.extend(self::pairs(files, Reach::Accuracy));
    pairs.par_sort_unstable_by(|a, b| {
        let by_likeness = a.rank.cmp(&b.rank).then(a.km.total_cmp(&b.km));
        by_likeness.then((a.first, a.second).cmp(&(b.first, b.second)))
    });
    united(files, &pairs)
}

/// How far apart two reports of one event may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// In the same place: the deaths or the type must agree.
    SamePlace,
    /// Within the position accuracy of one of them: the deaths must agree.
    Accuracy,
}

/// An incident on one of its days.
struct Entry<'a> {
    day: Date,
    /// The deaths, if only incidents with equal deaths are compared.
    deaths: u32,
    row: f64,
    at: At,
    incident: &'a Incident,
}

impl Entry<'_> {
    fn lon(&self) -> f64 {
        self.incident.position.lon()
    }

    /// Compares with a key in the order of entries.
    fn cmp_to(&self, day: Date, deaths: u32, row: f64, lon: f64) -> Ordering {
        let by_group = self.day.cmp(&day).then(self.deaths.cmp(&deaths));
        by_group.then(self.row.total_cmp(&row)).then(self.lon().total_cmp(&lon))
    }
}

/// Two incidents that may be one event.
struct Pair {
    /// Lower ranks are more likely.
    rank: u8,
    km: f64,
    first: At,
    second: At,
}

fn row_of(lat: f64) -> f64 {
    // Avoids negative zero, which would be a row of its own.
    (lat * ROWS).floor() + 0.0
}

/// Returns all pairs that may be one event.
fn pairs(files: &[Reported<'_>], reach: Reach) -> Vec<Pair> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for (file, reported) in files.iter().enumerate() {
        let incidents: &[Incident] = reported.incidents;
        let of_one = |(at, incident)| entries_of(incident, (file, at), reach);
        entries.par_extend(incidents.par_iter().enumerate().flat_map_iter(of_one));
    }
    entries.par_sort_unstable_by(|a, b| {
        a.cmp_to(b.day, b.deaths, b.row, b.lon()).then(a.at.cmp(&b.at))
    });
    entries.par_iter().flat_map_iter(|one| partners(files, &entries, one, reach)).collect()
}

/// Returns an entry for each day of an incident, if it is eligible for matching.
fn entries_of(
    incident: &Incident,
    at: At,
    reach: Reach,
) -> impl Iterator<Item = Entry<'_>> + use<'_> {
    let counts = matches!(incident.domain, Domain::Security | Domain::Accident) && !incident.vague;
    let deaths = incident.fatalities.unwrap_or(0);
    let counts = counts && (reach == Reach::SamePlace || deaths > 0);
    let span = incident
        .date
        .filter(|span| counts && days_between(span.first(), span.last()) < LONGEST_DAYS);
    let days = span.into_iter().flat_map(|span| {
        std::iter::successors(Some(span.first()), |day| day.tomorrow().ok())
            .take_while(move |day| *day <= span.last())
    });
    let deaths = if reach == Reach::Accuracy { deaths } else { 0 };
    let row = row_of(incident.position.lat());
    days.map(move |day| Entry { day, deaths, row, at, incident })
}

/// Returns the reports in other files that may describe the same event.
fn partners(
    files: &[Reported<'_>],
    entries: &[Entry<'_>],
    one: &Entry<'_>,
    reach: Reach,
) -> Vec<Pair> {
    let km = match (reach, one.incident.accuracy) {
        (Reach::SamePlace, _) => SAME_PLACE_KM,
        (Reach::Accuracy, Some(accuracy)) if accuracy.km() > SAME_PLACE_KM => accuracy.km(),
        (Reach::Accuracy, _) => return Vec::new(),
    };
    let (lon, lat) = (one.lon(), one.incident.position.lat());
    let high = km / DEGREE_KM;
    let farthest = lat.abs() + high;
    let wide = if farthest < 89.0 { high / libm::cos(farthest.to_radians()) } else { 360.0 };
    let mut ranges = vec![(lon - wide, lon + wide)];
    if wide < 180.0 {
        ranges.extend([(lon - wide + 360.0, 180.0), (-180.0, lon + wide - 360.0)]);
    }
    let mut found = Vec::new();
    let (mut row, last) = (row_of(lat - high), row_of(lat + high));
    while row <= last {
        for (west, east) in ranges.iter().filter(|(west, east)| west <= east) {
            let is_before =
                |entry: &Entry<'_>| entry.cmp_to(one.day, one.deaths, row, *west) == Ordering::Less;
            let from = entries.partition_point(is_before);
            for other in entries.get(from..).unwrap_or_default() {
                if other.cmp_to(one.day, one.deaths, row, *east) == Ordering::Greater {
                    break;
                }
                found.extend(pair(files, one, other, km));
                if found.len() > MOST_PARTNERS {
                    return Vec::new();
                }
            }
        }
        row += 1.0;
    }
    found
}

/// Returns two reports as a pair, if they may describe one event.
fn pair(
    files: &[Reported<'_>],
    one: &Entry<'_>,
    other: &Entry<'_>,
    within_km: f64,
) -> Option<Pair> {
    let (a, b) = (one.incident, other.incident);
    if one.at.0 == other.at.0 || a.domain != b.domain {
        return None;
    }
    let deaths = a.fatalities == b.fatalities && a.fatalities.is_some_and(|deaths| deaths > 0);
    let kind = a.domain == Domain::Accident
        || a.security_type == b.security_type && a.security_type != Some(SecurityType::Unknown);
    let one_day = a.date == b.date && a.date.is_some_and(|span| span.first() == span.last());
    let is_near = within_km <= SAME_PLACE_KM;
    if !(deaths || kind && one_day && is_near) {
        return None;
    }
    if a.country.is_some() && b.country.is_some() && a.country != b.country {
        return None;
    }
    let data_set = |at: At| files.get(at.0).and_then(|file| file.data_set);
    if data_set(one.at).is_some()
        && data_set(one.at) == data_set(other.at)
        && as_given(&a.id) != as_given(&b.id)
    {
        return None;
    }
    let km = geodesic::distance(a.position, b.position).km();
    let rank = match (deaths, kind) {
        (true, true) => 0,
        (true, false) => 1,
        _ => 2,
    };
    let (first, second) = if one.at < other.at { (one.at, other.at) } else { (other.at, one.at) };
    (km <= within_km).then_some(Pair { rank, km, first, second })
}

/// Strips the number that was added to distinguish an id from the same id in another file.
fn as_given(id: &str) -> &str {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    id.rsplit_once('#').filter(|(_, number)| is_number(number)).map_or(id, |(id, _)| id)
}

/// Merges pairs into events, the likeliest first; no event has two incidents of one file.
fn united(files: &[Reported<'_>], pairs: &[Pair]) -> Vec<Duplicate> {
    let mut groups: Vec<Vec<At>> = Vec::new();
    let mut group_of = std::collections::HashMap::new();
    for Pair { first, second, .. } in pairs {
        for at in [first, second] {
            group_of.entry(*at).or_insert_with(|| {
                groups.push(vec![*at]);
                groups.len() - 1
            });
        }
        let (Some(&into), Some(&from)) = (group_of.get(first), group_of.get(second)) else {
            continue;
        };
        let shares = |group: &Vec<At>, at: &At| group.iter().any(|other| other.0 == at.0);
        let (Some(a), Some(b)) = (groups.get(into), groups.get(from)) else { continue };
        if into == from || b.iter().any(|at| shares(a, at)) {
            continue;
        }
        let moved = groups.get_mut(from).map(std::mem::take).unwrap_or_default();
        for at in &moved {
            group_of.insert(*at, into);
        }
        if let Some(group) = groups.get_mut(into) {
            group.extend(moved);
        }
    }
    let accuracy = |at: &At| {
        let incident = files.get(at.0).and_then(|file| file.incidents.get(at.1));
        incident.and_then(|incident| incident.accuracy).map_or(f64::INFINITY, Length::km)
    };
    let duplicate = |mut incidents: Vec<At>| {
        incidents.sort_unstable();
        let best = incidents.iter().copied().min_by(|a, b| accuracy(a).total_cmp(&accuracy(b)))?;
        (incidents.len() > 1).then_some(Duplicate { incidents, best })
    };
    let mut found: Vec<Duplicate> = groups.into_iter().filter_map(duplicate).collect();
    found.sort_unstable_by(|a, b| a.incidents.cmp(&b.incidents));
    found
}

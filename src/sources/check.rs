//! What a file is taken for, with nobody having said what it is: known layouts and our own columns
//! tell for sure; else what the columns, the file's name and its geometry make likely.

use super::{incidents, intake, receptors, sites};
use crate::Result;
use crate::model::{Domain, ReceptorKind};
use crate::sources::bytes::open::Source;
use crate::sources::formats::record::{Geometry, RawGeometry, Record};
use crate::sources::intake::columns::{Binding, Field as F, Role, fold, is_own_id};
use crate::sources::intake::map::RoleMap;
use crate::sources::layouts::{Layout, recognize};
use crate::sources::options::ReadOptions;
use crate::sources::reader::Reader;
use crate::sources::reading::{Checked, Reading};

/// What a file is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Guess {
    role: Role,
    kind: Option<ReceptorKind>,
    /// Whether a layout or our own columns say so.
    sure: bool,
}

/// Finds out what a file is, reads all of it and says what is wrong with it.
///
/// # Errors
/// A file that cannot be opened or decoded, or in which no place is found.
pub fn check(source: &Source, options: &ReadOptions) -> Result<Checked> {
    check_as(source, None, options)
}

/// The same for a file of which somebody has said what it is.
///
/// # Errors
/// As [`check`], and a file that cannot be what it is said to be.
pub fn check_as(
    source: &Source,
    said: Option<(Role, Option<ReceptorKind>)>,
    options: &ReadOptions,
) -> Result<Checked> {
    let mut reader = Reader::open(source, options)?;
    let guess = match said {
        Some((role, kind)) => Guess { role, kind, sure: true },
        None => guess(&mut reader)?,
    };
    let mut asked = intake::options_of(options, guess.role, guess.kind);
    asked.rows = asked.rows.meant_for(guess.role, guess.kind);
    if asked.crs != options.crs {
        reader = Reader::open(source, &asked)?;
    }
    match guess.role {
        Role::Sites => {
            let reading = intake::read_all(&mut reader, &sites::TRADE, &asked)?;
            Ok(checked(reading, guess, Vec::new()))
        }
        Role::Incidents => {
            let reading = incidents::read_open(&mut reader, &asked)?;
            let domains = [Domain::Security, Domain::Accident, Domain::Earthquake, Domain::Other];
            let sorts = sorts(domains.map(|domain| {
                let count = reading.items.iter().filter(|item| item.domain == domain).count();
                (domain.word(), count)
            }));
            // Their places are too vague for any score: listed, and set aside.
            let vague = reading.items.iter().filter(|item| item.vague).count();
            let vague = u64::try_from(vague).unwrap_or(u64::MAX);
            let mut checked = checked(reading, guess, sorts);
            checked.kept -= vague;
            checked.set_aside += vague;
            Ok(checked)
        }
        Role::Receptors => {
            let reading = receptors::read_open(&mut reader, guess.kind, &asked)?;
            let sorts = sorts(ReceptorKind::ALL.map(|kind| {
                let count = reading.items.iter().filter(|item| item.kind == kind).count();
                (kind.word(), count)
            }));
            Ok(checked(reading, guess, sorts))
        }
    }
}

/// The sorts that occur.
fn sorts<const N: usize>(counts: [(&'static str, usize); N]) -> Vec<(&'static str, u64)> {
    counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| (word, u64::try_from(count).unwrap_or(u64::MAX)))
        .collect()
}

fn checked<T>(reading: Reading<T>, guess: Guess, sorts: Vec<(&'static str, u64)>) -> Checked {
    Checked {
        file: reading.file,
        role: guess.role,
        kind: guess.kind,
        guessed: !guess.sure,
        layout: reading.layout,
        format: reading.format,
        hash: reading.hash,
        size: reading.size,
        columns: reading.columns,
        read: reading.read,
        kept: u64::try_from(reading.items.len()).unwrap_or(u64::MAX),
        set_aside: reading.set_aside,
        left_out: reading.left_out,
        unknown_types: reading.unknown_types,
        sorts,
        findings: reading.findings,
        refused: reading.refused.is_some(),
    }
}

/// What a file holds, by the table that tells most.
fn guess(reader: &mut Reader) -> Result<Guess> {
    let mut likely = None;
    for number in 0..reader.layers().len() {
        reader.select(number);
        if let Some(guess) = by_layout(recognize(reader.columns())).or_else(|| by_own(reader)) {
            return Ok(guess);
        }
        let width = reader.columns().len();
        if likely.is_none_or(|(widest, _)| width > widest) {
            likely = Some((width, number));
        }
    }
    reader.select(likely.map_or(0, |(_, number)| number));
    by_likelihood(reader)
}

fn by_layout(layout: Option<&Layout>) -> Option<Guess> {
    let layout = layout?;
    let role = *layout.roles.first()?;
    Some(Guess { role, kind: layout.kind, sure: true })
}

/// By the names that only our own documented columns have.
fn by_own(reader: &Reader) -> Option<Guess> {
    let has = |test: &dyn Fn(&str) -> bool| reader.columns().iter().any(|column| test(column));
    let role = if has(&|column| is_own_id(Role::Receptors, column))
        || has(&|column| fold(column) == "receptortype")
    {
        Role::Receptors
    } else if has(&|column| is_own_id(Role::Incidents, column)) {
        Role::Incidents
    } else if has(&|column| is_own_id(Role::Sites, column)) {
        Role::Sites
    } else {
        return None;
    };
    Some(Guess { role, kind: None, sure: true })
}

/// By columns that go with a role, by the file's name, by the kind of geometry.
fn by_likelihood(reader: &Reader) -> Result<Guess> {
    let bound = |role| {
        Binding::new(reader.file(), reader.columns(), role, None, &RoleMap::default())
            .unwrap_or_default()
    };
    let (incidents, things) = (bound(Role::Incidents), bound(Role::Receptors));
    let dated = incidents.has(F::Date) || incidents.has(F::Year);
    let typed = [F::Domain, F::EventType, F::SubEventType, F::Fatalities];
    let likely = |role, kind| Ok(Guess { role, kind, sure: false });
    if dated && typed.into_iter().any(|field| incidents.has(field)) {
        return likely(Role::Incidents, None);
    }
    if dated && things.has(F::Magnitude) {
        return likely(Role::Receptors, Some(ReceptorKind::Earthquakes));
    }
    if dated {
        return likely(Role::Incidents, None);
    }
    if things.has(F::IucnCategory) || things.has(F::Designation) {
        return likely(Role::Receptors, Some(ReceptorKind::SensitiveAreas));
    }
    if things.has(F::Population) {
        return likely(Role::Receptors, Some(ReceptorKind::Settlements));
    }
    if let Some(kind) = by_name(reader.file()) {
        return likely(Role::Receptors, Some(kind));
    }
    let draws_lines =
        |record: &Record| matches!(&record.geometry, Geometry::Raw(RawGeometry::Lines(_)));
    if reader.sample(1)?.first().is_some_and(draws_lines) {
        return likely(Role::Receptors, Some(ReceptorKind::Rivers));
    }
    likely(Role::Sites, None)
}

/// The kind of receptor that a file's name speaks of.
fn by_name(file: &str) -> Option<ReceptorKind> {
    const WORDS: [(&str, ReceptorKind); 12] = [
        ("river", ReceptorKind::Rivers),
        ("stream", ReceptorKind::Rivers),
        ("lake", ReceptorKind::WaterBodies),
        ("reservoir", ReceptorKind::WaterBodies),
        ("fault", ReceptorKind::Faults),
        ("earthquake", ReceptorKind::Earthquakes),
        ("protected", ReceptorKind::SensitiveAreas),
        ("settlement", ReceptorKind::Settlements),
        ("populated", ReceptorKind::Settlements),
        ("cities", ReceptorKind::Settlements),
        ("tailings", ReceptorKind::Tailings),
        ("water_stress", ReceptorKind::WaterStress),
    ];
    let name = file.to_lowercase();
    WORDS.iter().find(|(word, _)| name.contains(word)).map(|(_, kind)| *kind)
}

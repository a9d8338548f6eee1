//! Finds out what a file holds if the user has not said so. Known layouts and Tamarisk's own columns are
//! certain; otherwise the columns, the file's name and its geometry suggest a role.

use super::{incidents, intake, receptors, sites};
use crate::model::{Domain, Finding, Incident, Place, ReceptorKind, Verdict, bulk};
use crate::sources::bytes::open::Source;
use crate::sources::formats::record::{Geometry, RawGeometry, Record};
use crate::sources::intake::columns::{Binding, Field as F, Role, fold, is_own_id};
use crate::sources::intake::map::RoleMap;
use crate::sources::layouts::{Layout, recognize};
use crate::sources::options::{Keep, ReadOptions};
use crate::sources::reader::Reader;
use crate::sources::reading::{Checked, Reading};
use crate::{Code, Result};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Guess {
    pub role: Role,
    pub kind: Option<ReceptorKind>,
    /// Whether a layout or Tamarisk's own columns state it.
    pub sure: bool,
}

impl Guess {
    /// Whether the guess matches a role and, if both are known, a kind.
    pub fn is_of(self, role: Role, kind: Option<ReceptorKind>) -> bool {
        self.role == role && (kind.is_none() || self.kind.is_none() || self.kind == kind)
    }
}

/// Summary of a layer in a file with several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerSummary {
    /// Number of the layer in the file.
    pub(crate) number: usize,
    /// Name of the layer.
    pub name: String,
    /// Number of records, if it is known.
    pub count: Option<u64>,
    /// What the layer seems to hold; `None` if it has no place, or if its records belong to the sites of
    /// another layer.
    pub(crate) guess: Option<Guess>,
    /// Whether its records belong to the sites of another layer.
    refers: bool,
    /// Number of columns.
    width: usize,
}

impl LayerSummary {
    /// What the layer seems to hold, in words: `likely receptors (rivers)`.
    pub fn role(&self) -> String {
        let Some(Guess { role, kind, sure }) = self.guess else {
            return if self.refers { "drawn around sites" } else { "no place" }.to_owned();
        };
        let kind = kind.map(|kind| format!(" ({})", kind.word())).unwrap_or_default();
        let likely = if sure { "" } else { "likely " };
        format!("{likely}{}{kind}", role.word())
    }

    /// Describes the layer in one line, with `between` after its name.
    pub fn words(&self, between: &str) -> String {
        let count = match self.count {
            None => String::new(),
            Some(1) => "1 record, ".to_owned(),
            Some(count) => format!("{count} records, "),
        };
        format!("{}{between}{count}{}", self.name, self.role())
    }
}

/// Summarizes the layers of a file. Returns an empty list if the file has only one layer, or if all are
/// read as one.
///
/// # Errors
/// If the file is damaged.
pub(crate) fn look_at_layers(reader: &mut Reader) -> Result<Vec<LayerSummary>> {
    let names: Vec<String> = reader.layers().iter().map(|name| (*name).to_owned()).collect();
    let candidates = reader.candidates();
    if reader.joins_layers() || candidates.len() < 2 {
        return Ok(Vec::new());
    }
    let mut looks = Vec::new();
    for number in candidates {
        reader.select(number);
        let name = names.get(number).cloned().unwrap_or_default();
        let (count, width) = (reader.count(), reader.columns().len());
        let guess = match by_layout(recognize(reader.columns())).or_else(|| by_own(reader)) {
            Some(guess) => Some(guess),
            None if !has_place(reader) => None,
            None => Some(by_likelihood(reader, &name)?),
        };
        let refers = of_other_sites(reader);
        looks.push(LayerSummary { number, name, count, guess, refers, width });
    }
    // Rings and links name the ids of sites, but are not sites themselves.
    let sites =
        |look: &LayerSummary| look.guess.is_some_and(|g| g.sure && g.is_of(Role::Sites, None));
    if looks.iter().any(|look| sites(look) && !look.refers) {
        let of_sites = looks.iter_mut().filter(|look| sites(look) && look.refers);
        of_sites.for_each(|look| look.guess = None);
    }
    Ok(looks)
}

/// Whether the records are rings, links or footprints of a run's output, which name the site they belong
/// to.
fn of_other_sites(reader: &Reader) -> bool {
    let has = |word: &str| reader.columns().iter().any(|column| fold(column) == word);
    has("siteid") && ["radiuskm", "targetkind", "scoredwith"].into_iter().any(has)
}

/// Whether the records have a place.
fn has_place(reader: &Reader) -> bool {
    let binding =
        Binding::new(reader.file(), reader.columns(), Role::Sites, None, &RoleMap::default())
            .unwrap_or_default();
    reader.has_geometry() || binding.has(F::Geometry) || binding.has(F::Lon) && binding.has(F::Lat)
}

/// Finds out what a file holds, reads all of it and reports its problems.
///
/// # Errors
/// If the file cannot be opened or decoded, or if no place is found in it.
pub fn check(source: &Source, options: &ReadOptions) -> Result<Checked> {
    check_as(source, None, options)
}

/// Like [`check`], but the caller states the role.
///
/// # Errors
/// As [`check`], or if the file cannot hold records of this role.
pub fn check_as(
    source: &Source,
    said: Option<(Role, Option<ReceptorKind>)>,
    options: &ReadOptions,
) -> Result<Checked> {
    let mut reader = Reader::open(source, options)?;
    let layers = look_at_layers(&mut reader)?;
    let (guess, only) = match said {
        Some((role, kind)) => (Guess { role, kind, sure: true }, None),
        None => match of_layers(&layers) {
            Some((guess, number)) => (guess, Some(number)),
            None => (guess(&mut reader)?, None),
        },
    };
    let mut asked = intake::role_reader::options_of(options, guess.role, guess.kind);
    asked.rows = asked.rows.meant_for(guess.role, guess.kind);
    asked.incident_columns = Keep::Nothing;
    let is_other = asked.crs != options.crs || asked.sheet != options.sheet;
    if is_other {
        reader = Reader::open(source, &asked)?;
    }
    if let Some(only) = only.filter(|_| asked.sheet == options.sheet) {
        reader.pin(only);
    }
    let checked = read_as(&mut reader, guess, &asked)?;
    Ok(Checked { layers, ..checked })
}

/// Picks the layer that says most about a file with several: certain guesses come before likely ones, then
/// wider layers before narrower ones.
fn of_layers(layers: &[LayerSummary]) -> Option<(Guess, usize)> {
    let told = layers.iter().filter_map(|look| Some((look.guess?, look)));
    told.rev()
        .max_by_key(|(guess, look)| (guess.sure, look.width))
        .map(|(guess, look)| (guess, look.number))
}

/// What a file holds, by its columns alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognized {
    /// Its role.
    pub role: Role,
    /// The kind of its receptors, if they have one.
    pub kind: Option<ReceptorKind>,
    /// Whether a layout or Tamarisk's own columns state it; otherwise it is likely.
    pub sure: bool,
}

/// Finds out what a file holds, as [`check`] does, without reading its records.
///
/// # Errors
/// If the file cannot be opened or decoded, or if no place is found in it.
pub fn recognize_role(source: &Source, options: &ReadOptions) -> Result<Recognized> {
    let mut reader = Reader::open(source, options)?;
    let Guess { role, kind, sure } = match of_layers(&look_at_layers(&mut reader)?) {
        Some((guess, _)) => guess,
        None => guess(&mut reader)?,
    };
    Ok(Recognized { role, kind, sure })
}

fn read_as(reader: &mut Reader, guess: Guess, asked: &ReadOptions) -> Result<Checked> {
    match guess.role {
        Role::Sites => {
            let reading = intake::read_all(reader, &sites::READER, asked)?;
            Ok(checked(reading, guess, Vec::new()))
        }
        Role::Incidents => {
            let reading = incidents::read_open(reader, asked)?;
            let domains = [Domain::Security, Domain::Accident, Domain::Earthquake, Domain::Other];
            let sorts = sorts(domains.map(|domain| {
                let count = reading.items.iter().filter(|item| item.domain == domain).count();
                (domain.word(), count)
            }));
            // Their places are too vague for any score: they are listed as set aside.
            let vague = reading.items.iter().filter(|item| item.vague).count();
            let vague = u64::try_from(vague).unwrap_or(u64::MAX);
            let mistyped = mistyped(&reading.items);
            let mut checked = checked(reading, guess, sorts);
            mistyped.into_iter().for_each(|finding| checked.findings.push(finding));
            checked.kept -= vague;
            checked.set_aside += vague;
            Ok(checked)
        }
        Role::Receptors => {
            let reading = receptors::read_open(reader, guess.kind, asked)?;
            let sorts = sorts(ReceptorKind::ALL.map(|kind| {
                let count = reading.items.iter().filter(|item| item.kind == kind).count();
                (kind.word(), count)
            }));
            Ok(checked(reading, guess, sorts))
        }
    }
}

/// Notes security incidents that a run leaves out of the as-of date, because they are dated so long after all others.
fn mistyped(incidents: &[Incident]) -> Option<Finding> {
    let security = || {
        let of = incidents.iter().filter(|one| one.domain == Domain::Security);
        of.filter_map(|one| Some((one.date?.last(), one)))
    };
    let days: BTreeSet<Date> = security().map(|(day, _)| day).collect();
    let days: Vec<Date> = days.into_iter().collect();
    let first = *days.get(bulk(&days).len())?;
    let late: Vec<&Incident> =
        security().filter(|(day, _)| *day >= first).map(|(_, one)| one).collect();
    let one = late.first()?;
    let more = match late.len() {
        1 => String::new(),
        all => format!(" and {} more", all - 1),
    };
    Some(Finding {
        code: Code::DateDoubtful,
        file: Arc::clone(&one.file),
        place: Place::File,
        id: None,
        field: Some("date".into()),
        value: one.date.map(|date| date.last().to_string()),
        why: format!(
            "of {} ({}){more} is so long after all earlier ones that a run considers it mistyped",
            one.id, one.place
        ),
        verdict: Verdict::Noted,
    })
}

/// Returns the sorts that occur.
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
        layers: Vec::new(),
    }
}

/// Returns what a file holds, judged by its most informative table.
pub(crate) fn guess(reader: &mut Reader) -> Result<Guess> {
    let mut likely = None;
    for number in reader.candidates() {
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
    by_likelihood(reader, reader.file())
}

fn by_layout(layout: Option<&Layout>) -> Option<Guess> {
    let layout = layout?;
    let role = *layout.roles.first()?;
    Some(Guess { role, kind: layout.kind, sure: true })
}

/// Guesses by names that only Tamarisk's own columns have.
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

/// Returns what the selected table seems to hold.
///
/// # Errors
/// If the file is damaged.
pub(crate) fn likely(reader: &Reader, name: &str) -> Result<Guess> {
    match by_layout(recognize(reader.columns())).or_else(|| by_own(reader)) {
        Some(guess) => Ok(guess),
        None => by_likelihood(reader, name),
    }
}

/// Guesses by the columns of a role, by the file's name, and by the type of geometry.
fn by_likelihood(reader: &Reader, name: &str) -> Result<Guess> {
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
    if let Some(kind) = by_name(name) {
        return likely(Role::Receptors, Some(kind));
    }
    let draws_lines =
        |record: &Record| matches!(&record.geometry, Geometry::Raw(RawGeometry::Lines(_)));
    if reader.sample(1)?.first().is_some_and(draws_lines) {
        return likely(Role::Receptors, Some(ReceptorKind::Rivers));
    }
    likely(Role::Sites, None)
}

/// Returns the kind of receptor that the name of a file or layer mentions.
fn by_name(name: &str) -> Option<ReceptorKind> {
    let name = name.to_lowercase();
    let speaks = |kind: &ReceptorKind| kind.in_names().iter().any(|word| name.contains(word));
    ReceptorKind::ALL.into_iter().find(speaks)
}

//! Chooses the tables of a file to read: all in a known layout, else all with the required columns. A file
//! without such a table is refused, listing what it has.

use super::aggregated;
use super::angle_units::is_of_other_angle;
use super::columns::{Binding, Field as F, Role, is_own_id, missing_columns};
use super::hxl;
use super::map::RoleMap;
use super::row::ReadState;
use super::wkt_column;
use crate::model::ReceptorKind;
use crate::sources::check::{likely, look_at_layers};
use crate::sources::intake::role_reader::RoleReader;
use crate::sources::layouts::{Layout, nearly, recognize};
use crate::sources::reader::Reader;
use crate::sources::values::cells::Kind;
use crate::{Code, Error, Result};
use std::sync::Arc;

/// A table to read.
pub(crate) struct Chosen {
    pub number: usize,
    pub layout: Option<&'static Layout>,
    /// The column of whole places and what it holds, if only its content shows it.
    pub geometry: Option<(Arc<str>, Kind)>,
}

/// How the columns of a table without a known layout were bound, in words.
pub(crate) fn bound_by(columns: &[Arc<str>], role: Role, map: &RoleMap) -> &'static str {
    if !map.columns.is_empty() {
        "column map"
    } else if columns.is_empty() {
        "no columns"
    } else if columns.iter().any(|column| is_own_id(role, column)) {
        "documented columns"
    } else {
        "usual column names"
    }
}

/// Chooses the tables of a file that match a role: those in a known layout, or else those with the required
/// columns.
pub(crate) fn choose<T>(
    reader: &mut Reader,
    reads: &RoleReader<T>,
    map: &RoleMap,
) -> Result<Vec<Chosen>> {
    let mut known = Vec::new();
    let mut fitting = Vec::new();
    let mut refusal: Option<(usize, Error)> = None;
    for number in reader.candidates() {
        reader.select(number);
        let layout = recognize(reader.columns());
        let mut map = map.clone();
        if layout.is_none() {
            // Problems with the table are reported below.
            hxl::learn_tags(reader, reads.role, &mut map).unwrap_or_default();
        }
        match fits(reader, reads, layout, &map) {
            Ok(geometry) if layout.is_some() => known.push(Chosen { number, layout, geometry }),
            Ok(geometry) => fitting.push(Chosen { number, layout, geometry }),
            Err(error) => {
                // The widest table is most likely the one that was meant.
                let width = reader.columns().len();
                if refusal.as_ref().is_none_or(|(widest, _)| width > *widest) {
                    refusal = Some((width, error));
                }
            }
        }
    }
    match (known.is_empty(), fitting.is_empty(), refusal) {
        (false, _, _) => one_of(reader, reads, known),
        (true, false, _) => one_of(reader, reads, fitting),
        (true, true, Some((_, error))) => Err(error),
        (true, true, None) => Err(Error::data(
            Code::TableMissing,
            format!("{}: holds no table of {}", reader.file(), reads.role.word()),
        )),
    }
}

/// Of several layers, keeps the only one that seems to match the role. The sheets of a workbook count as
/// pieces of one table, so all are kept except those that seem to hold something else.
fn one_of<T>(
    reader: &mut Reader,
    reads: &RoleReader<T>,
    mut fitting: Vec<Chosen>,
) -> Result<Vec<Chosen>> {
    if fitting.len() < 2 {
        return Ok(fitting);
    }
    if reader.joins_layers() {
        return of_one_kind(reader, reads, fitting);
    }
    let looks = look_at_layers(reader)?;
    let guess_of = |number: usize| {
        let look = looks.iter().find(|look| look.number == number)?;
        look.guess.filter(|guess| guess.is_of(reads.role, reads.kind))
    };
    let holds = |sure: bool| {
        let likely = |chosen: &&Chosen| guess_of(chosen.number).is_some_and(|g| g.sure || !sure);
        fitting.iter().filter(likely).map(|chosen| chosen.number).collect::<Vec<_>>()
    };
    let sure = holds(true);
    let likely = if sure.is_empty() { holds(false) } else { sure };
    if let [only] = likely.as_slice() {
        fitting.retain(|chosen| chosen.number == *only);
        return Ok(fitting);
    }
    let file = reader.file();
    let section = reads.kind.map_or(reads.role.word(), ReceptorKind::word);
    let list: Vec<String> = looks.iter().map(|look| look.words(", ")).collect();
    let first = looks.first().map_or("LAYER", |look| &look.name);
    Err(Error::usage(
        Code::LayerUnclear,
        format!(
            "{file}: has {} layers, and it is unclear which holds {section}: {}",
            looks.len(),
            list.join("; ")
        ),
    )
    .with_hint(format!("name one: {file}:{first}, or ⟦map={section}.layer={first}⟧")))
}

/// Of several sheets, keeps those that seem to match the role, if any does: a list of events with their
/// places, next to a list of mines, does not hold mines. Sheets in a known layout are certain, and a date
/// alone does not make a mine an event.
fn of_one_kind<T>(
    reader: &mut Reader,
    reads: &RoleReader<T>,
    fitting: Vec<Chosen>,
) -> Result<Vec<Chosen>> {
    let names: Vec<String> = reader.layers().iter().map(|name| (*name).to_owned()).collect();
    let mut holds = Vec::new();
    for chosen in &fitting {
        reader.select(chosen.number);
        let name = names.get(chosen.number).map_or("", String::as_str);
        let guess = likely(reader, name)?;
        let is_event = guess.role == Role::Incidents && has_types(reader)?;
        let dated_site = reads.role == Role::Sites && guess.role == Role::Incidents && !is_event;
        holds.push(chosen.layout.is_some() || dated_site || guess.is_of(reads.role, reads.kind));
    }
    if !holds.contains(&true) {
        return Ok(fitting);
    }
    Ok(fitting.into_iter().zip(holds).filter(|(_, holds)| *holds).map(|(one, _)| one).collect())
}

/// Whether the selected table has columns for types or deaths of incidents.
fn has_types(reader: &Reader) -> Result<bool> {
    let map = RoleMap::default();
    let binding = Binding::new(reader.file(), reader.columns(), Role::Incidents, None, &map)?;
    let typed = [F::Domain, F::EventType, F::SubEventType, F::Fatalities];
    Ok(typed.into_iter().any(|field| binding.has(field)))
}

/// Whether the selected table can be read in the role. Also returns the column of well-known text if it had
/// to be searched for.
fn fits<T>(
    reader: &Reader,
    reads: &RoleReader<T>,
    layout: Option<&'static Layout>,
    map: &RoleMap,
) -> Result<Option<(Arc<str>, Kind)>> {
    let (file, columns) = (reader.file(), reader.columns());
    if let Some(layout) = layout
        && !layout.roles.contains(&reads.role)
    {
        let natural = layout.roles.first().map_or("something else", |role| role.word());
        return Err(Error::data(
            Code::RoleDiffers,
            format!("{file}: holds {natural} ({}), not {}", layout.name, reads.role.word()),
        )
        .with_hint(format!("give it as {natural}")));
    }
    if let Some((layout, refused)) = layout.and_then(|layout| Some((layout, layout.refused?))) {
        return Err(aggregated::refused(reader, layout.name, refused));
    }
    if reads.role == Role::Incidents && layout.is_none() {
        aggregated::refuse(reader)?;
    }
    if let (Some(asked), Some(layout)) = (reads.kind, layout)
        && let Some(held) = layout.kind
        && held != asked
    {
        let (held, asked) = (held.word(), asked.word());
        return Err(Error::data(
            Code::RoleDiffers,
            format!("{file}: holds {held} ({}), not {asked}", layout.name),
        )
        .with_hint(format!("give it as {held}={file}")));
    }
    let binding = Binding::new(file, columns, reads.role, layout, map)?;
    let empty = || reader.sample(1).map(|sample| sample.is_empty());
    let has_place = reader.has_geometry()
        || binding.has(F::Geometry)
        || binding.has(F::Lon) && binding.has(F::Lat);
    let mut missing: Vec<F> = Vec::new();
    let geometry = if has_place { None } else { wkt_column::find(reader, reads.role)? };
    if !has_place && geometry.is_none() {
        missing.extend([F::Lon, F::Lat].into_iter().filter(|field| !binding.has(*field)));
    }
    for fields in reads.required {
        if !fields.iter().any(|field| binding.has(*field)) {
            missing.extend(fields.first());
        }
    }
    // A file without any column or record is empty, not wrong.
    if missing.is_empty() || (columns.is_empty() || reader.has_geometry()) && empty()? {
        return Ok(geometry);
    }
    let of_place = missing.iter().any(|field| matches!(field, F::Lon | F::Lat));
    if let Some(name) = columns.iter().find(|name| of_place && is_of_other_angle(name)) {
        return Err(Error::data(
            Code::CrsUnusable,
            format!(
                "{file}: {}: names another unit of angles, which is not read",
                name.escape_debug()
            ),
        )
        .with_hint(
            "give degrees; where the numbers are degrees as they are, call the columns lon and lat",
        ));
    }
    let seems = match layout {
        Some(layout) => {
            let lacking = layout.fields.iter().filter(|(field, _)| missing.contains(field));
            let lacking: Vec<&str> = lacking.map(|(_, name)| *name).rev().collect();
            (!lacking.is_empty()).then(|| looks_like(layout, &lacking))
        }
        None => nearly(columns, reads.role).map(|near| looks_like(near.layout, &near.lacks)),
    };
    Err(missing_columns(file, columns, reads.role, &missing, seems))
}

/// The note on a file that nearly matches a layout.
fn looks_like(layout: &Layout, lacks: &[&str]) -> String {
    format!("looks like {} but lacks {}", layout.name, lacks.join(", "))
}

/// Reports which layout a table nearly matches, because its codes and words are not read as that layout.
pub(crate) fn say_near<T>(reader: &Reader, reads: &RoleReader<T>, state: &mut ReadState) {
    if let Some(near) = nearly(reader.columns(), reads.role) {
        let seems = looks_like(near.layout, &near.lacks);
        let why = format!("{seems}; read by usual column names, so that its codes are not read");
        state.tally.say(Code::FileDoubtful, None, why);
    }
}

/// Reports the sheets of a workbook that are not read.
pub(crate) fn say_skipped<T>(
    reader: &Reader,
    chosen: &[Chosen],
    reads: &RoleReader<T>,
    state: &mut ReadState,
) {
    let tables = reader.layers();
    if !reader.joins_layers() {
        if let (true, Some(table)) = (reader.candidates().len() > 1, chosen.first()) {
            let (all, role) = (tables.len(), reads.role.word());
            let name = tables.get(table.number).unwrap_or(&"");
            state.tally.say(
                Code::FileDoubtful,
                None,
                format!("has {all} layers; {name} is read as {role}"),
            );
        }
        return;
    }
    let skipped: Vec<&str> = tables
        .iter()
        .enumerate()
        .filter(|(number, _)| !chosen.iter().any(|table| table.number == *number))
        .map(|(_, name)| *name)
        .collect();
    if !skipped.is_empty() {
        let why = format!("holds no table of {} and is not read", reads.role.word());
        for name in skipped {
            state.tally.say(Code::FileDoubtful, None, format!("sheet {name} {why}"));
        }
    }
}

//! Turns the records of a file into sites, incidents or receptors: finds the tables, binds the columns,
//! builds an item from every record or reports why not, and keeps counts that add up.

mod aggregated;
mod angle_units;
mod claims;
pub(crate) mod columns;
pub(crate) mod country_codes;
mod date_column;
pub(crate) mod declared;
mod entries;
mod feature_part;
pub(crate) mod features;
pub(crate) mod file_rules;
pub(crate) mod habits;
mod halves;
mod hxl;
mod languages;
pub(crate) mod map;
pub(crate) mod mends;
pub(crate) mod names;
pub(crate) mod no_records;
mod over_border;
pub(crate) mod own;
pub(crate) mod part_intake;
pub(crate) mod parts_of_place;
mod people;
pub(crate) mod role_reader;
pub(crate) mod row;
pub(crate) mod rows;
pub(crate) mod scatter;
mod sift;
pub(crate) mod spelling;
pub(crate) mod table_crs;
pub(crate) mod tables;
pub(crate) mod tally;
mod twice_encoded;
mod type_column;
pub(crate) mod types;
pub(crate) mod wkt_column;

#[cfg(test)]
mod documented;

use crate::model::{Finding, Findings, ReceptorKind, Verdict};
use crate::sources::intake::claims::Claims;
use crate::sources::intake::columns::{Binding, Field as F, Role};
use crate::sources::intake::file_rules::FileRules;
use crate::sources::intake::habits::learn;
use crate::sources::intake::map::RoleMap;
use crate::sources::intake::own::Keeping;
use crate::sources::intake::part_intake::{Layer, PartIntake, RecordOutcome, bind};
use crate::sources::intake::role_reader::RoleReader;
use crate::sources::intake::row::ReadState;
use crate::sources::intake::rows::Rows;
use crate::sources::intake::scatter::Scatter;
use crate::sources::intake::table_crs::{Table, unsaid_axes};
use crate::sources::intake::tables::{bound_by, choose, say_near, say_skipped};
use crate::sources::intake::twice_encoded::TwiceEncoded;
use crate::sources::layouts::Layout;
use crate::sources::options::ReadOptions;
use crate::sources::reader::Reader;
use crate::sources::reading::{Earlier, Reading};
use crate::sources::values::ids::{Assigned, Identified, Ids};
use crate::{Code, Error, Result};
use std::collections::HashSet;
use std::sync::Arc;

/// Callback after each part of a file. It sees the items that have been read and not yet taken out.
pub(crate) type Pick<'p, T> = dyn FnMut(&mut Vec<T>) -> Result<()> + 'p;

/// Reads all of a file.
///
/// # Errors
/// If the file holds something else, lacks columns, or is damaged.
pub(crate) fn read_all<T: Identified + Send>(
    reader: &mut Reader,
    reads: &RoleReader<T>,
    options: &ReadOptions,
) -> Result<Reading<T>> {
    read_through(reader, reads, options, &mut |_| Ok(()))
}

/// Like [`read_all`], but `pick` may take items out as they are read; the reading holds those that are left.
///
/// # Errors
/// Those of [`read_all`], and of `pick`.
pub(crate) fn read_through<T: Identified + Send>(
    reader: &mut Reader,
    reads: &RoleReader<T>,
    options: &ReadOptions,
    pick: &mut Pick<'_, T>,
) -> Result<Reading<T>> {
    let map = options.map.of(reads.role, reads.kind);
    let chosen = choose(reader, reads, &map)?;
    let file = reader.file().clone();
    let mut intake = Intake {
        state: ReadState::new(&file),
        scatter: Scatter::default(),
        twice_encoded: TwiceEncoded::default(),
        claims: Claims::default(),
        ids: Ids::of_file(&file, reads.role),
        items: Vec::new(),
        made: Vec::new(),
        set_aside: 0,
        made_ids: 0,
        kept: 0,
        repeated: 0,
        left_out: 0,
        met: options.rows.of(reads.role, reads.kind).none_met(),
        earlier: Earlier::new(),
        keeping: Keeping::of(reads.role, options),
    };
    let mut findings = Findings::default();
    let mut columns: Vec<Arc<str>> = Vec::new();
    let mut known: HashSet<Arc<str>> = HashSet::new();
    let mut read = 0;
    let mut layout = None;
    let mut all_rules = Vec::new();
    say_skipped(reader, &chosen, reads, &mut intake.state);
    for table in &chosen {
        reader.select(table.number);
        layout = layout.or(table.layout);
        if table.layout.is_none() && map.columns.is_empty() {
            say_near(reader, reads, &mut intake.state);
        }
        let mut map = map.clone();
        if let Some((column, kind)) = &table.geometry {
            map.columns.insert(F::Geometry, column.to_string());
            let why = format!("holds {} and is read as the geometry", kind.words());
            intake.state.tally.say(Code::ColumnDoubtful, Some(column), why);
        }
        let section = reads.kind.map_or(reads.role.word(), ReceptorKind::word);
        let tally = &mut intake.state.tally;
        if table.layout.is_none() {
            for field in hxl::learn_tags(reader, reads.role, &mut map)? {
                let column = map.columns.get(&field).map(String::as_str);
                let word = columns::word_of(reads.role, field);
                tally.say(
                    Code::ColumnDoubtful,
                    column,
                    format!("is read as {word}, as its HXL tag says"),
                );
            }
            if reads.role == Role::Incidents {
                type_column::learn(reader, &mut map, tally)?;
            }
        }
        learn(reader, reads.role, table.layout, &mut map, section, tally)?;
        let rows = options.rows.of(reads.role, reads.kind);
        let rules = rules_of(reader, reads, table.layout, map, rows)?;
        for note in &rules.table_crs.notes {
            intake.state.tally.say(Code::CrsDoubtful, Some("crs"), note.clone());
        }
        let counted =
            intake.read_table(reader, reads, &rules, table.number, pick, &mut findings)?;
        read += counted.read;
        intake.set_aside += counted.set_aside;
        if let Some(axes) =
            unsaid_axes(reader, &rules).filter(|_| intake.kept > 0 && options.crs.is_none())
        {
            let why = "name no unit; read as degrees on WGS84; ⟦crs⟧ names the system where it is another";
            intake.state.tally.say(Code::CrsDoubtful, Some(&axes), why.to_owned());
        }
        columns.extend(counted.columns.into_iter().filter(|column| known.insert(column.clone())));
        if let (true, Some(note)) = (counted.read > 0, table.layout.and_then(|l| l.note)) {
            intake.state.tally.say(Code::FileDoubtful, None, note.to_owned());
        }
        all_rules.push(rules);
    }
    if reader.size() == 0 {
        intake.state.tally.say(Code::FileEmpty, None, "is empty".to_owned());
    }
    if let Some(rules) = all_rules.first().filter(|_| read > 0) {
        rules.rows.check(&file, &columns)?;
        rules.rows.say_unmet(&intake.met, &mut intake.state.tally);
    }
    let claims = std::mem::take(&mut intake.claims);
    let said = all_rules
        .first()
        .and_then(|rules| claims.report(rules, reads.noun, &mut intake.state.tally));
    let refused = said.map(|(why, hint)| {
        Error::data(Code::CoordinatesUnclear, format!("{file}: {why}")).with_hint(hint)
    });
    let data_set = layout.map(|layout| layout.name);
    let (left_out, earlier) = (intake.left_out, std::mem::take(&mut intake.earlier));
    let unknown_types = intake.state.unknown_types.listed();
    let layout = match layout {
        Some(layout) => layout.name.to_owned(),
        None => bound_by(&columns, reads.role, &map).to_owned(),
    };
    let (items, made, set_aside, state) = intake.finish(reads);
    for finding in state.findings {
        findings.push(finding);
    }
    state.tally.finish(&mut findings);
    Ok(Reading {
        file,
        items,
        made,
        findings,
        read,
        set_aside,
        left_out,
        earlier,
        unknown_types,
        layout,
        data_set,
        format: reader.description().to_owned(),
        hash: reader.hash(),
        size: reader.size(),
        columns,
        has_countries: state.has_countries,
        partial: reader.partial().map(str::to_owned),
        refused,
    })
}

fn rules_of<T>(
    reader: &Reader,
    reads: &RoleReader<T>,
    layout: Option<&'static Layout>,
    map: RoleMap,
    rows: Rows,
) -> Result<FileRules> {
    let file = reader.file().clone();
    let binding = Binding::new(&file, reader.columns(), reads.role, layout, &map)?;
    let section = reads.kind.map_or(reads.role.word(), ReceptorKind::word);
    let table = Table { reader, binding: &binding, layout, map: &map, section };
    let table_crs = table.resolve()?;
    let typed = [F::Domain, F::EventType, F::SubEventType, F::ViolenceType];
    let has_types = typed.into_iter().any(|field| binding.has(field))
        || layout.is_some_and(|layout| layout.domain.is_some());
    let no_deaths = (reads.role == Role::Incidents && layout.is_none())
        .then(|| type_column::no_deaths(reader.columns()));
    Ok(FileRules {
        file,
        role: reads.role,
        kind: reads.kind,
        layout,
        map,
        table_crs,
        has_types,
        no_deaths,
        rows,
    })
}

/// The counts and columns of one table.
struct Counted {
    read: u64,
    /// Number of records that the format set aside.
    set_aside: u64,
    columns: Vec<Arc<str>>,
}

/// The state of reading a file.
struct Intake<T> {
    state: ReadState,
    scatter: Scatter,
    twice_encoded: TwiceEncoded,
    claims: Claims,
    ids: Ids,
    /// The items not yet taken out by the caller.
    items: Vec<T>,
    /// Whether each kept item has a made id, up to the last that has one.
    made: Vec<bool>,
    set_aside: u64,
    made_ids: u64,
    /// Number of items that have an id and are kept.
    kept: usize,
    /// Number of records without an id whose content repeats another.
    repeated: u64,
    /// Number of records excluded by the options.
    left_out: u64,
    /// Whether each condition on records was met by any record.
    met: Vec<bool>,
    /// What the records excluded for their date show about coverage.
    earlier: Earlier,
    /// Whether items keep the columns of their file.
    keeping: Arc<Keeping>,
}

impl<T: Identified + Send> Intake<T> {
    fn read_table(
        &mut self,
        reader: &Reader,
        reads: &RoleReader<T>,
        rules: &FileRules,
        table: usize,
        pick: &mut Pick<'_, T>,
        findings: &mut Findings,
    ) -> Result<Counted> {
        let mut columns: Vec<Arc<str>> = reader.columns().to_vec();
        let (names, binding) = (columns.clone(), bind(rules, &columns)?);
        self.state.has_countries |= binding.has(F::Country);
        let mut passed = 0;
        let is_whole = reader.parts() == 1;
        let layer = Layer { reads, rules, number: table, is_whole };
        let keeping = self.keeping.clone();
        let new = |at_begin| PartIntake::new(&layer, &names, &binding, keeping.keeper(), at_begin);
        let counted = reader.in_parts(findings, &new, &mut |mut part, said, findings| {
            said.into_iter().for_each(|(_, finding)| findings.push(finding));
            if part.columns.len() > columns.len() {
                columns = part.columns;
            }
            passed += part.sift.passed;
            self.left_out += part.left_out;
            self.met.iter_mut().zip(&part.met).for_each(|(all, part)| *all |= part);
            for (domain, countries) in part.earlier {
                self.earlier.entry(domain).or_default().extend(countries);
            }
            keeping.hand_out(part.state.own.take(), &mut part.items);
            self.state.merge(part.state);
            self.claims.merge(part.claims);
            self.admit(part.items, part.outcomes);
            keeping.hold(&mut self.items);
            pick(&mut self.items)?;
            part.sift.fault.map_or(Ok(()), Err)
        })?;
        Ok(Counted {
            read: counted.read.saturating_sub(passed),
            set_aside: counted.set_aside,
            columns,
        })
    }

    /// Gives the items of a part their ids and keeps them, except those that are set aside.
    fn admit(&mut self, mut items: Vec<T>, outcomes: Vec<RecordOutcome>) {
        let mut dropped = Vec::new();
        let mut at = 0;
        for outcome in outcomes {
            if let (true, Some(item)) = (outcome.kept, items.get_mut(at)) {
                if !self.identify(item, outcome) {
                    dropped.push(at);
                    self.set_aside += 1;
                }
                at += 1;
            } else {
                self.set_aside += 1;
                self.state.findings.extend(outcome.said);
            }
        }
        for at in dropped.into_iter().rev() {
            items.remove(at);
        }
        self.items.append(&mut items);
    }

    /// Gives an item its id. Returns `false` if the item repeats an earlier one.
    fn identify(&mut self, item: &mut T, outcome: RecordOutcome) -> bool {
        let RecordOutcome { given, name, content, said, .. } = outcome;
        let (file, place) = item.origin();
        let of_id = |id: &str, why: String, verdict| Finding {
            code: Code::IdDoubtful,
            file: file.clone(),
            place: place.clone(),
            id: Some(id.to_owned()),
            field: Some("id".to_owned()),
            value: Some(id.to_owned()),
            why,
            verdict,
        };
        let id = match self.ids.assign(given, name.as_deref(), place, content) {
            Assigned::Given(id) => {
                self.state.findings.extend(said);
                id
            }
            Assigned::Made(id, seen) => {
                self.state.findings.extend(said);
                self.made_ids += 1;
                self.made.resize(self.kept, false);
                self.made.push(true);
                self.repeated += u64::from(seen);
                id
            }
            Assigned::Distinct { given, new } => {
                let why = format!("is the id of an earlier record too; this one is now {new}");
                self.state.findings.extend(said);
                self.state.findings.push(of_id(&given, why, Verdict::Repaired));
                new
            }
            Assigned::Repeated(id) => {
                // The findings of the first record are already reported.
                let why = "is the id of an earlier record with the same content; one is kept";
                let finding = of_id(&id, why.to_owned(), Verdict::SetAside);
                self.state.findings.push(finding);
                return false;
            }
        };
        if let Some(position) = item.point() {
            self.scatter.add(position, &id);
        }
        if let Some(name) = item.name() {
            self.twice_encoded.add(name);
        }
        item.set_id(id);
        self.kept += 1;
        true
    }

    /// Reports what shows only over the whole file.
    fn finish(mut self, reads: &RoleReader<T>) -> (Vec<T>, Vec<bool>, u64, ReadState) {
        let tally = &mut self.state.tally;
        if self.made_ids > 0 && self.kept > 0 {
            let count = self.made_ids;
            let all = u64::try_from(self.kept).unwrap_or(u64::MAX);
            let of =
                if count == all { String::new() } else { format!(" in {count} of {all} records") };
            tally.say(Code::IdDoubtful,
                Some("id"),
                format!("is not given{of}; ids are made from names, or from the file's name and the place in it"),
            );
        }
        if self.repeated > 0 {
            let count = self.repeated;
            tally.say(Code::RecordRepeated,
                None,
                format!("has {count} records that repeat another word for word; without ids all are kept"),
            );
        }
        self.scatter.report(tally, reads.noun, reads.crowd);
        self.twice_encoded.report(tally, reads.noun);
        (self.items, self.made, self.set_aside, self.state)
    }
}

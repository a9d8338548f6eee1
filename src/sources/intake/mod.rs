//! From a file to the model, for sites, incidents and receptors alike: find the tables, bind the columns, build an
//! item of every record or report why not, and keep counts that add up.

mod aggregated;
mod angle_units;
pub(crate) mod claims;
pub(crate) mod columns;
pub(crate) mod declared;
mod entries;
pub(crate) mod features;
pub(crate) mod habits;
mod halves;
mod hxl;
mod languages;
pub(crate) mod map;
pub(crate) mod mends;
pub(crate) mod names;
pub(crate) mod no_records;
pub(crate) mod own;
pub(crate) mod parts_of_place;
mod people;
pub(crate) mod piece;
pub(crate) mod role_reader;
pub(crate) mod row;
pub(crate) mod rows;
pub(crate) mod scatter;
mod sift;
pub(crate) mod spelling;
pub(crate) mod standing;
pub(crate) mod tables;
pub(crate) mod tally;
mod type_column;
pub(crate) mod types;
pub(crate) mod wkt_column;

#[cfg(test)]
mod documented;

use crate::model::{Finding, Findings, ReceptorKind, Verdict};
use crate::sources::intake::claims::Claims;
use crate::sources::intake::columns::{Binding, Field as F, Role};
use crate::sources::intake::habits::learn;
use crate::sources::intake::map::RoleMap;
use crate::sources::intake::own::Keeping;
use crate::sources::intake::piece::{Layer, Made, Piece, bind};
use crate::sources::intake::role_reader::RoleReader;
use crate::sources::intake::row::{Gathered, Manner};
use crate::sources::intake::rows::Rows;
use crate::sources::intake::scatter::Scatter;
use crate::sources::intake::standing::{Table, unsaid_axes};
use crate::sources::intake::tables::{bound_by, choose, say_near, say_skipped};
use crate::sources::layouts::Layout;
use crate::sources::options::ReadOptions;
use crate::sources::reader::Reader;
use crate::sources::reading::{Earlier, Reading};
use crate::sources::values::ids::{Assigned, Identified, Ids};
use crate::{Code, Error, Result};
use std::collections::HashSet;
use std::sync::Arc;

/// Shown the things of a file that have been read and not yet taken out, after each of its parts.
pub(crate) type Pick<'p, T> = dyn FnMut(&mut Vec<T>) -> Result<()> + 'p;

/// Reads all of a file.
///
/// # Errors
/// A file that holds something else, lacks columns, or is damaged.
pub(crate) fn read_all<T: Identified + Send>(
    reader: &mut Reader,
    reads: &RoleReader<T>,
    options: &ReadOptions,
) -> Result<Reading<T>> {
    read_through(reader, reads, options, &mut |_| Ok(()))
}

/// The same, where `pick` may take things out as they come; the items of the reading are what it leaves.
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
        gathered: Gathered::new(&file),
        scatter: Scatter::default(),
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
    let mut manners = Vec::new();
    say_skipped(reader, &chosen, reads, &mut intake.gathered);
    for table in &chosen {
        reader.select(table.number);
        layout = layout.or(table.layout);
        if table.layout.is_none() && map.columns.is_empty() {
            say_near(reader, reads, &mut intake.gathered);
        }
        let mut map = map.clone();
        if let Some((column, kind)) = &table.geometry {
            map.columns.insert(F::Geometry, column.to_string());
            let why = format!("holds {} and is read as the geometry", kind.words());
            intake.gathered.tally.say(Code::ColumnDoubtful, Some(column), why);
        }
        let section = reads.kind.map_or(reads.role.word(), ReceptorKind::word);
        let tally = &mut intake.gathered.tally;
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
        let manner = manner_of(reader, reads, table.layout, map, rows)?;
        for note in &manner.standing.notes {
            intake.gathered.tally.say(Code::CrsDoubtful, Some("crs"), note.clone());
        }
        let counted =
            intake.read_table(reader, reads, &manner, table.number, pick, &mut findings)?;
        read += counted.read;
        intake.set_aside += counted.set_aside;
        if let Some(axes) =
            unsaid_axes(reader, &manner).filter(|_| intake.kept > 0 && options.crs.is_none())
        {
            let why = "name no unit; read as degrees on WGS84; ⟦crs⟧ names the system where it is another";
            intake.gathered.tally.say(Code::CrsDoubtful, Some(&axes), why.to_owned());
        }
        columns.extend(counted.columns.into_iter().filter(|column| known.insert(column.clone())));
        if let (true, Some(note)) = (counted.read > 0, table.layout.and_then(|l| l.note)) {
            intake.gathered.tally.say(Code::FileDoubtful, None, note.to_owned());
        }
        manners.push(manner);
    }
    if reader.size() == 0 {
        intake.gathered.tally.say(Code::FileEmpty, None, "is empty".to_owned());
    }
    if let Some(manner) = manners.first().filter(|_| read > 0) {
        manner.rows.check(&file, &columns)?;
        manner.rows.say_unmet(&intake.met, &mut intake.gathered.tally);
    }
    let claims = std::mem::take(&mut intake.claims);
    let said = manners
        .first()
        .and_then(|manner| claims.report(manner, reads.noun, &mut intake.gathered.tally));
    let refused = said.map(|(why, hint)| {
        Error::data(Code::CoordinatesUnclear, format!("{file}: {why}")).with_hint(hint)
    });
    let data_set = layout.map(|layout| layout.name);
    let (left_out, earlier) = (intake.left_out, std::mem::take(&mut intake.earlier));
    let unknown_types = intake.gathered.unknown_types.listed();
    let layout = match layout {
        Some(layout) => layout.name.to_owned(),
        None => bound_by(&columns, reads.role, &map).to_owned(),
    };
    let (items, made, set_aside, gathered) = intake.finish(reads);
    for finding in gathered.findings {
        findings.push(finding);
    }
    gathered.tally.finish(&mut findings);
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
        has_countries: gathered.has_countries,
        partial: reader.partial().map(str::to_owned),
        refused,
    })
}

fn manner_of<T>(
    reader: &Reader,
    reads: &RoleReader<T>,
    layout: Option<&'static Layout>,
    map: RoleMap,
    rows: Rows,
) -> Result<Manner> {
    let file = reader.file().clone();
    let binding = Binding::new(&file, reader.columns(), reads.role, layout, &map)?;
    let section = reads.kind.map_or(reads.role.word(), ReceptorKind::word);
    let table = Table { reader, binding: &binding, layout, map: &map, section };
    let standing = table.standing()?;
    let typed = [F::Domain, F::EventType, F::SubEventType, F::ViolenceType];
    let has_types = typed.into_iter().any(|field| binding.has(field))
        || layout.is_some_and(|layout| layout.domain.is_some());
    let no_deaths = (reads.role == Role::Incidents && layout.is_none())
        .then(|| type_column::no_deaths(reader.columns()));
    Ok(Manner {
        file,
        role: reads.role,
        kind: reads.kind,
        layout,
        map,
        standing,
        has_types,
        no_deaths,
        rows,
    })
}

/// What came of one table.
struct Counted {
    read: u64,
    /// Set aside by the format.
    set_aside: u64,
    columns: Vec<Arc<str>>,
}

/// The reading of a file while it goes on.
struct Intake<T> {
    gathered: Gathered,
    scatter: Scatter,
    claims: Claims,
    ids: Ids,
    /// The things that nobody has taken out.
    items: Vec<T>,
    /// Which of all have a made id, as far as the last that has.
    made: Vec<bool>,
    set_aside: u64,
    made_ids: u64,
    /// How many have been given an id and are kept.
    kept: usize,
    /// Records without an id that repeat another.
    repeated: u64,
    /// Records that are not wanted.
    left_out: u64,
    /// Which of the conditions on records some record meets.
    met: Vec<bool>,
    /// What those of them tell that were left out for their day.
    earlier: Earlier,
    /// Whether the things keep the columns they came with.
    keeping: Arc<Keeping>,
}

impl<T: Identified + Send> Intake<T> {
    fn read_table(
        &mut self,
        reader: &Reader,
        reads: &RoleReader<T>,
        manner: &Manner,
        table: usize,
        pick: &mut Pick<'_, T>,
        findings: &mut Findings,
    ) -> Result<Counted> {
        let mut columns: Vec<Arc<str>> = reader.columns().to_vec();
        let (names, binding) = (columns.clone(), bind(manner, &columns)?);
        self.gathered.has_countries |= binding.has(F::Country);
        let mut passed = 0;
        let is_whole = reader.parts() == 1;
        let layer = Layer { reads, manner, number: table, is_whole };
        let keeping = self.keeping.clone();
        let new = |at_begin| Piece::new(&layer, &names, &binding, keeping.keeper(), at_begin);
        let counted = reader.in_parts(findings, &new, &mut |mut piece, said, findings| {
            said.into_iter().for_each(|(_, finding)| findings.push(finding));
            if piece.columns.len() > columns.len() {
                columns = piece.columns;
            }
            passed += piece.sift.passed;
            self.left_out += piece.left_out;
            self.met.iter_mut().zip(&piece.met).for_each(|(all, part)| *all |= part);
            for (domain, countries) in piece.earlier {
                self.earlier.entry(domain).or_default().extend(countries);
            }
            keeping.hand_out(piece.gathered.own.take(), &mut piece.items);
            self.gathered.merge(piece.gathered);
            self.claims.merge(piece.claims);
            self.admit(piece.items, piece.made);
            keeping.hold(&mut self.items);
            pick(&mut self.items)?;
            piece.sift.fault.map_or(Ok(()), Err)
        })?;
        Ok(Counted {
            read: counted.read.saturating_sub(passed),
            set_aside: counted.set_aside,
            columns,
        })
    }

    /// Gives the things of a part their ids and keeps them, but for those that are set aside.
    fn admit(&mut self, mut items: Vec<T>, made: Vec<Made>) {
        let mut dropped = Vec::new();
        let mut at = 0;
        for made in made {
            if let (true, Some(item)) = (made.kept, items.get_mut(at)) {
                if !self.identify(item, made) {
                    dropped.push(at);
                    self.set_aside += 1;
                }
                at += 1;
            } else {
                self.set_aside += 1;
                self.gathered.findings.extend(made.said);
            }
        }
        for at in dropped.into_iter().rev() {
            items.remove(at);
        }
        self.items.append(&mut items);
    }

    /// Gives a thing its id; `false` where it repeats an earlier one.
    fn identify(&mut self, item: &mut T, made: Made) -> bool {
        let Made { given, name, content, said, .. } = made;
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
                self.gathered.findings.extend(said);
                id
            }
            Assigned::Made(id, seen) => {
                self.gathered.findings.extend(said);
                self.made_ids += 1;
                self.made.resize(self.kept, false);
                self.made.push(true);
                self.repeated += u64::from(seen);
                id
            }
            Assigned::Distinct { given, new } => {
                let why = format!("is the id of an earlier record too; this one is now {new}");
                self.gathered.findings.extend(said);
                self.gathered.findings.push(of_id(&given, why, Verdict::Repaired));
                new
            }
            Assigned::Repeated(id) => {
                // The first of them has been told of already.
                let why = "is the id of an earlier record with the same content; one is kept";
                let finding = of_id(&id, why.to_owned(), Verdict::SetAside);
                self.gathered.findings.push(finding);
                return false;
            }
        };
        item.set_id(id);
        self.kept += 1;
        if let Some(position) = item.point() {
            self.scatter.add(position);
        }
        true
    }

    /// Says what shows over the whole file.
    fn finish(mut self, reads: &RoleReader<T>) -> (Vec<T>, Vec<bool>, u64, Gathered) {
        let tally = &mut self.gathered.tally;
        if self.made_ids > 0 && self.kept > 0 {
            let count = self.made_ids;
            let all = u64::try_from(self.kept).unwrap_or(u64::MAX);
            let of =
                if count == all { String::new() } else { format!(" in {count} of {all} records") };
            tally.say(Code::IdDoubtful,
                Some("id"),
                format!("is not given{of}; made from the name, or from the file's name and the place in it"),
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
        (self.items, self.made, self.set_aside, self.gathered)
    }
}

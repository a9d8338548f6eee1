//! The way of a file into the model, the same for sites, incidents and receptors: find the tables,
//! bind the columns, build a thing of every record or say why not, and see to it that the counts
//! add up.

mod aggregated;
mod angle_units;
pub(crate) mod claims;
pub(crate) mod columns;
pub(crate) mod declared;
mod entries;
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
pub(crate) mod row;
pub(crate) mod rows;
pub(crate) mod scatter;
pub(crate) mod spelling;
pub(crate) mod standing;
pub(crate) mod tables;
pub(crate) mod tally;
mod type_column;
pub(crate) mod types;
pub(crate) mod wkt_column;

#[cfg(test)]
mod documented;

use crate::model::{Codes, Domain, Finding, Findings, ReceptorKind, Verdict};
use crate::sources::formats::record::Geometries;
use crate::sources::intake::claims::Claims;
use crate::sources::intake::columns::{Binding, Field as F, Role, fold};
use crate::sources::intake::habits::learn;
use crate::sources::intake::map::RoleMap;
use crate::sources::intake::own::Keeping;
use crate::sources::intake::piece::{Layer, Made, Piece, bind};
use crate::sources::intake::row::{Fault, Gathered, Manner, Row};
use crate::sources::intake::rows::Rows;
use crate::sources::intake::scatter::Scatter;
use crate::sources::intake::standing::Table;
use crate::sources::intake::tables::{bound_by, choose, say_near, say_skipped};
use crate::sources::layouts::Layout;
use crate::sources::options::ReadOptions;
use crate::sources::reader::Reader;
use crate::sources::reading::{Earlier, Reading};
use crate::sources::values::ids::{Assigned, Identified, Ids};
use crate::{Code, Error, Result};
use jiff::civil::Date;
use std::collections::HashSet;
use std::sync::Arc;

/// Makes a thing of a record, or says why it cannot be. Its id is given to it afterwards.
pub(crate) type Build<T> = fn(&mut Row<'_>) -> Result<T, Fault>;

/// What makes things of a role.
pub(crate) struct Trade<T> {
    pub role: Role,
    pub kind: Option<ReceptorKind>,
    pub build: Build<T>,
    /// Fields without which nothing can be made; for each, others that do as well.
    pub required: &'static [&'static [F]],
    /// What the records are called.
    pub noun: &'static str,
    /// From how many records on one position is worth a word.
    pub crowd: usize,
    /// What a thing that happened before a day tells of its file; `None` where it did not.
    pub before: Before<T>,
}

/// Tells of a thing that happened before a day to which domain it belongs, and for which countries it shows
/// that its file collected there.
pub(crate) type Before<T> = fn(&T, Date) -> Option<(Domain, Codes)>;

/// The options with the reference system and the layer that the map names for a role.
pub(crate) fn options_of(
    options: &ReadOptions,
    role: Role,
    kind: Option<ReceptorKind>,
) -> ReadOptions {
    let mut options = options.clone();
    let RoleMap { crs, layer, .. } = options.map.of(role, kind);
    options.crs = crs.or(options.crs);
    options.sheet = layer.or(options.sheet);
    options
}

/// Reads all of a file.
///
/// # Errors
/// A file that holds something else, lacks columns, or is damaged.
pub(crate) fn read_all<T: Identified + Send>(
    reader: &mut Reader,
    trade: &Trade<T>,
    options: &ReadOptions,
) -> Result<Reading<T>> {
    let map = options.map.of(trade.role, trade.kind);
    let chosen = choose(reader, trade, &map)?;
    let file = reader.file().clone();
    let mut intake = Intake {
        gathered: Gathered::new(&file),
        scatter: Scatter::default(),
        claims: Claims::default(),
        ids: Ids::of_file(&file, trade.role),
        items: Vec::new(),
        made: Vec::new(),
        set_aside: 0,
        made_ids: 0,
        kept: 0,
        repeated: 0,
        left_out: 0,
        met: options.rows.of(trade.role, trade.kind).none_met(),
        earlier: Earlier::new(),
        keeping: Keeping::of(trade.role, options),
    };
    let mut findings = Findings::default();
    let mut columns: Vec<Arc<str>> = Vec::new();
    let mut known: HashSet<Arc<str>> = HashSet::new();
    let mut read = 0;
    let mut layout = None;
    let mut manners = Vec::new();
    say_skipped(reader, &chosen, trade, &mut intake.gathered);
    for table in &chosen {
        reader.select(table.number);
        layout = layout.or(table.layout);
        if table.layout.is_none() && map.columns.is_empty() {
            say_near(reader, trade, &mut intake.gathered);
        }
        let mut map = map.clone();
        if let Some((column, kind)) = &table.geometry {
            map.columns.insert(F::Geometry, column.to_string());
            let why = format!("holds {} and is read as the geometry", kind.words());
            intake.gathered.tally.say(Code::ColumnDoubtful, Some(column), why);
        }
        let section = trade.kind.map_or(trade.role.word(), ReceptorKind::word);
        let tally = &mut intake.gathered.tally;
        if table.layout.is_none() {
            for field in hxl::learn_tags(reader, trade.role, &mut map)? {
                let column = map.columns.get(&field).map(String::as_str);
                let word = columns::word_of(trade.role, field);
                tally.say(
                    Code::ColumnDoubtful,
                    column,
                    format!("is read as {word}, as its HXL tag says"),
                );
            }
            if trade.role == Role::Incidents {
                type_column::learn(reader, &mut map, tally)?;
            }
        }
        learn(reader, trade.role, table.layout, &mut map, section, tally)?;
        let rows = options.rows.of(trade.role, trade.kind);
        let manner = manner_of(reader, trade, table.layout, map, rows)?;
        for note in &manner.standing.notes {
            intake.gathered.tally.say(Code::CrsDoubtful, Some("crs"), note.clone());
        }
        let counted = intake.read_table(reader, trade, &manner, table.number, &mut findings)?;
        read += counted.read;
        intake.set_aside += counted.set_aside;
        if let Some(axes) = unsaid_axes(reader, &manner)
            .filter(|_| !intake.items.is_empty() && options.crs.is_none())
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
        .and_then(|manner| claims.report(manner, trade.noun, &mut intake.gathered.tally));
    let refused = said.map(|(why, hint)| {
        Error::data(Code::CoordinatesUnclear, format!("{file}: {why}")).with_hint(hint)
    });
    let data_set = layout.map(|layout| layout.name);
    let (left_out, earlier) = (intake.left_out, std::mem::take(&mut intake.earlier));
    let unknown_types = intake.gathered.unknown_types.listed();
    let layout = match layout {
        Some(layout) => layout.name.to_owned(),
        None => bound_by(&columns, trade.role, &map).to_owned(),
    };
    let (items, made, set_aside, gathered) = intake.finish(trade);
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
    trade: &Trade<T>,
    layout: Option<&'static Layout>,
    map: RoleMap,
    rows: Rows,
) -> Result<Manner> {
    let file = reader.file().clone();
    let binding = Binding::new(&file, reader.columns(), trade.role, layout, &map)?;
    let section = trade.kind.map_or(trade.role.word(), ReceptorKind::word);
    let table = Table { reader, binding: &binding, layout, map: &map, section };
    let standing = table.standing()?;
    let typed = [F::Domain, F::EventType, F::SubEventType, F::ViolenceType];
    let has_types = typed.into_iter().any(|field| binding.has(field))
        || layout.is_some_and(|layout| layout.domain.is_some());
    let no_deaths = (trade.role == Role::Incidents && layout.is_none())
        .then(|| type_column::no_deaths(reader.columns()));
    Ok(Manner {
        file,
        role: trade.role,
        kind: trade.kind,
        layout,
        map,
        standing,
        has_types,
        no_deaths,
        rows,
    })
}

/// The columns of a place that is read as degrees though their names do not say so: a mine's own grid has
/// columns X and Y too, and numbers as small.
fn unsaid_axes(reader: &Reader, manner: &Manner) -> Option<String> {
    const NAMES: [&str; 5] = ["x", "xcoord", "coordx", "easting", "pointx"];
    let said = manner.layout.is_some() || manner.map.columns.contains_key(&F::Lon);
    let zoned = manner.standing.zone.is_some();
    if said || zoned || reader.has_geometry() || !manner.standing.crs.is_wgs84() {
        return None;
    }
    let binding = bind(manner, reader.columns()).ok()?;
    let column = |field| reader.columns().get(binding.column(field)?);
    let (x, y) = (column(F::Lon)?, column(F::Lat)?);
    NAMES.contains(&fold(x).as_str()).then(|| format!("{x}, {y}"))
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
    items: Vec<T>,
    /// Which of them have a made id, as far as the last that has.
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
        trade: &Trade<T>,
        manner: &Manner,
        table: usize,
        findings: &mut Findings,
    ) -> Result<Counted> {
        let mut columns: Vec<Arc<str>> = reader.columns().to_vec();
        let (names, binding) = (columns.clone(), bind(manner, &columns)?);
        self.gathered.has_countries |= binding.has(F::Country);
        let mut passed = 0;
        let is_whole = reader.parts() == 1;
        let layer = Layer { trade, manner, number: table, is_whole };
        let keeping = self.keeping.clone();
        let new = |at_begin| Piece::new(&layer, &names, &binding, keeping.keeper(), at_begin);
        let counted = reader.in_parts(
            findings,
            Geometries::Read,
            &new,
            &mut |mut piece, said, findings| {
                said.into_iter().for_each(|(_, finding)| findings.push(finding));
                if piece.columns.len() > columns.len() {
                    columns = piece.columns;
                }
                passed += piece.passed;
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
                piece.fault.map_or(Ok(()), Err)
            },
        )?;
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
    fn finish(mut self, trade: &Trade<T>) -> (Vec<T>, Vec<bool>, u64, Gathered) {
        let tally = &mut self.gathered.tally;
        if self.made_ids > 0 && !self.items.is_empty() {
            let count = self.made_ids;
            let all = u64::try_from(self.items.len()).unwrap_or(u64::MAX);
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
        self.scatter.report(tally, trade.noun, trade.crowd);
        (self.items, self.made, self.set_aside, self.gathered)
    }
}

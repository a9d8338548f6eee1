//! Determines the CRS of the numbers in a table. Declarations alone are not enough: a CRS set for all
//! files does not apply to a file of degrees, and degrees read as meters all lie within a few hundred
//! meters of a projection's origin, where the map still looks plausible. So if a projected CRS is named,
//! the numbers of the table are examined before its records are read.

use super::columns::{Binding, Field as F, fold};
use super::declared::{Declared, Word};
use super::file_rules::FileRules;
use super::map::RoleMap;
use super::part_intake::bind;
use crate::earth::{Crs, Length, Position, geodesic};
use crate::model::Findings;
use crate::sources::formats::parts::{Next, Take};
use crate::sources::formats::record::{Geometry, RawGeometry, Record, Written};
use crate::sources::layouts::Layout;
use crate::sources::reader::Reader;
use crate::sources::values::axes::coordinate;
use crate::sources::values::cells::{Cell, read_cell};
use crate::{Code, Error, Result};
use std::sync::Arc;

/// The CRS of a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct TableCrs {
    pub crs: Crs,
    /// Whether some records have degrees while others have numbers far too large for degrees.
    pub is_mixed: bool,
    /// Whether the place columns are named longitude and latitude.
    pub names_degrees: bool,
    /// The column with the UTM zone of each record, if the CRS is a UTM system.
    pub zone: Option<usize>,
    /// Notes for the user.
    pub notes: Vec<String>,
}

/// Largest absolute number that may be degrees.
const WIDEST: f64 = 360.0;

/// Whether a pair may be longitude and latitude, in either order. 0,0 shows nothing.
pub(crate) fn is_like_degrees([x, y]: [f64; 2]) -> bool {
    let (x, y) = (x.abs(), y.abs());
    x.max(y) <= WIDEST && x.min(y) <= 90.0 && x.max(y) > 0.0
}

/// From this number on, a coordinate cannot be a small one of a local grid either.
///
/// # Units
/// Those of the system, mostly meters.
const FAR: f64 = 5_000.0;

/// Distance from a projection's origin within which sites do not lie by chance, but degrees read as meters
/// do.
const NEAR_ORIGIN: Length = Length::from_meters(1_000.0);

/// Number of pairs tried.
const TRIED: usize = 32;

/// Statistics of the numbers of a table.
#[derive(Debug, Default)]
struct Look {
    /// Number of pairs that may be degrees.
    degrees: u64,
    /// Number of pairs that cannot be degrees.
    others: u64,
    /// Number of those that are far too large for degrees.
    far: u64,
    /// The first pairs that may be degrees.
    first: Vec<[f64; 2]>,
}

impl Look {
    fn add(&mut self, pair: [f64; 2]) {
        if is_like_degrees(pair) {
            self.degrees += 1;
            if self.first.len() < TRIED {
                self.first.push(pair);
            }
        } else if pair != [0.0, 0.0] {
            self.others += 1;
            self.far += u64::from(pair[0].abs().max(pair[1].abs()) >= FAR);
        }
    }

    fn merge(&mut self, part: Self) {
        self.degrees += part.degrees;
        self.others += part.others;
        self.far += part.far;
        self.first.extend(part.first);
        self.first.truncate(TRIED);
    }

    /// Whether all pairs may be degrees, except for one in ten that is broken.
    fn is_of_degrees(&self) -> bool {
        self.degrees > 9 * self.others
    }

    /// Whether some pairs may be degrees and others are far too large for that.
    fn is_mixed(&self) -> bool {
        self.degrees > 0 && self.others > 0 && 2 * self.far >= self.others
    }

    /// Checks that the CRS maps one of the first pairs to a position away from its origin.
    ///
    /// # Errors
    /// Why it maps none of them.
    fn would_lie(&self, crs: &Crs) -> Result<(), String> {
        let place = |[x, y]: [f64; 2]| {
            let [lon, lat] = crs.to_wgs84(x, y).map_err(|fault| fault.to_string())?;
            Position::from_degrees(lon, lat).ok_or_else(|| "is not on the globe".to_owned())
        };
        let origin = place([0.0, 0.0]).ok();
        let mut why = None;
        for pair in &self.first {
            let fault = match place(*pair) {
                Ok(at) if origin.is_none_or(|o| geodesic::distance(o, at) > NEAR_ORIGIN) => {
                    return Ok(());
                }
                Ok(at) => format!(
                    "would lie at {:.4},{:.4}, beside the origin of the projection",
                    at.lon(),
                    at.lat()
                ),
                Err(fault) => fault,
            };
            why.get_or_insert(format!("{},{} {fault}", pair[0], pair[1]));
        }
        why.map_or(Ok(()), Err)
    }
}

/// A table whose CRS is to be determined.
pub(crate) struct Table<'t> {
    pub reader: &'t Reader,
    pub binding: &'t Binding,
    pub layout: Option<&'static Layout>,
    pub map: &'t RoleMap,
    /// The section of the column map that applies to the file: `sites`, `rivers`.
    pub section: &'t str,
}

impl Table<'_> {
    /// Returns the CRS of the table's numbers.
    ///
    /// # Errors
    /// If numbers that could be degrees would lie at the origin of the declared CRS or outside its area,
    /// unless the column names say what they are.
    pub fn resolve(&self) -> Result<TableCrs> {
        let mut table_crs = self.decided()?;
        if !table_crs.crs.is_tied() {
            table_crs.notes.push(format!(
                "{} does not say how its datum lies to WGS84; taken for the same, which may put \
                 positions some hundred meters off",
                table_crs.crs.name()
            ));
        }
        Ok(table_crs)
    }

    fn decided(&self) -> Result<TableCrs> {
        let Declared { crs, by, usual } = self.reader.declared();
        let plain = TableCrs {
            crs: crs.clone(),
            names_degrees: self.names_degrees(),
            ..TableCrs::default()
        };
        let usual = usual.as_ref().filter(|usual| !usual.is_geographic());
        if let (Word::Member, true, Some(usual)) = (by, crs.is_wgs84(), usual) {
            return self.of_member(plain, usual);
        }
        if crs.is_geographic() {
            // Numbers that are degrees do not need a zone.
            let zone = zone_column(self.reader.columns()).filter(|_| crs.is_wgs84());
            return Ok(TableCrs { zone, ..plain });
        }
        let look = self.look()?;
        let of_degrees = look.is_of_degrees();
        if *by == Word::Usual && look.degrees > 0 && look.degrees >= look.others {
            if self.is_in_degrees_by_name() {
                let note = format!(
                    "⟦~crs={}⟧ is for files whose numbers are not degrees; these are, and are read as \
                     longitude and latitude on WGS84",
                    crs.name()
                );
                return Ok(TableCrs { crs: Crs::wgs84(), notes: vec![note], ..plain });
            }
            return Err(self.refusal(crs, *by, &look));
        }
        if of_degrees && look.would_lie(crs).is_err() {
            return Err(self.refusal(crs, *by, &look));
        }
        let zone = crs.utm_zone().and_then(|_| zone_column(self.reader.columns()));
        Ok(TableCrs { is_mixed: look.is_mixed(), zone, ..plain })
    }

    /// The CRS of a file that declares WGS84 itself, if another one is set for numbers that are not
    /// degrees.
    fn of_member(&self, plain: TableCrs, usual: &Crs) -> Result<TableCrs> {
        let look = self.look()?;
        let name = usual.name();
        if look.others > 0 && look.degrees == 0 {
            let note = format!(
                "the file says that it is in WGS84, but its numbers are not degrees; read as {name}"
            );
            return Ok(TableCrs { crs: usual.clone(), notes: vec![note], ..plain });
        }
        let note = (look.degrees > 0).then(|| {
            format!("⟦~crs={name}⟧ is not used for this file, which says that it is in WGS84")
        });
        Ok(TableCrs { notes: note.into_iter().collect(), ..plain })
    }

    /// Whether column names or the format show that numbers that could be degrees are degrees.
    fn is_in_degrees_by_name(&self) -> bool {
        // RFC 7946 allows longitude and latitude only.
        self.reader.has_geometry() && !self.is_mapped() || self.names_degrees()
    }

    fn is_mapped(&self) -> bool {
        is_mapped(self.map)
    }

    /// Whether the place columns are named longitude and latitude.
    fn names_degrees(&self) -> bool {
        let name = |field| {
            let at = self.binding.column(field)?;
            self.reader.columns().get(at).map(AsRef::as_ref)
        };
        match (name(F::Lon), name(F::Lat)) {
            (Some(lon), Some(lat)) => self.layout.is_some() || !(is_of_map(lon) || is_of_map(lat)),
            _ => false,
        }
    }

    /// Examines the place of every record of the table.
    fn look(&self) -> Result<Look> {
        let new = |_| Looking { table: self, look: Look::default() };
        let mut all = Look::default();
        // Problems of records are reported when the records are read.
        let mut unsaid = Findings::default();
        self.reader.in_parts(&mut unsaid, &new, &mut |part, _, _| {
            all.merge(part.look);
            Ok(())
        })?;
        Ok(all)
    }

    /// The first pair of a record's place, in the CRS of the file.
    fn pair_of(&self, record: &Record) -> Option<[f64; 2]> {
        let value = |field| Some(record.field(self.binding.column(field)?));
        let in_columns = matches!(record.geometry, Geometry::InColumns);
        let has_own = in_columns && self.map.crs.is_none();
        if has_own && value(F::RowCrs).is_some_and(|crs| crs.text().is_some()) {
            return None;
        }
        let text = || value(F::Geometry)?.text();
        let has_columns = self.binding.has(F::Lon) && self.binding.has(F::Lat);
        if in_columns && !has_columns && text().is_some_and(|text| names_own(&text, self.map)) {
            return None;
        }
        written_pair(record, self.binding, self.map)
    }

    /// The error for a table that is not read.
    fn refusal(&self, crs: &Crs, by: Word, look: &Look) -> Error {
        let (file, name, section) = (self.reader.file(), crs.name(), self.section);
        let why = look.would_lie(crs).err().unwrap_or_else(|| {
            let first = look.first.first().copied().unwrap_or_default();
            format!("{},{} could be either", first[0], first[1])
        });
        let message =
            format!("{file}: holds numbers like degrees and is to be read as {name}: {why}");
        match by {
            Word::Member => Error::data(Code::CrsUnusable, message).with_hint(format!(
                "where they are degrees, whatever the file's crs member says: \
                 ⟦map={section}.crs=EPSG:4326⟧"
            )),
            Word::File if self.is_in_degrees_by_name() => Error::usage(Code::CrsUnusable, message).with_hint(format!(
                "⟦crs={name}⟧ instead of ⟦-map={section}.crs={name}⟧ leaves files of degrees as they are"
            )),
            _ if look.would_lie(crs).is_ok() => Error::usage(Code::CrsUnusable, message).with_hint(format!(
                "say which for this file: ⟦map={section}.crs=EPSG:4326⟧ or ⟦map={section}.crs={name}⟧"
            )),
            _ => Error::usage(Code::CrsUnusable, message).with_hint(format!(
                "where they are degrees, say so: ⟦map={section}.crs=EPSG:4326⟧, or call the columns lon \
                 and lat"
            )),
        }
    }
}

/// Examines the places of the records of a part.
struct Looking<'l> {
    table: &'l Table<'l>,
    look: Look,
}

impl Take for Looking<'_> {
    fn take(&mut self, record: Written<'_, '_>, _: &[Arc<str>]) -> Next {
        if let Some(pair) = self.table.pair_of(&record.into_record()) {
            self.look.add(pair);
        }
        Next::Read
    }
}

/// The first pair of a record's place as written in the file, x first.
pub(crate) fn written_pair(record: &Record, binding: &Binding, map: &RoleMap) -> Option<[f64; 2]> {
    let value = |field| Some(record.field(binding.column(field)?));
    let in_columns = matches!(record.geometry, Geometry::InColumns);
    if is_mapped(map) || in_columns && binding.has(F::Lon) && binding.has(F::Lat) {
        let number = |axis| coordinate(record, binding, map, axis).ok().map(|read| read.value);
        return Some([number(F::Lon)?, number(F::Lat)?]);
    }
    match &record.geometry {
        Geometry::Raw(raw) => first_of(raw),
        Geometry::InColumns => {
            match read_cell(&value(F::Geometry)?.text()?, map.spelling).ok()?? {
                Cell::Geometry(raw, _) => first_of(&raw),
                Cell::Pair(pair) => Some(pair),
                Cell::Grid(_) => None,
            }
        }
        _ => None,
    }
}

/// Whether a cell names its own CRS.
fn names_own(text: &str, map: &RoleMap) -> bool {
    matches!(read_cell(text, map.spelling), Ok(Some(Cell::Geometry(_, Some(_)) | Cell::Grid(_))))
}

/// Whether the user has named the place columns.
fn is_mapped(map: &RoleMap) -> bool {
    [F::Lon, F::Lat].iter().all(|field| map.columns.contains_key(field))
}

/// The first position of a geometry.
pub(crate) fn first_of(raw: &RawGeometry) -> Option<[f64; 2]> {
    match raw {
        RawGeometry::Points(points) => points.first().copied(),
        RawGeometry::Lines(lines) => lines.first()?.first().copied(),
        RawGeometry::Polygons(list) => list.first()?.first()?.first().copied(),
        RawGeometry::Mixed(list) => first_of(list.first()?),
    }
}

/// Whether a column is named for map coordinates, which may be degrees or meters.
fn is_of_map(name: &str) -> bool {
    const WORDS: [&str; 22] = [
        "x",
        "y",
        "e",
        "n",
        "east",
        "north",
        "easting",
        "northing",
        "eastings",
        "northings",
        "este",
        "norte",
        "rechtswert",
        "hochwert",
        "xcoord",
        "ycoord",
        "coordx",
        "coordy",
        "pointx",
        "pointy",
        "utm",
        "grid",
    ];
    name.split(|c: char| !c.is_alphabetic())
        .any(|word| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

/// The column of a table that holds UTM zones.
fn zone_column(columns: &[Arc<str>]) -> Option<usize> {
    const NAMES: [&str; 15] = [
        "zone",
        "utmzone",
        "zoneutm",
        "gridzone",
        "mgrszone",
        "huso",
        "husoutm",
        "fuseau",
        "fuseauutm",
        "zona",
        "zonautm",
        "utmzona",
        "fuso",
        "зона",
        "utm",
    ];
    let named = |column: &Arc<str>| {
        let name = super::names::plain(column);
        NAMES.contains(&name.as_str())
    };
    columns.iter().position(named)
}

/// The place columns that are read as degrees although their names do not say so: a mine's local grid also
/// has columns X and Y with small numbers.
pub(crate) fn unsaid_axes(reader: &Reader, rules: &FileRules) -> Option<String> {
    const NAMES: [&str; 5] = ["x", "xcoord", "coordx", "easting", "pointx"];
    let said = rules.layout.is_some() || rules.map.columns.contains_key(&F::Lon);
    let zoned = rules.table_crs.zone.is_some();
    if said || zoned || reader.has_geometry() || !rules.table_crs.crs.is_wgs84() {
        return None;
    }
    let binding = bind(rules, reader.columns()).ok()?;
    let column = |field| reader.columns().get(binding.column(field)?);
    let (x, y) = (column(F::Lon)?, column(F::Lat)?);
    NAMES.contains(&fold(x).as_str()).then(|| format!("{x}, {y}"))
}

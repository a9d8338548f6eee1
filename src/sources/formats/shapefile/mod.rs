//! Shapefiles: shapes in a `.shp`, their columns in a `.dbf`, and beside them an index, the reference
//! system and the encoding. The input may be any of its files, a folder of several, or an archive.

mod charset;
mod dbf;
mod files;
mod prj;
mod shapes;

use super::header::Columns;
use super::joined::Joined;
use super::notes::Notes;
use super::parts::{Begin, Next, PartReport, Take};
use super::record::{Cell, Geometry, Written};
use super::{Asked, Content, Dataset, DeclaredCrs, Driver, Head, Opened};
use crate::model::{Finding, Place, Verdict};
use crate::sources::bytes::open::{Together, open_together};
use crate::sources::options::Format;
use crate::sources::values::geometry::Note;
use crate::{Code, Error, Result};
use dbf::{Dbf, RowState};
use files::Set;
pub(super) use files::{is_sidecar, stem_of};
use shapes::Shapes;
use std::path::Path;
use std::sync::Arc;

/// The number of records in a part.
const RECORDS: usize = 2_000;

/// Shapefiles, and dBASE tables by themselves.
pub(super) struct Shapefiles;

impl Driver for Shapefiles {
    fn format(&self) -> Format {
        Format::Shapefile
    }

    fn is(&self, head: &Head<'_>) -> bool {
        let by_name = head.path.is_some_and(is_of_shapefile);
        by_name || head.text.is_none() && (is_shp(head.bytes) || is_dbf(head))
    }

    fn open_in_place(&self, path: &Path, asked: &mut Asked<'_>) -> Result<Option<Opened>> {
        let sets = Set::around(path);
        if sets.is_empty() {
            return Ok(None);
        }
        let paths: Vec<&Path> = sets.iter().flat_map(Set::paths).collect();
        let Together { files, hash, size } = open_together(&paths, &asked.options.limits)?;
        let mut files = files.into_iter();
        let mut named: Vec<(String, Box<dyn Dataset>)> = Vec::new();
        let many = sets.len() > 1;
        for set in &sets {
            let name = if many {
                format!("{}/{}", asked.file, set.name())
            } else {
                asked.file.to_string()
            };
            let members = set.take(&mut files);
            named.push((set.layer(), Box::new(Shapefile::new(&name, members, asked)?)));
        }
        let dataset: Box<dyn Dataset> = match named.len() {
            1 => named.swap_remove(0).1,
            count => Box::new(Joined::new(format!("{count} shapefiles"), named)),
        };
        Ok(Some(Opened { dataset, hash, size }))
    }

    /// Content without a path is a single `.shp` or `.dbf`.
    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>> {
        let bytes = content.into_bytes().into_owned();
        let file = asked.file.clone();
        let mut members = Members::default();
        if is_shp(&bytes) {
            members.shp = Some(bytes);
        } else {
            members.dbf = Some(bytes);
        }
        Ok(Box::new(Shapefile::new(&file, members, asked)?))
    }
}

/// Whether bytes begin like a `.shp` or its index.
fn is_shp(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\0\0\x27\x0a")
}

/// Whether a file is a dBASE table, by its name and its first bytes.
fn is_dbf(head: &Head<'_>) -> bool {
    let named = head.file.to_lowercase().ends_with(".dbf");
    named && matches!(head.bytes.first(), Some(0x02 | 0x03 | 0x30..=0x32 | 0x83 | 0x8b | 0xf5))
}

/// Whether a path is a file of a shapefile, or a folder of shapefiles.
pub(super) fn is_of_shapefile(path: &Path) -> bool {
    !Set::around(path).is_empty()
}

/// The contents of the files of a shapefile.
#[derive(Debug, Default)]
pub(super) struct Members {
    pub shp: Option<Vec<u8>>,
    pub dbf: Option<Vec<u8>>,
    pub shx: Option<Vec<u8>>,
    pub prj: Option<Vec<u8>>,
    pub cpg: Option<Vec<u8>>,
}

/// A shapefile in memory; shapes are decoded as they are read.
#[derive(Debug)]
pub(super) struct Shapefile {
    shapes: Option<Shapes>,
    table: Option<Dbf>,
    columns: Columns,
    crs: Option<DeclaredCrs>,
}

impl Shapefile {
    /// Opens a shapefile, under a name for messages.
    ///
    /// # Errors
    /// A file is damaged or cut short.
    pub fn new(name: &str, members: Members, asked: &mut Asked<'_>) -> Result<Self> {
        let file = asked.file.clone();
        let Members { shp, dbf, shx, prj, cpg } = members;
        let mut notes = Vec::new();
        let shapes = shp.map(|shp| Shapes::new(name, shp, shx.as_deref())).transpose()?;
        if shapes.as_ref().is_some_and(|shapes| shapes.index_is_odd) {
            notes.push(
                "has an index (.shx) that does not fit; its shapes are read in file order"
                    .to_owned(),
            );
        }
        let said = cpg.map(|cpg| String::from_utf8_lossy(&cpg).into_owned());
        let (said, encoding) = (said.as_deref(), asked.options.encoding.as_deref());
        let mut table = dbf.map(|dbf| Dbf::new(name, dbf, said, encoding)).transpose()?;
        if let Some(table) = &mut table {
            notes.append(&mut table.notes);
        }
        match (&shapes, &table) {
            (Some(shapes), Some(table)) if shapes.len() != table.rows => notes.push(format!(
                "has {} shapes and {} rows of columns; those without a counterpart are read alone",
                shapes.len(),
                table.rows
            )),
            (Some(_), None) => {
                notes.push("has no .dbf beside it; its shapes have no columns".to_owned())
            }
            _ => {}
        }
        let names = table.iter().flat_map(|table| &table.fields).map(|field| field.name.clone());
        let columns = Columns::from_header(&file, &Place::File, names.collect(), asked.findings);
        let crs = prj.and_then(|prj| prj::declared(&String::from_utf8_lossy(&prj)));
        let told = asked.options.crs.is_some() || asked.options.usual_crs.is_some();
        if shapes.is_some() && crs.is_none() && !told {
            notes.push(
                "names no reference system (.prj); read as longitude and latitude on WGS84"
                    .to_owned(),
            );
        }
        for why in notes {
            let why = if name == &*file { why } else { format!("{name} {why}") };
            asked.findings.push(Finding {
                code: Code::FileDoubtful,
                file: file.clone(),
                place: Place::File,
                id: None,
                field: None,
                value: None,
                why,
                verdict: Verdict::Noted,
            });
        }
        if shapes.is_none() && table.is_none() {
            return Err(Error::data(
                Code::TableMissing,
                format!("{name}: has neither a .shp nor a .dbf"),
            ));
        }
        Ok(Self { shapes, table, columns, crs })
    }

    /// The number of shapes or rows, whichever is larger.
    fn len(&self) -> usize {
        let shapes = self.shapes.as_ref().map_or(0, Shapes::len);
        shapes.max(self.table.as_ref().map_or(0, |table| table.rows))
    }

    fn geometry(&self, at: usize, notes: &mut Notes) -> Geometry {
        let Some(shapes) = &self.shapes else { return Geometry::InColumns };
        let (geometry, more) = shapes.geometry(at);
        if more {
            notes.push(Note {
                code: Code::GeometryDoubtful,
                field: Some("coordinates".to_owned()),
                value: None,
                why:
                    "have positions of more than two numbers; only longitude and latitude are used"
                        .to_owned(),
                verdict: Verdict::Noted,
            });
        }
        geometry
    }
}

impl Dataset for Shapefile {
    fn description(&self) -> String {
        match (&self.shapes, &self.table) {
            (Some(_), Some(table)) => format!("shapefile, {}", table.charset.name()),
            (Some(_), None) => "shapefile without a .dbf".to_owned(),
            (None, Some(table)) => format!("dBASE, {}", table.charset.name()),
            (None, None) => "shapefile".to_owned(),
        }
    }

    fn has_geometry(&self) -> bool {
        self.shapes.is_some()
    }

    fn columns(&self) -> &[Arc<str>] {
        self.columns.names()
    }

    fn crs(&self) -> Option<DeclaredCrs> {
        self.crs.clone()
    }

    fn parts(&self) -> usize {
        self.len().div_ceil(RECORDS).max(1)
    }

    fn read(
        &self,
        part: usize,
        begin: Begin,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> Result<Begin> {
        let first = part.saturating_mul(RECORDS);
        let mut cells = Vec::new();
        for at in first..self.len().min(first.saturating_add(RECORDS)) {
            let place = Place::Feature(u64::try_from(at).unwrap_or(u64::MAX));
            told.notes.set_place(place.clone());
            cells.clear();
            if let Some(table) = self.table.as_ref().filter(|table| at < table.rows) {
                if table.standing(at) == RowState::Deleted {
                    told.notes.push(Note {
                        code: Code::RecordMalformed,
                        field: None,
                        value: None,
                        why: "is marked as deleted; passed over".to_owned(),
                        verdict: Verdict::Noted,
                    });
                    continue;
                }
                cells.extend(table.values(at).map(Cell::Value));
            }
            let geometry = self.geometry(at, &mut told.notes);
            told.count.read += 1;
            told.taken += 1;
            let record = Written { place, id: None, cells: &mut cells, geometry };
            if taker.take(record, self.columns.names()) == Next::Stop {
                break;
            }
        }
        Ok(begin)
    }
}

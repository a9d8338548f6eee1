//! Workbooks, Office Open XML and OpenDocument: each sheet that holds a table is a layer, with its header found below
//! any titles. Numbers and dates are the stored values of the cells, not their displayed form.

use super::header::Columns;
use super::parts::{Begin, Next, PartReport, Take};
use super::record::{self, Geometry, Written};
use super::titles::{self, Titles};
use super::{Asked, Content, Dataset, Driver, Head};
use crate::model::{Finding, Place, Value, Verdict};
use crate::sources::bytes::open::Limits;
use crate::sources::options::{Format, ReadOptions};
use crate::{Code, Error, Result};
use calamine::{Dimensions, Ods, Reader as _, SheetType, SheetVisible, Xlsx};
use cells::{Cell, read_cell};
use std::io::{self, Cursor, Read};
use std::sync::Arc;

mod cells;
mod ods;

/// A workbook in its reader.
enum Book<'b> {
    Xlsx(Box<Xlsx<Cursor<&'b [u8]>>>),
    Ods(Box<Ods<Cursor<&'b [u8]>>>),
}

/// The number of rows examined to find the header.
const ROWS_LOOKED_AT: usize = 60;

/// The last column that a workbook can have (ECMA-376, XFD).
const COLUMNS_MOST: u32 = 16_384;

/// Workbooks of Office Open XML and OpenDocument.
pub(super) struct Workbooks;

impl Driver for Workbooks {
    fn format(&self) -> Format {
        Format::Xlsx
    }

    fn is(&self, head: &Head<'_>) -> bool {
        head.is_zip() && (ods::is(head.bytes) || is_office_open(head.bytes))
    }

    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>> {
        let (bytes, options) = (content.into_bytes(), asked.options);
        Ok(Box::new(Workbook::new(asked.file, &bytes, options)?))
    }
}

/// Whether an archive holds the parts of a workbook. Member names are in its directory; if the file is cut short, they
/// are searched for in its bytes.
fn is_office_open(bytes: &[u8]) -> bool {
    match zip::ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive.file_names().flatten().any(|name| name.starts_with("xl/")),
        Err(_) => memchr::memmem::find(bytes, b"xl/workbook").is_some(),
    }
}

/// A workbook whose sheets with tables have been read.
#[derive(Debug)]
struct Workbook {
    description: &'static str,
    sheets: Vec<Sheet>,
    selected: usize,
}

/// A sheet that holds a table.
#[derive(Debug)]
struct Sheet {
    /// Its name, followed by its first row if other tables precede it in the sheet.
    name: Arc<str>,
    /// The name of the sheet.
    sheet: Arc<str>,
    columns: Columns,
    findings: Vec<Finding>,
    rows: Vec<Row>,
    /// The index of the header in `rows`.
    header: usize,
}

/// The non-empty cells of a row.
#[derive(Debug)]
struct Row {
    /// The row number, counted from 0.
    number: u32,
    /// Column number, counted from 0, and value.
    cells: Vec<(u32, Cell)>,
}

impl Workbook {
    /// Reads the sheets of a workbook that hold a table, or only the named sheet.
    ///
    /// # Errors
    /// The workbook is damaged, unpacks to too many bytes, has no table, or lacks the named sheet.
    fn new(file: &str, bytes: &[u8], options: &ReadOptions) -> Result<Self> {
        let wanted = options.sheet.as_deref();
        measure(file, bytes, &options.limits)?;
        let damaged = |error: &dyn std::fmt::Display| {
            Error::data(Code::FileDamaged, format!("{file}: the workbook cannot be read: {error}"))
                .with_hint("save it again as xlsx, or as CSV")
        };
        let mut book = if ods::is(bytes) {
            ods::measure(file, bytes, &options.limits)?;
            Book::Ods(Box::new(Ods::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?))
        } else {
            Book::Xlsx(Box::new(Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?))
        };
        let (sheets, description) = match &book {
            Book::Xlsx(book) => (book.sheets_metadata(), "xlsx"),
            Book::Ods(book) => (book.sheets_metadata(), "ODS"),
        };
        let listed: Vec<(String, bool)> = sheets
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
            .collect();
        let chosen: Vec<String> = match wanted {
            None => listed.iter().filter(|(_, seen)| *seen).map(|(name, _)| name.clone()).collect(),
            Some(wanted) => listed
                .iter()
                .filter(|(name, _)| name.trim() == wanted.trim())
                .map(|(name, _)| name.clone())
                .collect(),
        };
        let names = || listed.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        if let (Some(wanted), true) = (wanted, chosen.is_empty()) {
            return Err(Error::usage(
                Code::LayerUnknown,
                format!("{file}: has no sheet \"{wanted}\""),
            )
            .with_hint(format!("its sheets are: {}", names())));
        }
        let mut sheets = Vec::new();
        for name in chosen {
            let (rows, merged) = match &mut book {
                Book::Xlsx(book) => {
                    let rows = read_rows(book, &name).map_err(|error| damaged(&error))?;
                    (rows, book.merge_cells_by_sheet_name(&name).unwrap_or_default())
                }
                Book::Ods(book) => {
                    let range = book.worksheet_range(&name).map_err(|error| damaged(&error))?;
                    (ods::rows(&range), Vec::new())
                }
            };
            sheets.extend(Sheet::all(file, &name, rows, merged, options));
        }
        if sheets.is_empty() {
            return Err(Error::data(Code::TableMissing, format!("{file}: no sheet holds a table"))
                .with_hint(format!("its sheets are: {}", names())));
        }
        Ok(Self { description, sheets, selected: 0 })
    }
}

/// A sheet is read as one part: the archive has already been unpacked.
impl Dataset for Workbook {
    fn description(&self) -> String {
        self.description.to_owned()
    }

    fn layers(&self) -> Vec<&str> {
        self.sheets.iter().map(|sheet| &*sheet.name).collect()
    }

    fn joins_layers(&self) -> bool {
        true
    }

    fn select(&mut self, layer: usize) {
        if layer < self.sheets.len() {
            self.selected = layer;
        }
    }

    fn columns(&self) -> &[Arc<str>] {
        self.sheets.get(self.selected).map_or(&[], |sheet| sheet.columns.names())
    }

    fn read(
        &self,
        _: usize,
        begin: Begin,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> Result<Begin> {
        if let Some(sheet) = self.sheets.get(self.selected) {
            sheet.read(told, taker);
        }
        Ok(begin)
    }
}

impl Sheet {
    /// Returns the tables of a sheet: one below the other, separated by empty rows, each with its own header.
    fn all(
        file: &str,
        name: &str,
        rows: Vec<Row>,
        merged: Vec<Dimensions>,
        options: &ReadOptions,
    ) -> Vec<Self> {
        let sheet: Arc<str> = name.into();
        let (mut rest, mut tables, mut asked) = (rows, Vec::new(), options.header_row);
        while !rest.is_empty() {
            let below = next_table(&rest).filter(|_| asked.is_none());
            let below = below.map_or_else(Vec::new, |at| rest.split_off(at));
            let (mut table, asked) = (std::mem::replace(&mut rest, below), asked.take());
            let first = table.first().map_or(0, |row| u64::from(row.number) + 1);
            let title: Arc<str> = match tables.is_empty() {
                true => sheet.clone(),
                false => format!("{name}, row {first}").into(),
            };
            let Some(titles) = find_titles(&table, asked) else { continue };
            let mended = fill_merged(&mut table, titles.last, &merged);
            tables.extend(Self::new(file, title, sheet.clone(), table, titles, mended));
        }
        tables
    }

    /// Creates a table with a known header.
    fn new(
        file: &str,
        name: Arc<str>,
        sheet: Arc<str>,
        rows: Vec<Row>,
        titles: Titles,
        mended: bool,
    ) -> Option<Self> {
        let row = rows.get(titles.last)?;
        let place = Place::Row { sheet: sheet.clone(), row: u64::from(row.number) + 1 };
        let mut findings = Vec::new();
        let columns = Columns::from_header(file, &place, titles.names, &mut findings);
        if mended {
            let why = "has merged cells; each row has their value";
            findings.push(Finding {
                code: Code::ColumnDoubtful,
                file: file.into(),
                place,
                id: None,
                field: None,
                value: None,
                why: why.to_owned(),
                verdict: Verdict::Noted,
            });
        }
        Some(Self { name, sheet, columns, findings, rows, header: titles.last })
    }

    /// Passes every row below the header to the taker.
    fn read(&self, told: &mut PartReport, taker: &mut dyn Take) {
        told.findings.extend(self.findings.iter().map(|finding| (0, finding.clone())));
        let notes = &mut told.notes;
        for row in self.rows.iter().skip(self.header + 1) {
            let place = Place::Row { sheet: self.sheet.clone(), row: u64::from(row.number) + 1 };
            notes.set_place(place.clone());
            let mut cells = vec![record::Cell::Value(Value::Missing); self.columns.len()];
            for (column, cell) in &row.cells {
                let field = usize::try_from(*column).ok().and_then(|at| cells.get_mut(at));
                match (field, cell) {
                    (Some(field), Cell::Value(value)) => {
                        *field = record::Cell::Value(value.clone())
                    }
                    (Some(_), Cell::Error(error)) => {
                        let why = "is the error of a formula; read as missing";
                        notes.add_value(self.column_name(*column), error.clone(), why);
                    }
                    (None, _) => {
                        notes.add("cells".to_owned(), "are to the right of the header; passed over")
                    }
                }
            }
            let missing = |cell: &record::Cell<'_>| matches!(cell, record::Cell::Value(value) if value.is_missing());
            if cells.iter().all(missing) {
                continue;
            }
            told.count.read += 1;
            told.taken += 1;
            let geometry = Geometry::InColumns;
            let record = Written { place, id: None, cells: &mut cells, geometry };
            if taker.take(record, self.columns.names()) == Next::Stop {
                return;
            }
        }
    }

    fn column_name(&self, column: u32) -> String {
        let at = usize::try_from(column).unwrap_or(usize::MAX);
        self.columns.names().get(at).map_or_else(String::new, |name| name.to_string())
    }
}

/// The first row that looks like a header: it has texts in at least half as many cells as the fullest row near the top,
/// and in two or more.
fn find_header(rows: &[Row]) -> Option<usize> {
    let head = rows.get(..ROWS_LOOKED_AT).unwrap_or(rows);
    let fullest = head.iter().map(|row| row.cells.len()).max()?;
    head.iter().position(|row| {
        let texts =
            row.cells.iter().filter(|(_, cell)| matches!(cell, Cell::Value(Value::Text(_))));
        let texts = texts.count();
        texts >= 2 && texts * 2 >= fullest && texts * 5 >= row.cells.len() * 4
    })
}

/// Finds the header of a table; `None` if no row looks like one. `asked` is the row of the sheet that the user names.
fn find_titles(rows: &[Row], asked: Option<u64>) -> Option<Titles> {
    if let Some(asked) = asked {
        let at = rows.iter().position(|row| u64::from(row.number) + 1 >= asked)?;
        return Some(Titles { first: at, last: at, names: texts(rows.get(at)?) });
    }
    let usual = find_header(rows);
    let head = rows.get(..ROWS_LOOKED_AT).unwrap_or(rows);
    let grid: Vec<Vec<String>> = head.iter().map(texts).collect();
    let found = titles::find(&grid, usual.unwrap_or(0));
    let plain = grid.get(found.first).is_some_and(|row| titles::is_header(row));
    (usual.is_some() || plain).then_some(found)
}

/// The cells of a row as texts, starting at the first column.
fn texts(row: &Row) -> Vec<String> {
    let width = row.cells.last().map_or(0, |(column, _)| column + 1);
    let mut texts = vec![String::new(); usize::try_from(width).unwrap_or(0)];
    for (column, cell) in &row.cells {
        let text = usize::try_from(*column).ok().and_then(|at| texts.get_mut(at));
        if let (Some(text), Cell::Value(value)) = (text, cell) {
            *text = value.to_string();
        }
    }
    texts
}

/// Returns the start of the next table of a sheet: an empty row, followed within a few rows by a header with known
/// names.
fn next_table(rows: &[Row]) -> Option<usize> {
    const TITLES: usize = 3;
    let header = find_titles(rows, None)?.last;
    let gaps = rows.windows(2).enumerate().skip(header + 1);
    let mut gaps = gaps.filter_map(|(at, pair)| match pair {
        [above, below] if below.number > above.number + 1 => Some(at + 1),
        _ => None,
    });
    gaps.find(|at| {
        rows.iter().skip(*at).take(TITLES + 1).any(|row| {
            let all_texts =
                row.cells.iter().all(|(_, cell)| matches!(cell, Cell::Value(Value::Text(_))));
            all_texts && titles::is_header(&texts(row))
        })
    })
}

/// Copies the value of vertically merged cells into each of their rows, below the header; returns whether there were
/// any.
fn fill_merged(rows: &mut [Row], header: usize, merged: &[Dimensions]) -> bool {
    let mut mended = false;
    let from = rows.get(header).map_or(0, |row| row.number);
    for area in merged.iter().filter(|area| area.start.0 > from && area.end.0 > area.start.0) {
        let (top, column) = area.start;
        let of = |row: &Row| {
            row.cells.iter().find(|(at, _)| *at == column).map(|(_, cell)| cell.clone())
        };
        let Some(value) = rows.iter().find(|row| row.number == top).and_then(of) else { continue };
        for row in rows.iter_mut().filter(|row| row.number > top && row.number <= area.end.0) {
            if let Err(at) = row.cells.binary_search_by_key(&column, |(at, _)| *at) {
                row.cells.insert(at, (column, value.clone()));
                mended = true;
            }
        }
    }
    mended
}

/// Reads the non-empty rows of a sheet, cell by cell: a stray cell far out costs one cell, not the whole rectangle up
/// to it.
fn read_rows(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
) -> std::result::Result<Vec<Row>, calamine::XlsxError> {
    let mut reader = book.worksheet_cells_reader(name)?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = reader.next_cell()? {
        let (number, column) = cell.get_position();
        let Some(value) = read_cell(cell.get_value()) else { continue };
        if column >= COLUMNS_MOST {
            continue;
        }
        match rows.last_mut() {
            Some(row) if row.number == number => row.cells.push((column, value)),
            _ => rows.push(Row { number, cells: vec![(column, value)] }),
        }
    }
    for row in &mut rows {
        row.cells.sort_by_key(|(column, _)| *column);
    }
    Ok(rows)
}

/// Unpacks a workbook once, keeping nothing, to check that it stays within the limits: the sizes in its directory may
/// be false.
fn measure(file: &str, bytes: &[u8], limits: &Limits) -> Result<()> {
    let damaged = |error: &dyn std::fmt::Display| {
        Error::data(Code::FileDamaged, format!("{file}: the zip archive is damaged: {error}"))
            .with_hint("the file may be cut short; fetch it again")
    };
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let limit = limits.unpacked_from(size);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut unpacked = 0_u64;
    for at in 0..archive.len() {
        let member = archive.by_index(at).map_err(|error| damaged(&error))?;
        let room = limit.saturating_sub(unpacked).saturating_add(1);
        unpacked +=
            io::copy(&mut member.take(room), &mut io::sink()).map_err(|error| damaged(&error))?;
        if unpacked > limit {
            return Err(Error::data(
                Code::FileTooLarge,
                format!("{file}: workbook of {size} bytes unpacks to more than {limit} bytes"),
            )
            .with_hint("save it again as CSV, or raise the limit"));
        }
    }
    Ok(())
}

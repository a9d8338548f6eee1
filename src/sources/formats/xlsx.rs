//! Workbooks, Office Open XML and OpenDocument: each sheet that holds a table is one, its header found below whatever title stands
//! above it. Numbers and dates come as the values the cells hold, not as they are displayed.

use super::header::Columns;
use super::parts::{Begin, Next, Take, Told};
use super::record::{self, Geometries, Geometry, Written, WrittenGeometry};
use super::titles::{self, Titles};
use super::{Asked, Content, Dataset, Driver, Head};
use crate::model::{Finding, Place, Value, Verdict};
use crate::sources::bytes::open::Limits;
use crate::sources::options::{Format, ReadOptions};
use crate::{Code, Error, Result};
use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Ods, Reader as _, SheetType, SheetVisible, Xlsx,
};
use std::io::{self, Cursor, Read};
use std::sync::Arc;

mod ods;

/// A workbook as its reader has it.
enum Book<'b> {
    Xlsx(Box<Xlsx<Cursor<&'b [u8]>>>),
    Ods(Box<Ods<Cursor<&'b [u8]>>>),
}

/// How many rows are looked at to find the header.
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

/// Whether an archive holds the parts of a workbook. The names of its members stand in its directory; of one
/// that is cut short they are looked for as they stand.
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
    /// Its name, with the row it begins in where others stand above it.
    name: Arc<str>,
    /// The name of the sheet.
    sheet: Arc<str>,
    columns: Columns,
    findings: Vec<Finding>,
    rows: Vec<Row>,
    /// Where in `rows` the header is.
    header: usize,
}

/// The cells of a row that hold something.
#[derive(Debug)]
struct Row {
    /// Counted from 0.
    number: u32,
    /// Column from 0, and value.
    cells: Vec<(u32, Cell)>,
}

#[derive(Debug, Clone)]
enum Cell {
    Value(Value),
    /// What a formula that failed left: `#N/A`.
    Error(String),
}

impl Workbook {
    /// Reads the sheets of a workbook that hold a table; only the one of a name where it is given.
    ///
    /// # Errors
    /// A damaged workbook, one that unpacks to too much, one without a table, a sheet that is not
    /// there.
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

/// A sheet is read in one go: the archive has been unpacked by then.
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
        _: Geometries,
        told: &mut Told,
        taker: &mut dyn Take,
    ) -> Result<Begin> {
        if let Some(sheet) = self.sheets.get(self.selected) {
            sheet.read(told, taker);
        }
        Ok(begin)
    }
}

impl Sheet {
    /// The tables of a sheet: one below the other, each with a header of its own behind rows without a cell.
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

    /// A table whose header is known.
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
            let why = "has merged cells; each row has the value of the whole of them";
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

    /// Gives every row below the header.
    fn read(&self, told: &mut Told, taker: &mut dyn Take) {
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
                    (None, _) => notes.add("cells".to_owned(), {
                        "stand to the right of the header; passed over"
                    }),
                }
            }
            let missing = |cell: &record::Cell<'_>| matches!(cell, record::Cell::Value(value) if value.is_missing());
            if cells.iter().all(missing) {
                continue;
            }
            told.count.read += 1;
            told.taken += 1;
            let geometry = WrittenGeometry::Read(Geometry::InColumns);
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

/// The first row that looks like a header: texts in at least half as many cells as the fullest row
/// near the top has, and in two or more.
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

/// Where the header of a table is; `None` where nothing looks like one. `asked` is the row of the sheet that the
/// user names.
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

/// The cells of a row as texts, from the first column on.
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

/// Where the next table of a sheet begins: behind a row without a cell, within a few rows, a header stands
/// that is one by its names.
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

/// Gives every row its value of cells that are merged downward, below the header; whether there were any.
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

/// The rows of a sheet that hold anything, cell by cell: a stray cell far out costs one cell, not
/// the whole rectangle up to it.
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

/// The same of a cell that stands by itself.
fn of_data(data: &Data) -> Option<Cell> {
    match data {
        Data::Empty => None,
        Data::Error(error) => Some(Cell::Error(error.to_string())),
        Data::Int(number) => read_cell(&DataRef::Int(*number)),
        Data::Float(number) => read_cell(&DataRef::Float(*number)),
        Data::Bool(truth) => read_cell(&DataRef::Bool(*truth)),
        Data::DateTime(moment) => Some(Cell::Value(read_moment(moment))),
        Data::DurationIso(text) => read_cell(&DataRef::DurationIso(text.clone())),
        Data::String(text) | Data::DateTimeIso(text) => {
            (!text.is_empty()).then(|| Cell::Value(Value::Text(text.clone())))
        }
    }
}

/// What a cell holds; `None` where it is nothing.
fn read_cell(data: &DataRef<'_>) -> Option<Cell> {
    let value = match data {
        DataRef::Empty => return None,
        DataRef::Error(error) => return Some(Cell::Error(error.to_string())),
        DataRef::Int(number) => match i32::try_from(*number) {
            Ok(number) => Value::Number(f64::from(number)),
            Err(_) => Value::Exact(number.to_string()),
        },
        DataRef::Float(number) if number.is_finite() => Value::Number(*number),
        DataRef::Float(_) => return None,
        DataRef::Bool(truth) => Value::Bool(*truth),
        DataRef::String(text) => Value::Text(text.clone()),
        DataRef::SharedString(text) => Value::Text((*text).to_owned()),
        DataRef::DateTimeIso(text) => Value::Text(text.clone()),
        DataRef::DurationIso(text) => Value::Text(duration(text).unwrap_or_else(|| text.clone())),
        DataRef::DateTime(moment) => read_moment(moment),
    };
    match value {
        Value::Text(text) if text.is_empty() => None,
        value => Some(Cell::Value(value)),
    }
}

/// A duration of ISO 8601 (`PT30H11M15S`) as a workbook shows it: hours, minutes and seconds. Whoever types the
/// angle 30:11:15 into a cell is given one.
fn duration(text: &str) -> Option<String> {
    let span: jiff::Span = text.parse().ok()?;
    Some(clock(
        span.total((jiff::Unit::Millisecond, jiff::SpanRelativeTo::days_are_24_hours())).ok()?,
    ))
}

/// Milliseconds as hours, minutes and seconds, `30:11:15`.
fn clock(milliseconds: f64) -> String {
    let sign = if milliseconds < 0.0 { "-" } else { "" };
    let whole = milliseconds.abs().round();
    let (hours, rest) = ((whole / 3_600_000.0).floor(), whole % 3_600_000.0);
    let (minutes, rest) = ((rest / 60_000.0).floor(), rest % 60_000.0);
    let (seconds, left) = ((rest / 1000.0).floor(), rest % 1000.0);
    let left = if left > 0.0 { format!(".{left:03}") } else { String::new() };
    format!("{sign}{hours}:{minutes:02}:{seconds:02}{left}")
}

/// A date as ISO 8601 text, with the time of day where there is one; a duration as it is shown; a serial number
/// that is no date stays a number.
fn read_moment(moment: &ExcelDateTime) -> Value {
    let serial = moment.as_f64();
    if moment.is_duration() && serial.abs() < 2_958_466.0 {
        return Value::Text(clock(serial * 86_400_000.0));
    }
    if !(0.0..2_958_466.0).contains(&serial) {
        return Value::Number(serial);
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    Value::Text(if serial < 1.0 {
        time
    } else if (hour, minute, second, milli) == (0, 0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{time}")
    })
}

/// Unpacks a workbook once, keeping nothing, to see that it stays within the limits: what its
/// directory says of sizes may be false.
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

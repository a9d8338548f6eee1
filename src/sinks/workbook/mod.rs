//! A workbook (Office Open XML) of sheets: a page to read from the top, and tables with a frozen header of the names and the
//! labels of columns, a filter, and cells that keep the types of their values. A text stays a text, whatever it begins with. The same sheets give the same
//! bytes: nothing in a workbook is of the day on which it is written.

mod board;
mod looks;

pub use board::{Board, Small};

use super::rounded;
use crate::layers::style::{Color, NO_DATA, Theme};
use crate::layers::{Column, ColumnKind, Property};
use crate::scoring::{Band, Bands};
use jiff::civil::Date;
use looks::{Looks, decimals, painted};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Most rows of a sheet, those of the header among them.
const MOST_ROWS: u32 = 1_048_576;

/// Most UTF-16 units of a cell.
const MOST_UNITS: usize = 32_767;

/// Rows of the header: the names of the columns, and below them labels with units, which have the filter.
const HEADER: u32 = 2;

/// The widest that a column is made, in characters; one of whole paragraphs may be wider.
const WIDEST: usize = 60;
const WIDEST_OF_PARAGRAPHS: usize = 100;

/// How many characters stand side by side on a printed page whose letters are still read: A4 across, at about 8 points.
const PAGE: usize = 190;

/// The height of a line in points.
const LINE: u32 = 15;

/// The narrowest that a column of texts is made for paper.
const NARROWEST: usize = 12;

/// The number of the paper A4.
const A4: u8 = 9;

/// A sheet.
pub struct Sheet<'a> {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// A label for each column.
    pub labels: Vec<String>,
    /// For each column, the score whose bands color it.
    pub colored: Vec<Option<Theme>>,
    /// How many columns stay in view.
    pub frozen: u16,
    /// How many columns are printed, from the first one; all if `None`.
    pub printed: Option<u16>,
    /// How many rows are printed, from the first one, if not all: a sheet that is long by nature says so in its footer.
    pub printed_rows: Option<usize>,
    /// Rows below the others, apart from them and outside of the filter, such as the one on all sites together.
    pub totals: Vec<Vec<Property>>,
    /// Where rows that do not fit are found.
    pub whole: &'static str,
    /// Its rows, a value for each column. A value may be of another kind than its column.
    pub rows: Box<dyn Iterator<Item = Vec<Property>> + 'a>,
}

/// What did not fit into a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The sheet.
    pub sheet: String,
    /// The number of rows that are left out.
    pub rows: u64,
    /// The number of texts that are cut.
    pub texts: u64,
    /// Where all of it is found.
    pub whole: &'static str,
}

/// Writes a page and sheets as a workbook with a title; `day` takes the place of the day on which it is made.
///
/// # Errors
/// Those of the writer; more columns than a sheet holds.
pub fn write(
    title: &str,
    day: Option<Date>,
    bands: &Bands,
    board: &Board,
    sheets: Vec<Sheet<'_>>,
    out: &mut dyn Write,
) -> io::Result<Vec<LeftOut>> {
    let mut book = Workbook::new();
    let made = day.and_then(excel_day).map_or_else(|| ExcelDateTime::from_ymd(2000, 1, 1), Ok);
    let properties =
        DocProperties::new().set_title(title).set_creation_datetime(&made.map_err(failed)?);
    book.set_properties(&properties);
    let looks = Looks::new();
    let mut left_out = Vec::new();
    Page::new(book.add_worksheet(), bands, &looks).board(board).map_err(failed)?;
    for sheet in sheets {
        let page = book.add_worksheet();
        left_out.extend(Page::new(page, bands, &looks).write(sheet).map_err(failed)?);
    }
    out.write_all(&book.save_to_buffer().map_err(failed)?)?;
    Ok(left_out)
}

fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(other.to_string()),
    }
}

/// A sheet that is being written.
struct Page<'p> {
    page: &'p mut Worksheet,
    bands: &'p Bands,
    looks: &'p Looks,
    /// The longest text of each column so far, in characters.
    widths: Vec<usize>,
    /// Whether a column has any value so far.
    filled: Vec<bool>,
    texts_cut: u64,
    /// The last column that is printed: up to it, long texts have several lines.
    wrapped: Option<u16>,
    /// The row, the column and the length of the texts that may need several lines.
    long: Vec<(u32, u16, usize)>,
    /// Whether each column is one of texts, in which numbers stand as texts do.
    texts: Vec<bool>,
}

impl<'p> Page<'p> {
    fn new(page: &'p mut Worksheet, bands: &'p Bands, looks: &'p Looks) -> Self {
        let (widths, filled) = (Vec::new(), Vec::new());
        Self {
            page,
            bands,
            looks,
            widths,
            filled,
            texts_cut: 0,
            wrapped: None,
            long: Vec::new(),
            texts: Vec::new(),
        }
    }

    fn write(mut self, sheet: Sheet<'_>) -> Result<Option<LeftOut>, XlsxError> {
        let Sheet { name, columns, labels, colored, frozen, printed, printed_rows, .. } = sheet;
        let Sheet { totals, whole, rows, .. } = sheet;
        let last = u16::try_from(columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
        let most = printed.map_or(last, |printed| last.min(printed.saturating_sub(1)));
        self.wrapped = Some(most);
        self.texts = columns.iter().map(|column| column.kind == ColumnKind::Text).collect();
        self.page.set_name(&name)?;
        self.header(&columns, &labels)?;
        let (mut at, mut more) = (HEADER, 0_u64);
        for row in rows {
            // The last row says that there are more.
            if at + 1 >= MOST_ROWS {
                more += 1;
                continue;
            }
            for ((column, value), theme) in (0..).zip(&row).zip(&colored) {
                self.cell(at, column, value, *theme)?;
            }
            at += 1;
        }
        if more > 0 {
            let text = format!("{more} more rows do not fit; all of them are in {whole}");
            self.page.write_string(at, 0, text)?;
            at += 1;
        }
        if at > HEADER {
            self.page.autofilter(HEADER - 1, 0, at - 1, last)?;
        }
        let (read, most_read) = (at - HEADER, printed_rows.unwrap_or(usize::MAX));
        let read_first = u32::try_from(most_read).unwrap_or(u32::MAX).min(read);
        // A row between keeps them out of what is sorted.
        at += u32::from(!totals.is_empty());
        for row in &totals {
            if at >= MOST_ROWS {
                break;
            }
            for ((column, value), theme) in (0..).zip(row).zip(&colored) {
                self.cell(at, column, value, *theme)?;
            }
            at += 1;
        }
        self.page.set_freeze_panes(HEADER, frozen)?;
        self.print(HEADER - 1, (read_first < read).then_some([read_first, read]))?;
        let end = if read_first < read { HEADER + read_first } else { at };
        self.page.set_print_area(HEADER - 1, 0, end.max(HEADER + 1) - 1, most)?;
        let widths = fitting(&columns, &self.widths, &self.filled, most);
        for (column, width) in (0..).zip(&widths) {
            self.page.set_column_width(column, f64::from(*width))?;
        }
        for (row, lines) in lines(&self.long, &widths) {
            self.page.set_row_height(row, LINE * lines.min(27))?;
        }
        // A column without a value is there, and hidden.
        for column in (0..).zip(&self.filled).filter(|(_, any)| at > HEADER && !**any) {
            self.page.set_column_hidden(column.0)?;
        }
        let texts = self.texts_cut;
        Ok((more > 0 || texts > 0).then_some(LeftOut { sheet: name, rows: more, texts, whole }))
    }

    /// How a sheet is printed: across, as wide as a page, with a row repeated on each and the number of the page; and how many
    /// of its rows, if not all.
    fn print(&mut self, repeated: u32, some: Option<[u32; 2]>) -> Result<(), XlsxError> {
        self.page.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        let told =
            some.map(|[first, all]| format!(": the first {first} of {all} rows are printed"));
        let footer = format!("&L&A{}&RPage &P of &N", told.unwrap_or_default());
        self.page.set_footer(footer).set_repeat_rows(repeated, repeated)?;
        Ok(())
    }

    fn header(&mut self, columns: &[Column], labels: &[String]) -> Result<(), XlsxError> {
        self.page.set_row_height(HEADER - 1, 48)?;
        for ((at, column), label) in (0..).zip(columns).zip(labels) {
            let (label, _) = fitted(label);
            let (name, _) = fitted(&column.name);
            self.page.write_string_with_format(0, at, name, &self.looks.name)?;
            let look = match column.kind {
                ColumnKind::Number(_) | ColumnKind::Date => &self.looks.number_label,
                ColumnKind::Text | ColumnKind::Flag => &self.looks.label,
            };
            self.page.write_string_with_format(HEADER - 1, at, label, look)?;
            let wide = if column.kind == ColumnKind::Text { 12 } else { 9 };
            let longest = label.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
            self.widths.push(wide.max(longest.min(24)));
            self.filled.push(false);
        }
        Ok(())
    }

    fn cell(
        &mut self,
        row: u32,
        column: u16,
        value: &Property,
        theme: Option<Theme>,
    ) -> Result<(), XlsxError> {
        let base = match theme.and_then(|theme| self.paint(value, theme)) {
            Some(paint) => painted(paint),
            None => self.looks.text.clone(),
        };
        let base = match self.texts.get(usize::from(column)) {
            Some(true) => base.set_align(FormatAlign::Left).set_indent(1),
            _ => base,
        };
        if value != &Property::Missing
            && let Some(filled) = self.filled.get_mut(usize::from(column))
        {
            *filled = true;
        }
        let long = match value {
            Property::Missing => return Ok(()),
            Property::Number(number, digits) => {
                let Some(number) = rounded::number(*number, *digits) else { return Ok(()) };
                // Numbers keep off the texts to their right.
                let look = base.set_num_format(decimals(*digits));
                let look = match self.texts.get(usize::from(column)) {
                    Some(true) => look,
                    _ => look.set_align(FormatAlign::Right).set_indent(1),
                };
                self.page.write_number_with_format(row, column, number, &look)?;
                10
            }
            Property::Flag(flag) => {
                self.text(row, column, if *flag { "yes" } else { "no" }, base)?
            }
            Property::Date(day) => match excel_day(*day) {
                Some(day) => {
                    let look = base.set_num_format("yyyy-mm-dd");
                    let look = look.set_align(FormatAlign::Right).set_indent(1);
                    self.page.write_datetime_with_format(row, column, day, &look)?;
                    11
                }
                // A workbook has no days before 1900.
                None => self.text(row, column, &day.to_string(), base)?,
            },
            Property::Text(text) => self.text(row, column, text, base)?,
        };
        if let Some(width) = self.widths.get_mut(usize::from(column)) {
            *width = (*width).max(long);
        }
        Ok(())
    }

    /// Writes a text, and returns its length in characters.
    fn text(
        &mut self,
        row: u32,
        column: u16,
        text: &str,
        look: Format,
    ) -> Result<usize, XlsxError> {
        let (fits, is_cut) = fitted(text);
        self.texts_cut += u64::from(is_cut);
        // A text that is edited stays a text, too.
        let runs = text.starts_with(['=', '+', '-', '@']);
        let look = if runs { look.set_quote_prefix() } else { look };
        // Beside a number, which ends at the edge of its cell.
        let look = look.set_indent(1);
        let is_wrapped = self.wrapped.is_some_and(|last| column <= last);
        let look = if is_wrapped { look.set_text_wrap() } else { look };
        let length = fits.chars().count();
        if is_wrapped && length > 8 {
            self.long.push((row, column, length));
        }
        self.page.write_string_with_format(row, column, fits, &look)?;
        Ok(fits.chars().take(WIDEST_OF_PARAGRAPHS).count())
    }

    /// The color of a band, by its word or by a score.
    fn paint(&self, value: &Property, theme: Theme) -> Option<Color> {
        let band = match value {
            Property::Text(word) => Band::ALL.into_iter().find(|band| band.word() == word)?,
            Property::Number(score, _) => self.bands.of(Some(*score)),
            Property::Missing | Property::Flag(_) | Property::Date(_) => return None,
        };
        Some(theme.color(band.number()).unwrap_or(NO_DATA.ground))
    }
}

/// The widths of columns in characters. Those that are printed, up to `last`, fit on a page in letters that can be read:
/// the longest texts are given less room, and more lines.
fn fitting(columns: &[Column], widths: &[usize], filled: &[bool], last: u16) -> Vec<u32> {
    let last = usize::from(last);
    let capped = |cap: usize| -> Vec<usize> {
        let one = |((at, of), width): ((usize, &Column), &usize)| {
            let widest = if &*of.name == "explanation" { WIDEST_OF_PARAGRAPHS } else { WIDEST };
            let is_text = of.kind == ColumnKind::Text && at <= last;
            // Sentences are read more easily in longer lines than words.
            let cap = if *width >= WIDEST { 3 * cap } else { cap };
            // For the indent of texts, and for the button of the filter.
            (*width).clamp(8, if is_text { cap.min(widest) } else { widest }) + 3
        };
        (0..).zip(columns).zip(widths).map(one).collect()
    };
    let printed = |widths: &[usize]| -> usize {
        let shown = widths.iter().zip(filled).take(last + 1).filter(|(_, any)| **any);
        shown.map(|(width, _)| width).sum()
    };
    let caps = (NARROWEST..=WIDEST).rev();
    let fits = caps.map(capped).find(|widths| printed(widths) <= PAGE);
    let widths = fits.unwrap_or_else(|| capped(NARROWEST));
    widths.into_iter().map(|width| u32::try_from(width).unwrap_or(8)).collect()
}

/// The rows that need more than one line, each with their number. Programs that show a workbook do not all find it out.
fn lines(long: &[(u32, u16, usize)], widths: &[u32]) -> BTreeMap<u32, u32> {
    let mut rows: BTreeMap<u32, u32> = BTreeMap::new();
    for (row, column, length) in long {
        let width = widths.get(usize::from(*column)).copied().unwrap_or(8);
        let length = u32::try_from(*length).unwrap_or(u32::MAX);
        // Without the indent and the padding; a word that does not fit leaves its line short.
        let fit = width.saturating_sub(4).max(4);
        let words = if length > fit { length.saturating_add(length / 6) } else { length };
        let lines = words.div_ceil(fit);
        if lines > 1 {
            let most = rows.entry(*row).or_insert(1);
            *most = (*most).max(lines);
        }
    }
    rows
}

fn excel_day(day: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok().filter(|year| *year >= 1900)?;
    let (month, day) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}

/// As much of a text as fits into a cell, and whether it is cut.
fn fitted(text: &str) -> (&str, bool) {
    if text.len() <= MOST_UNITS {
        return (text, false);
    }
    let mut units = 0;
    for (at, letter) in text.char_indices() {
        units += letter.len_utf16();
        if units > MOST_UNITS {
            return (text.get(..at).unwrap_or(text), true);
        }
    }
    (text, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_a_cell_ends() {
        let most = "x".repeat(MOST_UNITS);
        assert_eq!(fitted(&most), (most.as_str(), false));
        assert_eq!(fitted(&format!("{most}y")), (most.as_str(), true));
        // A letter of two units does not fit into the last one.
        let wide = format!("{}😀", "x".repeat(MOST_UNITS - 1));
        assert_eq!(fitted(&wide), ("x".repeat(MOST_UNITS - 1).as_str(), true));
        let many = "é".repeat(MOST_UNITS);
        assert_eq!(fitted(&many), (many.as_str(), false), "more bytes than units");
    }

    #[test]
    fn printed_columns_fit_on_a_page() {
        let column = |name: &str, kind| Column {
            name: name.to_owned().into(),
            kind,
            unit: None,
            about: "".into(),
        };
        let text = |name| column(name, ColumnKind::Text);
        let columns = [text("a"), text("b"), text("c"), text("d"), text("note"), text("more")];
        let widths = fitting(&columns, &[60, 60, 12, 60, 100, 100], &[true; 6], 4);
        let printed: u32 = widths.iter().take(5).sum();
        assert!(printed <= 190 && printed > 170, "{widths:?}");
        assert_eq!(widths[2], 15, "a short column keeps its width");
        assert_eq!(widths[5], 63, "what is not printed has its own");
        // The longest text of a row decides how high it is.
        let rows = lines(&[(2, 0, 30), (2, 4, 100), (3, 2, 11)], &widths);
        assert!(rows[&2] >= 3 && !rows.contains_key(&3), "{rows:?}");
    }

    #[test]
    fn days_that_a_workbook_does_not_have_are_told() {
        assert!(excel_day(Date::constant(1899, 12, 31)).is_none());
        assert!(excel_day(Date::constant(2024, 2, 29)).is_some());
    }
}

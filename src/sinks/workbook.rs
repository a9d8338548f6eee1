//! A workbook (Office Open XML) of sheets: a frozen header with labels, units and the names of columns, a filter, and
//! cells that keep the types of their values. A text stays a text, whatever it begins with. The same sheets give the same
//! bytes: nothing in a workbook is of the day on which it is written.

use super::rounded;
use crate::layers::style::{Color, GROUND, NO_DATA, Theme};
use crate::layers::{Column, ColumnKind, Digits, Property};
use crate::scoring::{Band, Bands};
use jiff::civil::Date;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use std::io::{self, Write};

/// Most rows of a sheet, those of the header among them.
const MOST_ROWS: u32 = 1_048_576;

/// Most UTF-16 units of a cell.
const MOST_UNITS: usize = 32_767;

/// Rows of the header: labels with units, and below them the names of the columns.
const HEADER: u32 = 2;

/// The widest that a column is made, in characters.
const WIDEST: usize = 60;

/// A sheet.
pub struct Sheet<'a> {
    /// Its name.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<Column>,
    /// A label for each column.
    pub labels: Vec<String>,
    /// For each column, the score whose bands color it.
    pub colored: Vec<Option<Theme>>,
    /// How many columns stay in view.
    pub frozen: u16,
    /// Where rows that do not fit are found.
    pub whole: &'static str,
    /// Its rows, a value for each column. A value may be of another kind than its column.
    pub rows: Box<dyn Iterator<Item = Vec<Property>> + 'a>,
}

/// What did not fit into a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The sheet.
    pub sheet: &'static str,
    /// The number of rows that are left out.
    pub rows: u64,
    /// The number of texts that are cut.
    pub texts: u64,
    /// Where all of it is found.
    pub whole: &'static str,
}

/// Writes sheets as a workbook with a title; `day` takes the place of the day on which it is made.
///
/// # Errors
/// Those of the writer; more columns than a sheet holds.
pub fn write(
    title: &str,
    day: Option<Date>,
    bands: &Bands,
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

/// The looks of cells without colors.
struct Looks {
    label: Format,
    name: Format,
    text: Format,
}

impl Looks {
    fn new() -> Self {
        let top = Format::new().set_align(FormatAlign::Top);
        Self {
            label: top.clone().set_bold().set_text_wrap().set_background_color(rgb(GROUND.land)),
            name: top
                .clone()
                .set_italic()
                .set_font_color(0x0060_6060_u32)
                .set_border_bottom(FormatBorder::Thin),
            text: top,
        }
    }
}

/// A sheet that is being written.
struct Page<'p> {
    page: &'p mut Worksheet,
    bands: &'p Bands,
    looks: &'p Looks,
    /// The longest text of each column so far, in characters.
    widths: Vec<usize>,
    texts_cut: u64,
}

impl<'p> Page<'p> {
    fn new(page: &'p mut Worksheet, bands: &'p Bands, looks: &'p Looks) -> Self {
        Self { page, bands, looks, widths: Vec::new(), texts_cut: 0 }
    }

    fn write(mut self, sheet: Sheet<'_>) -> Result<Option<LeftOut>, XlsxError> {
        let Sheet { name, columns, labels, colored, frozen, whole, rows } = sheet;
        self.page.set_name(name)?;
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
        let last = u16::try_from(columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
        if at > HEADER {
            self.page.autofilter(HEADER - 1, 0, at - 1, last)?;
        }
        self.page.set_freeze_panes(HEADER, frozen)?;
        self.page.set_landscape().set_repeat_rows(0, HEADER - 1)?;
        for (column, width) in (0..).zip(&self.widths) {
            let width = u32::try_from((*width).clamp(8, WIDEST) + 2).unwrap_or(8);
            self.page.set_column_width(column, f64::from(width))?;
        }
        let texts = self.texts_cut;
        Ok((more > 0 || texts > 0).then_some(LeftOut { sheet: name, rows: more, texts, whole }))
    }

    fn header(&mut self, columns: &[Column], labels: &[String]) -> Result<(), XlsxError> {
        self.page.set_row_height(0, 48)?;
        for ((at, column), label) in (0..).zip(columns).zip(labels) {
            let (label, _) = fitted(label);
            let (name, _) = fitted(&column.name);
            self.page.write_string_with_format(0, at, label, &self.looks.label)?;
            self.page.write_string_with_format(1, at, name, &self.looks.name)?;
            let wide = if column.kind == ColumnKind::Text { 14 } else { 10 };
            self.widths.push(wide.max(name.chars().count().min(24)));
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
        let long = match value {
            Property::Missing => return Ok(()),
            Property::Number(number, digits) => {
                let Some(number) = rounded::number(*number, *digits) else { return Ok(()) };
                let look = base.set_num_format(decimals(*digits));
                self.page.write_number_with_format(row, column, number, &look)?;
                10
            }
            Property::Flag(flag) => {
                self.page.write_boolean_with_format(row, column, *flag, &base)?;
                6
            }
            Property::Date(day) => match excel_day(*day) {
                Some(day) => {
                    let look = base.set_num_format("yyyy-mm-dd");
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
        self.page.write_string_with_format(row, column, fits, &look)?;
        Ok(fits.chars().take(WIDEST).count())
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

/// A color as a workbook has it.
fn rgb(Color(red, green, blue, _): Color) -> u32 {
    u32::from(red) << 16 | u32::from(green) << 8 | u32::from(blue)
}

/// A cell on a colored ground, with letters that are seen on it.
fn painted(ground: Color) -> Format {
    let Color(red, green, blue, _) = ground;
    // The luma of ITU-R BT.601.
    let light = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    let letters = if light < 140_000 { 0x00FF_FFFF_u32 } else { 0x0028_2828_u32 };
    Format::new()
        .set_align(FormatAlign::Top)
        .set_background_color(rgb(ground))
        .set_font_color(letters)
}

/// The format of a number with so many digits; its value keeps all of them.
fn decimals(digits: Digits) -> String {
    match digits {
        Digits::All => "General".to_owned(),
        Digits::Decimals(0) => "#,##0".to_owned(),
        Digits::Decimals(most) => {
            format!("#,##0.0{}", "#".repeat(usize::from(most.saturating_sub(1))))
        }
    }
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
    fn letters_are_seen_on_their_ground() {
        let [lightest, .., darkest] = Theme::Security.ramp();
        for (ground, white) in [(darkest, true), (lightest, false)] {
            let letters = if white { 0x00FF_FFFF_u32 } else { 0x0028_2828_u32 };
            let look = Format::new().set_align(FormatAlign::Top);
            let look = look.set_background_color(rgb(ground)).set_font_color(letters);
            assert_eq!(painted(ground), look);
        }
    }

    #[test]
    fn days_that_a_workbook_does_not_have_are_told() {
        assert!(excel_day(Date::constant(1899, 12, 31)).is_none());
        assert!(excel_day(Date::constant(2024, 2, 29)).is_some());
    }
}

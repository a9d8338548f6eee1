//! A page to read from the top: a title, facts, and small tables.

use super::{Page, excel_day, fitted};
use crate::layers::Property;
use crate::layers::style::Theme;
use rust_xlsxwriter::XlsxError;

/// The widths of the columns of a page in characters. Facts go over all but the first.
const WIDTHS: [u16; 10] = [30, 14, 11, 14, 12, 14, 11, 14, 44, 60];

/// How many letters of a fact stand in a line.
const LINE: usize = 170;

/// The height of a row of so many lines in points.
fn height(lines: usize) -> u32 {
    16 * u32::try_from(lines.min(20)).unwrap_or(1)
}

/// A page.
pub struct Board {
    /// Its name.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// What is to be known first, each with its label.
    pub facts: Vec<(String, Property)>,
    /// The tables, one below the other.
    pub tables: Vec<Small>,
}

/// A table of a page.
pub struct Small {
    /// Its heading.
    pub heading: String,
    /// The labels of its columns.
    pub labels: Vec<&'static str>,
    /// For each column, the score whose bands color it.
    pub colored: Vec<Option<Theme>>,
    /// Its rows.
    pub rows: Vec<Vec<Property>>,
}

impl Page<'_> {
    /// Writes a page.
    pub(super) fn board(mut self, board: &Board) -> Result<(), XlsxError> {
        let looks = self.looks;
        self.page.set_name(board.name)?;
        for (column, width) in (0..).zip(WIDTHS) {
            self.page.set_column_width(column, width)?;
        }
        self.page.write_string_with_format(0, 0, fitted(&board.title).0, &looks.title)?;
        self.page.set_row_height(0, 24)?;
        let last = u16::try_from(WIDTHS.len()).unwrap_or(2) - 1;
        let mut at = 1;
        for (label, fact) in &board.facts {
            self.page.write_string_with_format(at, 0, label, &looks.heading)?;
            match fact {
                Property::Text(text) => {
                    let (text, _) = fitted(text);
                    self.page.merge_range(at, 1, at, last, text, &looks.paragraph)?;
                    self.page.set_row_height(at, height(text.chars().count() / LINE + 1))?;
                }
                Property::Number(number, _) => {
                    self.page.write_number_with_format(at, 1, *number, &looks.number)?;
                }
                Property::Date(day) => match excel_day(*day) {
                    Some(day) => {
                        self.page.write_datetime_with_format(at, 1, day, &looks.day)?;
                    }
                    None => {
                        let day = day.to_string();
                        self.page.write_string_with_format(at, 1, day, &looks.paragraph)?;
                    }
                },
                Property::Missing | Property::Flag(_) => {}
            }
            at += 1;
        }
        for table in &board.tables {
            at += 1;
            self.page.write_string_with_format(at, 0, &table.heading, &looks.heading)?;
            for (column, label) in (0_u16..).zip(&table.labels) {
                let is_number = |row: &Vec<Property>| {
                    let value = row.get(usize::from(column));
                    matches!(value, Some(Property::Number(..) | Property::Date(_)))
                };
                let look = match table.rows.iter().any(is_number) {
                    true => &looks.number_label,
                    false => &looks.label,
                };
                self.page.write_string_with_format(at + 1, column, *label, look)?;
            }
            self.page.set_row_height(at + 1, 32)?;
            at += 2;
            for row in &table.rows {
                let mut lines = 1;
                for (((column, value), theme), width) in
                    (0..).zip(row).zip(&table.colored).zip(WIDTHS)
                {
                    match value {
                        Property::Text(text) if theme.is_none() => {
                            let (text, _) = fitted(text);
                            self.page.write_string_with_format(
                                at,
                                column,
                                text,
                                &looks.paragraph,
                            )?;
                            lines = lines.max(text.chars().count() / usize::from(width) + 1);
                        }
                        _ => self.cell(at, column, value, *theme)?,
                    }
                }
                self.page.set_row_height(at, height(lines))?;
                at += 1;
            }
        }
        self.page.set_print_area(0, 0, at, last)?;
        self.print(0, None)
    }
}

//! A page to read from the top: a title, facts, and small tables.

use super::{Page, fitted};
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
    pub facts: Vec<(String, String)>,
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
            let (fact, _) = fitted(fact);
            self.page.write_string_with_format(at, 0, label, &looks.heading)?;
            self.page.merge_range(at, 1, at, last, fact, &looks.paragraph)?;
            self.page.set_row_height(at, height(fact.chars().count() / LINE + 1))?;
            at += 1;
        }
        for table in &board.tables {
            at += 1;
            self.page.write_string_with_format(at, 0, &table.heading, &looks.heading)?;
            for (column, label) in (0..).zip(&table.labels) {
                self.page.write_string_with_format(at + 1, column, *label, &looks.label)?;
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
        self.print(0)
    }
}

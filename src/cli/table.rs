//! Tables for people: one line a row where it fits, numbers to the right, and long texts cut where the
//! terminal ends. What goes to a file or a pipe is never cut.

use super::terminal::Terminal;
use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, Row, Table, Width, presets,
};

/// A terminal narrower than this is spared the columns that can be missed.
const NARROW: u16 = 100;

/// How a column behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// To the right, never broken.
    Number,
    /// To the left, never broken.
    Word,
    /// A number that is left out of a narrow terminal.
    Spare,
    /// To the left, takes what room is left.
    Text,
}

/// A table under construction.
#[derive(Debug)]
pub struct Rows {
    table: Table,
    one_line: bool,
}

impl Rows {
    /// A table of columns, each with its title. Rows take one line, or as many as their texts need.
    pub fn new(terminal: &Terminal, one_line: bool, columns: &[(&str, Fit)]) -> Self {
        let mut table = Table::new();
        table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_truncation_indicator("…");
        let width = terminal.width();
        if let Some(width) = width {
            table.set_width(width);
        }
        if terminal.colors() {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        table.set_header(columns.iter().map(|(title, _)| *title));
        for (column, (_, fit)) in table.column_iter_mut().zip(columns) {
            column.set_padding((0, 2));
            column.set_constraint(match fit {
                Fit::Spare if width.is_some_and(|width| width < NARROW) => ColumnConstraint::Hidden,
                Fit::Number | Fit::Word | Fit::Spare => ColumnConstraint::ContentWidth,
                Fit::Text => ColumnConstraint::LowerBoundary(Width::Fixed(8)),
            });
            if matches!(fit, Fit::Number | Fit::Spare) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        Self { table, one_line }
    }

    /// Adds a row.
    pub fn add(&mut self, cells: impl IntoIterator<Item = impl Into<Cell>>) {
        let mut row = Row::from(cells);
        if self.one_line {
            row.max_height(1);
        }
        self.table.add_row(row);
    }

    /// The table as text, its lines without trailing spaces.
    pub fn text(&self) -> String {
        self.table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }
}

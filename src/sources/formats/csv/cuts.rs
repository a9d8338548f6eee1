//! Cut points of a table: they are after line ends, any of which may turn out to be within quotes.

use super::head::separator_line;
use super::rows::line_ends;
use rayon::prelude::*;

/// A place where a row seems to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub at: usize,
    /// The line number at the cut, the first line being 1.
    pub line: u64,
}

/// Finds cut points, about a given number of bytes apart, in a text that is seen window by window.
#[derive(Debug)]
pub(crate) struct Cutter {
    part: usize,
    cuts: Vec<Cut>,
    /// The offset from which the next cut is searched.
    from: usize,
    /// The number of line ends before the current offset.
    lines: u64,
}

impl Cutter {
    pub fn new(part: usize) -> Self {
        Self { part: part.max(1), cuts: Vec::new(), from: 0, lines: 0 }
    }

    /// Searches the text from an offset, and returns the number of bytes consumed.
    pub fn look(&mut self, text: &str, at: usize, last: bool) -> Option<usize> {
        let bytes = text.as_bytes();
        let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let ends = |from: usize| {
            bytes.get(from..).unwrap_or_default().iter().take_while(|byte| is_end(byte)).count()
        };
        // Consecutive line ends are not separated.
        let trailing = bytes.iter().rev().take_while(|byte| is_end(byte)).count();
        let end = if last { bytes.len() } else { bytes.len() - trailing };
        let mut places = Vec::new();
        if self.cuts.is_empty() {
            let start = separator_line(text).0;
            let start = start + ends(start);
            if start >= end && !last {
                return Some(0);
            }
            places.push(start);
            self.from = start.saturating_add(self.part);
        }
        while let Some(rest) = bytes.get(self.from.max(at) - at..end)
            && let Some(line_end) = rest.iter().position(is_end)
        {
            let line_end = self.from.max(at) - at + line_end;
            let place = line_end + ends(line_end);
            if place >= end {
                break;
            }
            self.from = (at + place).saturating_add(self.part);
            places.push(place);
        }
        // Lines are counted within the pieces in parallel, and summed.
        let froms = std::iter::once(0).chain(places.iter().copied());
        let pieces: Vec<(usize, usize)> = froms.zip(places.iter().copied().chain([end])).collect();
        let counted: Vec<u64> = pieces
            .into_par_iter()
            .map(|(from, to)| line_ends(bytes.get(from..to).unwrap_or_default()))
            .collect();
        for (number, lines) in counted.into_iter().enumerate() {
            self.lines += lines;
            if let Some(place) = places.get(number) {
                self.cuts.push(Cut { at: at + place, line: self.lines + 1 });
            }
        }
        Some(end)
    }

    pub fn part(&self) -> usize {
        self.part
    }

    /// Returns the cuts, at least one.
    pub(super) fn finish(self) -> Vec<Cut> {
        self.cuts
    }
}

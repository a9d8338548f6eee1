//! Where a table can be cut apart: behind line ends, any of which may yet stand within quotes.

use super::head::separator_line;
use super::rows::line_ends;
use rayon::prelude::*;

/// A place at which a row seems to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub at: usize,
    /// The line there, the first being 1.
    pub line: u64,
}

/// Finds such places, about so many bytes apart, in a text that is seen window by window.
#[derive(Debug)]
pub(crate) struct Cutter {
    part: usize,
    cuts: Vec<Cut>,
    /// From where on the next one is looked for.
    from: usize,
    /// Lines that have ended before the place it has come to.
    lines: u64,
}

impl Cutter {
    pub fn new(part: usize) -> Self {
        Self { part: part.max(1), cuts: Vec::new(), from: 0, lines: 0 }
    }

    /// Looks at the text from a place on, and says how many bytes it has passed over.
    pub fn look(&mut self, text: &str, at: usize, last: bool) -> Option<usize> {
        let bytes = text.as_bytes();
        let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let ends = |from: usize| {
            bytes.get(from..).unwrap_or_default().iter().take_while(|byte| is_end(byte)).count()
        };
        // Line ends that follow each other are not taken apart.
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
        // Lines are counted within the pieces, and added up.
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

    /// The places, of which there is always one.
    pub(super) fn finish(self) -> Vec<Cut> {
        self.cuts
    }
}

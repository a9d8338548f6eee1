//! Consecutive GeoJSON texts: one object per line, or the sequences of RFC 8142. A faulty text among
//! them is an item of its own; if the last text is cut short, the whole file is refused, because more
//! may be missing.

use super::outline::{Item, Outline};
use super::scan::scan_object;
use super::stretches::Stretch;
use crate::sources::formats::notes::Notes;
use crate::{Code, Error};
use rayon::prelude::*;
use std::ops::Range;

/// Scans such texts window by window.
#[derive(Debug)]
pub(super) struct Lines {
    separator: char,
    /// The number of lines before the current offset.
    line: u64,
    cut_short: bool,
}

/// The contents of some of the texts.
#[derive(Default)]
struct Found {
    outline: Outline,
    lines: u64,
    /// Whether the last text is cut short; `None` if there are no texts.
    cut_short: Option<bool>,
}

impl Lines {
    pub fn new(separator: char) -> Self {
        Self { separator, line: 0, cut_short: false }
    }

    /// Whether the last text is cut short.
    pub fn is_cut_short(&self) -> bool {
        self.cut_short
    }

    /// Adds the contents of the complete texts to the outline, and returns the number of bytes consumed.
    pub fn look(
        &mut self,
        text: &str,
        at: usize,
        last: bool,
        part: usize,
        outline: &mut Outline,
    ) -> Option<usize> {
        let end = match text.rfind(self.separator) {
            _ if last => text.len(),
            Some(separator) => separator + self.separator.len_utf8(),
            None => return Some(0),
        };
        let pieces = pieces(text.get(..end)?, self.separator, part);
        let found: Vec<Found> = pieces
            .into_par_iter()
            .map(|range| {
                find(
                    text.get(range.clone()).unwrap_or_default(),
                    self.separator,
                    at + range.start,
                    part,
                )
            })
            .collect();
        for Found { outline: found, lines, cut_short } in found {
            outline.items.extend(found.items.into_iter().map(|item| match item {
                Item::Broken { line, why } => Item::Broken { line: self.line + line, why },
                item => item,
            }));
            outline.crs = outline.crs.take().or(found.crs);
            outline.notes.merge(found.notes);
            outline.partial = outline.partial.take().or(found.partial);
            self.line += lines;
            self.cut_short = cut_short.unwrap_or(self.cut_short);
        }
        Some(end)
    }
}

/// Cuts a text after separators, about a given number of bytes apart.
fn pieces(text: &str, separator: char, part: usize) -> Vec<Range<usize>> {
    let (mut pieces, mut start) = (Vec::new(), 0);
    while start < text.len() {
        let from = (start + part..text.len()).find(|at| text.is_char_boundary(*at));
        let rest = from.and_then(|from| Some((from, text.get(from..)?)));
        let end =
            rest.and_then(|(from, rest)| Some(from + rest.find(separator)? + separator.len_utf8()));
        let end = end.unwrap_or(text.len());
        pieces.push(start..end);
        start = end;
    }
    pieces
}

/// Examines each of some texts, which begin at an offset of the whole.
fn find(text: &str, separator: char, at: usize, part: usize) -> Found {
    let mut found = Found::default();
    found.outline.notes = Notes::of_part();
    // Lines are counted from each text up to and including its separator.
    let mut start = 0;
    for one in text.split(separator) {
        if !one.trim().is_empty() {
            let before = found.outline.items.len();
            let scanned = scan_object(one, at + start, &mut found.outline);
            found.cut_short = Some(matches!(&scanned, Err(fault) if fault.is_cut_short()));
            match scanned {
                Ok(()) => join(&mut found.outline.items, before, text, at, part),
                Err(fault) => {
                    let (line, why) = fault.within(found.lines);
                    found.outline.items.push(Item::Broken { line, why });
                }
            }
        }
        let end = (start + one.len() + separator.len_utf8()).min(text.len());
        let passed = text.get(start..end).unwrap_or_default();
        found.lines += passed.bytes().fold(0, |lines, byte| lines + u64::from(byte == b'\n'));
        start = end;
    }
    found
}

/// Joins a standalone item to those before it if only blanks and separators are between them.
fn join(items: &mut Vec<Item>, before: usize, text: &str, at: usize, part: usize) {
    let Some((earlier, new)) = items.split_at_mut_checked(before) else { return };
    if let (Some(Item::Alone(all)), [Item::Alone(one)]) = (earlier.last_mut(), new)
        && all.range.len() < part
        && let Some(between) = text.get(all.range.end - at..one.range.start - at)
        && between.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x1e))
    {
        *all = Stretch { range: all.range.start..one.range.end, count: all.count + one.count };
        items.truncate(before);
    }
}

/// The error for consecutive texts of which the last is cut short.
pub(super) fn refuse(file: &str, text: &str, separator: char) -> Error {
    let (mut at, mut start, mut last) = (0, 0, "");
    for one in text.split(separator) {
        if !one.trim().is_empty() {
            (start, last) = (at, one);
        }
        at += one.len() + separator.len_utf8();
    }
    let before = text.get(..start).unwrap_or_default();
    let lines = before.bytes().fold(0, |lines, byte| lines + u64::from(byte == b'\n'));
    match scan_object(last, start, &mut Outline::default()) {
        Err(fault) => fault.refuse(file, lines),
        Ok(()) => Error::data(Code::FileDamaged, format!("{file}: cannot be read")),
    }
}

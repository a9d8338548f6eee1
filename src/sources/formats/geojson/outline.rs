//! The outline of a GeoJSON text: the locations of its features, and the members beside them. This is
//! the fast path, window by window. Any text that needs a warning, or does not parse window by window,
//! falls back to `scan`, which examines the whole text.

use super::cursor::Cursor;
use super::lines::Lines;
use super::scan::{has_object_a_line, judge};
use super::stretches::{Stretch, stretches};
use crate::sources::formats::answers::tells_refusal;
use crate::sources::formats::notes::Notes;
use crate::sources::formats::pages::may_tell;
use std::ops::Range;

/// Features, or standalone geometries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// Features of a collection.
    Many(Stretch),
    /// Standalone features or geometries, separated only by blanks and sequence separators.
    Alone(Stretch),
    /// A line, or a text of a sequence, that is not GeoJSON.
    Broken { line: u64, why: String },
}

/// The contents of a text.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub(super) items: Vec<Item>,
    /// The `crs` member, as JSON.
    pub(super) crs: Option<String>,
    pub(super) shape: Shape,
    pub(super) notes: Notes,
    /// Why it is only a part of its source.
    pub(super) partial: Option<String>,
}

/// The arrangement of the features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shape {
    /// A single GeoJSON object.
    #[default]
    Whole,
    /// One object per line.
    Lines,
    /// A sequence (RFC 8142).
    Sequence,
}

/// The record separator of RFC 8142.
pub(super) const SEPARATOR: char = '\u{1e}';

/// Finds the outline of a text that is seen window by window.
#[derive(Debug)]
pub(crate) struct Outliner {
    /// The approximate size of a stretch in bytes.
    part: usize,
    stage: Stage,
    outline: Outline,
}

#[derive(Debug)]
enum Stage {
    Begin,
    Whole(Walk),
    Lines(Lines),
}

impl Outliner {
    pub fn new(part: usize) -> Self {
        Self { part, stage: Stage::Begin, outline: Outline::default() }
    }

    /// Scans the text from an offset, and returns the number of bytes consumed; `None` if it gives up.
    pub fn look(&mut self, text: &str, at: usize, last: bool) -> Option<usize> {
        let Self { part, stage, outline } = self;
        match stage {
            Stage::Begin => {
                let begin = text.trim_start();
                if begin.is_empty() {
                    return (!last).then_some(0);
                }
                if begin.starts_with(SEPARATOR) {
                    outline.shape = Shape::Sequence;
                    *stage = Stage::Lines(Lines::new(SEPARATOR));
                } else if has_object_a_line(begin) {
                    outline.shape = Shape::Lines;
                    *stage = Stage::Lines(Lines::new('\n'));
                } else if !last && begin.split_once('\n').is_some_and(|(_, rest)| is_blank(rest)) {
                    return Some(0);
                } else {
                    *stage = Stage::Whole(Walk::new(*part));
                }
                self.look(text, at, last)
            }
            Stage::Whole(walk) => walk.look(text, at),
            Stage::Lines(lines) => lines.look(text, at, last, *part, outline),
        }
    }

    /// Returns the outline, once the whole text has been scanned; `None` if the text has to be refused.
    pub fn finish(mut self) -> Option<Outline> {
        match self.stage {
            Stage::Begin => return None,
            Stage::Whole(walk) => judge(walk.finish()?, &mut self.outline).ok()?,
            Stage::Lines(lines) => {
                if lines.is_cut_short() {
                    return None;
                }
            }
        }
        Some(self.outline)
    }
}

fn is_blank(text: &str) -> bool {
    text.trim_start().is_empty()
}

/// The members of the top-level object; for `features`, the location of each feature.
#[derive(Debug, Default)]
pub(super) struct Top {
    /// The member names, and the JSON of those that are examined.
    pub members: Vec<(String, String)>,
    /// The inner `None` means that the member exists but is not a list.
    pub features: Option<Option<Vec<Stretch>>>,
    pub repeated: Vec<String>,
    /// The location of the object.
    pub range: Range<usize>,
}

/// Longer members are not about paging.
///
/// # Units
/// Bytes.
const MOST_PAGING: usize = 16 << 10;

impl Top {
    pub fn member(&self, name: &str) -> Option<&str> {
        self.members.iter().rev().find(|(key, _)| key == name).map(|(_, raw)| raw.as_str())
    }

    pub fn add(&mut self, name: &str, raw: &str) {
        let tells = may_tell(name) || tells_refusal(name);
        let kept = matches!(name, "type" | "crs" | "bbox") || tells && raw.len() < MOST_PAGING;
        let raw = if kept { raw } else { "" };
        self.members.push((name.to_owned(), raw.to_owned()));
    }
}

/// Scans an object that is valid JSON without repeated names.
#[derive(Debug)]
pub(super) struct Walk {
    part: usize,
    next: Next,
    top: Top,
}

/// The next expected token in the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Open,
    Member,
    /// An element of the feature list.
    Feature,
    /// A comma or the end.
    Comma,
    /// Only blanks.
    End,
}

/// Why the scan stops.
enum Halt {
    /// The window does not show enough.
    More,
    /// The object is not of the expected form.
    Odd,
}

impl Walk {
    pub fn new(part: usize) -> Self {
        Self { part, next: Next::Open, top: Top::default() }
    }

    /// The members of an object that is whole in the text.
    pub fn whole(text: &str, part: usize) -> Option<Top> {
        let mut walk = Self::new(part);
        (walk.look(text, 0)? == text.len()).then_some(walk.finish()).flatten()
    }

    /// As [`Outliner::look`].
    pub fn look(&mut self, text: &str, at: usize) -> Option<usize> {
        let mut cursor = Cursor::new(text, 0);
        while self.next != Next::End {
            let passed = cursor.at();
            match self.step(&mut cursor, at) {
                Ok(next) => self.next = next,
                Err(Halt::More) => return Some(passed),
                Err(Halt::Odd) => return None,
            }
        }
        cursor.after_blanks().is_none().then_some(text.len())
    }

    fn step(&mut self, cursor: &mut Cursor<'_>, at: usize) -> Result<Next, Halt> {
        match self.next {
            Next::Open => {
                if cursor.after_blanks().ok_or(Halt::More)? != b'{' {
                    return Err(Halt::Odd);
                }
                self.top.range.start = at + cursor.at();
                cursor.next();
                Ok(Next::Member)
            }
            Next::Member => {
                let key = cursor.key().ok_or(Halt::More)?;
                let first = cursor.after_blanks().ok_or(Halt::More)?;
                let is_features = key.inner == "features";
                let known = self.top.members.iter().any(|(name, _)| name == key.inner)
                    || is_features && self.top.features.is_some();
                if key.escaped || known || is_features && first != b'[' {
                    return Err(Halt::Odd);
                }
                if is_features {
                    cursor.next();
                    let first = cursor.after_blanks().ok_or(Halt::More)?;
                    self.top.features = Some(Some(Vec::new()));
                    if first == b']' {
                        cursor.next();
                        return Ok(Next::Comma);
                    }
                    return Ok(Next::Feature);
                }
                let start = cursor.at();
                cursor.value().ok_or(Halt::More)?;
                self.top.add(key.inner, cursor.slice(start..cursor.at()).ok_or(Halt::Odd)?);
                Ok(Next::Comma)
            }
            Next::Feature => {
                let start = cursor.at();
                let (found, closed) = stretches(cursor, self.part);
                let all = self.top.features.get_or_insert_default().get_or_insert_default();
                all.extend(found.into_iter().map(|Stretch { range, count }| Stretch {
                    range: at + range.start..at + range.end,
                    count,
                }));
                match closed {
                    true => Ok(Next::Comma),
                    // The stretches skipped so far are complete.
                    false if cursor.at() > start => Ok(Next::Feature),
                    false => Err(Halt::More),
                }
            }
            Next::Comma => match cursor.next().ok_or(Halt::More)? {
                b',' => Ok(Next::Member),
                b'}' => {
                    self.top.range.end = at + cursor.at();
                    Ok(Next::End)
                }
                _ => Err(Halt::Odd),
            },
            Next::End => Ok(Next::End),
        }
    }

    /// Returns the members, if the object has ended.
    pub fn finish(self) -> Option<Top> {
        (self.next == Next::End).then_some(self.top)
    }
}

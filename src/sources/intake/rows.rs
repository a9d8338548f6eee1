//! Selects the records to read: those from a day on, and those that meet conditions on their columns, such as
//! `admin1 in Balochistan,Sindh`. Other records are left out and counted.

use super::columns::{Role, fold, nearest};
use super::file_rules::FileRules;
use super::map::{self, Section};
use super::tally::Tally;
use crate::model::{ReceptorKind, Value};
use crate::sources::formats::record::Record;
use crate::sources::layouts::Dates;
use crate::sources::values::dates::read_date;
use crate::sources::values::numbers::{is_missing, read_number};
use crate::{Code, Error, Result};
use jiff::civil::Date;
use std::sync::Arc;

/// Which records to read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// The first day of the incidents to read. Incidents without a date are read too.
    pub since: Option<Date>,
    conditions: Vec<Condition>,
}

/// A condition on a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    /// The files that the condition applies to; incidents if it names none.
    section: Option<Section>,
    column: String,
    test: Test,
    /// The condition as written.
    text: String,
}

/// The comparison of a condition.
#[derive(Debug, Clone, PartialEq)]
enum Test {
    In(Vec<String>),
    NotIn(Vec<String>),
    Below(Bound),
    AtLeast(Bound),
}

/// The value that another must be below, or at least equal to.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Bound {
    Number(f64),
    Day(Date),
}

const HINT: &str = "⟦where=incidents.admin1 in Balochistan,Sindh⟧, with =, !=, in, not in, < or >=; \
                    several ⟦where⟧ are joined by and; names and values that hold one of these, or a \
                    comma, in double quotes";

impl Rows {
    /// Adds a condition, such as `incidents.admin1 in Balochistan,Sindh`.
    ///
    /// # Errors
    /// If the text is not a condition.
    pub fn add(&mut self, text: &str) -> Result<()> {
        let condition = Condition::parse(text.trim()).map_err(|why| {
            Error::usage(
                Code::SettingInvalid,
                format!("⟦~where⟧: \"{}\" {why}", text.escape_debug()),
            )
            .with_hint(HINT)
        })?;
        self.conditions.push(condition);
        Ok(())
    }

    /// Applies conditions that name no files to the files of a role.
    pub(crate) fn meant_for(mut self, role: Role, kind: Option<ReceptorKind>) -> Self {
        let section = kind.map_or(Section::Role(role), Section::Kind);
        for condition in &mut self.conditions {
            condition.section.get_or_insert(section);
        }
        self
    }

    /// Returns the conditions that apply to a role, and to receptors of one kind.
    pub(crate) fn of(&self, role: Role, kind: Option<ReceptorKind>) -> Self {
        let holds = |condition: &&Condition| match condition.section {
            None => role == Role::Incidents,
            Some(Section::Role(of)) => of == role,
            Some(Section::Kind(of)) => kind == Some(of),
        };
        Self {
            since: self.since.filter(|_| role == Role::Incidents),
            conditions: self.conditions.iter().filter(holds).cloned().collect(),
        }
    }

    /// Whether there is no condition on columns.
    pub(crate) fn takes_all(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Returns the column index of each condition, if the file has the column.
    pub(crate) fn places(&self, columns: &[Arc<str>]) -> Vec<Option<usize>> {
        self.conditions.iter().map(|condition| condition.place(columns)).collect()
    }

    /// Whether a record meets all conditions; `places` holds their column indices. Marks in `met` each
    /// condition that the record meets.
    pub(crate) fn takes(
        &self,
        record: &Record,
        places: &[Option<usize>],
        rules: &FileRules,
        met: &mut [bool],
    ) -> bool {
        let mut all = true;
        for ((condition, place), met) in self.conditions.iter().zip(places).zip(met) {
            if !all && *met {
                continue;
            }
            let value = place.map_or(&Value::Missing, |at| record.field(at));
            let holds = condition.test.holds(value, rules);
            *met |= holds;
            all &= holds;
        }
        all
    }

    /// Returns marks for [`takes`](Self::takes), with no condition met yet.
    pub(crate) fn none_met(&self) -> Vec<bool> {
        vec![false; self.conditions.len()]
    }

    /// Reports the conditions that no record meets.
    pub(crate) fn say_unmet(&self, met: &[bool], tally: &mut Tally) {
        let unmet = self.conditions.iter().zip(met).filter(|(_, met)| !**met);
        for (condition, _) in unmet {
            let asked = condition.text.escape_debug();
            let what = match &condition.test {
                Test::In(list) => {
                    let list: Vec<String> =
                        list.iter().map(|one| format!("\"{}\"", one.escape_debug())).collect();
                    format!("no record has {}", list.join(" or "))
                }
                Test::NotIn(_) => "every record has an excluded value or none".to_owned(),
                Test::Below(_) | Test::AtLeast(_) => "no record is within the limit".to_owned(),
            };
            let column = condition.column.escape_debug();
            let why = format!("{what} in {column}; ⟦~where={asked}⟧ leaves out all records");
            tally.say(Code::ConditionUnmet, Some(&condition.column), why);
        }
    }

    /// Refuses conditions on columns that a file does not have.
    ///
    /// # Errors
    /// For the first such condition, with the nearest column name.
    pub(crate) fn check(&self, file: &str, columns: &[Arc<str>]) -> Result<()> {
        match self.conditions.iter().find(|condition| condition.place(columns).is_none()) {
            None => Ok(()),
            Some(condition) => {
                let name = condition.column.escape_debug();
                let error = Error::usage(
                    Code::ColumnMissing,
                    format!(
                        "{file}: has no column \"{name}\", which ⟦~where={}⟧ asks for",
                        condition.text.escape_debug()
                    ),
                );
                Err(match nearest(&[&condition.column], columns) {
                    Some(near) => error.with_hint(format!("did you mean {near}")),
                    None => error.with_hint(format!("columns: {}", columns.join(", "))),
                })
            }
        }
    }
}

impl Condition {
    fn parse(text: &str) -> Result<Self, &'static str> {
        const WORDS: [&str; 12] =
            [" not in ", " in ", "!=", "<>", "==", "=<", "=>", "<=", ">=", "<", ">", "="];
        let bare = without_quoted(text);
        let first_of = |text: &str| {
            let found = WORDS.iter().filter_map(|word| Some((text.find(word)?, *word)));
            found.min_by_key(|(at, word)| (*at, std::cmp::Reverse(word.len())))
        };
        let (at, word) = first_of(&bare).ok_or("has no condition")?;
        let behind = bare.get(at + word.len()..).unwrap_or_default();
        // Names of countries may contain "and" too.
        let joined = behind.split_once(" and ").is_some_and(|(_, rest)| first_of(rest).is_some());
        if joined || behind.contains("&&") {
            return Err("joins conditions with \"and\"; give each as a ⟦where⟧ of its own");
        }
        if behind.contains(" or ") || behind.contains("||") {
            return Err(
                "joins conditions with \"or\"; for several values of a column use \"column in a,b\"",
            );
        }
        if bare.starts_with(['(', '[']) || behind.trim_start().starts_with(['(', '[', '{']) {
            return Err("has brackets; write lists without them, \"column in a,b\"");
        }
        let column = unquoted(text.get(..at).unwrap_or_default());
        let rest = text.get(at + word.len()..).unwrap_or_default();
        let bound = || -> Result<Bound, &'static str> {
            let text = unquoted(rest);
            let number = text.parse().ok().filter(|n: &f64| n.is_finite()).map(Bound::Number);
            let day = || text.parse().ok().map(Bound::Day);
            number.or_else(day).ok_or("compares with what is neither a number nor a day")
        };
        let test = match word.trim() {
            "in" => Test::In(listed(rest)),
            "not in" => Test::NotIn(listed(rest)),
            "!=" | "<>" => Test::NotIn(listed(rest)),
            "=" => Test::In(vec![unquoted(rest)]),
            "<" => Test::Below(bound()?),
            ">=" => Test::AtLeast(bound()?),
            "==" => return Err("has the unsupported operator ==; for the same value use ="),
            "=>" => return Err("has the unsupported operator =>; from a value on use >="),
            "=<" | "<=" => {
                return Err(
                    "has the unsupported operator <=; below a value, without the value itself, use <",
                );
            }
            _ => return Err("has the unsupported operator >; from a value on use >="),
        };
        if let Test::In(list) | Test::NotIn(list) = &test
            && (list.is_empty() || list.iter().any(String::is_empty))
        {
            return Err("compares with nothing");
        }
        let of_section = column.split_once('.').and_then(|(section, name)| {
            Some((map::section_of(section.trim())?, name.trim().to_owned()))
        });
        let (section, column) = match of_section {
            Some((section, name)) => (Some(section), unquoted(&name)),
            None => (None, column),
        };
        if column.is_empty() {
            return Err("names no column");
        }
        Ok(Self { section, column, test, text: text.to_owned() })
    }

    fn place(&self, columns: &[Arc<str>]) -> Option<usize> {
        let exact = columns.iter().position(|column| **column == *self.column);
        let folded = || {
            let name = fold(&self.column);
            columns.iter().position(|column| fold(column) == name)
        };
        exact.or_else(folded)
    }
}

impl Test {
    fn holds(&self, value: &Value, rules: &FileRules) -> bool {
        match self {
            Self::In(list) => list.iter().any(|wanted| is_same(value, wanted, rules)),
            Self::NotIn(list) => !list.iter().any(|wanted| is_same(value, wanted, rules)),
            Self::Below(bound) => bound.is_above(value, rules) == Some(true),
            Self::AtLeast(bound) => bound.is_above(value, rules) == Some(false),
        }
    }
}

impl Bound {
    /// Whether a value is less than the bound; `None` if the two cannot be compared.
    fn is_above(self, value: &Value, rules: &FileRules) -> Option<bool> {
        match self {
            Self::Number(bound) => Some(number(value, rules)? < bound),
            Self::Day(bound) => {
                let span = read_date(value, date_format(rules)).ok()??;
                Some(span.last() < bound)
            }
        }
    }
}

fn number(value: &Value, rules: &FileRules) -> Option<f64> {
    read_number(value, rules.map.decimal_comma).ok()?.map(|number| number.value)
}

/// The date format of the file, if it is known.
fn date_format(rules: &FileRules) -> Option<&str> {
    let of_layout = rules.layout.and_then(|layout| match layout.dates {
        Dates::Format(format) => Some(format),
        _ => None,
    });
    rules.map.date_format.as_deref().or(of_layout)
}

/// Whether a value equals the wanted one, as text in any case or as a number.
fn is_same(value: &Value, wanted: &str, rules: &FileRules) -> bool {
    if value.is_missing() {
        return false;
    }
    let is_like = |text: &str| {
        text.eq_ignore_ascii_case(wanted)
            || !text.is_ascii() && text.to_lowercase() == wanted.to_lowercase()
    };
    let same = match value.as_str() {
        Some(text) => is_like(text),
        None => is_like(&value.to_string()),
    };
    let same_number = || {
        let wanted: f64 = wanted.parse().ok()?;
        (!is_missing(value)).then(|| number(value, rules)).flatten().map(|n| n == wanted)
    };
    same || same_number().unwrap_or(false) || is_on_day(value, wanted, rules)
}

/// Whether a value is a wanted day, with or without a time after it.
fn is_on_day(value: &Value, wanted: &str, rules: &FileRules) -> bool {
    if !wanted.starts_with(|c: char| c.is_ascii_digit()) || !wanted.contains('-') {
        return false;
    }
    let Ok(day) = wanted.parse::<Date>() else { return false };
    let read = read_date(value, date_format(rules)).ok().flatten();
    read.is_some_and(|span| span.first() == day && span.last() == day)
}

/// Splits a list of values at its commas. Values in quotes may contain commas.
fn listed(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for (c, quoted) in with_quotes(text) {
        match parts.last_mut() {
            Some(part) if c != ',' || quoted => part.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts.iter().map(|part| unquoted(part)).collect()
}

/// Opening quotes around names and values, each with its closing quote.
const QUOTES: [(char, char); 5] = [('"', '"'), ('\'', '\''), ('“', '”'), ('‘', '’'), ('«', '»')];

/// Returns the characters of a text, each with whether it is inside quotes. Except for the double quote, a
/// quote opens only at the start of a value and closes only at its end, because names contain apostrophes.
fn with_quotes(text: &str) -> Vec<(char, bool)> {
    let mut quoted: Option<char> = None;
    let mut before = ' ';
    let mut marked = Vec::new();
    for (at, c) in text.char_indices() {
        let behind = text.get(at + c.len_utf8()..).unwrap_or_default();
        let ends = |rest: &str| {
            let rest = rest.trim_start();
            rest.is_empty() || rest.starts_with([',', '=', '<', '>', '!'])
        };
        match quoted {
            Some(close) if c == close && (c == '"' || ends(behind)) => {
                quoted = None;
                marked.push((c, true));
            }
            Some(_) => marked.push((c, true)),
            None => {
                let opens = QUOTES.iter().find(|(open, _)| *open == c).map(|(_, close)| *close);
                let at_begin = before.is_whitespace() || matches!(before, ',' | '=' | '<' | '>');
                let closes = |close: char| {
                    behind.match_indices(close).any(|(at, _)| {
                        ends(behind.get(at + close.len_utf8()..).unwrap_or_default())
                    })
                };
                quoted = opens.filter(|close| c == '"' || at_begin && closes(*close));
                marked.push((c, quoted.is_some()));
            }
        }
        before = c;
    }
    marked
}

/// Returns a condition in lower case with quoted text blanked out, so that no quoted word is read as an
/// operator. Byte positions stay the same.
fn without_quoted(text: &str) -> String {
    let bare = |(c, quoted): (char, bool)| match c {
        c if quoted && c.is_ascii() => '"',
        c => c.to_ascii_lowercase(),
    };
    with_quotes(text).into_iter().map(bare).collect()
}

/// Returns a text without surrounding blanks and quotes.
fn unquoted(text: &str) -> String {
    let text = text.trim();
    let inner = QUOTES.iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(*open)?.strip_suffix(*close)?;
        (*open == '"' || !inner.contains(*open)).then_some(inner)
    });
    inner.unwrap_or(text).to_owned()
}

//! Numbers of people: deaths, which may be a range or a bound, and populations. They are whole numbers, so
//! three digits after a point are thousands, or ambiguous.

use super::columns::Field;
use super::row::Row;
use crate::model::{Value, Verdict};
use crate::sources::values::estimates::{Estimate, may_be_grouped, read_estimate};
use crate::sources::values::numbers::{read_count, read_number};

/// A number of people: the best guess and its range, as far as given.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct People {
    pub best: Option<u32>,
    pub low: Option<u32>,
    pub high: Option<u32>,
}

impl Row<'_> {
    /// Returns a number of people, which may be a range or a bound. One that cannot be read is noted and
    /// counts as missing.
    pub fn people(&mut self, field: Field) -> People {
        let comma = self.rules.map.decimal_comma;
        // Numbers of people are whole: "12.000" is never twelve.
        if self.is_unclear_group(field) {
            return People::default();
        }
        let Err(_) = read_count(self.value(field), comma) else {
            return People { best: self.count(field), ..People::default() };
        };
        let estimate = self.value(field).as_str().and_then(|text| read_estimate(text, comma));
        let Some(Estimate { best, low, high, how }) = estimate else {
            return People { best: self.count(field), ..People::default() };
        };
        let whole =
            |number: Option<f64>| read_count(&number.map_or(Value::Missing, Value::Number), false);
        let (Ok(best), Ok(low), Ok(high)) = (whole(best), whole(low), whole(high)) else {
            return People { best: self.count(field), ..People::default() };
        };
        let exact = low.is_none() && high.is_none();
        self.note(if exact { Verdict::Repaired } else { Verdict::Noted }, field, how);
        People { best, low, high }
    }

    /// Whether three digits after a point may be thousands or a fraction. If so, it is noted.
    fn is_unclear_group(&mut self, field: Field) -> bool {
        let comma = self.rules.map.decimal_comma;
        let unclear = !comma && self.value(field).as_str().is_some_and(may_be_grouped);
        if unclear {
            let why = "has three digits behind a point, which may stand between thousands: \
                decimal_comma=true in the column map says so; taken as missing";
            self.note(Verdict::Noted, field, why);
        }
        unclear
    }

    /// Returns a large number of people, such as a population, within limits. One that cannot be read is
    /// noted and counts as missing.
    pub fn population(&mut self, field: Field, most: f64, why: &str) -> Option<f64> {
        let comma = self.rules.map.decimal_comma;
        if self.is_unclear_group(field) {
            return None;
        }
        let text = self.value(field).as_str();
        if read_number(self.value(field), comma).is_err()
            && let Some(found) = text.and_then(|text| read_estimate(text, comma))
        {
            let exact = found.low.is_none() && found.high.is_none();
            self.note(if exact { Verdict::Repaired } else { Verdict::Noted }, field, found.how);
            return found.best.filter(|best| *best <= most);
        }
        self.number_within(field, 0.0, most, why)
    }
}

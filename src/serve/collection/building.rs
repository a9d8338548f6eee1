//! A column while features are read: it takes their cells one after the other and keeps only what the finished column has.

use super::cells::Cell;
use super::{NONE, Values};
use crate::layers::ColumnKind;
use hashbrown::HashMap;
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;

/// A column that is being filled.
#[derive(Debug)]
pub struct Building {
    /// Whether any feature has the property.
    pub occurs: bool,
    values: Typed,
}

/// The values so far. What is no value of the column's kind is missing.
#[derive(Debug)]
enum Typed {
    Number(Vec<f64>),
    Flag(Vec<Option<bool>>),
    Date(Vec<Option<Date>>),
    Text(Texts),
    /// A column that nothing is known of: its values are typed when all are there.
    Unknown(Vec<Cell<'static>>),
}

impl Building {
    /// A column of a kind, if it is known, after features that do not have it.
    pub fn new(kind: Option<ColumnKind>, before: usize) -> Self {
        let values = match kind {
            Some(ColumnKind::Number(_)) => Typed::Number(Vec::new()),
            Some(ColumnKind::Flag) => Typed::Flag(Vec::new()),
            Some(ColumnKind::Date) => Typed::Date(Vec::new()),
            Some(ColumnKind::Text) => Typed::Text(Texts::default()),
            None => Typed::Unknown(Vec::new()),
        };
        let mut column = Self { occurs: false, values };
        (0..before).for_each(|_| column.take(&Cell::Absent));
        column
    }

    /// Takes the cell of the next feature.
    pub fn take(&mut self, cell: &Cell<'_>) {
        self.occurs |= *cell != Cell::Absent;
        match &mut self.values {
            Typed::Number(numbers) => numbers.push(cell.number().unwrap_or(f64::NAN)),
            Typed::Flag(flags) => flags.push(cell.flag()),
            Typed::Date(days) => days.push(cell.text().and_then(date)),
            Typed::Text(texts) => texts.take(cell),
            Typed::Unknown(cells) => cells.push(cell.owned()),
        }
    }

    /// The values, when all features are taken.
    pub fn finish(self) -> Values {
        match self.values {
            Typed::Number(numbers) => Values::Number(numbers),
            Typed::Flag(flags) => Values::Flag(flags),
            Typed::Date(days) => Values::Date(days),
            Typed::Text(texts) => texts.finish(),
            Typed::Unknown(cells) => typed(&cells),
        }
    }
}

/// Types values of which nothing is known: they are all of one kind, or texts that all are days or moments.
fn typed(cells: &[Cell<'_>]) -> Values {
    let given = || cells.iter().filter(|cell| cell.is_given());
    let all = |is: fn(&Cell<'_>) -> bool| given().next().is_some() && given().all(is);
    if all(|cell| cell.number().is_some()) {
        Values::Number(cells.iter().map(|cell| cell.number().unwrap_or(f64::NAN)).collect())
    } else if all(|cell| cell.flag().is_some()) {
        Values::Flag(cells.iter().map(Cell::flag).collect())
    } else if all(|cell| cell.text().and_then(date).is_some()) {
        Values::Date(cells.iter().map(|cell| cell.text().and_then(date)).collect())
    } else if all(|cell| cell.text().and_then(moment).is_some()) {
        Values::Moment(cells.iter().map(|cell| cell.text().and_then(moment)).collect())
    } else {
        let mut texts = Texts::default();
        cells.iter().for_each(|cell| texts.take(cell));
        texts.finish()
    }
}

/// Texts, of which each different one is stored once.
#[derive(Debug, Default)]
pub struct Texts {
    places: HashMap<Arc<str>, u32>,
    of: Vec<u32>,
    /// Whether a value is neither a text nor missing.
    mixed: bool,
}

impl Texts {
    fn take(&mut self, cell: &Cell<'_>) {
        match cell.text() {
            Some(text) => self.push(text),
            None => {
                self.mixed |= cell.is_given();
                self.of.push(NONE);
            }
        }
    }

    /// Takes the text of the next feature.
    pub fn push(&mut self, text: &str) {
        // There are fewer than 2³² features.
        let next = u32::try_from(self.places.len()).unwrap_or(NONE);
        let place = self.places.get(text).copied().unwrap_or_else(|| {
            self.places.insert(text.into(), next);
            next
        });
        self.of.push(place);
    }

    /// The texts in ascending order.
    pub fn finish(self) -> Values {
        if self.mixed {
            return Values::Other;
        }
        let mut words: Vec<(Arc<str>, u32)> = self.places.into_iter().collect();
        words.sort_unstable();
        let mut sorted = vec![NONE; words.len()];
        for (rank, (_, place)) in words.iter().enumerate() {
            let slot = usize::try_from(*place).ok().and_then(|place| sorted.get_mut(place));
            if let (Some(slot), Ok(rank)) = (slot, u32::try_from(rank)) {
                *slot = rank;
            }
        }
        let rank = |place: u32| usize::try_from(place).ok().and_then(|at| sorted.get(at).copied());
        let of = self.of.into_iter().map(|place| rank(place).unwrap_or(NONE)).collect();
        Values::Text { words: words.into_iter().map(|(word, _)| word).collect(), of }
    }
}

fn date(text: &str) -> Option<Date> {
    if text.len() == 10 { text.parse().ok() } else { None }
}

fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

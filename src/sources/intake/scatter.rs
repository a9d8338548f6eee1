//! Findings that show only over a whole file: many items at one position, coordinates with too few
//! decimals.

use super::tally::Tally;
use crate::Code;
use crate::earth::Position;
use rayon::prelude::*;

/// The positions of a file.
#[derive(Debug, Default)]
pub(crate) struct Scatter {
    /// Bits of longitude and latitude, which are enough to sort equal positions together.
    positions: Vec<(u64, u64)>,
    /// The ids of the first records with too few decimals, and the number of all of them.
    coarse: (Vec<String>, usize),
}

/// Records with too few decimals that are named.
const MOST_NAMED: usize = 3;

impl Scatter {
    /// Adds the position of a record that is kept.
    pub fn add(&mut self, position: Position, id: &str) {
        self.positions.push((position.lon().to_bits(), position.lat().to_bits()));
        // A tenth of a degree is 11 km.
        let is_coarse = |degrees: f64| (degrees * 10.0 - (degrees * 10.0).round()).abs() < 1e-9;
        if is_coarse(position.lon()) && is_coarse(position.lat()) {
            let (named, count) = &mut self.coarse;
            if named.len() < MOST_NAMED {
                named.push(id.to_owned());
            }
            *count += 1;
        }
    }

    /// Reports the findings. `noun` is the word for the records, `crowd` the number of records at one
    /// position from which a note is issued.
    pub fn report(mut self, tally: &mut Tally, noun: &str, crowd: usize) {
        let all = self.positions.len();
        self.positions.par_sort_unstable();
        let mut crowded = 0usize;
        let mut most: Option<(usize, (u64, u64))> = None;
        for run in self.positions.chunk_by(|a, b| a == b) {
            if run.len() >= crowd {
                crowded += 1;
                if let Some(first) = run.first()
                    && most.is_none_or(|(count, _)| run.len() > count)
                {
                    most = Some((run.len(), *first));
                }
            }
        }
        if let Some((count, (lon, lat))) = most {
            let (lon, lat) = (f64::from_bits(lon), f64::from_bits(lat));
            let positions = if crowded == 1 { "position holds" } else { "positions hold" };
            tally.say(
                Code::PositionDoubtful,
                Some("position"),
                format!(
                    "{crowded} {positions} {crowd} {noun} or more, {lon},{lat} the most with \
                     {count}; such a place often stands for a town or district"
                ),
            );
        }
        let (named, coarse) = self.coarse;
        if coarse > 0 {
            let more = match coarse.saturating_sub(named.len()) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let named = named.join(", ");
            tally.say(
                Code::PositionDoubtful,
                Some("position"),
                format!(
                    "{coarse} of {all} {noun} {} coordinates rounded to 0.1 degrees or more, about 11 km: {named}{more}",
                    if coarse == 1 { "has" } else { "have" }
                ),
            );
        }
    }
}

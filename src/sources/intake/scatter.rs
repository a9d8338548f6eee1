//! What shows only over a whole file: axes the wrong way round, many things at one position,
//! coordinates with too few decimals.

use super::tally::Tally;
use crate::earth::Position;
use crate::model::{Countries, CountryCode};
use rayon::prelude::*;

/// The positions of a file.
#[derive(Debug, Default)]
pub(crate) struct Scatter {
    /// Longitude and latitude as bits, which sort as well as numbers do for telling equal ones.
    positions: Vec<(u64, u64)>,
    coarse: u64,
    /// Every `stride`th pair as it was written, with the country the record names.
    sample: Vec<([f64; 2], CountryCode)>,
    seen: u64,
    stride: u64,
}

/// So many pairs are enough to judge a file by.
const SAMPLE: usize = 400;

/// From so many records on a file is judged by its countries.
const LEAST: usize = 4;

impl Scatter {
    /// Adds the position of a record that is kept.
    pub fn add(&mut self, position: Position) {
        self.positions.push((position.lon().to_bits(), position.lat().to_bits()));
        // Tenths of a degree are 11 km apart.
        let is_coarse = |degrees: f64| (degrees * 10.0 - (degrees * 10.0).round()).abs() < 1e-9;
        if is_coarse(position.lon()) && is_coarse(position.lat()) {
            self.coarse += 1;
        }
    }

    /// Adds a pair as it was written, in range or not, with the country that the record names.
    pub fn add_written(&mut self, country: CountryCode, pair: impl FnOnce() -> Option<[f64; 2]>) {
        let stride = self.stride.max(1);
        if self.seen.is_multiple_of(stride) {
            self.sample.extend(pair().map(|pair| (pair, country)));
        }
        self.seen += 1;
        if self.sample.len() > SAMPLE * 2 {
            let mut keep = false;
            self.sample.retain(|_| {
                keep = !keep;
                keep
            });
            self.stride = stride * 2;
        }
    }

    /// Whether most pairs lie in the countries they name when their axes are changed round, and do
    /// not as they are: the numbers of pairs in their country swapped, as written, and judged.
    pub fn is_swapped(&self) -> Option<(usize, usize, usize)> {
        let lies_in = |lon: f64, lat: f64, code: CountryCode| {
            let country = Countries::built_in().find(code);
            Position::from_degrees(lon, lat)
                .is_some_and(|position| country.is_some_and(|c| c.holds(position)))
        };
        let count = |swapped: bool| {
            let lies = |([x, y], code): &&([f64; 2], CountryCode)| {
                if swapped { lies_in(*y, *x, *code) } else { lies_in(*x, *y, *code) }
            };
            self.sample.iter().filter(lies).count()
        };
        let all = self.sample.len();
        if all < LEAST {
            return None;
        }
        let as_written = count(false);
        // The right way round is the usual one, and told at once.
        if as_written * 2 >= all {
            return None;
        }
        let swapped = count(true);
        (swapped * 2 > all && swapped > as_written * 4).then_some((swapped, as_written, all))
    }

    /// Says what shows over the whole file. `noun` is what the records are called, `crowd` from how
    /// many records on a position is worth a word.
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
                Some("position"),
                format!(
                    "{crowded} {positions} {crowd} {noun} or more, {lon},{lat} the most with \
                     {count}; such a place often stands for a town or district"
                ),
            );
        }
        if self.coarse > 0 {
            tally.say(
                Some("position"),
                format!(
                    "{} of {all} {noun} have coordinates with at most one decimal, which is 11 km",
                    self.coarse
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scatter(swapped: bool, copies: usize) -> Scatter {
        let pakistan = CountryCode::new("PAK").expect("code");
        let mut scatter = Scatter::default();
        for _ in 0..copies {
            for [lon, lat] in
                [[67.0, 30.2], [62.05, 29.12], [71.5, 34.0], [68.8, 27.7], [66.6, 27.8]]
            {
                let pair = if swapped { [lat, lon] } else { [lon, lat] };
                scatter.add_written(pakistan, || Some(pair));
            }
        }
        scatter
    }

    #[test]
    fn axes_the_wrong_way_round_show_by_the_countries() {
        assert_eq!(scatter(true, 1).is_swapped(), Some((5, 0, 5)));
        assert_eq!(scatter(false, 1).is_swapped(), None);
        assert!(scatter(true, 1000).is_swapped().is_some());
        assert_eq!(Scatter::default().is_swapped(), None);
    }
}

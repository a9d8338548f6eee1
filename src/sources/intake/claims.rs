//! What the records of a file say of their country, against where they lie: how many disagree, which, and
//! a sample by which to judge whether the whole file is read the wrong way.

use super::map::CountryCodes;
use super::mends::{Judged, judge};
use super::row::{Manner, Row, named_by};
use super::tally::Tally;
use crate::Code;
use crate::earth::{Crs, Length, Position};
use crate::model::{Countries, CountryCode, Place, whereabouts};
use std::collections::HashMap;

/// The records of a file, or of a part of it, that name a country.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// The file's own name for the column.
    column: Option<String>,
    /// Records with a position that name a country.
    named: u64,
    /// Those of them that do not lie there.
    wrong: u64,
    /// Records that have no position the way they are read, or name a country by a code that is known to
    /// another list alone.
    unread: u64,
    /// The first that do not lie where they say.
    first: Vec<Wrong>,
    /// By the name that the file uses: where those lie that do not lie there, and how many.
    by_name: HashMap<String, Vec<(Lies, u64)>>,
    /// Some that lie where they say.
    right_sample: Sample,
    /// Some that do not, or have no position.
    wrong_sample: Sample,
}

/// Where a record lies that does not lie where it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lies {
    In(CountryCode),
    AtSea,
}

#[derive(Debug, Clone)]
struct Wrong {
    place: Place,
    name: String,
    lies: Lies,
}

/// So many are named one by one.
const MOST_FIRST: usize = 5;

/// So many names are given as examples of more.
const MOST_NAMES: usize = 3;

/// A record as it stands in the file.
#[derive(Debug, Clone)]
pub(crate) struct Sampled {
    rank: u64,
    /// Its coordinates, x first.
    pub pair: [f64; 2],
    /// The reference system that it names itself.
    pub own: Option<Crs>,
    pub named: Vec<CountryCode>,
    /// The name of the country, where it is two letters.
    pub letters: Option<[u8; 2]>,
    pub accuracy: Length,
}

/// Records drawn by lot. The lot falls by the place in the file, so that it is the same however the file
/// is cut into parts.
#[derive(Debug, Default)]
pub(crate) struct Sample {
    pub list: Vec<Sampled>,
    /// From this rank on none is drawn any more.
    limit: Option<u64>,
}

/// So many are enough to judge a file by.
const MOST_SAMPLED: usize = 200;

/// Up to so many all are in the sample.
const FEW: u64 = 200;

impl Sample {
    fn takes(&self, rank: u64) -> bool {
        self.limit.is_none_or(|limit| rank < limit)
    }

    fn add(&mut self, one: Sampled) {
        self.list.push(one);
        if self.list.len() >= 2 * MOST_SAMPLED {
            self.draw();
        }
    }

    fn draw(&mut self) {
        self.list.sort_by_key(|one| one.rank);
        self.list.truncate(MOST_SAMPLED);
        if self.list.len() == MOST_SAMPLED {
            self.limit = self.list.last().map(|one| one.rank);
        }
    }

    fn merge(&mut self, part: Self) {
        for one in part.list.into_iter().filter(|one| self.limit.is_none_or(|l| one.rank < l)) {
            self.list.push(one);
        }
        self.draw();
    }
}

/// The lot of a record (the finalizer of SplitMix64, Steele, Lea and Flood 2014).
fn rank(place: &Place) -> u64 {
    let number = match place {
        Place::File => 0,
        Place::Line(number) | Place::Feature(number) | Place::Row { row: number, .. } => *number,
    };
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Claims {
    /// Takes a record in. `placed` is where the thing lies that was made of it, `pair` its coordinates as
    /// they stand in the file.
    pub fn take(
        &mut self,
        row: &Row<'_>,
        placed: Option<(Position, Option<Length>)>,
        pair: impl Fn() -> Option<[f64; 2]>,
    ) {
        let letters = || row.country_text().and_then(|text| two_letters(&text));
        let is_of_other = |code| !named_by_letters(row.country_codes().other(), code).is_empty();
        let named = row.named();
        if named.is_empty() && !letters().is_some_and(is_of_other) {
            return;
        }
        let rank = rank(&row.record.place);
        let accuracy = placed.and_then(|(_, accuracy)| accuracy).unwrap_or(Length::ZERO);
        let right = match placed {
            Some((position, _)) if !named.is_empty() => {
                self.named += 1;
                let found = whereabouts(position, named, accuracy);
                if found.agreed.is_empty() {
                    self.note(row, found.lies_in.map_or(Lies::AtSea, Lies::In));
                }
                !found.agreed.is_empty()
            }
            Some(_) => {
                self.unread += 1;
                false
            }
            // Set aside: for its place, or for something else.
            None if pair().is_some_and(|pair| lies_nowhere(row, pair)) => {
                self.unread += 1;
                false
            }
            None => return,
        };
        let sample = if right { &mut self.right_sample } else { &mut self.wrong_sample };
        if sample.takes(rank)
            && let Some(pair) = pair()
        {
            let (own, named) = (row.system.clone(), named.to_vec());
            sample.add(Sampled { rank, pair, own, named, letters: letters(), accuracy });
        }
        if !right && self.column.is_none() {
            self.column = Some(row.column(super::columns::Field::Country).to_owned());
        }
    }

    fn note(&mut self, row: &Row<'_>, lies: Lies) {
        self.wrong += 1;
        let name = row.country_text().unwrap_or_default();
        let name = name.trim();
        if self.first.len() < MOST_FIRST {
            let place = row.record.place.clone();
            self.first.push(Wrong { place, name: name.to_owned(), lies });
        }
        if !self.by_name.contains_key(name) {
            self.by_name.insert(name.to_owned(), Vec::new());
        }
        if let Some(known) = self.by_name.get_mut(name) {
            count(known, lies, 1);
        }
    }

    /// Adds those of the part of the file that comes next.
    pub fn merge(&mut self, part: Self) {
        self.column = self.column.take().or(part.column);
        self.named += part.named;
        self.wrong += part.wrong;
        self.unread += part.unread;
        self.first.extend(part.first);
        self.first.truncate(MOST_FIRST);
        for (name, list) in part.by_name {
            let known = self.by_name.entry(name).or_default();
            list.into_iter().for_each(|(lies, times)| count(known, lies, times));
        }
        self.right_sample.merge(part.right_sample);
        self.wrong_sample.merge(part.wrong_sample);
    }

    /// Says how many do not lie in the country they name, and whether another reading of the file mends
    /// that: then what is said, and what to type, is the reason to refuse it.
    pub fn report(
        mut self,
        manner: &Manner,
        noun: &str,
        tally: &mut Tally,
    ) -> Option<(String, String)> {
        self.right_sample.draw();
        self.wrong_sample.draw();
        let disagreeing = self.wrong + self.unread;
        if disagreeing == 0 {
            return None;
        }
        let right = self.named - self.wrong;
        let column = self.column.as_deref().unwrap_or("country");
        let codes = manner.country_codes(column);
        let (wrong, right) =
            ((&*self.wrong_sample.list, disagreeing), (&*self.right_sample.list, right));
        let judged = judge(manner, codes, wrong, right);
        if let Some(Judged { mend, mended, refused: true }) = &judged {
            let what = self.what(disagreeing, self.named + self.unread, noun, codes);
            let with = mend.with();
            let of = mended_of(*mended, disagreeing);
            let hint = mend.hint(manner.section());
            tally.say(
                Code::CountryDoubtful,
                Some(column),
                format!("{what}; {with}, {of} would: {hint}"),
            );
            return Some((format!("{column}: {what}; {with}, {of} would"), hint));
        }
        if self.wrong == 0 {
            return None;
        }
        let mut what = self.what(self.wrong, self.named, noun, codes);
        if let Some(Judged { mend, mended, .. }) = &judged {
            let of = mended_of(*mended, disagreeing);
            what.push_str(&format!("; {}, {of} would", mend.with()));
        }
        tally.say(Code::CountryDoubtful, Some(column), what);
        None
    }

    /// How many of how many, and examples.
    fn what(&self, wrong: u64, all: u64, noun: &str, codes: CountryCodes) -> String {
        let mut what = if wrong == 1 {
            format!("1 of {all} {noun} does not lie in the country it names")
        } else {
            format!("{wrong} of {all} {noun} do not lie in the country they name")
        };
        what.push_str(", by the borders of Natural Earth");
        let lies = |lies: Lies| match lies {
            Lies::In(code) => format!("lies in {}", name_of(code)),
            Lies::AtSea => "lies at sea".to_owned(),
        };
        let one_by_one = u64::try_from(self.first.len()).is_ok_and(|count| count == self.wrong);
        let examples: Vec<String> = if one_by_one {
            let one = |wrong: &Wrong| {
                format!("{} at {} {}", quoted(&wrong.name, codes), wrong.place, lies(wrong.lies))
            };
            self.first.iter().map(one).collect()
        } else {
            if let Some(first) = self.first.first() {
                what.push_str(&format!(", the first at {}", first.place));
            }
            let of_name = |(name, list): (&String, &Vec<(Lies, u64)>)| {
                list.iter().map(|(lies, times)| (*times, name.clone(), *lies)).collect::<Vec<_>>()
            };
            let mut all: Vec<(u64, String, Lies)> = self.by_name.iter().flat_map(of_name).collect();
            all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (&a.1, a.2).cmp(&(&b.1, b.2))));
            let one = |(times, name, at): &(u64, String, Lies)| {
                format!("{} {} ({times})", quoted(name, codes), lies(*at))
            };
            all.iter().take(MOST_NAMES).map(one).collect()
        };
        if !examples.is_empty() {
            what.push_str(&format!(": {}", examples.join("; ")));
        }
        what
    }
}

fn count(known: &mut Vec<(Lies, u64)>, lies: Lies, times: u64) {
    match known.iter_mut().find(|(at, _)| *at == lies) {
        Some((_, sum)) => *sum += times,
        None => known.push((lies, times)),
    }
}

/// How many are mended, out of how many; about so many where they were counted in a sample.
fn mended_of(mended: u64, of: u64) -> String {
    match (mended, of) {
        (1, 1) => "it".to_owned(),
        (2, 2) => "both".to_owned(),
        _ if mended == of => format!("all {of}"),
        _ if of > FEW => format!("about {mended} of these {of}"),
        _ => format!("{mended} of these {of}"),
    }
}

fn name_of(code: CountryCode) -> String {
    Countries::built_in().find(code).map_or_else(|| code.to_string(), |found| found.name.clone())
}

/// A name as the file has it, with the country that it is taken for where that is not plain.
fn quoted(name: &str, codes: CountryCodes) -> String {
    let short: String = name.chars().take(40).collect();
    match named_by(codes, name).as_slice() {
        [one] if name.len() <= 3 => format!("\"{}\" ({})", short.escape_debug(), name_of(*one)),
        _ => format!("\"{}\"", short.escape_debug()),
    }
}

/// A text of two letters, in capitals.
fn two_letters(text: &str) -> Option<[u8; 2]> {
    let letters: [u8; 2] = text.trim().as_bytes().try_into().ok()?;
    let plain = letters.iter().all(u8::is_ascii_alphabetic);
    plain.then(|| letters.map(|letter| letter.to_ascii_uppercase()))
}

/// The countries of two letters in a list.
pub(crate) fn named_by_letters(codes: CountryCodes, letters: [u8; 2]) -> Vec<CountryCode> {
    std::str::from_utf8(&letters).map(|code| named_by(codes, code)).unwrap_or_default()
}

/// Whether a pair of numbers lies nowhere as the record is read.
fn lies_nowhere(row: &Row<'_>, pair: [f64; 2]) -> bool {
    let crs = row.system.as_ref().unwrap_or(&row.manner.standing.crs);
    row.manner.map.position(pair, crs).is_none()
}

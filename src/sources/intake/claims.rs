//! Compares the countries that the records of a file name with their positions: how many disagree, which
//! ones, and a sample to judge whether the whole file is read in the wrong way.

use super::country_codes::CountryCodes;
use super::file_rules::FileRules;
use super::mends::{Judged, judge};
use super::over_border::{Across, is_across};
use super::row::{Row, named_by};
use super::tally::Tally;
use crate::Code;
use crate::earth::{Crs, Length, Position};
use crate::model::{Countries, CountryCode, Place, whereabouts};
use std::collections::HashMap;

/// The records of a file, or of a part of it, that name a country.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// The file's name of the country column.
    column: Option<String>,
    /// Number of records with a position that name a country.
    named: u64,
    /// Number of those that do not lie in that country.
    wrong: u64,
    /// Number of records without a position as they are read, or with a country code that only another
    /// list has.
    unread: u64,
    /// The first records that do not lie in the country they name.
    first: Vec<Wrong>,
    /// The records that lie across the border of the country they name, by less than coarse borders leave open.
    across: Across,
    /// For each country name in the file, where its disagreeing records lie and how many there are.
    by_name: HashMap<String, Vec<(Lies, u64)>>,
    /// A sample of records that lie in the country they name.
    right_sample: Sample,
    /// A sample of records that do not, or that have no position.
    wrong_sample: Sample,
}

/// Where a disagreeing record lies.
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

/// Number of disagreeing records named one by one.
const MOST_FIRST: usize = 5;

/// Number of country names given as examples if there are more.
const MOST_NAMES: usize = 3;

/// A record as written in the file.
#[derive(Debug, Clone)]
pub(crate) struct Sampled {
    rank: u64,
    /// Its coordinates, x first.
    pub pair: [f64; 2],
    /// The CRS that the record itself names.
    pub own: Option<Crs>,
    pub named: Vec<CountryCode>,
    /// The country, if it is given as two letters.
    pub letters: Option<[u8; 2]>,
    pub accuracy: Length,
}

/// A random sample of records. The random number depends only on the place in the file, so that the
/// sample is the same for any division into parts.
#[derive(Debug, Default)]
pub(crate) struct Sample {
    pub list: Vec<Sampled>,
    /// Records of this rank or higher are no longer sampled.
    limit: Option<u64>,
}

/// Size of a sample.
const MOST_SAMPLED: usize = 200;

/// Up to this number, all records are in the sample.
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

/// The random number of a record (the finalizer of SplitMix64, Steele, Lea and Flood 2014).
fn rank(place: &Place) -> u64 {
    let number = match place {
        Place::File => 0,
        Place::Line(number)
        | Place::Feature(number)
        | Place::TableRow(number)
        | Place::Row { row: number, .. } => *number,
    };
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Claims {
    /// Adds a record. `placed` is the position of the item built from it, `pair` its coordinates as
    /// written in the file.
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
                if let Some(own) = found.lies_in
                    && is_across(position, own, named, found.agreed, accuracy)
                {
                    self.across.add(row, own);
                }
                if found.agreed.is_empty() {
                    self.note(row, found.lies_in.map_or(Lies::AtSea, Lies::In));
                }
                !found.agreed.is_empty()
            }
            Some(_) => {
                self.unread += 1;
                false
            }
            // The record is set aside, for its place or for another reason.
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

    /// Adds the records of the next part.
    pub fn merge(&mut self, part: Self) {
        self.column = self.column.take().or(part.column);
        self.named += part.named;
        self.wrong += part.wrong;
        self.unread += part.unread;
        self.across.merge(part.across);
        self.first.extend(part.first);
        self.first.truncate(MOST_FIRST);
        for (name, list) in part.by_name {
            let known = self.by_name.entry(name).or_default();
            list.into_iter().for_each(|(lies, times)| count(known, lies, times));
        }
        self.right_sample.merge(part.right_sample);
        self.wrong_sample.merge(part.wrong_sample);
    }

    /// Reports how many records do not lie in the country they name, and whether another way to read the
    /// file would solve that. If that reading is convincing, returns the reason to refuse the file and
    /// the hint.
    pub fn report(
        mut self,
        rules: &FileRules,
        noun: &str,
        tally: &mut Tally,
    ) -> Option<(String, String)> {
        if let Some(what) = self.across.what(self.named, noun) {
            tally.say(Code::CountryDoubtful, self.across.column.as_deref(), what);
        }
        self.right_sample.draw();
        self.wrong_sample.draw();
        let disagreeing = self.wrong + self.unread;
        if disagreeing == 0 {
            return None;
        }
        let right = self.named - self.wrong;
        let column = self.column.as_deref().unwrap_or("country");
        let codes = rules.country_codes(column);
        let (wrong, right) =
            ((&*self.wrong_sample.list, disagreeing), (&*self.right_sample.list, right));
        let judged = judge(rules, codes, wrong, right);
        if let Some(Judged { mend, mended, refused: true }) = &judged {
            let what = self.what(disagreeing, self.named + self.unread, noun, codes);
            let with = mend.with();
            let of = mended_of(*mended, disagreeing);
            let hint = mend.hint(rules.section());
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

    /// Describes how many records disagree, with examples.
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

/// Describes how many records are improved, out of how many; "about" if the number is estimated from a
/// sample.
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

/// Quotes a country name as written, with the country it is read as if that is not obvious.
fn quoted(name: &str, codes: CountryCodes) -> String {
    let short: String = name.chars().take(40).collect();
    match named_by(codes, name).as_slice() {
        [one] if name.len() <= 3 => format!("\"{}\" ({})", short.escape_debug(), name_of(*one)),
        _ => format!("\"{}\"", short.escape_debug()),
    }
}

/// Returns a text of two letters in capitals.
fn two_letters(text: &str) -> Option<[u8; 2]> {
    let letters: [u8; 2] = text.trim().as_bytes().try_into().ok()?;
    let plain = letters.iter().all(u8::is_ascii_alphabetic);
    plain.then(|| letters.map(|letter| letter.to_ascii_uppercase()))
}

/// The countries with a two-letter code in a list.
pub(crate) fn named_by_letters(codes: CountryCodes, letters: [u8; 2]) -> Vec<CountryCode> {
    std::str::from_utf8(&letters).map(|code| named_by(codes, code)).unwrap_or_default()
}

/// Whether a pair of numbers has no position as the record is read.
fn lies_nowhere(row: &Row<'_>, pair: [f64; 2]) -> bool {
    let crs = row.system.as_ref().unwrap_or(&row.rules.table_crs.crs);
    row.rules.map.position(pair, crs).is_none()
}

//! Unique ids across the files of a run. Given ids are made distinct; made ids differ by their files.
//! The result for a file's made ids does not depend on the order of the files.

use super::names::Names;
use super::{Identified, prefix_of};
use crate::Code;
use crate::model::{Finding, Verdict};
use crate::sources::reading::Reading;
use std::collections::{HashMap, HashSet};

/// Makes ids unique across the files of a run. An item that repeats an item of an earlier file, except
/// for its place, is set aside; an item that only shares the id gets a new one, which items of its file that refer
/// to it follow. Both are findings of the later file. Made ids that two files share get prefixes in both files.
pub fn unique_across<T: Identified>(readings: &mut [Reading<T>]) {
    // The ids within one file are already unique.
    if readings.iter().filter(|reading| !reading.items.is_empty()).count() < 2 {
        return;
    }
    let made = Made::of(readings);
    let mut names = Names::default();
    // The reading and item where an id was first seen. Made ids are stored without their file's
    // prefix.
    let mut seen: HashMap<(bool, String), (usize, usize)> = HashMap::new();
    // For each file, the ids that it gave and that are now others.
    let mut changed: Vec<HashMap<String, String>> = Vec::with_capacity(readings.len());
    for number in 0..readings.len() {
        let mut changed_here = HashMap::new();
        let (before, rest) = readings.split_at_mut(number);
        let Some(reading) = rest.first_mut() else { continue };
        let mut kept: Vec<T> = Vec::with_capacity(reading.items.len());
        let was_made = std::mem::take(&mut reading.made);
        for (at, mut item) in std::mem::take(&mut reading.items).into_iter().enumerate() {
            let is_made = was_made.get(at).copied().unwrap_or(false);
            let (key, id) = if is_made {
                made.key_and_id(number, item.id())
            } else {
                (item.id().to_owned(), item.id().to_owned())
            };
            let first = seen
                .get(&(is_made, key.clone()))
                .and_then(|(reading, at)| before.get(*reading).and_then(|r| r.items.get(*at)));
            if first.is_none() {
                seen.insert((is_made, key), (number, kept.len()));
            }
            let (file, place) = (item.origin().0.clone(), item.origin().1.clone());
            let repeated = first.filter(|first| {
                let mut moved = first.moved_to(&file, &place);
                moved.set_id(item.id().to_owned());
                moved == item
            });
            let of_id = |id: &str, code, why, verdict| Finding {
                code,
                file: file.clone(),
                place: place.clone(),
                id: Some(id.to_owned()),
                field: Some("id".to_owned()),
                value: Some(id.to_owned()),
                why,
                verdict,
            };
            if let Some(first) = repeated {
                let (other, there) = first.origin();
                let why = format!("repeats {other} {there} word for word");
                reading.set_aside += 1;
                reading.findings.push(of_id(
                    item.id(),
                    Code::RecordRepeated,
                    why,
                    Verdict::SetAside,
                ));
                continue;
            }
            let new = names.free(id.clone());
            if new != id {
                let other = first.filter(|_| !is_made).map(Identified::origin);
                let other = other.map_or("another record".to_owned(), |(f, p)| format!("{f} {p}"));
                let why = format!("is the id of {other} too; this one is now {new}");
                reading.findings.push(of_id(&id, Code::IdDoubtful, why, Verdict::Repaired));
                if !is_made {
                    changed_here.insert(id, new.clone());
                }
            }
            item.set_id(new);
            kept.push(item);
            if !was_made.is_empty() {
                reading.made.push(is_made);
            }
        }
        reading.items = kept;
        changed.push(changed_here);
    }
    // Only now, since a repeated item is told by comparing items as read.
    for (reading, changed) in readings.iter_mut().zip(&changed).filter(|(_, new)| !new.is_empty()) {
        reading.items.iter_mut().for_each(|item| item.refer_to(changed));
    }
}

/// The made ids of all files.
struct Made {
    /// The current and the new prefix of the made ids of each file.
    prefixes: Vec<(String, String)>,
    /// Made ids, without prefix, that several files share.
    shared: HashSet<String>,
}

impl Made {
    fn of<T: Identified>(readings: &[Reading<T>]) -> Self {
        let own: Vec<String> = readings.iter().map(|reading| prefix_of(&reading.file)).collect();
        let has_made = |reading: &Reading<T>| reading.made.contains(&true);
        let prefixes = readings.iter().zip(&own).map(|(reading, prefix)| {
            let clashes = readings.iter().zip(&own).any(|(other, others)| {
                others == prefix && other.hash != reading.hash && has_made(other)
            });
            // Files with the same name in different folders are distinguished by their hash.
            let digits = reading.hash.get(..6).filter(|_| clashes);
            let full = digits.map_or_else(|| prefix.clone(), |digits| format!("{prefix}{digits}-"));
            (prefix.clone(), full)
        });
        let prefixes: Vec<(String, String)> = prefixes.collect();
        let mut first: HashMap<&str, usize> = HashMap::new();
        let mut shared = HashSet::new();
        for (number, reading) in readings.iter().enumerate() {
            for (item, _) in reading.items.iter().zip(&reading.made).filter(|(_, made)| **made) {
                if *first.entry(item.id()).or_insert(number) != number {
                    shared.insert(item.id().to_owned());
                }
            }
        }
        Self { prefixes, shared }
    }

    /// Returns a made id without its prefix, and its final form.
    fn key_and_id(&self, number: usize, id: &str) -> (String, String) {
        let Some((own, full)) = self.prefixes.get(number) else {
            return (id.to_owned(), id.to_owned());
        };
        match id.strip_prefix(own.as_str()) {
            Some(local) => (local.to_owned(), format!("{full}{local}")),
            None if self.shared.contains(id) => (id.to_owned(), format!("{full}{id}")),
            None => (id.to_owned(), id.to_owned()),
        }
    }
}

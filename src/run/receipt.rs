//! The receipt: what was read, what was used, under which scheme, and what was written, by hash. The same
//! run writes the same receipt; it has no clock in it.

use super::case::{Case, Use};
use crate::model::Verdict;
use crate::sinks::place;
use serde::Serialize;
use std::collections::BTreeMap;

/// What was done.
#[derive(Debug, Serialize)]
pub struct Receipt<'a> {
    tamarisk: &'static str,
    /// Of the layers' columns and of this receipt.
    schema_version: u32,
    as_of: Option<String>,
    scheme: SchemeOf<'a>,
    coverage: BTreeMap<&'static str, CoverageOf>,
    complete: Vec<&'static str>,
    bbox: Option<[f64; 4]>,
    inputs: Vec<InputOf<'a>>,
    counts: Counts,
    outputs: Vec<OutputOf<'a>>,
}

#[derive(Debug, Serialize)]
struct SchemeOf<'a> {
    name: &'a str,
    blake3: String,
}

/// The countries in which the incidents of a domain were collected.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum CoverageOf {
    Everywhere(&'static str),
    Countries(Vec<String>),
}

#[derive(Debug, Serialize)]
struct InputOf<'a> {
    role: &'static str,
    file: &'a str,
    layout: &'a str,
    format: &'a str,
    blake3: &'a str,
    read: u64,
    used: u64,
    set_aside: u64,
}

/// Read = scored + linked + outside the box + set aside, and so on for each kind of record.
#[derive(Debug, Serialize)]
struct Counts {
    sites: SiteCounts,
    incidents: IncidentCounts,
    receptors: ReceptorCounts,
    findings: BTreeMap<&'static str, usize>,
}

#[derive(Debug, Serialize)]
struct SiteCounts {
    read: u64,
    scored: usize,
    linked: usize,
    outside_bbox: usize,
    set_aside: u64,
}

#[derive(Debug, Serialize)]
struct IncidentCounts {
    read: u64,
    scored: usize,
    after_as_of: usize,
    vague: usize,
    unscored: usize,
    set_aside: u64,
    /// Those scored, by domain.
    by_domain: BTreeMap<&'static str, usize>,
}

#[derive(Debug, Serialize)]
struct ReceptorCounts {
    read: u64,
    scored: u64,
    after_as_of: u64,
    set_aside: u64,
}

#[derive(Debug, Serialize)]
struct OutputOf<'a> {
    file: &'a str,
    bytes: u64,
    blake3: String,
}

impl<'a> Receipt<'a> {
    /// The receipt of a case and of what was written of it.
    pub fn of(case: &'a Case, scored: usize, written: &'a [place::Written]) -> Self {
        let gathered = &case.gathered;
        let inputs = gathered.inputs.iter().map(|input| InputOf {
            role: input.role,
            file: &input.file,
            layout: &input.layout,
            format: &input.format,
            blake3: &input.hash,
            read: input.read,
            used: input.read - input.set_aside,
            set_aside: input.set_aside,
        });
        let outputs = written.iter().map(|file| OutputOf {
            file: &file.name,
            bytes: file.bytes,
            blake3: file.hash.to_hex().to_string(),
        });
        let coverage = gathered.collected.iter().map(|(domain, countries)| {
            let of = match countries {
                None => CoverageOf::Everywhere("everywhere"),
                Some(codes) => {
                    CoverageOf::Countries(codes.iter().map(ToString::to_string).collect())
                }
            };
            (domain.word(), of)
        });
        Self {
            tamarisk: env!("CARGO_PKG_VERSION"),
            schema_version: 1,
            as_of: case.as_of.map(|date| date.to_string()),
            scheme: SchemeOf { name: &case.scheme.name, blake3: case.scheme.hash() },
            coverage: coverage.collect(),
            complete: case.complete.iter().map(|kind| kind.word()).collect(),
            bbox: case.bbox.map(|bounds| bounds.degrees()),
            inputs: inputs.collect(),
            counts: Counts::of(case, scored),
            outputs: outputs.collect(),
        }
    }
}

impl Counts {
    fn of(case: &Case, scored: usize) -> Self {
        let gathered = &case.gathered;
        let sum = |role: &str, of: fn(&super::Input) -> u64| {
            gathered.inputs.iter().filter(|input| input.role == role).map(of).sum::<u64>()
        };
        let (read, set_aside): (fn(&super::Input) -> u64, fn(&super::Input) -> u64) =
            (|input| input.read, |input| input.set_aside);
        let tally = case.tally();
        let used_for =
            |wanted: Use| tally.iter().filter(|((_, u), _)| *u == wanted).map(|(_, n)| n).sum();
        let by_domain =
            tally.iter().filter(|((_, u), _)| *u == Use::Used).map(|((d, _), n)| (d.word(), *n));
        let mut findings = BTreeMap::new();
        for verdict in [Verdict::SetAside, Verdict::Repaired, Verdict::Noted] {
            findings.insert(
                verdict.word(),
                gathered.findings.iter().filter(|f| f.verdict == verdict).count(),
            );
        }
        Self {
            sites: SiteCounts {
                read: sum("sites", read),
                scored,
                linked: gathered.linked.iter().map(Vec::len).sum(),
                outside_bbox: gathered.outside,
                set_aside: sum("sites", set_aside),
            },
            incidents: IncidentCounts {
                read: sum("incidents", read),
                scored: used_for(Use::Used),
                after_as_of: used_for(Use::AfterAsOf),
                vague: used_for(Use::Vague),
                unscored: used_for(Use::Unscored),
                set_aside: sum("incidents", set_aside),
                by_domain: by_domain.collect(),
            },
            receptors: ReceptorCounts {
                read: sum("receptors", read),
                scored: sum("receptors", read) - sum("receptors", set_aside) - case.receptors_after,
                after_as_of: case.receptors_after,
                set_aside: sum("receptors", set_aside),
            },
            findings,
        }
    }
}

//! The receipt: what was read and used, under which scheme, and what was written, by hash. It has no
//! timestamps: the same run writes the same receipt.

use crate::layers::columns::event_column;
use crate::measures::{Places, SourceSpan};
use crate::model::{Domain, ReceptorKind, Verdict};
use crate::run::{Case, Input, Request, Stale, Use};
use crate::scoring::{Calibration, Scheme};
use crate::sinks::place::{self, Outputs};
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the layers' columns and of this receipt.
pub(in crate::run) const SCHEMA_VERSION: u32 = 2;

/// The record of a run.
#[derive(Debug, Serialize)]
pub struct Receipt<'a> {
    tamarisk: &'static str,
    schema_version: u32,
    /// One hash of everything that determines the output.
    fingerprint: &'a str,
    as_of: Option<String>,
    scheme: SchemeOf<'a>,
    /// What gave security scores a probability.
    #[serde(skip_serializing_if = "Option::is_none")]
    calibration: Option<CalibrationOf<'a>>,
    coverage: BTreeMap<&'static str, Vec<CoverageOf<'a>>>,
    newest_security_incident: Option<String>,
    /// How places whose collection has ended are scored, if not the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    stale: Option<&'static str>,
    /// The number of draws that tell how sure the scores are, if there were any.
    #[serde(skip_serializing_if = "Option::is_none")]
    draws: Option<usize>,
    /// What varies in them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    vary: Vec<&'static str>,
    complete: Vec<&'static str>,
    bbox: Option<[f64; 4]>,
    /// Whether an event reported by several files counts once.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    merge_sources: bool,
    /// Whether ranks under other settings of the scheme were written.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sensitivity: bool,
    inputs: Vec<InputOf<'a>>,
    counts: Counts,
    outputs: Vec<OutputOf<'a>>,
    earlier: Vec<OutputOf<'a>>,
}

/// A scheme.
#[derive(Debug, Serialize)]
pub(in crate::run) struct SchemeOf<'a> {
    name: &'a str,
    blake3: String,
    /// The whole scheme, so that the folder can be scored again.
    values: &'a Scheme,
}

impl<'a> SchemeOf<'a> {
    /// One entry.
    pub fn of(scheme: &'a Scheme) -> Self {
        Self { name: &scheme.name, blake3: scheme.hash(), values: scheme }
    }
}

#[derive(Debug, Serialize)]
struct CalibrationOf<'a> {
    /// The column of the layer `sites` that it made.
    column: String,
    /// The hash of everything in it.
    blake3: String,
    /// The whole calibration.
    values: &'a Calibration,
}

/// Where and when a file of incidents collected.
#[derive(Debug, Serialize)]
struct CoverageOf<'a> {
    file: &'a str,
    places: PlacesOf,
    from: String,
    until: String,
    current: bool,
    /// Whether the user declared it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    declared: bool,
}

/// `everywhere`, `area`, or the codes of countries.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum PlacesOf {
    Word(&'static str),
    Countries(Vec<String>),
}

impl<'a> CoverageOf<'a> {
    fn of(source: &'a SourceSpan) -> Self {
        let SourceSpan { file, places, from, until, current, declared } = source;
        let places = match places {
            Places::Everywhere => PlacesOf::Word("everywhere"),
            Places::Area => PlacesOf::Word("area"),
            Places::Countries(codes) => {
                PlacesOf::Countries(codes.iter().map(ToString::to_string).collect())
            }
        };
        let (from, until) = (from.to_string(), until.to_string());
        Self { file, places, from, until, current: *current, declared: *declared }
    }
}

/// An input file.
#[derive(Debug, Serialize)]
pub(in crate::run) struct InputOf<'a> {
    role: &'static str,
    file: &'a str,
    /// The selected layer of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<&'a str>,
    /// The kind of receptors declared for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    /// The name that was given to a raster.
    #[serde(skip_serializing_if = "Option::is_none")]
    raster: Option<&'a str>,
    layout: &'a str,
    format: &'a str,
    blake3: &'a str,
    read: u64,
    used: u64,
    set_aside: u64,
    /// Of those used, the records that count toward no score.
    #[serde(skip_serializing_if = "is_none")]
    not_scored: u64,
    /// Records that the read options exclude.
    #[serde(skip_serializing_if = "is_none")]
    left_out: u64,
}

impl<'a> InputOf<'a> {
    /// One entry.
    pub fn of(input: &'a Input) -> Self {
        Self {
            role: input.role,
            file: &input.file,
            layer: input.layer.as_deref(),
            kind: input.kind.map(ReceptorKind::word),
            raster: input.raster.as_deref(),
            layout: &input.layout,
            format: &input.format,
            blake3: &input.hash,
            read: input.read,
            used: input.read - input.set_aside - input.merged - input.left_out,
            set_aside: input.set_aside + input.merged,
            not_scored: 0,
            left_out: input.left_out,
        }
    }

    /// The same with the number of records that count toward no score.
    pub fn with_not_scored(self, counts: &BTreeMap<(&str, &str), u64>) -> Self {
        let not_scored = counts.get(&(self.role, self.file)).copied().unwrap_or_default();
        Self { not_scored, ..self }
    }
}

/// Whether a count is 0; such members are omitted.
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// For every kind of record, read = scored + set aside + left out, and each one set aside is in
/// `rejects.csv`.
#[derive(Debug, Serialize)]
struct Counts {
    sites: SiteCounts,
    incidents: IncidentCounts,
    receptors: ReceptorCounts,
    findings: BTreeMap<&'static str, usize>,
    /// The findings by their codes.
    findings_by_code: BTreeMap<&'static str, usize>,
}

/// Sites outside the box do not count as read.
#[derive(Debug, Serialize)]
struct SiteCounts {
    outside_bbox: u64,
    read: u64,
    scored: u64,
    /// Scored sites that are part of another site's score.
    scored_as_part: u64,
    set_aside: u64,
    #[serde(skip_serializing_if = "is_none")]
    left_out: u64,
}

#[derive(Debug, Serialize)]
struct IncidentCounts {
    read: u64,
    scored: u64,
    scored_by_domain: BTreeMap<&'static str, u64>,
    set_aside: u64,
    /// Why they were set aside: faulty, or not usable.
    set_aside_for: BTreeMap<&'static str, u64>,
    #[serde(skip_serializing_if = "is_none")]
    left_out: u64,
}

#[derive(Debug, Serialize)]
struct ReceptorCounts {
    read: u64,
    scored: u64,
    set_aside: u64,
    set_aside_for: BTreeMap<&'static str, u64>,
    #[serde(skip_serializing_if = "is_none")]
    left_out: u64,
}

/// A file of the folder.
#[derive(Debug, Serialize)]
pub(in crate::run) struct OutputOf<'a> {
    file: &'a str,
    bytes: u64,
    blake3: String,
    /// Whether it was kept as the user edited it.
    kept: bool,
}

impl<'a> OutputOf<'a> {
    /// One entry per file.
    pub fn each(files: &'a [place::Written]) -> Vec<Self> {
        let of = |file: &'a place::Written| Self {
            file: &file.name,
            bytes: file.bytes,
            blake3: file.hash.to_hex().to_string(),
            kept: file.kept,
        };
        files.iter().map(of).collect()
    }
}

impl<'a> Receipt<'a> {
    /// The receipt of a case and its written files.
    pub fn of(
        request: &Request,
        case: &'a Case,
        fingerprint: &'a str,
        scored: usize,
        outputs: &'a Outputs,
    ) -> Self {
        let not_scored = case.not_scored();
        let inputs = case.world.inputs.iter();
        let inputs = inputs.map(|input| InputOf::of(input).with_not_scored(&not_scored));
        let coverage =
            [(Domain::Security, &case.collection), (Domain::Accident, &case.accident_collection)]
                .map(|(domain, collection)| {
                    (domain.word(), collection.sources().iter().map(CoverageOf::of).collect())
                });
        Self {
            tamarisk: env!("CARGO_PKG_VERSION"),
            schema_version: SCHEMA_VERSION,
            fingerprint,
            as_of: case.as_of.map(|date| date.to_string()),
            scheme: SchemeOf::of(&case.scheme),
            calibration: case.calibration.as_ref().map(|values| CalibrationOf {
                column: event_column(&values.event),
                blake3: values.hash(),
                values,
            }),
            coverage: coverage.into(),
            newest_security_incident: case.collection.newest().map(|day| day.to_string()),
            stale: (request.rules.stale != Stale::NoData).then(|| request.rules.stale.word()),
            draws: case.uncertainty.map(|plan| plan.draws),
            vary: case.uncertainty.map(|plan| plan.vary.words()).unwrap_or_default(),
            complete: case.complete.iter().map(|kind| kind.word()).collect(),
            bbox: case.bbox.map(|bounds| bounds.degrees()),
            merge_sources: request.inputs.merge_sources,
            sensitivity: request.sensitivity,
            inputs: inputs.collect(),
            counts: Counts::of(case, scored),
            outputs: OutputOf::each(&outputs.written),
            earlier: OutputOf::each(&outputs.earlier),
        }
    }
}

impl Counts {
    fn of(case: &Case, scored: usize) -> Self {
        let sum = |role: &str, of: fn(&Input) -> u64| {
            case.world.inputs.iter().filter(|input| input.role == role).map(of).sum::<u64>()
        };
        let read = |role| sum(role, |input| input.read);
        let faulty = |role| sum(role, |input| input.set_aside);
        let left_out = |role| sum(role, |input| input.left_out);
        let tally = case.tally();
        let by_use = |wanted: Use| {
            let of_use = tally.iter().filter(|((_, usage), _)| *usage == wanted);
            of_use
                .map(|((domain, _), count)| (domain.word(), many(*count)))
                .collect::<BTreeMap<_, _>>()
        };
        let total = |usage| by_use(usage).values().sum::<u64>();
        let mut set_aside_for = BTreeMap::from([("faulty", faulty("incidents"))]);
        for usage in [Use::AfterAsOf, Use::Vague, Use::Unscored] {
            set_aside_for.insert(usage.word(), total(usage));
        }
        let merged = sum("incidents", |input| input.merged);
        if merged > 0 {
            set_aside_for.insert("reported by another source too", merged);
        }
        let linked = many(case.sites.linked.iter().map(Vec::len).sum());
        let outside = many(case.outside);
        let verdicts = [Verdict::SetAside, Verdict::Repaired, Verdict::Noted];
        let found = |verdict| case.findings().filter(|f| f.verdict == verdict).count();
        let mut codes = BTreeMap::new();
        for finding in case.findings() {
            *codes.entry(finding.code.word()).or_default() += 1;
        }
        let receptors_aside = faulty("receptors") + case.receptors_after;
        Self {
            sites: SiteCounts {
                outside_bbox: outside,
                read: read("sites") - outside,
                scored: many(scored) + linked,
                scored_as_part: linked,
                set_aside: faulty("sites"),
                left_out: left_out("sites"),
            },
            incidents: IncidentCounts {
                read: read("incidents"),
                scored: total(Use::Used),
                scored_by_domain: by_use(Use::Used),
                set_aside: set_aside_for.values().sum(),
                set_aside_for,
                left_out: left_out("incidents"),
            },
            receptors: ReceptorCounts {
                read: read("receptors"),
                scored: read("receptors") - receptors_aside - left_out("receptors"),
                set_aside: receptors_aside,
                set_aside_for: BTreeMap::from([
                    ("faulty", faulty("receptors")),
                    (Use::AfterAsOf.word(), case.receptors_after),
                ]),
                left_out: left_out("receptors"),
            },
            findings: verdicts
                .into_iter()
                .map(|verdict| (verdict.word(), found(verdict)))
                .collect(),
            findings_by_code: codes,
        }
    }
}

fn many(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

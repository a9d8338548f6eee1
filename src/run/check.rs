//! What a check of a file says, as JSON.

use crate::model::{Finding, ReceptorKind};
use crate::sources::{Checked, RasterSummary};
use crate::{Code, Face, Remedy};
use serde::Serialize;
use std::collections::BTreeMap;

/// What was found out about a file. It is written as JSON; the members are in docs/FORMATS.md.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct CheckReport(Of);

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Of {
    Records(Records),
    Raster(Raster),
}

impl CheckReport {
    /// Of a file of records; its findings speak of settings as the users of a face write them.
    pub fn of(checked: &Checked, face: Face) -> Self {
        Self(Of::Records(Records::of(checked, face)))
    }

    /// Of a raster.
    pub fn of_raster(raster: &RasterSummary) -> Self {
        Self(Of::Raster(Raster::of(raster)))
    }
}

/// What a file of records holds.
#[derive(Debug, Serialize)]
struct Records {
    file: String,
    role: &'static str,
    kind: Option<&'static str>,
    guessed: bool,
    layout: String,
    format: String,
    blake3: String,
    bytes: u64,
    columns: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    layers: Vec<LayerOf>,
    read: u64,
    kept: u64,
    set_aside: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    unknown_types: BTreeMap<String, u64>,
    findings: Vec<FindingOf>,
}

#[derive(Debug, Serialize)]
struct LayerOf {
    name: String,
    role: String,
    records: Option<u64>,
}

#[derive(Debug, Serialize)]
struct FindingOf {
    place: String,
    id: Option<String>,
    field: Option<String>,
    value: Option<String>,
    why: String,
    verdict: &'static str,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remedies: Vec<Remedy>,
}

impl Records {
    fn of(checked: &Checked, face: Face) -> Self {
        let finding = |finding: &Finding| FindingOf {
            place: finding.place.to_string(),
            id: finding.id.clone(),
            field: finding.field.clone(),
            value: finding.value.clone(),
            why: finding.why_for(face).into_owned(),
            verdict: finding.verdict.word(),
            code: finding.code,
            remedies: finding.remedies(),
        };
        Self {
            file: checked.file.to_string(),
            role: checked.role.word(),
            kind: checked.kind.map(ReceptorKind::word),
            guessed: checked.guessed,
            layout: checked.layout.clone(),
            format: checked.format.clone(),
            blake3: checked.hash.clone(),
            bytes: checked.size,
            columns: checked.columns.iter().map(ToString::to_string).collect(),
            layers: checked
                .layers
                .iter()
                .map(|look| LayerOf {
                    name: look.name.clone(),
                    role: look.role(),
                    records: look.count,
                })
                .collect(),
            read: checked.read,
            kept: checked.kept,
            set_aside: checked.set_aside,
            left_out: Some(checked.left_out).filter(|count| *count > 0),
            unknown_types: checked.unknown_types.iter().cloned().collect(),
            findings: checked.findings.iter().map(finding).collect(),
        }
    }
}

/// What a raster holds.
#[derive(Debug, Serialize)]
struct Raster {
    file: String,
    role: &'static str,
    format: String,
    blake3: String,
    bytes: u64,
    width: u32,
    height: u32,
    bands: u64,
    crs: String,
    cell: [f64; 2],
    /// West, south, east, north in the units of the system.
    extent: [f64; 4],
    /// West, south, east, north in degrees.
    bbox: Option<[f64; 4]>,
    no_data: Option<f64>,
    scale: f64,
    offset: f64,
    min: Option<f64>,
    max: Option<f64>,
    /// Share of the cells with a value.
    known: f64,
}

impl Raster {
    fn of(raster: &RasterSummary) -> Self {
        let [width, height] = raster.size;
        let [scale, offset] = raster.scaling;
        Self {
            file: raster.file.to_string(),
            role: "raster",
            format: raster.format.clone(),
            blake3: raster.hash.clone(),
            bytes: raster.bytes,
            width,
            height,
            bands: raster.bands,
            crs: raster.crs.clone(),
            cell: raster.cell,
            extent: raster.extent,
            bbox: raster.bounds.map(|bounds| bounds.degrees()),
            no_data: raster.no_data.filter(|number| number.is_finite()),
            scale,
            offset,
            min: raster.min,
            max: raster.max,
            known: raster.known,
        }
    }
}

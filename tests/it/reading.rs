//! Reads a source to its end and keeps all results.

use std::sync::Arc;
use tamarisk::earth::Crs;
use tamarisk::model::Findings;
use tamarisk::sources::{Count, ReadOptions, Reader, Record, Source};

/// The complete result of a reading.
pub struct Reading {
    pub description: String,
    pub columns: Vec<Arc<str>>,
    pub records: Vec<Record>,
    pub findings: Findings,
    pub count: Count,
    pub crs: Crs,
}

pub fn read_source(source: &Source, options: &ReadOptions) -> tamarisk::Result<Reading> {
    let reader = Reader::open(source, options)?;
    let mut findings = Findings::default();
    let mut records = Vec::new();
    let mut columns = reader.columns().to_vec();
    let count = reader.for_each(&mut findings, &mut |record, names, _| {
        columns = names.to_vec();
        records.push(record);
        Ok(())
    })?;
    let description = reader.description().to_owned();
    Ok(Reading { description, columns, records, findings, count, crs: reader.crs().clone() })
}

pub fn read_bytes(name: &str, bytes: &[u8]) -> tamarisk::Result<Reading> {
    read_with(name, bytes, &ReadOptions::default())
}

pub fn read_with(name: &str, bytes: &[u8], options: &ReadOptions) -> tamarisk::Result<Reading> {
    read_source(&Source::embedded(name, Vec::leak(bytes.to_vec())), options)
}

/// The findings as displayed.
pub fn says(reading: &Reading) -> Vec<String> {
    reading.findings.iter().map(|finding| finding.to_string()).collect()
}

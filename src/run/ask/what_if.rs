//! A site's scores with other incidents.

use super::{Explanation, explain};
use crate::earth::Position;
use crate::model::{Domain, Incident};
use crate::run::{Case, Rules};
use crate::sources::{ReadOptions, Source, read_incidents};
use crate::{Code, Error, Result};
use jiff::civil::Date;
use serde::Serialize;
use std::sync::Arc;

/// A site's scores before and after a change.
#[derive(Debug, Clone, Serialize)]
pub struct WhatIf {
    /// The scores before.
    pub before: Explanation,
    /// The scores after.
    pub after: Explanation,
}

/// A hypothetical incident, as a user gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Added {
    /// Where.
    pub position: Position,
    /// A word for its type, as in incident files.
    pub event_type: String,
    /// Deaths.
    pub fatalities: Option<u32>,
    /// The date; the as-of date by default.
    pub date: Option<Date>,
}

/// Breaks down the scores of a site of a case, before and after removing some incidents and adding others. The
/// as-of date and the coverage stay the same. Added incidents have the ids `added-1` and so on. Incidents are listed as
/// by [`explain`].
///
/// # Errors
/// An unknown site or incident; a type that counts toward no score.
pub fn what_if(
    case: &Case,
    rules: &Rules,
    site: usize,
    without: &[String],
    added: &[Added],
    most: Option<usize>,
) -> Result<WhatIf> {
    let with = if added.is_empty() { Vec::new() } else { incidents(added, case.as_of)? };
    let world = case.world.changed(without, with)?;
    let rules = Rules { as_of: case.as_of, ..rules.clone() };
    let other = Case::sharing(Arc::new(world), &rules, Some(&case.security))?;
    let gone = || Error::usage(Code::SiteUnknown, "there is no such site");
    Ok(WhatIf {
        before: explain(case, site, most).ok_or_else(gone)?,
        after: explain(&other, site, most).ok_or_else(gone)?,
    })
}

/// The incidents to add, parsed like those of a file.
fn incidents(added: &[Added], as_of: Option<Date>) -> Result<Vec<Incident>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut write = |row: [String; 6]| {
        table
            .write_record(row)
            .map_err(|error| Error::output(Code::OutputFailed, format!("⟦~add⟧: {error}")))
    };
    write(["id", "lon", "lat", "event_type", "fatalities", "date"].map(str::to_owned))?;
    for (number, one) in (1..).zip(added) {
        write([
            format!("added-{number}"),
            one.position.lon().to_string(),
            one.position.lat().to_string(),
            one.event_type.clone(),
            one.fatalities.map(|deaths| deaths.to_string()).unwrap_or_default(),
            one.date.or(as_of).map(|date| date.to_string()).unwrap_or_default(),
        ])?;
    }
    let text = table
        .into_inner()
        .map_err(|error| Error::output(Code::OutputFailed, format!("⟦~add⟧: {error}")))?;
    let read = read_incidents(&Source::bytes("⟦~add⟧", text), &ReadOptions::default())?;
    let unknown = read.items.iter().find(|one| one.domain == Domain::Other);
    if let Some(one) = unknown {
        let what =
            format!("⟦~add⟧: \"{}\" is not a type that counts toward a score", one.event_type);
        return Err(Error::usage(Code::TypeUnknown, what)
            .with_hint("types are words such as attack, explosion, protest, accident or spill"));
    }
    match read.findings.iter().find(|_| read.set_aside > 0) {
        Some(finding) => Err(Error::usage(Code::SettingInvalid, finding.to_string())),
        None => Ok(read.items),
    }
}

//! The reference system of the coordinates of a file: the one asked for, the one it declares, or WGS84.

use super::geojson::DeclaredCrs;
use crate::earth::{Crs, CrsError};
use crate::model::{Finding, Place, Verdict};
use crate::{Error, Result};
use std::sync::Arc;

/// The CRS that was asked for, or the one the file declares.
pub(super) fn choose_crs(
    file: &Arc<str>,
    asked: Option<&str>,
    declared: Option<DeclaredCrs>,
    findings: &mut Vec<Finding>,
) -> Result<Crs> {
    let mut note = |value: Option<String>, why: String| {
        findings.push(Finding {
            file: file.clone(),
            place: Place::File,
            id: None,
            field: Some("crs".to_owned()),
            value,
            why,
            verdict: Verdict::Noted,
        });
    };
    if let Some(asked) = asked {
        let crs = Crs::new(asked)
            .map_err(|error| Error::usage(error.to_string()).with_hint(error.hint()))?;
        if let Some(DeclaredCrs::Name(name)) = declared
            && Crs::new(&name).ok().is_none_or(|other| other != crs)
        {
            note(Some(name), format!("is not the CRS asked for; read as {}", crs.name()));
        }
        return Ok(crs);
    }
    match declared {
        None => Ok(Crs::wgs84()),
        Some(DeclaredCrs::Unknown) => {
            note(Some("null".to_owned()), "leaves the CRS open; read as WGS84".to_owned());
            Ok(Crs::wgs84())
        }
        Some(DeclaredCrs::Unreadable(value)) => {
            Err(Error::data(format!("{file}: crs: {value} names no CRS"))
                .with_hint("name the CRS: --crs EPSG:32642"))
        }
        Some(DeclaredCrs::Name(name)) => {
            let crs = Crs::new(&name).map_err(|error| {
                let message = format!("{file}: crs: {error}");
                match error {
                    CrsError::WithoutProj(_) => Error::usage(message).with_hint(error.hint()),
                    _ => Error::data(message).with_hint("name the CRS: --crs EPSG:32642"),
                }
            })?;
            if !crs.is_wgs84() {
                note(Some(name), "is not WGS84; coordinates are transformed".to_owned());
            }
            Ok(crs)
        }
    }
}

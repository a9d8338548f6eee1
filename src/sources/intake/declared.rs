//! The CRS of a file as far as it is declared: by the user for the file, by the file itself, by the
//! user for all files that are not in degrees, or else WGS84.

use crate::earth::{Crs, CrsError};
use crate::model::{Finding, Place, Verdict};
use crate::sources::formats::DeclaredCrs;
use crate::{Code, Error, Result};
use std::sync::Arc;

/// The CRS of a file, and who declared it.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub crs: Crs,
    pub by: Word,
    /// The CRS for files that are not in degrees and do not name one, if the user has set it.
    pub usual: Option<Crs>,
}

impl Declared {
    /// WGS84, which nobody has declared.
    pub fn nobody() -> Self {
        Self { crs: Crs::wgs84(), by: Word::Nobody, usual: None }
    }
}

/// Who declared a CRS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// The user, for the file.
    File,
    /// The file itself.
    Member,
    /// The user, for all files that are not in degrees.
    Usual,
    /// Nobody.
    Nobody,
}

/// Chooses the CRS that was asked for, or the one the file declares, or the usual one.
pub(crate) fn choose_crs(
    file: &Arc<str>,
    asked: Option<&str>,
    usual: Option<&str>,
    declared: Option<DeclaredCrs>,
    findings: &mut Vec<Finding>,
) -> Result<Declared> {
    let mut note = |value: Option<String>, why: String| {
        findings.push(Finding {
            code: Code::CrsDoubtful,
            file: file.clone(),
            place: Place::File,
            id: None,
            field: Some("crs".to_owned()),
            value,
            why,
            verdict: Verdict::Noted,
        });
    };
    let named = |name: &str| {
        Crs::new(name).map_err(|error| {
            Error::usage(Code::CrsUnknown, error.to_string()).with_hint(error.hint())
        })
    };
    let usual = usual.map(named).transpose()?;
    if let Some(asked) = asked {
        let crs = named(asked)?;
        if let Some(DeclaredCrs::Name(name)) = declared
            && Crs::new(&name).ok().is_none_or(|other| other != crs)
        {
            note(Some(name), format!("is not the CRS asked for; read as {}", crs.name()));
        }
        return Ok(Declared { crs, by: Word::File, usual });
    }
    let (crs, by) = match (&usual, declared) {
        (_, Some(DeclaredCrs::Name(name))) => {
            let crs = Crs::new(&name).map_err(|error| {
                let message = format!("{file}: crs: {error}");
                match error {
                    CrsError::WithoutProj(_) | CrsError::Environment(_) => {
                        Error::usage(Code::CrsUnknown, message).with_hint(error.hint())
                    }
                    _ => Error::data(Code::CrsUnknown, message)
                        .with_hint("name the CRS of this file: ⟦map=sites.crs=EPSG:32642⟧"),
                }
            })?;
            let usual = usual.as_ref().filter(|usual| **usual != crs);
            match (crs.is_wgs84(), usual) {
                (true, _) => {}
                (false, None) => {
                    note(Some(name), "is not WGS84; coordinates are transformed".to_owned());
                }
                (false, Some(usual)) => note(
                    Some(name),
                    format!(
                        "is the file's own; coordinates are transformed from it, and ⟦~crs={}⟧ is \
                         not used for this file",
                        usual.name()
                    ),
                ),
            }
            (crs, Word::Member)
        }
        (None, Some(DeclaredCrs::Unreadable(value))) => {
            return Err(Error::data(
                Code::CrsUnknown,
                format!("{file}: crs: {value} does not name a CRS"),
            )
            .with_hint("name the CRS: ⟦crs=EPSG:32642⟧"));
        }
        (Some(usual), Some(DeclaredCrs::Unreadable(value))) => {
            note(Some(value), format!("does not name a CRS; ⟦~crs={}⟧ is used", usual.name()));
            (usual.clone(), Word::Usual)
        }
        (None, Some(DeclaredCrs::Unknown)) => {
            note(Some("null".to_owned()), "leaves the CRS open; read as WGS84".to_owned());
            (Crs::wgs84(), Word::Nobody)
        }
        (Some(usual), _) => (usual.clone(), Word::Usual),
        (None, None) => (Crs::wgs84(), Word::Nobody),
    };
    Ok(Declared { crs, by, usual })
}

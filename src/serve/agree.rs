//! Whether published layers and the inputs beside them belong together: the receipts of the folder have the same inputs and
//! rules as the grounds.

use super::folder::{receipt, runs};
use crate::run::{self, Ground, Grounds, Which};
use crate::{Code, Error, Result};
use serde_json::Value;
use std::path::Path;

/// What tells one input of a receipt from another.
const OF_INPUT: [&str; 5] = ["role", "kind", "raster", "layer", "blake3"];

/// What else a run and a ground have to share.
const OF_RULES: [(&str, &str); 5] = [
    ("/calibration/blake3", "calibration"),
    ("/stale", "stale"),
    ("/complete", "complete"),
    ("/bbox", "bbox"),
    ("/merge_sources", "merge_sources"),
];

/// What a single run has to share besides: the frames of a batch have dates of their own.
const OF_DAY: [(&str, &str); 2] = [("/as_of", "as-of date"), ("/coverage", "coverage")];

/// Refuses a folder whose runs had other inputs, another scheme or other rules, and names what differs.
///
/// # Errors
/// A difference; a folder without a receipt.
pub fn check(folder: &Path, grounds: &Grounds) -> Result<()> {
    for (of, run) in runs(folder)? {
        let theirs = receipt(&run);
        if theirs.get("inputs").is_none() {
            return Err(refused(&run, "has no receipt that tells its inputs")
                .with_hint("serve the folder without inputs, or one that score or batch wrote"));
        }
        let which = match &of {
            Some([region, scheme]) => Which {
                region: grounds.region(region)?,
                scheme: grounds.scheme(scheme)?,
                as_of: None,
            },
            None => Which::default(),
        };
        same(&run, &theirs, &*grounds.at(which)?, of.is_none())?;
    }
    Ok(())
}

fn same(run: &Path, theirs: &Value, ground: &Ground, alone: bool) -> Result<()> {
    let ours = run::receipt(&ground.request, &ground.case, 0)?;
    let ours: Value = serde_json::from_str(&ours)
        .map_err(|error| Error::output(Code::OutputFailed, error.to_string()))?;
    let listed = |receipt: &Value| {
        receipt.get("inputs").and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let (of_theirs, of_ours) = (listed(theirs), listed(&ours));
    let is_same = |a: &Value, b: &Value| OF_INPUT.iter().all(|key| a.get(key) == b.get(key));
    let in_list = |one: &Value, list: &[Value]| list.iter().any(|other| is_same(one, other));
    let file = |input: &Value| text(input.get("file")).to_owned();
    if let Some(gone) = of_theirs.iter().find(|one| !in_list(one, &of_ours)) {
        let name = file(gone);
        return Err(refused(
            run,
            &match of_ours.iter().any(|one| file(one) == name) {
                true => format!("was made from another {name} than the one beside it"),
                false => format!("was made from {name}, which is not among the inputs"),
            },
        ));
    }
    if let Some(more) = of_ours.iter().find(|one| !in_list(one, &of_theirs)) {
        return Err(refused(run, &format!("was made without {}", file(more))));
    }
    let at = |receipt: &Value, path: &str| receipt.pointer(path).cloned().unwrap_or_default();
    if at(theirs, "/scheme/blake3") != at(&ours, "/scheme/blake3") {
        let [was, is] = [theirs, &ours].map(|receipt| text(receipt.pointer("/scheme/name")));
        let why = match was == is {
            true => format!("was scored under another scheme {was} than the one given"),
            false => format!("was scored under the scheme {was}, not {is}"),
        };
        return Err(refused(run, &why));
    }
    let days = OF_DAY.iter().filter(|_| alone);
    for (path, what) in OF_RULES.iter().chain(days) {
        let (was, is) = (at(theirs, path), at(&ours, path));
        if was != is {
            let why = format!("was made with {what} {}, not {}", told(&was), told(&is));
            return Err(refused(run, &why));
        }
    }
    Ok(())
}

fn refused(run: &Path, why: &str) -> Error {
    Error::usage(Code::SettingsConflict, format!("{}: {why}", run.display()))
        .with_hint("the layers and the inputs beside them have to be of one run")
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}

/// A value of a receipt in a sentence.
fn told(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

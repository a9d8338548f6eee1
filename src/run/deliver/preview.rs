//! A description of what a run would do, without doing it.

use super::wanted::Wanted;
use super::write::{files, sure};
use crate::Result;
use crate::layers::columns::event_column;
use crate::model::ReceptorKind;
use crate::run::{CoverageChoice, Request};
use crate::sinks::place::{self, Standing};
use std::path::Path;

/// The inputs with their hashes, the rules, and the files that would be written, one per line; and why the
/// run would be refused if a file is in the way.
///
/// # Errors
/// An input that cannot be read.
pub fn preview(
    request: &Request,
    wanted: &Wanted,
    folder: &Path,
    replace: bool,
) -> Result<(String, Result<()>)> {
    let mut lines = Vec::new();
    for (role, kind, source) in request.inputs.sources() {
        let kind = kind.map_or("", ReceptorKind::word);
        let gap = if kind.is_empty() { "" } else { " " };
        let name =
            source.as_path().map_or_else(|| source.name().to_string(), |p| p.display().to_string());
        // Standard input can be read only once, by the run itself.
        let hash = if source.is_stdin() { "-".into() } else { source.hash()? };
        lines.push(format!(
            "read {role}{gap}{kind}: {name} ({})",
            hash.chars().take(16).collect::<String>()
        ));
    }
    lines.push(format!("scheme: {}", request.rules.scheme.name));
    if let Some(calibration) = &request.rules.calibration {
        lines.push(format!("calibration: {}", event_column(&calibration.event)));
    }
    lines.push(match request.rules.as_of {
        Some(date) => format!("as of: {date}"),
        None => "as of: the newest incident".into(),
    });
    if let Some(bounds) = request.rules.bbox {
        lines.push(format!("only sites in: {}", bounds.degrees().map(|d| d.to_string()).join(",")));
    }
    lines.push(format!(
        "collected: {}",
        match request.rules.coverage(&request.inputs.read) {
            CoverageChoice::FromData => "in the countries that the files name".into(),
            CoverageChoice::Declared(declared) =>
                declared.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
            CoverageChoice::Area(source) => format!("within {}", source.name()),
        }
    ));
    let files = files(request, wanted);
    for (name, standing) in place::standing(folder, files.iter().map(String::as_str)) {
        let what = match standing {
            Standing::Nothing => "write",
            Standing::Ours => "replace",
            Standing::Edited(_) | Standing::InTheWay(_) if replace => "replace",
            Standing::Edited(_) => "keep, since it was edited",
            Standing::InTheWay(_) => "in the way",
        };
        lines.push(format!("{what}: {}", folder.join(name).display()));
    }
    let refused = if replace { Ok(()) } else { place::refuse_old(folder, sure(wanted, &files)) };
    if wanted.layers.is_none() {
        lines.push(
            "rings, incidents and receptors only up to 10,000 features; footprints and receptors only where there are any"
                .into(),
        );
    }
    lines.push("nothing was written".into());
    Ok((lines.join("\n") + "\n", refused))
}

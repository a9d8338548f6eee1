//! What a run would do, in words, without doing it.

use super::request::{CoverageChoice, Request};
use super::surface::SurfaceRequest;
use super::wanted::Wanted;
use crate::Result;
use crate::model::ReceptorKind;
use std::path::Path;

/// The inputs with their hashes, the rules, and the files that would be written; one thing a line.
///
/// # Errors
/// An input that cannot be read.
pub fn preview(request: &Request, wanted: &Wanted, folder: &Path) -> Result<String> {
    let mut lines = Vec::new();
    for (role, kind, source) in request.sources() {
        let kind = kind.map_or("", ReceptorKind::word);
        let gap = if kind.is_empty() { "" } else { " " };
        let name =
            source.as_path().map_or_else(|| source.name().to_string(), |p| p.display().to_string());
        // Standard input can be read only once, which the run itself will do.
        let hash = if source.is_stdin() { "-".into() } else { source.hash()? };
        lines.push(format!(
            "read {role}{gap}{kind}: {name} ({})",
            hash.chars().take(16).collect::<String>()
        ));
    }
    lines.push(format!("scheme: {}", request.scheme.name));
    lines.push(match request.as_of {
        Some(date) => format!("as of: {date}"),
        None => "as of: the newest incident".into(),
    });
    if let Some(bounds) = request.bbox {
        lines.push(format!("only sites in: {}", bounds.degrees().map(|d| d.to_string()).join(",")));
    }
    lines.push(format!(
        "collected: {}",
        match request.coverage() {
            CoverageChoice::FromData => "in the countries that the files name".into(),
            CoverageChoice::Declared(declared) =>
                declared.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
            CoverageChoice::Area(source) => format!("within {}", source.name()),
        }
    ));
    // Whether incidents can be used is not known before they are read; what the scheme leaves out is.
    let drawn = |asked: &SurfaceRequest| !asked.if_any || request.scheme.security.enabled;
    let files = wanted.files(request.surface.as_ref().is_some_and(drawn));
    for file in files.into_iter().chain(["rejects.csv".into(), "receipt.json".into()]) {
        let target = folder.join(&file);
        let what = if target.exists() { "replace" } else { "write" };
        lines.push(format!("{what}: {}", target.display()));
    }
    if wanted.layers.is_none() {
        lines.push(
            "rings and incidents only up to 10,000 features; footprints only where there are any"
                .into(),
        );
    }
    lines.push("nothing was written".into());
    Ok(lines.join("\n") + "\n")
}

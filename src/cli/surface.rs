//! `surface`: the score at every cell of a grid, as a GeoTIFF.

use super::CANCEL;
use super::args;
use super::resolve;
use super::terminal::{Terminal, printable};
use crate::earth::Crs;
use crate::layers::contours;
use crate::run::{self, Case, Request, SurfaceRequest, Watch, check_cell, named};
use crate::sinks::place::{self, InputFiles};
use crate::sinks::{flatgeobuf, geojson, geotiff};
use crate::sources::{Keep, Source};
use crate::{Code, Error, Result};
use std::path::Path;
use std::process::ExitCode;

pub fn surface(typed: args::Surface, terminal: &Terminal) -> Result<ExitCode> {
    let args::Surface {
        inputs,
        scheme,
        as_of,
        coverage,
        stale,
        grid,
        bbox,
        contours: outlines,
        output,
        replace,
    } = typed;
    let rules = args::Rules { scheme, as_of, bbox: None, coverage, stale, complete: Vec::new() };
    let mut inputs = resolve::inputs(&inputs)?;
    inputs.read.incident_columns = Keep::Nothing;
    let request = Request { inputs, rules: resolve::rules(&rules)?, ..Request::default() };
    if request.inputs.incidents.is_empty() {
        return Err(Error::usage(Code::InputMissing, "no incidents are given")
            .with_hint("name a file with --incidents FILE, or use the built-in case with --demo"));
    }
    let bbox = bbox.as_deref().map(|text| named::bounds("--bbox", text)).transpose()?;
    let asked = SurfaceRequest { bbox, ..self::asked(&grid)? };
    let sources = || request.inputs.sites.iter().chain(&request.inputs.incidents);
    let files = || InputFiles::new(sources().filter_map(Source::as_path));
    files().refuse(&output)?;
    let fast = |path: &Path| path.extension().is_some_and(|of| of.eq_ignore_ascii_case("fgb"));
    if !replace {
        place::refuse_another(&output, geotiff::begins)?;
    }
    if let Some(path) = &outlines {
        files().refuse(path)?;
        let ours = if fast(path) { flatgeobuf::begins } else { geojson::begins };
        if !replace {
            place::refuse_another(path, |head| ours(head, "contours"))?;
        }
    }
    let progress = terminal.progress();
    let case = Case::open(&request, &progress, &CANCEL)?;
    progress.stage("summing", None);
    let surface = run::surface(&case, &asked)?;
    CANCEL.check()?;
    progress.stage("writing", None);
    let stopped = || CANCEL.is_raised();
    let mut written =
        vec![place::write_file(&output, &files(), &stopped, |out| geotiff::write(&surface, out))?];
    if let Some(path) = outlines {
        let layer = contours(&surface, &case.scheme.bands);
        written.push(place::write_file(&path, &files(), &stopped, |out| {
            if fast(&path) {
                flatgeobuf::write(&layer, &stopped, out)
            } else {
                geojson::write(&layer, out)
            }
        })?);
    }
    progress.finish();
    if !terminal.quiet {
        let grid = &surface.grid;
        let bytes: u64 = written.iter().map(|file| file.bytes).sum();
        let (width, height, crs) = (grid.width(), grid.height(), grid.crs().name());
        let size = format!("{width} by {height} cells of {} in {crs}", surface.cell);
        terminal.result(&printable(&format!(
            "{size}\n{} files, {} kB\nopen {} in QGIS\n",
            written.len(),
            bytes.div_ceil(1000),
            output.display()
        )))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The surface that was asked for, but for its box.
pub fn asked(grid: &args::SurfaceGrid) -> Result<SurfaceRequest> {
    let cell = grid.cell.as_deref().map(|text| named::length("--cell", text)).transpose()?;
    cell.map_or(Ok(()), check_cell)?;
    let crs = grid.grid_crs.as_deref().map(|name| {
        Crs::new(name).map_err(|error| {
            Error::usage(Code::CrsUnknown, format!("--grid-crs: {error}")).with_hint(error.hint())
        })
    });
    Ok(SurfaceRequest { cell, crs: crs.transpose()?, ..SurfaceRequest::default() })
}

//! Writes the output of a case: the requested layers, the findings, and last the receipt.

use super::beside::beside;
use super::material::Material;
use super::receipt::Receipt;
use super::wanted::{DISCLOSURES, Format, MOST_UNASKED, SENSITIVITY, Tables, Wanted, every_file};
use super::{project, report};
use crate::layers::disclosures::HEADER;
use crate::layers::portfolio::Portfolio;
use crate::layers::{self, Layer, Scored, style};
use crate::run::ask::{disclosures, sensitivity, surface};
use crate::run::batch::{Kind, keep_apart};
use crate::run::{
    Cancel, Case, CoverageChoice, LayerName, Performed, Request, SurfaceRequest, Watch,
};
use crate::scoring::sensitivity::Sensitivity;
use crate::sinks::place::{self, InputFiles, OutputFolder, Outputs, RECEIPT, Stop};
use crate::sinks::{self, csv, flatgeobuf, geojson, geopackage, geotiff, json};
use crate::sources::Source;
use crate::{Code, Error, Result};
use std::path::Path;

/// Above this number of features a GIS opens GeoJSON slowly.
const MANY: usize = 100_000;

/// What was written.
#[derive(Debug)]
pub struct Written {
    /// The files, in writing order.
    pub files: Vec<place::Written>,
    /// Notes for the user.
    pub notes: Vec<String>,
    /// The sites grouped by each of the requested columns.
    pub portfolios: Vec<Portfolio>,
    /// The sites under other settings of the scheme, if asked for.
    pub sensitivity: Option<Sensitivity>,
}

/// Claims the output folder for a run, before anything is read. With `replace` it may overwrite any file there.
///
/// # Errors
/// The folder cannot be written to, is locked by another run or holds a batch, or a file in it is an input; or,
/// without `replace`, a file that would be overwritten is foreign or was changed; or a project would have no layers that
/// every QGIS opens.
pub fn claim<'a>(
    request: &Request,
    wanted: &Wanted,
    folder: &Path,
    replace: bool,
    stop: Stop<'a>,
) -> Result<OutputFolder<'a>> {
    if wanted.project && wanted.shown().is_none() {
        let text = "a QGIS project shows layers as GeoJSON or FlatGeobuf, and neither is asked for";
        return Err(Error::usage(Code::SettingsConflict, text)
            .with_hint("add one: ⟦format=parquet,geojson⟧"));
    }
    let coverage = request.rules.coverage(&request.inputs.read);
    let area = match &coverage {
        CoverageChoice::Area(source) => Some(source),
        _ => None,
    };
    let inputs = InputFiles::new(
        request
            .inputs
            .sources()
            .map(|(_, _, source)| source)
            .chain(area)
            .filter_map(Source::as_path),
    );
    let mut output = OutputFolder::open(folder, inputs, stop)?.replacing(replace);
    output.check(every_file().iter().map(String::as_str))?;
    output.check(["rejects.csv", RECEIPT])?;
    keep_apart(folder, Kind::Run)?;
    output.clear(sure(wanted, &files(request, wanted)))?;
    Ok(output)
}

/// The names of the files that a run may write.
pub(in crate::run) fn files(request: &Request, wanted: &Wanted) -> Vec<String> {
    // Whether incidents can be used is unknown before they are read; what the scheme disables is known.
    let drawn = |asked: &SurfaceRequest| !asked.if_any || request.rules.scheme.security.enabled;
    let mut files = wanted.files(request.surface.as_ref().is_some_and(drawn));
    if request.sensitivity {
        files.push(SENSITIVITY.to_owned());
    }
    files.extend(["rejects.csv".to_owned(), RECEIPT.to_owned()]);
    files
}

/// The files that a run will certainly write, for which no other file may be in the way from the start.
/// Unrequested footprints and receptors are written only if there are any of their geometry.
pub(in crate::run) fn sure<'f>(
    wanted: &Wanted,
    files: &'f [String],
) -> impl Iterator<Item = &'f str> + use<'f> {
    let all = wanted.layers.is_some();
    const UNSURE: [&str; 3] = ["footprint", "receptor", "map_"];
    let any = |name: &str| !UNSURE.iter().any(|of| name.starts_with(of));
    files.iter().map(String::as_str).filter(move |name| all || any(name))
}

/// Writes the wanted files, `rejects.csv` and `receipt.json` of sites that are scored already. The layer of receptors
/// needs [exposures](crate::run::perform_exposed). What maps are made of and what people read is written at the same time.
///
/// # Errors
/// What cannot be written, and sites grouped by a column that they do not have; the folder's files are
/// then as they were.
pub fn write(
    request: &Request,
    case: &Case,
    performed: &Performed,
    wanted: &Wanted,
    mut output: OutputFolder<'_>,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Written> {
    let (mut for_maps, mut readable) = (output.fork(), output.fork());
    let mut notes = Vec::new();
    let surface = surface::wanted(case, request.surface.as_ref(), watch, cancel, &mut notes)?;
    let (map_notes, read) = rayon::join(
        || {
            let drawn = (surface.as_ref(), notes);
            write_layers(case, performed, wanted, drawn, &mut for_maps, watch, cancel)
        },
        || write_readable(case, performed, wanted, surface.as_ref(), &mut readable, cancel),
    );
    let (mut notes, Readable { portfolios, notes: more }) = (map_notes?, read?);
    notes.extend(more);
    output.join(for_maps);
    output.join(readable);
    let scored = &performed.sites;
    let sensitivity = write_sensitivity(request, case, scored, &mut output, watch, cancel)?;
    let written = finish(request, case, wanted, scored.len(), output, notes)?;
    Ok(Written { portfolios, sensitivity, ..written })
}

/// Writes the layers, with the surface, in each wanted format, and the QGIS project; returns notes for the user, those on the
/// surface last.
fn write_layers(
    case: &Case,
    performed: &Performed,
    wanted: &Wanted,
    (surface, on_surface): (Option<&layers::Surface>, Vec<String>),
    output: &mut OutputFolder<'_>,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    let Performed { sites: scored, exposures } = performed;
    let material = Material::of(case, &case.sites, scored, exposures);
    let mut drawn: Vec<Layer<'_>> = Vec::new();
    for name in wanted.layer_names() {
        if name == LayerName::Receptors && !wanted.exposes(case.sites.list.len()) {
            notes.extend(unexposed(case, case.sites.list.len()));
            continue;
        }
        for layer in material.layers(name)? {
            if is_drawn(wanted, name, layer.name(), layer.len(), &mut notes) {
                drawn.push(layer);
            }
        }
    }
    if scored.is_empty() {
        notes.push("no site was scored".into());
    }
    notes.extend(on_surface);
    if let Some(surface) = surface {
        drawn.push(layers::contours(surface, &case.scheme.bands));
        output.stage("surface.tif", |out| geotiff::write(surface, out))?;
    }
    let features: usize = drawn.iter().map(Layer::len).sum();
    watch.stage("writing", u64::try_from(features).ok());
    let stop = || cancel.is_raised();
    for layer in &drawn {
        cancel.check()?;
        for format in &wanted.formats {
            let name = format!("{}.{}", layer.name(), format.word());
            match format {
                Format::GeoJson => output.stage(&name, |out| geojson::write(layer, out))?,
                Format::FlatGeobuf => {
                    output.stage(&name, |out| flatgeobuf::write(layer, &stop, out))?
                }
                #[cfg(feature = "parquet")]
                Format::GeoParquet => {
                    output.stage(&name, |out| sinks::geoparquet::write(layer, &stop, out))?
                }
                Format::Csv => output.stage(&name, |out| csv::write_layer(layer, out))?,
                #[cfg(feature = "xlsx")]
                Format::Workbook => continue,
            };
        }
        watch.advance(u64::try_from(layer.len()).unwrap_or(0));
    }
    if wanted.gpkg {
        let ground = wanted.project.then(|| project::ground(case));
        let styled: Vec<_> = drawn
            .iter()
            .chain(ground.iter().flatten())
            .map(|layer| (layer, style::styles(layer.name(), layer.columns(), &case.scheme.bands)))
            .collect();
        output.stage_at("risk.gpkg", |path, stop| {
            geopackage::write(path, &styled, case.as_of, stop)
        })?;
    }
    if wanted.project {
        project::write(case, &drawn, surface, wanted, output)?;
    }
    Ok(notes)
}

/// Writes the sites under other settings of the scheme, if asked for.
fn write_sensitivity(
    request: &Request,
    case: &Case,
    scored: &[Scored],
    output: &mut OutputFolder<'_>,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Option<Sensitivity>> {
    if !request.sensitivity {
        return Ok(None);
    }
    let found = sensitivity(case, scored, watch, cancel)?;
    let rows = layers::sensitivity::rows(case.context(), &found);
    let header = layers::sensitivity::header();
    output.stage(SENSITIVITY, |out| csv::write_table(&header, rows, out))?;
    Ok(Some(found))
}

/// Whether a layer is written: not if it is empty or too large, unless it was requested. Adds a note for the user
/// if needed.
pub(super) fn is_drawn(
    wanted: &Wanted,
    name: LayerName,
    layer: &str,
    len: usize,
    notes: &mut Vec<String>,
) -> bool {
    let asked = wanted.layers.is_some();
    if !asked && len == 0 && matches!(name, LayerName::Footprints | LayerName::Receptors) {
        return false;
    }
    let optional = matches!(name, LayerName::Rings | LayerName::Incidents | LayerName::Receptors);
    if !asked && optional && len > MOST_UNASKED {
        let word = name.word();
        notes.push(format!(
            "{layer} not written: {len} features; ask for them with ⟦layers={word}⟧"
        ));
        return false;
    }
    if len > MANY && !wanted.opens_fast() {
        notes.push(format!(
            "{layer}: {len} features; a GIS opens so many faster from GeoPackage (⟦gpkg⟧) or FlatGeobuf (⟦format=fgb⟧)"
        ));
    }
    true
}

/// The note on receptors that are not written because there are too many sites; `None` without receptors.
pub(super) fn unexposed(case: &Case, sites: usize) -> Option<String> {
    let word = LayerName::Receptors.word();
    let any = !case.receptors.list().is_empty();
    any.then(|| format!("{word} not written: {sites} sites; ask for them with ⟦layers={word}⟧"))
}

/// Writes the findings and the receipt, and renames all files to their final names.
///
/// # Errors
/// A file that cannot be written or renamed.
pub(super) fn finish(
    request: &Request,
    case: &Case,
    wanted: &Wanted,
    scored: usize,
    mut output: OutputFolder<'_>,
    mut notes: Vec<String>,
) -> Result<Written> {
    output.stage("rejects.csv", |out| csv::write_findings(case.findings(), wanted.face, out))?;
    let folder = output.path().to_path_buf();
    let hashes = case.world.inputs.iter().map(|input| input.hash.as_str());
    let fingerprint = wanted.heading.mark(request.fingerprint(hashes)?);
    let Outputs { written, earlier } = output.commit(RECEIPT, |outputs, out| {
        json::write(&Receipt::of(request, case, &fingerprint, scored, outputs), out)
    })?;
    notes.extend(kept(&written));
    let listed = |name: &str, list: &[place::Written]| list.iter().any(|file| file.name == name);
    for name in every_file().iter().filter(|name| !listed(name, &written)) {
        if listed(name, &earlier) {
            notes.push(format!("{name} is of an earlier run; this one did not write it"));
        } else if folder.join(name).exists() {
            notes.push(format!("{name} was there before; this run did not write it"));
        }
    }
    Ok(Written { files: written, notes, portfolios: Vec::new(), sensitivity: None })
}

/// The receipt of a case as JSON, before anything is written: it lists no outputs.
///
/// # Errors
/// A coverage file that cannot be read.
pub fn receipt(request: &Request, case: &Case, scored: usize) -> Result<String> {
    let hashes = case.world.inputs.iter().map(|input| input.hash.as_str());
    let fingerprint = request.fingerprint(hashes)?;
    let outputs = Outputs { written: Vec::new(), earlier: Vec::new() };
    crate::run::json(&Receipt::of(request, case, &fingerprint, scored, &outputs))
}

/// The note on styles and projects that were kept because they were edited.
pub(in crate::run) fn kept(written: &[place::Written]) -> Option<String> {
    let names: Vec<&str> =
        written.iter().filter(|file| file.kept).map(|file| file.name.as_str()).collect();
    let (they, them) = if names.len() == 1 { ("it was", "it") } else { ("they were", "them") };
    (!names.is_empty()).then(|| {
        format!(
            "{}: kept as edited since {they} written; ⟦replace⟧ writes {them} anew",
            names.join(", ")
        )
    })
}

/// The note on the workbook and the disclosures that are not written because there are too many sites.
fn tables_left_out(wanted: &Wanted, sites: usize) -> Option<String> {
    let workbook = if cfg!(feature = "xlsx") { wanted.workbook } else { Tables::No };
    let all = [
        ("risk.xlsx", workbook, "⟦format=xlsx⟧"),
        (DISCLOSURES, wanted.disclosures, "⟦disclosures⟧"),
    ];
    let left_out =
        |(_, tables, _): &(_, Tables, _)| *tables == Tables::IfFew && sites > MOST_UNASKED;
    let names: Vec<String> = all
        .iter()
        .filter(|of| left_out(of))
        .map(|(name, _, ask)| format!("{name} not written: {sites} sites; ask for it with {ask}"))
        .collect();
    (!names.is_empty()).then(|| names.join("\n"))
}

/// What follows from the human-readable outputs.
struct Readable {
    portfolios: Vec<Portfolio>,
    notes: Vec<String>,
}

/// Writes the human-readable outputs: the portfolio, which it returns, the disclosures, the report, the still maps,
/// the atlas and the workbook.
fn write_readable(
    case: &Case,
    performed: &Performed,
    wanted: &Wanted,
    surface: Option<&layers::Surface>,
    output: &mut OutputFolder<'_>,
    cancel: &Cancel,
) -> Result<Readable> {
    let Performed { sites: scored, exposures } = performed;
    #[cfg_attr(
        not(any(feature = "png", feature = "xlsx")),
        expect(unused_mut, reason = "what adds notes is left out")
    )]
    let mut notes: Vec<String> = tables_left_out(wanted, scored.len()).into_iter().collect();
    let disclosed = wanted.discloses(scored.len()).then(|| disclosures(case, scored, cancel));
    let disclosed = disclosed.transpose()?;
    let mut portfolios = Vec::new();
    let groupings = report::groupings(case, wanted)?;
    if wanted.groups() || !groupings.list.is_empty() {
        portfolios = report::portfolios(case, scored, &groupings);
        let rows = portfolios.iter().flat_map(|portfolio| portfolio.rows(case.context()));
        let header = layers::portfolio::header(groupings.weight.is_some());
        let header: Vec<String> = header.into_iter().map(|(name, _)| name).collect();
        output.stage("portfolio.csv", |out| csv::write_table(&header, rows, out))?;
    }
    if let Some(disclosed) = disclosed.as_ref().filter(|_| wanted.writes_disclosures(scored.len()))
    {
        let rows = disclosed.rows(&case.sites.list);
        output.stage(DISCLOSURES, |out| csv::write_properties(&HEADER, rows, out))?;
    }
    let mut told = None;
    if wanted.report || wanted.is_drawn() {
        let mut page = report::page(case, scored, exposures, &groupings, disclosed.as_ref());
        page.report.quality.spell(wanted.face);
        page.set_heading(&wanted.heading);
        page.zones = surface.map(|surface| layers::Zones::of(surface, &case.scheme.bands));
        #[cfg(feature = "png")]
        if wanted.is_drawn() {
            super::drawn::write(case, &page, wanted, output, &mut notes)?;
        }
        told = wanted.report.then_some(page);
    }
    #[cfg(feature = "xlsx")]
    if let Some(disclosures) = &disclosed
        && wanted.writes_workbook(scored.len())
    {
        let tables = super::workbook::Tables { scored, portfolios: &portfolios, disclosures };
        notes.extend(super::workbook::write(case, &tables, wanted, output)?);
    }
    // It comes last, since it links to what was written.
    if let Some(mut page) = told {
        page.report.facts.files = beside(wanted, output);
        output.stage("report.html", |out| sinks::report::write(&page, out))?;
    }
    Ok(Readable { portfolios, notes })
}

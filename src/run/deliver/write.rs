//! Writing what a case comes to: the layers asked for, the findings, and last of all the receipt.

use super::receipt::Receipt;
use super::wanted::{Format, MOST_UNASKED, Wanted, every_file};
use super::{project, report};
use crate::earth::Length;
use crate::layers::{
    self, Digits, IncidentUse, Layer, Scored, Table, footprint_lines, footprints, incidents, links,
    rings, style,
};
use crate::measures::decay;
use crate::model::{Domain, Site};
use crate::run::ask::surface;
use crate::run::batch::keep_apart;
use crate::run::{Cancel, CoverageChoice, LayerName, Request, SurfaceRequest, Watch};
use crate::run::{Case, Use};
use crate::scoring::severity;
use crate::sinks::place::{self, InputFiles, OutputFolder, Outputs, RECEIPT, Stop};
use crate::sinks::{self, csv, flatgeobuf, geojson, geopackage, geotiff, json};
use crate::sources::Source;
use crate::{Code, Error, Result};
use std::path::Path;

/// Past so many features a GIS opens GeoJSON slowly.
const MANY: usize = 100_000;

/// What was written.
#[derive(Debug)]
pub struct Written {
    /// The files, in the order in which they were written.
    pub files: Vec<place::Written>,
    /// What a user should know of them.
    pub notes: Vec<String>,
}

/// Makes the output folder a run's own, before anything is read. With `replace` it may write over any file
/// there.
///
/// # Errors
/// The folder cannot be written to, is held by another run or holds a batch, or a file in it is an input;
/// or, without `replace`, a file that would be overwritten is another's, or was changed.
pub fn claim<'a>(
    request: &Request,
    wanted: &Wanted,
    folder: &Path,
    replace: bool,
    stop: Stop<'a>,
) -> Result<OutputFolder<'a>> {
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
    keep_apart(folder, false)?;
    output.clear(sure(wanted, &files(request, wanted)))?;
    Ok(output)
}

/// The names of the files that a run may come to write.
pub(in crate::run) fn files(request: &Request, wanted: &Wanted) -> Vec<String> {
    // Whether incidents can be used is not known before they are read; what the scheme leaves out is.
    let drawn = |asked: &SurfaceRequest| !asked.if_any || request.rules.scheme.security.enabled;
    let mut files = wanted.files(request.surface.as_ref().is_some_and(drawn));
    files.extend(["rejects.csv".to_owned(), RECEIPT.to_owned()]);
    files
}

/// Of the files that a run may come to write, those for which nothing may stand in the way before it is known
/// what there is to write: footprints that nobody asked for are there only where something has a shape.
pub(in crate::run) fn sure<'f>(
    wanted: &Wanted,
    files: &'f [String],
) -> impl Iterator<Item = &'f str> + use<'f> {
    let all = wanted.layers.is_some();
    files.iter().map(String::as_str).filter(move |name| all || !name.starts_with("footprint"))
}

/// Writes what is wanted, `rejects.csv` and `receipt.json` into a folder.
///
/// ```
/// use tamarisk::run::{self, Cancel, Case, Unwatched, Wanted};
///
/// # let folder = tempfile::tempdir().expect("a folder");
/// let (request, wanted, cancel) = (run::demo(), Wanted::default(), Cancel::new());
/// let stop = || cancel.is_raised();
/// let output = run::claim(&request, &wanted, folder.path(), false, &stop)?;
/// let case = Case::open(&request, &Unwatched, &cancel)?;
/// let scored = run::perform(&case, &Unwatched, &cancel)?;
/// run::write(&request, &case, &scored, &wanted, output, &Unwatched, &cancel)?;
/// assert!(folder.path().join("sites.geojson").exists());
/// # Ok::<(), tamarisk::Error>(())
/// ```
///
/// # Errors
/// What cannot be written, and sites grouped by a column that they do not have; the folder's files are
/// then as they were.
pub fn write(
    request: &Request,
    case: &Case,
    scored: &[Scored],
    wanted: &Wanted,
    mut output: OutputFolder<'_>,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Written> {
    let asked = wanted.layers.as_ref();
    let mut notes = Vec::new();
    let material = Material::of(case, scored);
    let mut drawn: Vec<Layer<'_>> = Vec::new();
    for name in LayerName::ALL {
        if asked.is_some_and(|asked| !asked.contains(&name)) {
            continue;
        }
        for layer in material.layers(name)? {
            if asked.is_none() && name == LayerName::Footprints && layer.is_empty() {
                continue;
            }
            let optional = matches!(name, LayerName::Rings | LayerName::Incidents);
            if asked.is_none() && optional && layer.len() > MOST_UNASKED {
                notes.push(format!(
                    "{} not written: {} features; ask for them with ⟦layers={}⟧",
                    layer.name(),
                    layer.len(),
                    name.word()
                ));
                continue;
            }
            if layer.len() > MANY && !wanted.opens_fast() {
                notes.push(format!(
                    "{}: {} features; a GIS opens so many faster from GeoPackage (⟦gpkg⟧) or FlatGeobuf (⟦format=fgb⟧)",
                    layer.name(),
                    layer.len()
                ));
            }
            drawn.push(layer);
        }
    }
    if scored.is_empty() {
        notes.push("no site was scored".into());
    }
    let surface = surface::wanted(case, request.surface.as_ref(), watch, cancel, &mut notes)?;
    if let Some(surface) = &surface {
        drawn.push(layers::contours(surface, &case.scheme.bands));
        output.stage("surface.tif", |out| geotiff::write(surface, out))?;
    }
    let features: usize = drawn.iter().map(Layer::len).sum();
    watch.stage("writing", u64::try_from(features).ok());
    let stop = || cancel.is_raised();
    for layer in &drawn {
        cancel.check()?;
        let name = layer.name();
        for format in &wanted.formats {
            match format {
                Format::GeoJson => {
                    output.stage(&format!("{name}.geojson"), |out| geojson::write(layer, out))?
                }
                Format::FlatGeobuf => output
                    .stage(&format!("{name}.fgb"), |out| flatgeobuf::write(layer, &stop, out))?,
            };
        }
        watch.advance(u64::try_from(layer.len()).unwrap_or(0));
    }
    if wanted.gpkg {
        let styled: Vec<_> = drawn
            .iter()
            .map(|layer| (layer, style::styles(layer.name(), &case.scheme.bands)))
            .collect();
        output.stage_at("risk.gpkg", |path, stop| {
            geopackage::write(path, &styled, case.as_of, stop)
        })?;
    }
    if wanted.project {
        project::write(case, &drawn, surface.as_ref(), wanted, &mut output)?;
    }
    cancel.check()?;
    tell(case, scored, wanted, &mut output)?;
    output.stage("rejects.csv", |out| csv::write_findings(case.findings(), wanted.face, out))?;
    let folder = output.path().to_path_buf();
    let hashes = case.world.inputs.iter().map(|input| input.hash.as_str());
    let fingerprint = request.fingerprint(hashes)?;
    let Outputs { written, earlier } = output.commit(RECEIPT, |outputs, out| {
        json::write(&Receipt::of(case, &fingerprint, scored.len(), outputs), out)
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
    Ok(Written { files: written, notes })
}

/// What is said of styles and projects that were left as somebody edited them.
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

/// Writes what people read: the portfolio, the report and the still map.
fn tell(
    case: &Case,
    scored: &[Scored],
    wanted: &Wanted,
    output: &mut OutputFolder<'_>,
) -> Result<()> {
    if !wanted.group_by.is_empty() {
        let portfolios = report::portfolios(case, scored, &wanted.group_by)?;
        let rows = portfolios.iter().flat_map(|portfolio| portfolio.rows(case.context()));
        let header = layers::portfolio::header();
        output.stage("portfolio.csv", |out| csv::write_table(&header, rows, out))?;
    }
    if wanted.report || wanted.png {
        let mut page = report::page(case, scored, &wanted.group_by)?;
        page.report.quality.spell(wanted.face);
        if wanted.report {
            output.stage("report.html", |out| sinks::report::write(&page, out))?;
        }
        #[cfg(feature = "png")]
        if wanted.png {
            output.stage("map.png", |out| sinks::still::write(&page, out))?;
        }
    }
    Ok(())
}

/// Shows the layers of a name, such as both footprint layers, to a function.
///
/// # Errors
/// A scheme whose rings cannot be drawn.
pub fn with_layers(
    case: &Case,
    scored: &[Scored],
    name: LayerName,
    show: impl FnMut(&Layer<'_>),
) -> Result<()> {
    Material::of(case, scored).layers(name)?.iter().for_each(show);
    Ok(())
}

/// What the layers of a case are made of.
struct Material<'a> {
    case: &'a Case,
    scored: &'a [Scored],
    shapes: Vec<Site>,
    heads: Vec<&'a Scored>,
    radii: Vec<Length>,
}

impl<'a> Material<'a> {
    fn of(case: &'a Case, scored: &'a [Scored]) -> Self {
        let (shapes, heads) = shaped(case, scored).into_iter().unzip();
        let radii = case.scheme.buffers.rings_km.iter().copied().map(Length::from_km).collect();
        Self { case, scored, shapes, heads, radii }
    }

    fn layers(&self, name: LayerName) -> Result<Vec<Layer<'_>>> {
        let context = self.case.context();
        Ok(match name {
            LayerName::Sites => vec![layers::sites(context, self.scored)],
            LayerName::Links => vec![links(context, self.scored)],
            LayerName::Incidents => {
                vec![incidents(context.incidents, |at| use_of(self.case, at))]
            }
            LayerName::Footprints => vec![
                footprints(&self.shapes, scores(self.case, &self.heads)),
                footprint_lines(&self.shapes, scores(self.case, &self.heads)),
            ],
            LayerName::Rings => {
                let count = move |site: usize, radius: usize| {
                    let rings = &self.scored.get(site)?.quantities.security.rings;
                    context.told(*rings.get(radius)?)
                };
                let layer = rings(context.sites, &self.radii, count);
                vec![layer.map_err(|error| {
                    Error::usage(Code::SchemeInvalid, format!("rings: {error}"))
                })?]
            }
        })
    }
}

/// What became of an incident.
fn use_of(case: &Case, at: usize) -> Option<IncidentUse<'_>> {
    let (incident, usage) = case.world.incidents.get(at).zip(case.usage(at))?;
    let half_life = match incident.domain {
        Domain::Security => Some(case.scheme.security.recency.half_life_days),
        Domain::Accident => Some(case.scheme.environment.accidents.half_life_days),
        Domain::Earthquake | Domain::Other => None,
    };
    let age_days = case.context().age(incident);
    Some(IncidentUse {
        incident,
        age_days,
        severity: half_life.map(|_| severity(&case.scheme, incident)),
        decay: half_life.zip(age_days).filter(|(_, age)| *age >= 0).map(|(h, age)| decay(age, h)),
        unused: (usage != Use::Used).then(|| usage.word()),
    })
}

/// The sites and parts that came as lines or polygons, each with the site it is scored with.
fn shaped<'a>(case: &'a Case, scored: &'a [Scored]) -> Vec<(Site, &'a Scored)> {
    let linked = |of: &Scored| case.sites.linked.get(of.site).map_or(&[][..], Vec::as_slice);
    scored
        .iter()
        .filter_map(|of| Some((case.sites.list.get(of.site)?, of)))
        .flat_map(|(site, of)| std::iter::once(site).chain(linked(of)).map(move |part| (part, of)))
        .filter(|(part, _)| part.shape.as_point().is_none())
        .map(|(part, of)| (part.clone(), of))
        .collect()
}

/// Columns of the scores of the site that a shape is scored with.
fn scores<'a>(case: &'a Case, heads: &'a [&'a Scored]) -> Table<'a, usize> {
    let bands = &case.scheme.bands;
    let of = move |row: &usize| heads.get(*row).copied();
    let score = Digits::Decimals(1);
    Table::new()
        .text("scored_with", "The site whose scores these are", move |row| {
            case.sites.list.get(of(row)?.site).map(|site| site.id.as_str())
        })
        .number("security_score", score, None, "Security risk of that site, 0 to 100", move |row| {
            of(row)?.risk.security.score
        })
        .text("security_band", "Its class", move |row| {
            Some(bands.of(of(row)?.risk.security.score).word())
        })
        .number(
            "environment_score",
            score,
            None,
            "Environmental risk of that site, 0 to 100",
            move |row| of(row)?.risk.environment.score,
        )
        .text("environment_band", "Its class", move |row| {
            Some(bands.of(of(row)?.risk.environment.score).word())
        })
}

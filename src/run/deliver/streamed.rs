//! Scores and writes in one: sites in memory are scored and then written; streamed sites are read, scored and
//! written in chunks, by the same code.

use super::material::Material;
use super::wanted::{Format, Wanted};
use super::write::{Written, finish, is_drawn, unexposed, write};
use crate::layers::Layer;
use crate::run::ask::score::{perform_all, score_sites};
use crate::run::case::beside_covered;
use crate::run::{Cancel, Case, LayerName, Overview, Request, Streamed, Watch};
use crate::scoring::Exposures;
use crate::sinks::geojson;
use crate::sinks::place::{OutputFolder, Unfinished};
use crate::{Code, Error, Result};

/// The result of a run.
#[derive(Debug)]
pub struct Delivered {
    /// What was written.
    pub written: Written,
    /// A summary of all sites.
    pub overview: Overview,
}

/// Scores the sites of a case and writes the wanted files, `rejects.csv` and `receipt.json` into a folder. The
/// bytes are the same whether the sites are in memory or [streamed](Streamed).
///
/// ```
/// use tamarisk::run::{self, Cancel, Case, Unwatched, Wanted};
///
/// # let folder = tempfile::tempdir().expect("a folder");
/// let (request, wanted, cancel) = (run::demo(), Wanted::default(), Cancel::new());
/// let stop = || cancel.is_raised();
/// let output = run::claim(&request, &wanted, folder.path(), false, &stop)?;
/// let case = Case::open(&request, &Unwatched, &cancel)?;
/// run::deliver(&request, &case, &wanted, output, &Unwatched, &cancel)?;
/// assert!(folder.path().join("sites.geojson").exists());
/// # Ok::<(), tamarisk::Error>(())
/// ```
///
/// # Errors
/// Those of [`perform`](crate::run::perform); what cannot be written; sites grouped by a column that they do not have; for
/// streamed sites, a file that has changed since it was first read, and an output that needs [all sites in
/// memory](Wanted::streams). The folder's files then stay unchanged.
pub fn deliver(
    request: &Request,
    case: &Case,
    wanted: &Wanted,
    output: OutputFolder<'_>,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Delivered> {
    if let Some(streamed) = &case.world.streamed {
        return by_pieces(request, case, streamed, wanted, output, watch, cancel);
    }
    let performed =
        perform_all(case, wanted.needs_exposures(case.sites.list.len()), watch, cancel)?;
    let overview = Overview::of(case, &performed.sites);
    let written = write(request, case, &performed, wanted, output, watch, cancel)?;
    Ok(Delivered { written, overview })
}

/// Scores and writes streamed sites.
fn by_pieces(
    request: &Request,
    case: &Case,
    streamed: &Streamed,
    wanted: &Wanted,
    mut output: OutputFolder<'_>,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Delivered> {
    if !wanted.streams() || request.surface.is_some() || request.sensitivity {
        return Err(Error::usage(Code::SettingsConflict, "some outputs need all sites in memory")
            .with_hint("hold them all, without most_held"));
    }
    let names: Vec<LayerName> = wanted.layer_names().filter(|name| is_piecewise(*name)).collect();
    let mut files: Vec<LayerFile<'_>> = Vec::new();
    for layer in names.iter().flat_map(|name| name.files()) {
        files.push(LayerFile::begin(layer, &mut output)?);
    }
    let unasked = Exposures::default();
    let mut overview = Overview::default();
    watch.stage("scoring", u64::try_from(streamed.count()).ok());
    let mut found = Vec::new();
    streamed.each(&mut |sites| {
        found.extend(beside_covered(case, &sites));
        let scored = score_sites(case, &sites, watch, cancel)?;
        overview.add(case, &sites, &scored);
        let material = Material::of(case, &sites, &scored, &unasked);
        let mut files = files.iter_mut();
        for name in &names {
            let layers = material.layers(*name)?;
            layers.iter().zip(files.by_ref()).try_for_each(|(layer, file)| file.add(layer))?;
        }
        Ok(())
    })?;
    let case = &case.with_findings(found);
    let mut notes = Vec::new();
    let mut files = files.into_iter();
    let material = Material::of(case, &case.sites, &[], &unasked);
    for name in wanted.layer_names() {
        if is_piecewise(name) {
            for file in files.by_ref().take(name.files().len()) {
                if is_drawn(wanted, name, file.layer, file.len, &mut notes) {
                    file.end(&mut output)?;
                }
            }
            continue;
        }
        if name == LayerName::Receptors {
            notes.extend(unexposed(case, streamed.count()));
            continue;
        }
        for layer in material.layers(name)? {
            let rings = streamed.count() * case.scheme.buffers.rings_km.len();
            let len = if name == LayerName::Rings { rings } else { layer.len() };
            if is_drawn(wanted, name, layer.name(), len, &mut notes) {
                let file = format!("{}.{}", layer.name(), Format::GeoJson.word());
                output.stage(&file, |out| geojson::write(&layer, out))?;
            }
        }
    }
    cancel.check()?;
    let written = finish(request, case, wanted, overview.scored, output, notes)?;
    Ok(Delivered { written, overview })
}

/// Whether a layer can be written in chunks: its features are in the order of the sites, with those of one site
/// together. Rings are written widest first; incidents and receptors are in memory.
fn is_piecewise(name: LayerName) -> bool {
    !matches!(name, LayerName::Rings | LayerName::Incidents | LayerName::Receptors)
}

/// The file of a layer while its features are written.
struct LayerFile<'a> {
    layer: &'static str,
    file: Unfinished<'a>,
    features: geojson::Features,
    /// The number of features so far.
    len: usize,
}

impl<'a> LayerFile<'a> {
    fn begin(layer: &'static str, output: &mut OutputFolder<'a>) -> Result<Self> {
        let mut file = output.begin(&format!("{layer}.{}", Format::GeoJson.word()))?;
        let features = file.write(|out| geojson::Features::begin(layer, out))?;
        Ok(Self { layer, file, features, len: 0 })
    }

    fn add(&mut self, layer: &Layer<'_>) -> Result<()> {
        self.len += layer.len();
        self.file.write(|out| self.features.add(layer, out))
    }

    fn end(mut self, output: &mut OutputFolder<'a>) -> Result<()> {
        self.file.write(|out| self.features.end(out))?;
        output.end(self.file).map(|_| ())
    }
}

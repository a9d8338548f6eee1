//! The values of rasters around sites, and the sites that a raster does not reach.

use super::{Cancel, Sites};
use crate::earth::Position;
use crate::index::Probe;
use crate::measures::{PartProbe, RasterSample, Sampler, SiteProbe};
use crate::model::{Finding, Place, Site, Verdict};
use crate::scoring::thousands;
use crate::{Code, Error, Result};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Sites whose values a thread reads before it looks whether it should stop.
const BATCH: usize = 64;

/// The values of each raster around a site, by its name.
pub(super) type Samples = BTreeMap<Arc<str>, RasterSample>;

/// Measures the rasters around some sites, in order. Nothing is returned without rasters.
///
/// # Errors
/// A raster that is damaged around a site; more than 50 million cells around a site; the run was asked to stop.
pub(super) fn samples(
    samplers: &[Sampler],
    sites: &[Site],
    cancel: &Cancel,
) -> Result<Vec<Samples>> {
    if samplers.is_empty() {
        return Ok(Vec::new());
    }
    let positions: Vec<Position> = sites.iter().map(|site| site.position).collect();
    let mut all = vec![Samples::new(); sites.len()];
    for sampler in samplers {
        let of_site = |&index: &usize| {
            let sample = sites.get(index).map(|site| sampler.sample(&probe(site)));
            Ok::<_, Error>((index, sample.transpose()?.unwrap_or_default()))
        };
        let of_batch = |batch: &[usize]| {
            cancel.check()?;
            batch.iter().map(of_site).collect::<Result<Vec<_>>>()
        };
        // Sites next to each other in this order read the same chunks.
        let order = sampler.order(&positions);
        let batches = order.par_chunks(BATCH).map(of_batch).collect::<Result<Vec<_>>>()?;
        for (index, sample) in batches.into_iter().flatten() {
            if let Some(samples) = all.get_mut(index) {
                samples.insert(Arc::clone(&sampler.raster().name), sample);
            }
        }
    }
    Ok(all)
}

/// Measures the rasters around one site, and returns the errors of those that cannot be read there.
pub(super) fn around(samplers: &[Sampler], site: &Site) -> (Samples, Vec<(Arc<str>, Error)>) {
    let (mut samples, mut faults) = (Samples::new(), Vec::new());
    for sampler in samplers {
        let name = Arc::clone(&sampler.raster().name);
        match sampler.sample(&probe(site)) {
            Ok(sample) => drop(samples.insert(name, sample)),
            Err(error) => faults.push((name, error)),
        }
    }
    (samples, faults)
}

/// A site without its parts: rasters are read around the site itself, like rings.
fn probe(site: &Site) -> SiteProbe {
    let part = PartProbe {
        probe: Probe::new(&site.shape),
        weight: 1.0,
        spread_km: 0.0,
        tailings: site.tailings,
    };
    SiteProbe { position: site.position, parts: vec![part] }
}

/// A finding for each raster on which not all sites lie.
pub(super) fn outside(samplers: &[Sampler], sites: &Sites) -> Vec<Finding> {
    let count = sites.list.len();
    let written = |count: usize| thousands(i64::try_from(count).unwrap_or(i64::MAX));
    let finding = |sampler: &Sampler| {
        let raster = sampler.raster();
        let grid = raster.cells.grid();
        let is_outside = |site: &&Site| grid.cell_at(site.position).is_none();
        let outside = sites.list.par_iter().filter(|site| is_outside(site)).count();
        let why = match outside {
            0 => return None,
            all if all == count => format!("covers none of the {} sites", written(count)),
            some => format!("does not cover {} of the {} sites", written(some), written(count)),
        };
        Some(Finding {
            code: Code::FileDoubtful,
            file: Arc::clone(&raster.file),
            place: Place::File,
            id: None,
            field: Some(raster.name.to_string()),
            value: None,
            why,
            verdict: Verdict::Noted,
        })
    };
    samplers.iter().filter_map(finding).collect()
}

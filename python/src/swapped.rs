//! Places that lie far from all that an engine has read, but amid it with longitude and latitude taken for each other.

use crate::engine::Engine;
use crate::questions::position;
use crate::scored::Scored;
use crate::wait::{Job, wait};
use pyo3::prelude::*;
use std::sync::Arc;
use tamarisk::Result;
use tamarisk::earth::Position;
use tamarisk::run::{self, Cancel, NearQuery, World};

/// The most sites that are looked at.
const LOOKED_AT: usize = 16;

/// The swapped place, if it lies amid the data of a world and the place itself lies far from it.
fn other(world: &World, at: Position, cancel: &Cancel) -> Result<Option<[f64; 2]>> {
    let nearest = NearQuery { most: Some(1), ..NearQuery::default() };
    let found = run::near(world, at, None, &nearest, cancel)?;
    Ok(found.swapped.map(|other| [other.lon, other.lat]))
}

/// The swapped place, if it lies amid what an engine has read and the place itself lies far from all of it.
#[pyfunction]
#[pyo3(name = "_swapped")]
pub fn swapped(
    engine: &Bound<'_, Engine>,
    py: Python<'_>,
    at: [f64; 2],
) -> PyResult<Option<[f64; 2]>> {
    let ground = Arc::clone(&engine.get().ground);
    wait(py, Job::quiet(engine.get().threads), move |_, cancel| {
        other(&ground.case().world, position(at)?, cancel)
    })
}

/// How many sites of a result were looked at, spread evenly over them, and how many of those lie far from all incidents
/// and receptors, but amid them with their axes swapped.
#[pyfunction]
#[pyo3(name = "_astray")]
pub fn astray(
    engine: &Bound<'_, Engine>,
    py: Python<'_>,
    scored: &Bound<'_, Scored>,
) -> PyResult<(usize, usize)> {
    let (ground, material) = (Arc::clone(&engine.get().ground), scored.get().material());
    wait(py, Job::quiet(engine.get().threads), move |_, cancel| {
        let sites = &material.case.sites.list;
        let step = sites.len().div_ceil(LOOKED_AT).max(1);
        let (mut seen, mut astray) = (0, 0);
        for site in sites.iter().step_by(step) {
            seen += 1;
            let other = other(&ground.without.world, site.position, cancel)?;
            astray += usize::from(other.is_some());
        }
        Ok((seen, astray))
    })
}

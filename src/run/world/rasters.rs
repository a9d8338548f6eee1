//! Opens the rasters of a world. Their values are read where sites are.

use super::{Input, World};
use crate::Result;
use crate::model::Raster;
use crate::run::Inputs;
use crate::sources::GeoTiff;
use std::sync::Arc;

/// Decoded cells of all rasters that are kept in memory.
///
/// # Units
/// Bytes.
const CACHE: usize = 256 << 20;

impl World {
    /// Opens the rasters, and calls `step` after each.
    pub(super) fn add_rasters(
        &mut self,
        inputs: &Inputs,
        step: impl Fn() -> Result<()>,
    ) -> Result<()> {
        let cache = CACHE / inputs.rasters.len().max(1);
        let mut rasters = Vec::new();
        for (name, source) in &inputs.rasters {
            let opened = GeoTiff::open(source, &inputs.read, cache)?;
            self.inputs.push(Input {
                role: "rasters",
                file: Arc::clone(opened.file()),
                kind: None,
                raster: Some(Arc::clone(name)),
                layer: None,
                layout: opened.cells(),
                format: opened.format(),
                hash: opened.hash().to_owned(),
                read: 1,
                set_aside: 0,
                left_out: 0,
                merged: 0,
                unknown_types: Vec::new(),
            });
            let (name, file) = (Arc::clone(name), Arc::clone(opened.file()));
            rasters.push(Raster { name, file, cells: Arc::new(opened) });
            step()?;
        }
        rasters.sort_by(|a, b| a.name.cmp(&b.name));
        self.rasters = Arc::new(rasters);
        Ok(())
    }
}

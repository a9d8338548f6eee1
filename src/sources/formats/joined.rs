//! Files that are read as one file with several layers: the shapefiles of a folder, the files of an
//! archive.

use super::parts::{Begin, PartReport, Take};
use super::{Dataset, DeclaredCrs, Typing};
use crate::Result;
use std::sync::Arc;

/// Datasets with their layers side by side.
#[derive(Debug)]
pub(super) struct Joined {
    description: String,
    datasets: Vec<Box<dyn Dataset>>,
    /// For each layer: its name, the index of its dataset, and its index in that dataset.
    layers: Vec<(String, usize, usize)>,
    selected: usize,
    /// Whether the layers are pieces of one data set, which are read as one.
    as_one: bool,
}

impl Joined {
    /// Joins datasets, each with its name. If a dataset has several layers, or its layer has a name, the
    /// joined layer name combines both names.
    pub fn new(description: String, named: Vec<(String, Box<dyn Dataset>)>) -> Self {
        let (mut datasets, mut layers) = (Vec::new(), Vec::new());
        let alone = named.len() == 1;
        for (name, dataset) in named {
            for (at, layer) in dataset.layers().into_iter().enumerate() {
                let called = match (alone, layer.is_empty()) {
                    (true, _) => layer.to_owned(),
                    (_, true) => name.clone(),
                    _ if layer == name => name.clone(),
                    _ => format!("{name}/{layer}"),
                };
                layers.push((called, datasets.len(), at));
            }
            datasets.push(dataset);
        }
        let mut joined = Self { description, datasets, layers, selected: 0, as_one: false };
        joined.select(0);
        joined
    }

    /// The layers as pieces of one data set.
    pub fn into_one(self) -> Self {
        Self { as_one: true, ..self }
    }

    fn dataset(&self) -> Option<&dyn Dataset> {
        let (_, dataset, _) = self.layers.get(self.selected)?;
        self.datasets.get(*dataset).map(|dataset| &**dataset)
    }
}

impl Dataset for Joined {
    fn typing(&self) -> Typing {
        self.dataset().map_or(Typing::Values, |dataset| dataset.typing())
    }

    fn description(&self) -> String {
        self.description.clone()
    }

    fn has_geometry(&self) -> bool {
        self.dataset().is_some_and(|dataset| dataset.has_geometry())
    }

    fn joins_layers(&self) -> bool {
        self.as_one
    }

    fn layers(&self) -> Vec<&str> {
        self.layers.iter().map(|(name, ..)| name.as_str()).collect()
    }

    fn select(&mut self, layer: usize) {
        let Some((_, dataset, inner)) = self.layers.get(layer) else { return };
        if let Some(dataset) = self.datasets.get_mut(*dataset) {
            dataset.select(*inner);
            self.selected = layer;
        }
    }

    fn columns(&self) -> &[Arc<str>] {
        self.dataset().map_or(&[], |dataset| dataset.columns())
    }

    fn crs(&self) -> Option<DeclaredCrs> {
        self.dataset()?.crs()
    }

    fn parts(&self) -> usize {
        self.dataset().map_or(1, |dataset| dataset.parts())
    }

    fn begin(&self) -> Begin {
        self.dataset().map_or_else(Begin::default, |dataset| dataset.begin())
    }

    fn guess(&self, part: usize, earlier: &Begin) -> Begin {
        self.dataset().map_or_else(|| earlier.clone(), |dataset| dataset.guess(part, earlier))
    }

    fn read(
        &self,
        part: usize,
        begin: Begin,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> Result<Begin> {
        match self.dataset() {
            Some(dataset) => dataset.read(part, begin, told, taker),
            None => Ok(begin),
        }
    }

    fn is_unchanged(&self) -> Result<()> {
        self.datasets.iter().try_for_each(|dataset| dataset.is_unchanged())
    }
}

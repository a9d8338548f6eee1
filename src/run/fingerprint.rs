//! The fingerprint of a run: one hash of everything that determines its output. That is the bytes of its inputs
//! and how they are read, the scheme and its calibration, the date, the box, and the version of the program. Two runs with the same
//! fingerprint write the same output.

use super::ask::SurfaceRequest;
use super::deliver::receipt::SCHEMA_VERSION;
use super::request::{CoverageChoice, Inputs, Request};
use crate::Result;
use crate::model::ReceptorKind;
use crate::sources::{Keep, ReadOptions, Source};

impl Inputs {
    /// Every input with its role and kind, in reading order.
    pub(crate) fn sources(
        &self,
    ) -> impl Iterator<Item = (&'static str, Option<ReceptorKind>, &Source)> {
        let plain = |role| move |source| (role, None, source);
        self.sites
            .iter()
            .map(plain("sites"))
            .chain(self.incidents.iter().map(plain("incidents")))
            .chain(self.receptors.iter().map(|(kind, source)| ("receptors", *kind, source)))
            .chain(self.rasters.iter().map(|(_, source)| ("rasters", None, source)))
    }
}

impl Request {
    /// The fingerprint of a run, in hex; `hashes` are those of the sources, in order.
    ///
    /// # Errors
    /// A coverage file that cannot be read.
    pub(super) fn fingerprint<'h>(
        &self,
        hashes: impl IntoIterator<Item = &'h str>,
    ) -> Result<String> {
        let Self { inputs, rules, .. } = self;
        let mut words = Words::default();
        let mut add = |text: &str| words.add(text);
        add(env!("CARGO_PKG_VERSION"));
        add(&SCHEMA_VERSION.to_string());
        for ((role, kind, source), hash) in inputs.sources().zip(hashes) {
            add(role);
            add(kind.map_or("", ReceptorKind::word));
            add(source.name());
            add(hash);
        }
        inputs.rasters.iter().for_each(|(name, _)| add(name));
        // Which columns incidents keep follows from the layers that are written.
        let read = ReadOptions { incident_columns: Keep::default(), ..inputs.read.clone() };
        add(&format!("{read:?}"));
        add(&rules.scheme.hash());
        add(&rules.scheme.name);
        add(&rules.as_of.map(|date| date.to_string()).unwrap_or_default());
        add(&format!("{:?}", rules.bbox.map(|bounds| bounds.degrees())));
        add(&format!("{:?}", rules.complete));
        add(&format!("{:?}", rules.stale));
        if let Some(plan) = &rules.uncertainty {
            add(&format!("{plan:?}"));
        }
        if let Some(calibration) = &rules.calibration {
            add("calibration");
            add(&calibration.hash());
        }
        if inputs.merge_sources {
            add("merge sources");
        }
        if let Some(surface) = &self.surface {
            // Whether a missing surface is an error does not affect the output.
            add(&format!("{:?}", SurfaceRequest { if_any: false, ..surface.clone() }));
        }
        if self.sensitivity {
            add("sensitivity");
        }
        match &rules.coverage {
            CoverageChoice::Area(source) => add(&source.hash()?),
            other => add(&format!("{other:?}")),
        }
        Ok(words.finish())
    }
}

/// A hash of a list of words.
#[derive(Default)]
pub(super) struct Words(blake3::Hasher);

impl Words {
    /// Adds a word, prefixed by its length, so that different lists never hash the same bytes.
    pub fn add(&mut self, text: &str) {
        self.0.update(&text.len().to_le_bytes());
        self.0.update(text.as_bytes());
    }

    /// The hash, in hex.
    pub fn finish(self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}

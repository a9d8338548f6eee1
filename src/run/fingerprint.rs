//! What decides a run's output, as one hash: the bytes of its inputs and how they are read, the scheme, the
//! date, the box, and the version of the program. Two runs of one fingerprint write the same.

use super::deliver::receipt::SCHEMA_VERSION;
use super::request::{CoverageChoice, Request};
use super::ask::SurfaceRequest;
use crate::Result;
use crate::model::ReceptorKind;
use crate::sources::Source;

impl Request {
    /// Every input with its role and kind, in the order in which they are read.
    pub(super) fn sources(
        &self,
    ) -> impl Iterator<Item = (&'static str, Option<ReceptorKind>, &Source)> {
        let plain = |role| move |source| (role, None, source);
        self.sites
            .iter()
            .map(plain("sites"))
            .chain(self.incidents.iter().map(plain("incidents")))
            .chain(self.receptors.iter().map(|(kind, source)| ("receptors", *kind, source)))
    }

    /// The fingerprint of a run, in hex; `hashes` are those of the sources, in their order.
    ///
    /// # Errors
    /// A coverage file that cannot be read.
    pub(super) fn fingerprint<'h>(
        &self,
        hashes: impl IntoIterator<Item = &'h str>,
    ) -> Result<String> {
        let mut words = Words::default();
        let mut say = |text: &str| words.say(text);
        say(env!("CARGO_PKG_VERSION"));
        say(&SCHEMA_VERSION.to_string());
        for ((role, kind, source), hash) in self.sources().zip(hashes) {
            say(role);
            say(kind.map_or("", ReceptorKind::word));
            say(source.name());
            say(hash);
        }
        say(&format!("{:?}", self.read));
        say(&self.scheme.hash());
        say(&self.scheme.name);
        say(&self.as_of.map(|date| date.to_string()).unwrap_or_default());
        say(&format!("{:?}", self.bbox.map(|bounds| bounds.degrees())));
        say(&format!("{:?}", self.complete));
        say(&format!("{:?}", self.stale));
        if self.merge_sources {
            say("merge sources");
        }
        if let Some(surface) = &self.surface {
            // Whether the run would do without it decides nothing of what is drawn.
            say(&format!("{:?}", SurfaceRequest { if_any: false, ..surface.clone() }));
        }
        match &self.coverage {
            CoverageChoice::Area(source) => say(&source.hash()?),
            other => say(&format!("{other:?}")),
        }
        Ok(words.finish())
    }
}

/// The hash of a list of words.
#[derive(Default)]
pub(super) struct Words(blake3::Hasher);

impl Words {
    /// Adds a word, with its length, so that no two lists of words run into the same bytes.
    pub fn say(&mut self, text: &str) {
        self.0.update(&text.len().to_le_bytes());
        self.0.update(text.as_bytes());
    }

    /// The hash, in hex.
    pub fn finish(self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}

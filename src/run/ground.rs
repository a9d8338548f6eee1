//! A case that stays in memory for many questions: with its own sites, and without any for the sites of a question.

use super::{Cancel, Case, Performed, Request, Watch, World, perform_exposed};
use crate::Result;
use crate::sources::Source;
use std::sync::Arc;

/// A case held for questions.
#[derive(Debug)]
pub struct Ground {
    /// The request that it answers.
    pub request: Request,
    /// The case without sites.
    pub without: Case,
    /// The case with the sites of the request.
    pub case: Case,
}

impl Ground {
    /// Reads the inputs of a request once.
    ///
    /// # Errors
    /// Those of [`Case::open`].
    pub fn open(request: Request, watch: &dyn Watch, cancel: &Cancel) -> Result<Self> {
        let mut inputs = request.inputs.clone();
        let sites = std::mem::take(&mut inputs.sites);
        let world = World::read(&inputs, watch, cancel)?;
        watch.stage("indexing", None);
        let without = Case::new(Arc::new(world), &request.rules)?;
        cancel.check()?;
        let case = without.with_sites(&sites, request.rules.bbox)?;
        Ok(Self { request, without, case })
    }

    /// Scores the sites of the request, with the receptors in their reach.
    ///
    /// # Errors
    /// The question was stopped.
    pub fn perform(&self, watch: &dyn Watch, cancel: &Cancel) -> Result<Performed> {
        perform_exposed(&self.case, watch, cancel)
    }

    /// The case of other sites.
    ///
    /// # Errors
    /// Sites that cannot be read.
    pub fn with_sites(&self, sites: &[Source]) -> Result<Case> {
        self.without.with_sites(sites, None)
    }
}

//! A case that stays in memory for many questions: with its own sites, and without any for the sites of a question.

use super::{
    Cancel, Case, CoverageChoice, Performed, Request, Rules, Watch, World, perform_exposed,
};
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

    /// The same inputs under other rules, such as at another date. No input is read again, and what the rules do not change
    /// is shared. Its cases have no findings of their own.
    ///
    /// # Errors
    /// Those of [`Case::new`].
    pub fn under(&self, rules: Rules) -> Result<Self> {
        let world = Arc::clone(&self.without.world);
        let without = Case::sharing(world, &rules, Some(&self.without.security))?;
        let without = without.without_findings();
        let case = without.of_world(Arc::clone(&self.case.world), rules.bbox);
        Ok(Self { request: Request { rules, ..self.request.clone() }, without, case })
    }

    /// The hash of the file that says where incidents were collected, if there is one.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn coverage_hash(&self) -> Result<Option<String>> {
        self.coverage_file().map(Source::hash).transpose()
    }

    /// The file that says where incidents were collected, if there is one.
    pub fn coverage_file(&self) -> Option<&Source> {
        match &self.request.rules.coverage {
            CoverageChoice::Area(source) => Some(source),
            _ => None,
        }
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

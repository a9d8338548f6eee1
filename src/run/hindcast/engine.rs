//! The security intensity of every site at an origin, as `score` computes it, with nothing else measured, and from what
//! was known at the origin alone.

use crate::Result;
use crate::measures::{KernelSum, SiteProbe, Until, WeighedIncidents};
use crate::model::{CountryCode, Domain};
use crate::run::case::{country, events, subject};
use crate::run::usage::Use;
use crate::run::world::covered::Sources;
use crate::run::{CoverageChoice, Rules, World};
use crate::scoring::Scheme;
use jiff::civil::Date;
use rayon::prelude::*;

/// A world under a scheme, at one origin after another.
pub(super) struct Engine<'a> {
    world: &'a World,
    scheme: &'a Scheme,
    sources: Sources<'a>,
    subjects: Vec<SiteProbe>,
    countries: Vec<Option<CountryCode>>,
    /// The incidents of the origin before, whose trees are used again where nothing has changed.
    former: Option<(WeighedIncidents, KernelSum)>,
}

impl<'a> Engine<'a> {
    /// Prepares the sites of a world.
    ///
    /// # Errors
    /// A coverage file that cannot be read.
    pub fn new(world: &'a World, scheme: &'a Scheme, coverage: &CoverageChoice) -> Result<Self> {
        let rules =
            Rules { scheme: scheme.clone(), coverage: coverage.clone(), ..Rules::default() };
        let sites = &world.sites;
        let subjects = (0..sites.list.len()).into_par_iter();
        Ok(Self {
            world,
            scheme,
            sources: Sources::new(world, &rules)?,
            subjects: subjects.filter_map(|site| subject(scheme, sites, site)).collect(),
            countries: sites.list.par_iter().map(|site| country(scheme, site)).collect(),
            former: None,
        })
    }

    /// Where and when the files of the world collected.
    pub fn sources(&self) -> &Sources<'a> {
        &self.sources
    }

    /// The intensity of each site at an origin; `None` where it has no score.
    pub fn intensities(&mut self, origin: Date) -> Vec<Option<f64>> {
        let (world, scheme) = (self.world, self.scheme);
        let uses = Use::of_each(&world.incidents, Some(origin));
        let half_life = scheme.security.recency.half_life_days;
        let list = events(world, &uses, scheme, Some(origin), Domain::Security, half_life);
        let kernel = scheme.security_kernel();
        let (incidents, sum) = match &self.former {
            Some((former, sum)) => {
                let incidents = former.changed(list);
                let sum = sum.changed(former, &incidents, kernel);
                (incidents, sum)
            }
            None => {
                let incidents = WeighedIncidents::new(list);
                let sum = KernelSum::new(&incidents, kernel);
                (incidents, sum)
            }
        };
        let collection = self.sources.known_at(Domain::Security, origin);
        let intensities = sum.intensities(&self.subjects, &incidents, 0);
        let covered = self.subjects.par_iter().zip(&self.countries).map(|(subject, country)| {
            matches!(collection.at(subject.position, *country), Until::Current(_))
        });
        let of = |(intensity, covered): (f64, bool)| covered.then_some(intensity);
        let totals = intensities.into_par_iter().map(|intensity| intensity.total + 0.0);
        let answer = totals.zip(covered).map(of).collect();
        self.former = Some((incidents, sum));
        answer
    }

    /// Whether one source covers each site on every day from one to another.
    pub fn covered_throughout(&self, from: Date, until: Date) -> Vec<bool> {
        let collection = self.sources.throughout(Domain::Security, from, until);
        let sites = self.subjects.par_iter().zip(&self.countries);
        let covered = sites.map(|(subject, country)| {
            matches!(collection.at(subject.position, *country), Until::Current(_))
        });
        covered.collect()
    }
}

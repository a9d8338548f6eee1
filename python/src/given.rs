//! What was given, in Python's types, as the inputs and rules of a request.

use crate::errors::usage;
use crate::wait::{Job, wait};
use pyo3::prelude::*;
use pyo3_arrow::PyTable;
use std::path::{Path, PathBuf};
use tamarisk::measures::{DrawPlan, MovedBy, Vary};
use tamarisk::model::ReceptorKind;
use tamarisk::run::named::{self, ReadWords};
use tamarisk::run::{self, CoverageChoice, DRAWS, Inputs, Rules};
use tamarisk::sources::{ColumnMap, ReadOptions, Reader, Role, Source};
use tamarisk::{Code, Error, Result};

/// A path, or a name with a table of Arrow.
#[derive(FromPyObject)]
pub enum Given {
    /// A file, or `FILE:LAYER`.
    Path(PathBuf),
    /// A table by name.
    Table(String, PyTable),
}

impl Given {
    /// The source that it is.
    pub fn source(self) -> Source {
        match self {
            Self::Path(path) => Source::path(path),
            Self::Table(name, table) => {
                let (batches, schema) = table.into_inner();
                Source::table(&name, schema, batches)
            }
        }
    }

    /// Whether it may have a column; a file that cannot be opened may.
    fn may_have(&self, column: &str) -> bool {
        match self {
            Self::Path(path) => {
                let reader = Reader::open(&Source::path(path), &ReadOptions::default());
                reader.map_or(true, |reader| reader.columns().iter().any(|own| **own == *column))
            }
            // The schema is private; batches have it too, and a table without any may have whatever it likes.
            Self::Table(_, table) => table
                .batches()
                .first()
                .is_none_or(|batch| batch.schema_ref().field_with_name(column).is_ok()),
        }
    }
}

/// The files and tables of a run, by what they hold.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Roles {
    pub sites: Vec<Given>,
    pub incidents: Vec<Given>,
    /// Each with a kind of receptor, or with none if its records have theirs.
    pub receptors: Vec<(Option<String>, Given)>,
    /// By name.
    pub rasters: Vec<(String, PathBuf)>,
}

/// Everything else, by the names of the keywords.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Options {
    scheme: String,
    as_of: Option<String>,
    coverage: Option<Given>,
    complete: Vec<String>,
    stale: Option<String>,
    /// Settings such as `sites.lat=Y`, and paths of TOML files.
    columns: Vec<String>,
    /// Settings for whatever role has such a key and, of tables, such a column: `("lat", "Y")`.
    columns_of_any: Vec<(String, String)>,
    types: Vec<String>,
    crs: Option<String>,
    date_format: Option<String>,
    encoding: Option<String>,
    sheet: Option<String>,
    header_row: Option<u64>,
    decimal_comma: bool,
    #[pyo3(item("where"))]
    conditions: Vec<String>,
    since: Option<String>,
    merge_sources: bool,
    uncertainty: Option<usize>,
    vary: Vec<String>,
    calibration: Option<String>,
}

const HERE: &str = "";

impl Options {
    /// The rules.
    ///
    /// # Errors
    /// A word that means nothing; a scheme or calibration that cannot be used.
    pub fn rules(&mut self) -> Result<Rules> {
        let here = Path::new(HERE);
        let mut rules = Rules {
            scheme: named::scheme("scheme", &self.scheme, here)?,
            uncertainty: self.draws()?,
            ..Rules::default()
        };
        if let Some(day) = &self.as_of {
            rules.as_of = Some(named::date("as_of", day)?);
        }
        let kind = |word: &String| named::kind("complete", word);
        rules.complete = self.complete.iter().map(kind).collect::<Result<_>>()?;
        if let Some(coverage) = self.coverage()? {
            rules.coverage = coverage;
        }
        if let Some(word) = &self.stale {
            rules.stale = named::stale("stale", word)?;
        }
        if let Some(file) = &self.calibration {
            let calibration = named::calibration(file, here)?;
            calibration.check(std::slice::from_ref(&rules.scheme))?;
            rules.calibration = Some(calibration);
        }
        Ok(rules)
    }

    /// Where and when incidents were collected, if it was said.
    ///
    /// # Errors
    /// An unknown country; an invalid date.
    pub fn coverage(&mut self) -> Result<Option<CoverageChoice>> {
        Ok(match self.coverage.take() {
            None => None,
            Some(Given::Path(text)) => {
                Some(named::coverage("coverage", &text.to_string_lossy(), Path::new(HERE))?)
            }
            Some(table) => Some(CoverageChoice::Area(table.source())),
        })
    }

    fn draws(&self) -> Result<Option<DrawPlan>> {
        let Some(number) = self.uncertainty else { return Ok(None) };
        if !DRAWS.contains(&number) {
            let (least, most) = (DRAWS.start(), DRAWS.end());
            return Err(usage(
                Code::SettingInvalid,
                format!("uncertainty={number}: is not from {least} to {most}"),
                "the number of draws of the data, such as uncertainty=1000",
            ));
        }
        let mut plan = run::draws(number);
        if !self.vary.is_empty() {
            plan.vary = Vary::NONE;
        }
        for word in &self.vary {
            let more = plan.vary.and(word.trim());
            plan.vary = more.ok_or_else(|| {
                named::unknown("vary", word, "a kind of uncertainty", &MovedBy::WORDS)
            })?;
        }
        Ok(Some(plan))
    }

    /// How sources are read.
    ///
    /// # Errors
    /// A word that means nothing; a column map that cannot be used.
    pub fn reading(&self, roles: &Roles) -> Result<ReadOptions> {
        let mut map = self.columns.clone();
        for (key, column) in &self.columns_of_any {
            map.extend(in_sections(roles, key, column)?);
        }
        let words = ReadWords {
            crs: self.crs.clone(),
            date_format: self.date_format.clone(),
            encoding: self.encoding.clone(),
            sheet: self.sheet.clone(),
            header_row: self.header_row,
            decimal_comma: self.decimal_comma,
            map,
            types: self.types.clone(),
            since: self.since.clone(),
            conditions: self.conditions.clone(),
        };
        words.options(Path::new(HERE))
    }

    /// All inputs.
    ///
    /// # Errors
    /// Those of [`reading`](Self::reading); an unknown kind of receptor; a name of a raster that is none.
    pub fn inputs(&self, roles: Roles) -> Result<Inputs> {
        let read = self.reading(&roles)?;
        let Roles { sites, incidents, receptors, rasters } = roles;
        let sources = |given: Vec<Given>| given.into_iter().map(Given::source).collect();
        let receptor = |(word, given): (Option<String>, Given)| {
            let kind = word.map(|word| named::kind("receptors", &word)).transpose()?;
            Ok((kind, given.source()))
        };
        let raster = |(name, path): (String, PathBuf)| format!("{name}={}", path.display());
        let rasters: Vec<String> = rasters.into_iter().map(raster).collect();
        Ok(Inputs {
            sites: sources(sites),
            incidents: sources(incidents),
            receptors: receptors.into_iter().map(receptor).collect::<Result<_>>()?,
            rasters: named::rasters("rasters", &rasters, Path::new(HERE))?,
            read,
            merge_sources: self.merge_sources,
            ..Inputs::default()
        })
    }
}

/// The settings of a key of a column map that names no role, for the roles of a call.
#[pyfunction]
pub fn sections(
    py: Python<'_>,
    roles: Roles,
    key: String,
    column: String,
) -> PyResult<Vec<String>> {
    wait(py, Job::quiet(None), move |_, _| in_sections(&roles, &key, &column))
}

/// The settings of a key that names no role: for each role that has such a key and may have such a column.
fn in_sections(roles: &Roles, key: &str, column: &str) -> Result<Vec<String>> {
    let receptors: Vec<&Given> = roles.receptors.iter().map(|(_, given)| given).collect();
    let all: [(&str, Vec<&Given>); 3] = [
        ("sites", roles.sites.iter().collect()),
        ("incidents", roles.incidents.iter().collect()),
        ("receptors", receptors),
    ];
    let given = || all.iter().filter(|(_, sources)| !sources.is_empty());
    let has = |sources: &[&Given]| sources.iter().any(|source| source.may_have(column));
    // A value that is no column anywhere may be a setting, such as a date format.
    let anywhere = given().any(|(_, sources)| has(sources));
    let mut settings = Vec::new();
    let mut refused: Option<Error> = None;
    for (section, _) in given().filter(|(_, sources)| !anywhere || has(sources)) {
        let setting = format!("{section}.{key}={column}");
        match ColumnMap::parse(&setting) {
            Ok(_) => settings.push(setting),
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    match refused {
        Some(error) if settings.is_empty() => Err(error),
        _ => Ok(settings),
    }
}

impl Roles {
    /// A single source as what it is said to be; as sites where nothing is said.
    pub fn one(source: Given, said: Option<(Role, Option<ReceptorKind>)>) -> Self {
        let mut roles =
            Self { sites: vec![], incidents: vec![], receptors: vec![], rasters: vec![] };
        match said.map(|(role, _)| role) {
            Some(Role::Receptors) => roles.receptors.push((None, source)),
            Some(Role::Incidents) => roles.incidents.push(source),
            _ => roles.sites.push(source),
        }
        roles
    }

    /// The single source.
    pub fn into_one(self) -> Option<Source> {
        let receptors = self.receptors.into_iter().map(|(_, given)| given);
        self.sites.into_iter().chain(self.incidents).chain(receptors).next().map(Given::source)
    }
}

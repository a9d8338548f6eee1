//! Stores the columns that incidents came with: all except those of the place, which is written as geometry,
//! and what they say about actors, location and source.

use super::columns::{Entry, Field as F, Role, word_of};
use super::row::Row;
use crate::model::{Own, PageWriter};
use crate::sources::options::ReadOptions;
use crate::sources::values::ids::Identified;
use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Names of columns about an incident that are not used for scoring. Such words also occur above groups of
/// columns and in unrelated tables, so they identify neither a header nor a data set.
pub(crate) const REPORTED: &[Entry] = &[
    (
        F::Actors,
        "actors_claimed",
        &[
            "actor",
            "actors",
            "actor1",
            "actor_1",
            "actor1_name",
            "side_a",
            "gname",
            "perpetrator",
            "perpetrators",
            "perpetrator_group",
            "perpetrator_name",
            "armed_group",
            "responsible",
        ],
    ),
    (
        F::OtherActors,
        "other_actors",
        &["actor2", "actor_2", "actor2_name", "side_b", "target_actor"],
    ),
    (
        F::Location,
        "location",
        &[
            "location_name",
            "place_name",
            "place",
            "locality",
            "town",
            "village",
            "city",
            "where_coordinates",
            "where_description",
        ],
    ),
    (
        F::Source,
        "source",
        &[
            "sources",
            "source_name",
            "reported_by",
            "reporter",
            "data_source",
            "news_source",
            "source_article",
            "source_office",
            "scite1",
        ],
    ),
    (F::Link, "source_url", &["url", "link", "source_link", "web_link", "report_url", "href"]),
];

/// Prefix of original columns in an incident layer written by Tamarisk.
const PREFIX: &str = "incident_";

/// Columns that identify such a layer. The original columns have the prefix; the others are results and are
/// computed again.
const OURS: [&str; 8] = [
    "domain",
    "security_type",
    "age_days",
    "severity",
    "decay",
    "weight",
    "used",
    "unused_because",
];

/// Whether the columns are those of an incident layer written by Tamarisk.
fn are_ours(columns: &[Arc<str>]) -> bool {
    OURS.into_iter().all(|name| columns.iter().any(|column| **column == *name))
}

/// Returns the columns with the names that may have a meaning. In an incident layer written by Tamarisk, the
/// original columns are hidden, because the columns beside them give the results.
pub(super) fn telling(role: Role, columns: &[Arc<str>]) -> Cow<'_, [Arc<str>]> {
    if role != Role::Incidents || !are_ours(columns) {
        return Cow::Borrowed(columns);
    }
    let hidden = |name: &Arc<str>| if name.starts_with(PREFIX) { "".into() } else { name.clone() };
    columns.iter().map(hidden).collect()
}

/// Whether the items of a file keep their original columns, which they do until there are too many.
#[derive(Debug)]
pub(crate) struct Keeping {
    most: usize,
    goes_on: AtomicBool,
}

impl Keeping {
    /// Creates the rule for a role. Sites store their columns themselves.
    pub fn of(role: Role, options: &ReadOptions) -> Arc<Self> {
        let most = if role == Role::Incidents { options.incident_columns.most() } else { 0 };
        Arc::new(Self { most, goes_on: AtomicBool::new(most > 0) })
    }

    /// Returns a store for the columns of a part, as long as columns are kept.
    pub fn keeper(&self) -> Option<Box<Keeper>> {
        self.goes_on.load(Ordering::Relaxed).then(Box::default)
    }

    /// Gives the items of a part the page that holds their columns.
    pub fn hand_out<T: Identified>(&self, keeper: Option<Box<Keeper>>, things: &mut [T]) {
        if let Some(keeper) = keeper.filter(|_| self.goes_on.load(Ordering::Relaxed)) {
            let page = Arc::new(keeper.writer.finish());
            things.iter_mut().for_each(|thing| thing.own_on(Some(&page)));
        }
    }

    /// Drops the columns of all items so far if there are too many. Pages of later parts are never handed out
    /// then, so the result does not depend on how many parts had been started.
    pub fn hold<T: Identified>(&self, things: &mut [T]) {
        if things.len() > self.most && self.goes_on.swap(false, Ordering::Relaxed) {
            things.iter_mut().for_each(|thing| thing.own_on(None));
        }
    }
}

/// Stores the columns of the records of a part of a file.
#[derive(Debug, Default)]
pub(crate) struct Keeper {
    writer: PageWriter,
    /// Indices of the stored columns.
    columns: Vec<usize>,
    /// Number of columns when these were chosen; features may add more.
    known: usize,
    /// Whether the file was written by Tamarisk.
    ours: bool,
}

impl Keeper {
    /// Adds new columns.
    fn add(&mut self, row: &Row<'_>) {
        let place = [F::Lon, F::Lat, F::Geometry].map(|field| row.binding.column(field));
        if self.known == 0 {
            self.ours = are_ours(row.columns);
        }
        for (at, name) in row.columns.iter().enumerate().skip(self.known) {
            let own = name.strip_prefix(PREFIX).filter(|_| self.ours);
            if place.contains(&Some(at)) || self.ours && own.is_none() {
                continue;
            }
            self.columns.push(at);
            self.writer.add(own.map_or_else(|| name.clone(), Arc::from));
        }
        self.known = row.columns.len();
    }

    /// Returns the text of a field. In a layer written by Tamarisk, columns with common names have other
    /// meanings.
    fn said<'r>(&self, row: &'r Row<'_>, field: F) -> Option<Cow<'r, str>> {
        let is_ours = row.column(field) == word_of(row.rules.role, field);
        row.word(field).filter(|_| is_ours || !self.ours)
    }
}

impl Row<'_> {
    /// Stores the columns of the record, if they are kept.
    pub fn own(&mut self) -> Own {
        let Some(mut keeper) = self.state.own.take() else { return Own::default() };
        if keeper.known != self.columns.len() {
            keeper.add(self);
        }
        let actors = match (keeper.said(self, F::Actors), keeper.said(self, F::OtherActors)) {
            (Some(one), Some(other)) if one != other => Some(Cow::Owned(format!("{one}; {other}"))),
            (one, other) => one.or(other),
        };
        let location = keeper.said(self, F::Location).or_else(|| keeper.said(self, F::Name));
        let (source, link) = (keeper.said(self, F::Source), keeper.said(self, F::Link));
        let said = [&actors, &location, &source, &link].map(Option::as_deref);
        let Keeper { writer, columns, .. } = &mut *keeper;
        let values = columns.iter().map(|at| self.record.field(*at));
        let own = writer.write(said, values).unwrap_or_default();
        self.state.own = Some(keeper);
        own
    }
}

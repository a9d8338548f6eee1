//! The columns that incidents came with, written down as they are read: all but those of the place, which goes
//! out as geometry, and what they say of actors, place and source.

use super::columns::{Entry, Field as F, Role, word_of};
use super::row::Row;
use crate::model::{Own, PageWriter};
use crate::sources::options::ReadOptions;
use crate::sources::values::ids::Identified;
use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a source says of an incident besides what is measured by. Such words stand over groups of columns,
/// too, and in tables of all sorts: none of them tells a header or a data set.
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

/// What the columns of a layer of incidents that we have written begin with.
const PREFIX: &str = "incident_";

/// Columns by which such a layer is told. What it came with is in those with the prefix; the others say what
/// was made of it, and are made anew.
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

/// Whether columns are those of a layer of incidents that we have written.
fn are_ours(columns: &[Arc<str>]) -> bool {
    OURS.into_iter().all(|name| columns.iter().any(|column| **column == *name))
}

/// The columns of a file by the names that may mean something: in a layer of ours what its sources had does not,
/// since it is told by the columns beside it.
pub(super) fn telling(role: Role, columns: &[Arc<str>]) -> Cow<'_, [Arc<str>]> {
    if role != Role::Incidents || !are_ours(columns) {
        return Cow::Borrowed(columns);
    }
    let hidden = |name: &Arc<str>| if name.starts_with(PREFIX) { "".into() } else { name.clone() };
    columns.iter().map(hidden).collect()
}

/// Whether the things of a file keep the columns they came with, as they do until there are too many.
#[derive(Debug)]
pub(crate) struct Keeping {
    most: usize,
    goes_on: AtomicBool,
}

impl Keeping {
    /// For the things of a role. Sites have their columns with them.
    pub fn of(role: Role, options: &ReadOptions) -> Arc<Self> {
        let most = if role == Role::Incidents { options.incident_columns.most() } else { 0 };
        Arc::new(Self { most, goes_on: AtomicBool::new(most > 0) })
    }

    /// What writes the columns of a part, while they are kept.
    pub fn keeper(&self) -> Option<Box<Keeper>> {
        self.goes_on.load(Ordering::Relaxed).then(Box::default)
    }

    /// Gives the things of a part the page on which their columns are.
    pub fn hand_out<T: Identified>(&self, keeper: Option<Box<Keeper>>, things: &mut [T]) {
        if let Some(keeper) = keeper.filter(|_| self.goes_on.load(Ordering::Relaxed)) {
            let page = Arc::new(keeper.writer.finish());
            things.iter_mut().for_each(|thing| thing.own_on(Some(&page)));
        }
    }

    /// Forgets the columns of all things so far where there are too many. What parts further on have written
    /// by then is never handed out, so that it does not matter which had begun.
    pub fn hold<T: Identified>(&self, things: &mut [T]) {
        if things.len() > self.most && self.goes_on.swap(false, Ordering::Relaxed) {
            things.iter_mut().for_each(|thing| thing.own_on(None));
        }
    }
}

/// What writes the columns of the records of a part of a file.
#[derive(Debug, Default)]
pub(crate) struct Keeper {
    writer: PageWriter,
    /// Which columns are written.
    columns: Vec<usize>,
    /// How many columns there were when that was found: features may bring more.
    known: usize,
    /// Whether we have written the file.
    ours: bool,
}

impl Keeper {
    /// Adds the columns that have come.
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

    /// What a field says. A layer of ours has columns of other meanings under usual names.
    fn said<'r>(&self, row: &'r Row<'_>, field: F) -> Option<Cow<'r, str>> {
        let is_ours = row.column(field) == word_of(row.manner.role, field);
        row.word(field).filter(|_| is_ours || !self.ours)
    }
}

impl Row<'_> {
    /// Writes down the columns of the record, where somebody asks for them.
    pub fn own(&mut self) -> Own {
        let Some(mut keeper) = self.gathered.own.take() else { return Own::default() };
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
        self.gathered.own = Some(keeper);
        own
    }
}

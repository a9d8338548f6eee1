//! What a question chooses: the region, the scheme and the date; and the list of what there is to choose from.

use super::answer::Answer;
use super::params::{Kind, Param};
use super::problem::{Kind as Of, Problem};
use super::routes::{Asked, Cost, Form, Route};
use super::snapshot::{Set, refused};
use crate::earth::Position;
use crate::run::{Ground, Which};
use hyper::Method;
use jiff::civil::Date;
use serde::Serialize;
use std::sync::Arc;

/// The region.
pub const REGION: Param = Param::new(
    "region",
    Kind::Text(1),
    "The region of the plan, by name. Without it, the first whose box holds the place, or that has the site; of regions \
     without a box that with the nearest site, and else the first. Of several places the first counts",
    "Chagai",
);

/// The scheme.
pub const SCHEME: Param = Param::new(
    "scheme",
    Kind::Text(1),
    "The scheme of the plan, by name; the first without it",
    "default",
);

/// The date.
pub const AS_OF: Param = Param::new(
    "as_of",
    Kind::Day,
    "The date from which ages are counted, any day; without it the newest of the plan, or that of the newest incident",
    "2025-12-31",
);

/// What a question is about, which chooses its region.
#[derive(Clone, Copy)]
pub enum About<'a> {
    /// A place.
    Place(Position),
    /// A site by id or name.
    Site(&'a str),
    /// Nothing that is known yet.
    Unknown,
}

/// The ground that a question chooses, at any date.
///
/// # Errors
/// Only layers are known; there is no such region or scheme.
pub fn ground(asked: &Asked<'_>, about: About<'_>) -> Result<Arc<Ground>, Problem> {
    chosen(asked, about, asked.values.day("as_of"))
}

/// The ground that a question chooses, at the date that answers have without another one.
///
/// # Errors
/// Those of [`ground`].
pub fn undated(asked: &Asked<'_>, about: About<'_>) -> Result<Arc<Ground>, Problem> {
    chosen(asked, about, None)
}

fn chosen(
    asked: &Asked<'_>,
    about: About<'_>,
    as_of: Option<Date>,
) -> Result<Arc<Ground>, Problem> {
    let grounds = asked.snapshot.grounds()?;
    let region = match (asked.values.text("region"), about) {
        (Some(word), _) => grounds.region(word),
        (None, About::Place(place)) => Ok(grounds.region_at(place)),
        (None, About::Site(called)) => Ok(grounds.region_of(called)),
        (None, About::Unknown) => Ok(0),
    };
    let region = region.map_err(|error| refused(&error).with("parameter", "region"))?;
    let scheme = asked.values.text("scheme").map_or(Ok(0), |word| grounds.scheme(word));
    let scheme = scheme.map_err(|error| refused(&error).with("parameter", "scheme"))?;
    asked.cancel.check().map_err(|error| refused(&error))?;
    grounds.at(Which { region, scheme, as_of }).map_err(|error| refused(&error))
}

/// The path of the list.
pub fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: "/choices",
        id: "choices",
        says: "The regions, schemes and dates that questions can choose, and the layers of each",
        forms: &[Form::Json, Form::Html],
        media: "application/json",
        params: &[],
        takes: None,
        cost: Cost::Free,
        open: false,
        tagged: true,
        answer: choices,
    }]
}

/// What there is to choose from.
#[derive(Serialize)]
struct Choices<'a> {
    /// Whether questions on any place are answered, not only layers.
    live: bool,
    /// Why they are not.
    needs: Option<&'static str>,
    /// The day that answers have without another one.
    as_of: Option<&'a str>,
    /// The names of the regions, the default first; none if there is only one without a name.
    regions: Vec<&'a str>,
    /// The names of the schemes, the default first.
    schemes: Vec<&'a str>,
    /// The layers of each region under each scheme.
    layers: &'a [Set],
    /// What is not served, and why.
    notes: &'a [String],
}

/// What questions need where only layers are known.
pub const NEEDS: &str = "the server holds layers without their inputs; start it with a plan, or with the files of sites \
     and incidents, beside the folder";

fn choices(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let snapshot = asked.snapshot;
    let grounds = snapshot.grounds.as_ref();
    let regions = grounds.map(|of| of.regions().filter(|name| !name.is_empty()).collect());
    let choices = Choices {
        live: grounds.is_some(),
        needs: grounds.is_none().then_some(NEEDS),
        as_of: snapshot.as_of.as_deref(),
        regions: regions.unwrap_or_default(),
        schemes: grounds.map(|of| of.schemes().collect()).unwrap_or_default(),
        layers: &snapshot.sets,
        notes: &snapshot.notes,
    };
    let text = serde_json::to_string(&choices)
        .map_err(|error| Problem::new(Of::Internal, error.to_string()))?;
    Ok(Answer::text("application/json", text + "\n"))
}

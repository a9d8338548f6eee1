//! Questions to the engine. Each answer is the JSON that the command line prints.

use super::answer::{Answer, Cache};
use super::choices::{self, AS_OF, About, REGION, SCHEME};
use super::params::{self, Kind, Param, Values};
use super::problem::{Kind as Of, Problem};
use super::routes::{Asked, Cost, Form, Route, Takes};
use super::snapshot::refused;
use crate::earth::Length;
use crate::model::Site;
use crate::run::{
    self, Case, Corridor, CorridorQuery, Ground, NearQuery, RankBy, Rules, Unwatched, named,
};
use crate::sinks;
use crate::sources::Source;
use hyper::Method;
use serde::Serialize;
use std::sync::Arc;

const AT: Param = Param::new(
    "at",
    Kind::Position,
    "The place: longitude, then latitude, in degrees",
    "62.05,29.12",
);
const PLACE: Param = AT.needed();
const SITE: Param = Param::new("site", Kind::Text(1), "The site, by id or name", "reko-diq");
const WITHIN: Param = Param::new("within", Kind::Length, "Maximum distance", "50km");
const K: Param = Param::new(
    "k",
    Kind::Integer { least: 1, most: 1000, default: None, capped: false },
    "Maximum number of results, nearest first; 10 unless within is given",
    "10",
);
const KIND: Param =
    Param::new("kind", Kind::Words(&[]), "Kinds to list", "incident,settlements").format("kind");
const ACCURACY: Param = Param::new(
    "accuracy",
    Kind::Length,
    "Accuracy of the coordinate: the radius that holds the true place with 90 % probability",
    "1km",
);
const NAME: Param = Param::new("name", Kind::Text(1), "Name of the place", "Camp%20A");
const MOST: Param = Param::new(
    "most",
    Kind::Integer { least: 0, most: 1_000_000, default: None, capped: true },
    "How many incidents are listed, strongest first; the rest is summed up. All without it",
    "20",
);
const WITHOUT: Param = Param::new(
    "without",
    Kind::Words(&[]),
    "What if these incidents, by id, had not happened; ids with commas as a JSON array of texts",
    "i1,i2",
)
.format("incident-id");
const ADD: Param = Param::new(
    "add",
    Kind::Text(1),
    "What if these incidents had happened as well: LON,LAT,TYPE[,DEATHS[,DATE]], several with ; between",
    "66.5,29.6,attack,3",
)
.format("incident");
const BY: Param = Param::new(
    "by",
    Kind::Word(&["overall", "security", "environment"]),
    "The score to rank by; by default overall if every candidate has one, else security",
    "security",
);
const STEP: Param =
    Param::new("step", Kind::Length, "Length of the steps that are scored; 1km by default", "1km");
const ALONG: Param = Param::new(
    "within",
    Kind::Length,
    "Count incidents within this distance; 10km by default",
    "10km",
);

/// A question asked by POST, so that its parameters are in no address.
const FORM: Takes =
    Takes { media: &[params::FORM], says: "The parameters of the question, as a form" };

/// Places and routes.
const PLACES: Takes = Takes {
    media: &["application/geo+json", "application/json", "text/csv"],
    says: "Places as GeoJSON or CSV, as a file of sites",
};

/// The paths of questions.
pub fn routes() -> Vec<Route> {
    let question = |method, path, id, says, params, answer| Route {
        takes: (method == Method::POST).then_some(FORM),
        tagged: method == Method::GET,
        forms: if method == Method::GET { &[Form::Json, Form::Html] } else { &[Form::Only] },
        method,
        path,
        id,
        says,
        media: "application/json",
        params,
        cost: Cost::Work,
        open: false,
        answer,
    };
    let list = |path, id, says, params, answer| Route {
        takes: Some(PLACES),
        ..question(Method::POST, path, id, says, params, answer)
    };
    let (near_says, risk_says) =
        ("What lies near a place or a site, nearest first", "The scores of a place, taken apart");
    let explain_says = "The scores of a site taken apart, or what other incidents would change";
    let of_explain: &[&Param] = &[&MOST, &WITHOUT, &ADD, &AS_OF, &REGION, &SCHEME];
    let of_near: &[&Param] = &[&AT, &SITE, &WITHIN, &K, &KIND, &AS_OF, &REGION];
    let of_risk: &[&Param] = &[&PLACE, &ACCURACY, &NAME, &MOST, &AS_OF, &REGION, &SCHEME];
    let of_rank: &[&Param] = &[&BY, &AS_OF, &REGION, &SCHEME];
    let of_corridor: &[&Param] = &[&STEP, &ALONG, &AS_OF, &REGION, &SCHEME];
    let steps_says = "The steps of routes with their scores, each a line";
    vec![
        question(Method::GET, "/near", "near", near_says, of_near, near),
        question(Method::POST, "/near", "nearByForm", near_says, of_near, near),
        question(Method::GET, "/risk", "risk", risk_says, of_risk, risk),
        question(Method::POST, "/risk", "riskByForm", risk_says, of_risk, risk),
        question(Method::GET, "/explain/{site}", "explain", explain_says, of_explain, explain),
        question(
            Method::POST,
            "/explain/{site}",
            "explainByForm",
            explain_says,
            of_explain,
            explain,
        ),
        list("/rank", "rank", "Candidates in order, the lowest risk first", of_rank, rank),
        list("/corridor", "corridor", "The scores along routes", of_corridor, corridor),
        Route {
            media: "application/geo+json",
            ..list("/corridor/steps", "corridorSteps", steps_says, of_corridor, steps)
        },
    ]
}

/// The bytes that the command line prints.
fn printed(answer: &impl Serialize, cache: Cache) -> Result<Answer, Problem> {
    let text = run::json(answer).map_err(|error| refused(&error))?;
    Ok(Answer::text("application/json", text + "\n").cached(cache))
}

fn near(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let about = match (asked.values.position("at"), asked.values.text("site")) {
        (Some(at), _) => About::Place(at),
        (None, Some(called)) => About::Site(called),
        (None, None) => About::Unknown,
    };
    // What lies there is the same at any date, but for what has not happened by then.
    let ground = choices::undated(asked, about)?;
    let until = asked.values.day("as_of").or(ground.request.rules.as_of);
    let kinds = asked.values.words("kind").iter().map(|word| named::thing("kind", word));
    let query = NearQuery {
        within: asked.values.length("within"),
        most: asked.values.count("k"),
        kinds: kinds.collect::<crate::Result<_>>().map_err(|error| refused(&error))?,
        since: ground.request.inputs.read.rows.since,
        until,
    };
    let world = &ground.case.world;
    let site = asked.values.text("site").map(|called| ground.case.sites.called(called));
    let site = site.transpose().map_err(|error| refused(&error))?;
    let from = match (asked.values.position("at"), site.and_then(|at| world.sites.list.get(at))) {
        (Some(_), Some(_)) => {
            return Err(Problem::bad_value(
                "site",
                "at and site are both given; one place is asked for",
            ));
        }
        (Some(at), None) => at,
        (None, Some(site)) => site.position,
        (None, None) => {
            return Err(Problem::new(Of::MissingParameter, "neither at nor site is given")
                .with("hint", "a coordinate, at=62.05,29.12, or a site by id or name"));
        }
    };
    let found = run::near(world, from, site, &query, asked.cancel);
    let found = found.map_err(|error| refused(&error))?;
    let answer = match asked.values.day("as_of") {
        None => found.with_coverage_of(&ground.case),
        until => {
            let rules = Rules { as_of: until, ..ground.request.rules.clone() };
            found.with_coverage(world, &rules).map_err(|error| refused(&error))?
        }
    };
    printed(&answer, Cache::Tagged)
}

/// The place that a question is about.
fn place(values: &Values) -> Result<Site, Problem> {
    let at = values.position("at").ok_or_else(|| {
        Problem::new(Of::MissingParameter, "at is missing").with("parameter", "at")
    })?;
    let name = values.text("name").unwrap_or("place");
    Ok(Site::at(name, name, at, values.length("accuracy")))
}

fn risk(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let place = place(&asked.values)?;
    let ground = scored(asked, About::Place(place.position))?;
    let explained = run::risk(&ground.without, place, asked.values.count("most"));
    let explained = explained.ok_or_else(|| Problem::bad_value("at", "there is no such place"))?;
    printed(&explained, Cache::Tagged)
}

fn explain(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let called = asked.part("site");
    let ground = scored(asked, About::Site(called))?;
    let (case, values) = (&ground.case, &asked.values);
    let site = case.sites.called(called).map_err(|error| refused(&error))?;
    let (without, add) = (values.words("without"), values.text("add"));
    let most = values.count("most");
    if !without.is_empty() || add.is_some() {
        let added = add.iter().flat_map(|text| text.split(';')).map(|one| named::added("add", one));
        let added = added.collect::<crate::Result<Vec<_>>>().map_err(|error| refused(&error))?;
        let answer = run::what_if(case, &ground.request.rules, site, without, &added, most);
        return printed(&answer.map_err(|error| refused(&error))?, Cache::Tagged);
    }
    let gone = || Problem::new(Of::NoSuchSite, "there is no such site");
    printed(&run::explain(case, site, most).ok_or_else(gone)?, Cache::Tagged)
}

fn rank(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let case = of_body(asked)?;
    if case.sites.list.len() > MOST_CANDIDATES {
        let detail = format!(
            "the body has {} candidates of at most {MOST_CANDIDATES}",
            case.sites.list.len()
        );
        return Err(Problem::new(Of::BadBody, detail));
    }
    let by = asked.values.text("by").map(|word| match word {
        "overall" => RankBy::Overall,
        "environment" => RankBy::Environment,
        _ => RankBy::Security,
    });
    let scored = run::perform(&case, &Unwatched, asked.cancel).map_err(|error| refused(&error))?;
    printed(&run::rank(&case, &scored, by), Cache::None)
}

fn corridor(asked: &Asked<'_>) -> Result<Answer, Problem> {
    printed(&along(asked)?, Cache::None)
}

fn steps(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let mut text = Vec::new();
    sinks::geojson::write(&along(asked)?.layer(), &mut text)
        .map_err(|error| Problem::new(Of::Internal, error.to_string()))?;
    Ok(Answer::text("application/geo+json", text).cached(Cache::None))
}

/// The scores along the routes of the body.
fn along(asked: &Asked<'_>) -> Result<Corridor, Problem> {
    let case = of_body(asked)?;
    let query = CorridorQuery {
        step: asked.values.length("step").unwrap_or(Length::from_km(1.0)),
        within: asked.values.length("within").unwrap_or(Length::from_km(10.0)),
    };
    run::corridor(&case, query, &Unwatched, asked.cancel).map_err(|error| refused(&error))
}

/// Candidates of a ranking at most.
const MOST_CANDIDATES: usize = 1000;

/// The case of the places in the body.
fn of_body(asked: &Asked<'_>) -> Result<Case, Problem> {
    let read = |ground: &Ground| ground.with_sites(&[body(asked)]).map_err(|error| refused(&error));
    let ground = scored(asked, About::Unknown)?;
    let case = read(&ground)?;
    // The first place chooses the region, and it has to be read to be known.
    let first = case.sites.list.first().map(|place| place.position);
    let Some(place) = first.filter(|_| asked.values.text("region").is_none()) else {
        return Ok(case);
    };
    let there = scored(asked, About::Place(place))?;
    if Arc::ptr_eq(&there, &ground) { Ok(case) } else { read(&there) }
}

/// The body as a file of sites.
fn body(asked: &Asked<'_>) -> Source {
    let name = if asked.body_media == "text/csv" { "body.csv" } else { "body.geojson" };
    Source::bytes(name, asked.body.to_vec())
}

/// What scores places: incidents, receptors or rasters.
fn scored(asked: &Asked<'_>, about: About<'_>) -> Result<Arc<Ground>, Problem> {
    let ground = choices::ground(asked, about)?;
    let inputs = &ground.request.inputs;
    if inputs.incidents.is_empty() && inputs.receptors.is_empty() && inputs.rasters.is_empty() {
        return Err(Problem::new(
            Of::NeedsInputs,
            "the server has neither incidents nor receptors",
        ));
    }
    Ok(ground)
}

//! Questions to the engine. Each answer is the JSON that the command line prints.

use super::answer::{Answer, Cache};
use super::params::{self, Kind, Param, Values};
use super::problem::{Kind as Of, Problem};
use super::routes::{Asked, Cost, Form, Route, Takes};
use super::snapshot::refused;
use crate::earth::Length;
use crate::model::Site;
use crate::run::{self, CorridorQuery, Ground, NearQuery, RankBy, Rules, Unwatched, named};
use crate::sources::Source;
use hyper::Method;
use serde::Serialize;

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
    "What if these incidents, by id, had not happened",
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
    let of_explain: &[&Param] = &[&MOST, &WITHOUT, &ADD];
    let (of_near, of_risk): (&[&Param], &[&Param]) =
        (&[&AT, &SITE, &WITHIN, &K, &KIND], &[&PLACE, &ACCURACY, &NAME, &MOST]);
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
        list("/rank", "rank", "Candidates in order, the lowest risk first", &[&BY], rank),
        list("/corridor", "corridor", "The scores along routes", &[&STEP, &ALONG], corridor),
    ]
}

/// The bytes that the command line prints.
fn printed(answer: &impl Serialize, cache: Cache) -> Result<Answer, Problem> {
    let text = run::json(answer).map_err(|error| refused(&error))?;
    Ok(Answer::text("application/json", text + "\n").cached(cache))
}

fn near(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let ground = asked.snapshot.ground()?;
    let kinds = asked.values.words("kind").iter().map(|word| named::thing("kind", word));
    let query = NearQuery {
        within: asked.values.length("within"),
        most: asked.values.count("k"),
        kinds: kinds.collect::<crate::Result<_>>().map_err(|error| refused(&error))?,
        since: ground.request.inputs.read.rows.since,
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
    let answer = run::near(world, from, site, &query);
    let answer = answer.with_coverage(world, &Rules::default()).map_err(|error| refused(&error))?;
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
    let ground = scored(asked)?;
    let explained = run::risk(&ground.without, place(&asked.values)?);
    let explained = explained.ok_or_else(|| Problem::bad_value("at", "there is no such place"))?;
    printed(&explained.limited(asked.values.count("most")), Cache::Tagged)
}

fn explain(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let ground = scored(asked)?;
    let (case, values) = (&ground.case, &asked.values);
    let site = case.sites.called(asked.part("site")).map_err(|error| refused(&error))?;
    let (without, add) = (values.words("without"), values.text("add"));
    let most = values.count("most");
    if !without.is_empty() || add.is_some() {
        let added = add.iter().flat_map(|text| text.split(';')).map(|one| named::added("add", one));
        let added = added.collect::<crate::Result<Vec<_>>>().map_err(|error| refused(&error))?;
        let answer = run::what_if(case, &ground.request.rules, site, without, &added);
        return printed(&answer.map_err(|error| refused(&error))?.limited(most), Cache::Tagged);
    }
    let gone = || Problem::new(Of::NoSuchSite, "there is no such site");
    printed(&run::explain(case, site).ok_or_else(gone)?.limited(most), Cache::Tagged)
}

fn rank(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let ground = scored(asked)?;
    let case = ground.with_sites(&[body(asked)]).map_err(|error| refused(&error))?;
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
    let ground = scored(asked)?;
    let case = ground.with_sites(&[body(asked)]).map_err(|error| refused(&error))?;
    let query = CorridorQuery {
        step: asked.values.length("step").unwrap_or(Length::from_km(1.0)),
        within: asked.values.length("within").unwrap_or(Length::from_km(10.0)),
    };
    let answer = run::corridor(&case, query, &Unwatched, asked.cancel);
    printed(&answer.map_err(|error| refused(&error))?, Cache::None)
}

/// Candidates of a ranking at most.
const MOST_CANDIDATES: usize = 1000;

/// The body as a file of sites.
fn body(asked: &Asked<'_>) -> Source {
    let name = if asked.body_media == "text/csv" { "body.csv" } else { "body.geojson" };
    Source::bytes(name, asked.body.to_vec())
}

/// What scores places: incidents, receptors or rasters.
fn scored<'a>(asked: &'a Asked<'_>) -> Result<&'a Ground, Problem> {
    let ground = asked.snapshot.ground()?;
    let inputs = &ground.request.inputs;
    if inputs.incidents.is_empty() && inputs.receptors.is_empty() && inputs.rasters.is_empty() {
        return Err(Problem::new(
            Of::NeedsInputs,
            "the server has neither incidents nor receptors",
        ));
    }
    Ok(ground)
}

//! OGC API Processes: the questions as processes that answer at once. An execution is answered by the function of the
//! question's own path, so its bytes are the same.

use super::answer::{Answer, Cache};
use super::params::{Param, parse};
use super::problem::{Kind, Problem};
use super::routes::{Asked, Cost, Form, Route, Takes};
use bytes::Bytes;
use hyper::Method;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The ids of the routes that are processes.
const PROCESSES: [&str; 5] = ["risk", "near", "explain", "rank", "corridor"];

/// The input that is the body of the question's own path.
const PLACES: &str = "places";

/// What an execution asks.
const EXECUTE: Takes = Takes {
    media: &["application/json"],
    says: "inputs by the names of the process, and response: raw or document",
};

/// The paths of processes.
pub fn routes() -> Vec<Route> {
    let get = |path, id, says, answer| Route {
        method: Method::GET,
        path,
        id,
        says,
        forms: &[Form::Json, Form::Html],
        media: "application/json",
        params: &[],
        takes: None,
        cost: Cost::Free,
        open: false,
        tagged: true,
        answer,
    };
    vec![
        get("/processes", "processes", "Questions as processes", processes),
        get("/processes/{process}", "process", "A process with its inputs", process),
        Route {
            method: Method::POST,
            forms: &[Form::Only],
            takes: Some(EXECUTE),
            cost: Cost::Work,
            tagged: false,
            ..get("/processes/{process}/execution", "execute", "Asks and answers at once", execute)
        },
    ]
}

/// The route of a process.
fn route<'a>(asked: &'a Asked<'_>, name: &str) -> Option<&'a Route> {
    let known = PROCESSES.contains(&name);
    asked.shared.routes.iter().find(|route| known && route.id == name)
}

fn found<'a>(asked: &'a Asked<'_>) -> Result<&'a Route, Problem> {
    let name = asked.part("process");
    route(asked, name).ok_or_else(|| {
        Problem::new(Kind::NoSuchProcess, format!("there is no process {name:?}"))
            .with("hint", format!("there are {}", PROCESSES.join(", ")))
    })
}

fn processes(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let all = PROCESSES.iter().filter_map(|name| route(asked, name));
    let all: Vec<Value> = all.map(|route| summary(asked, route).into()).collect();
    let base = &asked.base;
    let own =
        json!({"rel": "self", "type": "application/json", "href": format!("{base}/processes")});
    Ok(told(&json!({"title": "Processes", "processes": all, "links": [own]})))
}

fn process(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let route = found(asked)?;
    let mut about = summary(asked, route);
    let mut inputs: Map<String, Value> =
        route.params.iter().map(|param| (param.name.to_owned(), input(param))).collect();
    for part in of_path(route) {
        let schema = json!({"type": "string", "minLength": 1});
        inputs.insert(part.to_owned(), json!({"title": part, "minOccurs": 1, "schema": schema}));
    }
    if let Some(takes) = route.takes {
        let schema = json!({"oneOf": [
            {"type": "object", "description": "GeoJSON"},
            {"type": "string", "contentMediaType": "text/csv"},
        ]});
        inputs.insert(
            PLACES.to_owned(),
            json!({"title": takes.says, "minOccurs": 1, "schema": schema}),
        );
    }
    about.insert("inputs".to_owned(), inputs.into());
    let answer = json!({"title": route.says, "schema": {"type": "object"}});
    about.insert("outputs".to_owned(), json!({"answer": answer}));
    Ok(told(&about.into()))
}

fn summary(asked: &Asked<'_>, route: &Route) -> Map<String, Value> {
    let here = format!("{}/processes/{}", asked.base, route.id);
    let link = |rel, href| json!({"rel": rel, "type": "application/json", "href": href});
    let execute = "http://www.opengis.net/def/rel/ogc/1.0/execute";
    let about = json!({
        "id": route.id,
        "title": route.says,
        "version": env!("CARGO_PKG_VERSION"),
        "jobControlOptions": ["sync-execute"],
        "outputTransmission": ["value"],
        "links": [link("self", here.clone()), link(execute, format!("{here}/execution"))],
    });
    match about {
        Value::Object(about) => about,
        _ => Map::new(),
    }
}

fn input(param: &Param) -> Value {
    let least = i32::from(param.required);
    json!({
        "title": param.name,
        "description": format!("{}; such as {}", param.says, param.example),
        "minOccurs": least,
        "schema": param.schema(),
    })
}

/// The names of a path's parts that have one.
fn of_path(route: &Route) -> impl Iterator<Item = &'static str> {
    route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn told(body: &Value) -> Answer {
    Answer::text("application/json", format!("{body}\n"))
}

/// A request for an execution. Of outputs there is one, and it comes in the answer.
#[derive(Deserialize)]
struct Execution<'a> {
    #[serde(borrow, default)]
    inputs: BTreeMap<String, &'a RawValue>,
    #[serde(default)]
    response: Response,
}

#[derive(Deserialize, Default, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Response {
    #[default]
    Raw,
    Document,
}

fn execute(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let route = found(asked)?;
    let execution: Execution<'_> = serde_json::from_slice(&asked.body).map_err(|error| {
        Problem::new(Kind::BadBody, format!("the body is no execution: {error}"))
    })?;
    let mut query = form_urlencoded::Serializer::new(String::new());
    let (mut path, mut body, mut body_media) = (Vec::new(), Bytes::new(), String::new());
    for (name, raw) in &execution.inputs {
        if route.takes.is_some() && name == PLACES {
            (body, body_media) = places(raw)?;
        } else if of_path(route).any(|part| part == name) {
            path.push((name.clone(), text(name, raw)?));
        } else {
            query.append_pair(name, &text(name, raw)?);
        }
    }
    let missing = of_path(route).find(|part| !path.iter().any(|(name, _)| name == part));
    let missing = missing.or_else(|| (route.takes.is_some() && body.is_empty()).then_some(PLACES));
    if let Some(name) = missing {
        return Err(Problem::new(Kind::MissingParameter, format!("the input {name} is missing"))
            .with("parameter", name));
    }
    let inner = Asked {
        snapshot: asked.snapshot,
        shared: asked.shared,
        route,
        path,
        values: parse(&query.finish(), route.params)?,
        form: Form::Json,
        body,
        body_media,
        base: asked.base.clone(),
        is_trusted: asked.is_trusted,
        cancel: asked.cancel,
    };
    let mut answer = (route.answer)(&inner)?.cached(Cache::None);
    if execution.response == Response::Document {
        answer.pieces.insert(0, Bytes::from_static(b"{\"answer\":"));
        answer.pieces.push(Bytes::from_static(b"}\n"));
    }
    Ok(answer)
}

/// The value of an input; the standard also lets it stand in an object of its own.
fn value<'a>(raw: &'a RawValue) -> &'a RawValue {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Qualified<'a> {
        #[serde(borrow)]
        value: &'a RawValue,
        #[serde(default, rename = "mediaType")]
        _media: Option<String>,
    }
    // A list could be read as the members of the object, one after the other.
    let object = Some(raw.get()).filter(|text| text.starts_with('{'));
    let of = object.and_then(|text| serde_json::from_str::<Qualified<'a>>(text).ok());
    of.map_or(raw, |of| of.value)
}

/// An input as it would be written in an address.
fn text(name: &str, raw: &RawValue) -> Result<String, Problem> {
    let refuse = || {
        Problem::bad_value(name, format!("{name}: it is no text, no number and no list of these"))
    };
    let one = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(refuse()),
    };
    let value: Value = serde_json::from_str(value(raw).get()).map_err(|_| refuse())?;
    match &value {
        Value::Array(list) => {
            let all = list.iter().map(one).collect::<Result<Vec<_>, _>>()?;
            // Commas would make several of one; a parameter that takes such texts takes them as an array.
            match all.iter().any(|text| text.contains(',')) {
                true => serde_json::to_string(&all).map_err(|_| refuse()),
                false => Ok(all.join(",")),
            }
        }
        value => one(value),
    }
}

/// Places as the body of the question's own path: an object is GeoJSON, a text is CSV.
fn places(raw: &RawValue) -> Result<(Bytes, String), Problem> {
    let raw = value(raw).get();
    if let Ok(csv) = serde_json::from_str::<String>(raw) {
        return Ok((csv.into(), "text/csv".to_owned()));
    }
    match raw.starts_with('{') {
        true => Ok((raw.to_owned().into(), "application/geo+json".to_owned())),
        false => Err(Problem::bad_value(PLACES, "places: it is neither GeoJSON nor CSV")),
    }
}

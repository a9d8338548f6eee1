//! The description of the interface, as OpenAPI 3.0 or 3.1, made from the table of routes.

mod answers;

use super::answer::Answer;
use super::params::{Kind, Param};
use super::problem::{Kind as Of, MEDIA as PROBLEM, Problem};
use super::routes::{Asked, Cost, Form, Route, Takes};
use super::settings::Settings;
use hyper::Method;
use serde_json::{Map, Value, json};

const MEDIA_30: &str = "application/vnd.oai.openapi+json;version=3.0";
const MEDIA_31: &str = "application/vnd.oai.openapi+json;version=3.1";

/// The path of the description.
pub fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: "/api",
        id: "api",
        says: "The paths of this server, with their parameters and answers",
        forms: &[Form::Api30, Form::Api31, Form::Html],
        media: MEDIA_30,
        params: &[],
        takes: None,
        cost: Cost::Free,
        open: false,
        tagged: true,
        answer: api,
    }]
}

fn api(asked: &Asked<'_>) -> Result<Answer, Problem> {
    if asked.form == Form::Html {
        return Ok(Answer::text("application/json", overview(asked).to_string()));
    }
    let media = if asked.form == Form::Api31 { MEDIA_31 } else { MEDIA_30 };
    Ok(Answer::text(media, format!("{}\n", document(asked))))
}

/// The paths for people.
fn overview(asked: &Asked<'_>) -> Value {
    let mut paths = Map::new();
    for route in &asked.shared.routes {
        let mut about = Map::new();
        about.insert("answers".to_owned(), json!(route.says));
        for param in route.params {
            let example = format!("{}; such as {}", param.says, param.example);
            about.insert(param.name.to_owned(), json!(example));
        }
        if let Some(takes) = route.takes {
            let media = takes.media.join(", ");
            about.insert("body".to_owned(), json!(format!("{}: {media}", takes.says)));
        }
        paths.insert(format!("{} {}", route.method, route.path), about.into());
    }
    let link = |form: Form, media| json!({"title": media, "href": format!("{}/api?f={}", asked.base, form.word())});
    json!({
        "title": "The paths of this server",
        "links": [link(Form::Api30, "OpenAPI 3.0"), link(Form::Api31, "OpenAPI 3.1")],
        "paths": paths,
    })
}

fn document(asked: &Asked<'_>) -> Value {
    let settings = &asked.shared.settings;
    let names: Vec<&str> =
        asked.snapshot.collections.iter().map(|collection| collection.name.as_str()).collect();
    let mut paths = Map::new();
    for route in &asked.shared.routes {
        let path = described(route.path);
        let operations = paths.entry(path).or_insert_with(|| json!({}));
        if let Some(operations) = operations.as_object_mut() {
            let operation = operation(route, settings, &names);
            operations.insert(route.method.as_str().to_ascii_lowercase(), operation);
        }
    }
    let mut document = json!({
        "openapi": if asked.form == Form::Api31 { "3.1.0" } else { "3.0.3" },
        "info": {
            "title": asked.snapshot.title,
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Risk of sites: layers as OGC API Features, and questions about places.",
            "license": {"name": "MIT OR Apache-2.0", "url": "https://spdx.org/licenses/MIT.html"},
        },
        "servers": [{"url": asked.base}],
        "paths": paths,
        "components": {
            "schemas": answers::schemas(),
            "responses": refusals(),
            "parameters": shared(settings, &asked.shared.routes),
        },
    });
    if asked.form == Form::Api31 {
        answers::newer(&mut document);
    }
    if settings.token.is_some()
        && let Some(components) = document.get_mut("components").and_then(Value::as_object_mut)
    {
        let scheme = json!({"token": {"type": "http", "scheme": "bearer"}});
        components.insert("securitySchemes".to_owned(), scheme);
    }
    document
}

/// The parameters that paths refer to: the length of pages, where QGIS looks for it.
fn shared(settings: &Settings, routes: &[Route]) -> Map<String, Value> {
    let all = routes.iter().flat_map(|route| route.params);
    let limits = all.filter(|param| param.kind == Kind::Limit);
    limits.map(|param| (param.name.to_owned(), of_query(param, settings))).collect()
}

/// A path as the description has it: with the names of its parts as the standard has them, by which GDAL finds the
/// parameters. A part that may hold slashes has a star in our table.
fn described(path: &str) -> String {
    let mut path = path.replace("{*", "{");
    for (own, theirs) in NAMES {
        path = path.replace(&format!("{{{own}}}"), &format!("{{{theirs}}}"));
    }
    path
}

/// The parts of paths that the standard calls by another name.
const NAMES: [(&str, &str); 2] = [("collection", "collectionId"), ("feature", "featureId")];

fn operation(route: &Route, settings: &Settings, collections: &[&str]) -> Value {
    let mut parameters: Vec<Value> =
        parts(route.path).map(|part| of_path(part, collections)).collect();
    let takes_form = route.takes.is_some_and(|takes| is_form(&takes));
    if !takes_form {
        parameters.extend(route.params.iter().map(|param| match param.kind {
            Kind::Limit => json!({"$ref": format!("#/components/parameters/{}", param.name)}),
            _ => of_query(param, settings),
        }));
    }
    if !matches!(route.forms, [] | [Form::Only]) {
        let words: Vec<&str> = route.forms.iter().map(|form| form.word()).collect();
        parameters.push(json!({
            "name": "f", "in": "query", "required": false,
            "description": "The form of the answer, in place of the header Accept",
            "schema": {"type": "string", "enum": words},
        }));
    }
    let mut operation = json!({
        "operationId": route.id,
        "summary": route.says,
        "parameters": parameters,
        "responses": responses(route, settings),
    });
    let Some(members) = operation.as_object_mut() else { return operation };
    if let Some(takes) = route.takes {
        members.insert("requestBody".to_owned(), body(route, &takes, settings));
    }
    if settings.token.is_some() && !route.open {
        members.insert("security".to_owned(), json!([{"token": []}]));
    }
    operation
}

/// The names of a path's parts that have one.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| {
        let name = part.split_once('{')?.1.split_once('}')?.0;
        Some(name.trim_start_matches('*'))
    })
}

fn of_path(part: &str, collections: &[&str]) -> Value {
    let mut schema = json!({"type": "string", "minLength": 1});
    if let ("collection", false, Some(schema)) =
        (part, collections.is_empty(), schema.as_object_mut())
    {
        schema.insert("enum".to_owned(), json!(collections));
    }
    let name = NAMES.iter().find(|(own, _)| *own == part).map_or(part, |(_, theirs)| theirs);
    json!({"name": name, "in": "path", "required": true, "schema": schema})
}

fn of_query(param: &Param, settings: &Settings) -> Value {
    let mut of = json!({
        "name": param.name,
        "in": "query",
        "required": param.required,
        "description": says(param, settings),
        "schema": schema(param, settings),
    });
    let is_list = param.is_list() || matches!(param.kind, Kind::Limit | Kind::Interval);
    if let (true, Some(of)) = (is_list, of.as_object_mut()) {
        of.insert("style".to_owned(), json!("form"));
        of.insert("explode".to_owned(), json!(false));
    }
    of
}

/// What a parameter does. A number that is capped has no maximum in its schema, since a greater one is no fault.
fn says(param: &Param, settings: &Settings) -> String {
    let most = match param.kind {
        Kind::Limit => settings.limit_most.to_string(),
        Kind::Integer { most, capped: true, .. } => most.to_string(),
        _ => return param.says.to_owned(),
    };
    format!("{}; a number above {most} is taken as {most}", param.says)
}

/// The schema of a parameter. How long pages are is up to the settings.
fn schema(param: &Param, settings: &Settings) -> Value {
    let mut schema = param.schema();
    if param.kind == Kind::Limit
        && let Some(members) = schema.as_object_mut()
    {
        members.insert("default".to_owned(), json!(settings.limit_default));
    }
    schema
}

fn is_form(takes: &Takes) -> bool {
    takes.media.contains(&"application/x-www-form-urlencoded")
}

fn body(route: &Route, takes: &Takes, settings: &Settings) -> Value {
    let one = |media: &&str| {
        let content = match *media {
            "application/x-www-form-urlencoded" => form(route, settings),
            media if media.contains("json") => json!({"schema": {"type": "object"}}),
            _ => json!({"schema": {"type": "string"}}),
        };
        ((*media).to_owned(), content)
    };
    let content: Map<String, Value> = takes.media.iter().map(one).collect();
    json!({"description": takes.says, "required": true, "content": content})
}

/// The parameters of a route as the members of a form.
fn form(route: &Route, settings: &Settings) -> Value {
    let properties: Map<String, Value> =
        route.params.iter().map(|param| (param.name.to_owned(), schema(param, settings))).collect();
    let lists = route.params.iter().filter(|param| param.is_list());
    let encoding: Map<String, Value> = lists
        .map(|param| (param.name.to_owned(), json!({"style": "form", "explode": false})))
        .collect();
    let needed: Vec<&str> =
        route.params.iter().filter(|param| param.required).map(|param| param.name).collect();
    let mut schema =
        json!({"type": "object", "properties": properties, "additionalProperties": false});
    if let (false, Some(schema)) = (needed.is_empty(), schema.as_object_mut()) {
        // An empty list is not allowed in 3.0.
        schema.insert("required".to_owned(), json!(needed));
    }
    json!({"schema": schema, "encoding": encoding})
}

/// The answer of a route, and the statuses of its refusals.
fn responses(route: &Route, settings: &Settings) -> Value {
    let mut responses = Map::new();
    let content: Map<String, Value> =
        route.forms.iter().map(|form| of_form(route, *form)).collect();
    responses.insert("200".to_owned(), json!({"description": route.says, "content": content}));
    if route.tagged {
        responses
            .insert("304".to_owned(), json!({"description": "What the client has is current"}));
    }
    for (status, applies) in [
        (400, true),
        (401, settings.token.is_some() && !route.open),
        (403, ["health", "metrics"].contains(&route.id)),
        (404, parts(route.path).next().is_some() || !route.params.is_empty()),
        (406, route.forms.len() > 1),
        (408, route.takes.is_some()),
        (409, route.cost == Cost::Work),
        (410, route.params.iter().any(|param| param.name == "rev")),
        (413, route.takes.is_some()),
        (414, true),
        (415, route.takes.is_some()),
        (421, true),
        (431, true),
        (500, true),
        (
            503,
            route.cost != Cost::Free || route.takes.is_some() || route.forms.contains(&Form::Html),
        ),
    ] {
        if applies {
            let to = format!("#/components/responses/refused{status}");
            responses.insert(status.to_string(), json!({"$ref": to}));
        }
    }
    responses.into()
}

/// The media type of a form of an answer, with its schema.
fn of_form(route: &Route, form: Form) -> (String, Value) {
    let text = json!({"schema": {"type": "string"}});
    let own = |media: &str| match media {
        media if media.contains("json") => {
            let schema = answers::schema_of(route.id);
            json!({"schema": schema.map_or_else(|| json!({"type": "object"}), answers::to)})
        }
        media if media.starts_with("text/") || media.contains("text;") => text.clone(),
        _ => json!({"schema": {"type": "string", "format": "binary"}}),
    };
    match form {
        Form::Json | Form::Only => (route.media.to_owned(), own(route.media)),
        other => {
            let media = other.media().first().copied().unwrap_or(route.media);
            (media.to_owned(), own(media))
        }
    }
}

/// For each status of a refusal the problems that have it.
fn refusals() -> Map<String, Value> {
    let mut refusals = Map::new();
    for kind in Of::ALL {
        let status = kind.status().as_u16();
        let same = Of::ALL.iter().filter(|other| other.status().as_u16() == status);
        let titles: Vec<&str> = same.map(|other| other.title()).collect();
        let problem = json!({"schema": answers::to("problem")});
        let page = json!({"schema": {"type": "string"}});
        let content = json!({PROBLEM: problem, "text/html": page});
        let refusal = json!({"description": titles.join("; "), "content": content});
        refusals.insert(format!("refused{status}"), refusal);
    }
    refusals
}

//! Answers for people: the JSON of an answer or a problem as a page without script, and what each kind of problem means.

mod html;

use super::answer::{Answer, Cache};
use super::problem::{Kind, Problem};
use super::routes::{Asked, Cost, Form, Route};
use html::Page;
use hyper::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

/// The media type of a page.
pub const MEDIA: &str = "text/html; charset=utf-8";

/// How pages look.
const STYLE: &str = include_str!("pages.css");

/// The paths of pages' parts, and of the kinds of problems.
pub fn routes() -> Vec<Route> {
    let get = |path, id, says, forms, media, answer| Route {
        method: Method::GET,
        path,
        id,
        says,
        forms,
        media,
        params: &[],
        takes: None,
        cost: Cost::Free,
        open: true,
        tagged: true,
        answer,
    };
    let both: &[Form] = &[Form::Json, Form::Html];
    let json = "application/json";
    vec![
        get("/pages.css", "style", "How pages look", &[Form::Only], "text/css", style),
        get("/problems", "problems", "The kinds of problems", both, json, problems),
        get("/problems/{problem}", "problem", "What a problem means", both, json, problem),
    ]
}

fn style(_: &Asked<'_>) -> Result<Answer, Problem> {
    Ok(Answer::text("text/css; charset=utf-8", STYLE))
}

fn problems(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let link = |kind: &Kind| {
        let href = format!("{}/problems/{}", asked.base, kind.code());
        json!({"rel": "item", "type": "application/json", "title": kind.title(), "href": href})
    };
    let links: Vec<Value> = Kind::ALL.iter().map(link).collect();
    let body = json!({"title": "The kinds of problems", "links": links});
    Ok(Answer::text("application/json", format!("{body}\n")))
}

fn problem(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let code = asked.part("problem");
    let kind = Kind::ALL.iter().find(|kind| kind.code() == code).ok_or_else(|| {
        Problem::new(Kind::NoSuchProblem, format!("there is no kind of problem {code:?}"))
    })?;
    let body = json!({
        "title": kind.title(),
        "code": kind.code(),
        "status": kind.status().as_u16(),
        "description": kind.says(),
    });
    Ok(Answer::text("application/json", format!("{body}\n")))
}

/// An answer in JSON as a page, if a page was asked for.
pub fn shown(asked: &Asked<'_>, route: &Route, answer: Answer) -> Answer {
    if asked.form != Form::Html || !answer.media.contains("json") {
        return answer;
    }
    let whole: Vec<u8> = answer.pieces.concat();
    let Ok(Value::Object(value)) = serde_json::from_slice(&whole) else { return answer };
    let here = filled(route.path, asked);
    let mut page = Page::new(&asked.base, title(&value, route.says));
    page.trail(&trail(asked, route.path));
    page.forms(&forms(asked, route, &here));
    let items = route.path.ends_with("/items").then(|| format!("{}{here}", asked.base));
    page.object(&value, items.as_deref());
    Answer { media: MEDIA, pieces: vec![page.finish().into()], ..answer }
}

/// The answer of a problem as a page. `base` is the address of the server if it is known.
pub fn of_problem(answer: Answer, base: &str) -> Answer {
    let whole: Vec<u8> = answer.pieces.concat();
    let Ok(Value::Object(mut value)) = serde_json::from_slice(&whole) else { return answer };
    let mut page = Page::new(base, title(&value, "Problem"));
    page.trail(&[(format!("{base}/"), "Home".to_owned())]);
    if let Some(of) = value.remove("type").as_ref().and_then(Value::as_str) {
        let link = json!({"title": "What this means", "href": format!("{base}{of}")});
        value.insert("links".to_owned(), json!([link]));
    }
    page.object(&value, None);
    Answer { media: MEDIA, pieces: vec![page.finish().into()], cache: Cache::None, ..answer }
}

fn title<'a>(value: &'a Map<String, Value>, otherwise: &'a str) -> &'a str {
    value.get("title").and_then(Value::as_str).unwrap_or(otherwise)
}

/// A route's path with the parts that were asked for.
fn filled(path: &str, asked: &Asked<'_>) -> String {
    let part = |part: &str| match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => encoded(asked.part(name.trim_start_matches('*'))),
        None => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// A text as a part of a path.
fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// The pages above one, as addresses with their names.
fn trail(asked: &Asked<'_>, path: &str) -> Vec<(String, String)> {
    let mut trail = vec![(format!("{}/", asked.base), "Home".to_owned())];
    let ends = path.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0);
    for above in ends.filter_map(|end| path.get(..end)) {
        let is_page = asked.shared.routes.iter().any(|route| route.path == above);
        let last = above.rsplit('/').next().unwrap_or("");
        let name = match last.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(part) => asked.part(part).to_owned(),
            None => last.to_owned(),
        };
        if is_page {
            trail.push((format!("{}{}", asked.base, filled(above, asked)), name));
        }
    }
    trail
}

/// The same answer in other forms, as addresses with their names.
fn forms(asked: &Asked<'_>, route: &Route, here: &str) -> Vec<(String, String)> {
    let others =
        route.forms.iter().filter(|form| **form != Form::Html && route.method == Method::GET);
    let address = |form: &Form| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("f", form.word());
        query.extend_pairs(&asked.values.written);
        let name = match form {
            Form::Json => "JSON",
            Form::Csv => "CSV",
            Form::FlatGeobuf => "FlatGeobuf",
            Form::Api30 => "OpenAPI 3.0",
            Form::Api31 => "OpenAPI 3.1",
            Form::Html | Form::Only => "",
        };
        (format!("{}{here}?{}", asked.base, query.finish()), name.to_owned())
    };
    others.map(address).collect()
}

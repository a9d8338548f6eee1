//! Writes JSON as HTML. Every text passes through [`html`], and only addresses of the web become links.

use crate::sinks::report::html;
use serde_json::{Map, Value};
use std::fmt::Write;

/// A page that is being written.
pub struct Page<'a> {
    base: &'a str,
    title: String,
    head: String,
    content: String,
}

/// Columns of a table at most; the page of a feature has the rest.
const COLUMNS: usize = 8;

impl<'a> Page<'a> {
    /// A page of a server with an address.
    pub fn new(base: &'a str, title: &str) -> Self {
        Self { base, title: html(title), head: String::new(), content: String::new() }
    }

    /// The pages above this one.
    pub fn trail(&mut self, links: &[(String, String)]) {
        self.navigation("Above", links);
    }

    /// The same in other forms.
    pub fn forms(&mut self, links: &[(String, String)]) {
        self.navigation("Other forms", links);
    }

    fn navigation(&mut self, label: &str, links: &[(String, String)]) {
        if links.is_empty() {
            return;
        }
        put(&mut self.head, format_args!("<nav aria-label=\"{label}\"><ul>\n"));
        for (href, name) in links {
            put(&mut self.head, format_args!("<li>{}</li>\n", anchor(href, name)));
        }
        self.head.push_str("</ul></nav>\n");
    }

    /// The members of an object. `items` is the address below which its features have pages.
    pub fn object(&mut self, value: &Map<String, Value>, items: Option<&str>) {
        let (mut rest, mut links, mut features) = (Map::new(), None, None);
        for (name, value) in value {
            match (name.as_str(), value) {
                ("title", _) => {}
                ("links", Value::Array(list)) => links = Some(list),
                ("features", Value::Array(list)) => features = Some(list),
                _ => {
                    rest.insert(name.clone(), value.clone());
                }
            }
        }
        if let Some(links) = links {
            self.links(links);
        }
        if !rest.is_empty() {
            let content = &mut self.content;
            content.push_str(
                "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Members\">\n",
            );
            members(content, &rest);
            content.push_str("</div>\n");
        }
        if let Some(features) = features {
            self.features(features, items);
        }
    }

    fn links(&mut self, links: &[Value]) {
        if links.is_empty() {
            return;
        }
        self.content.push_str("<h2>Links</h2>\n<ul>\n");
        for link in links {
            let text = |name: &str| link.get(name).and_then(Value::as_str);
            let name = text("title").or_else(|| text("rel")).or_else(|| text("href"));
            let (href, name) = (text("href").unwrap_or(""), name.unwrap_or(""));
            put(&mut self.content, format_args!("<li>{}", anchor(href, name)));
            if let Some(media) = text("type") {
                put(
                    &mut self.content,
                    format_args!(" <span class=\"none\">{}</span>", html(media)),
                );
            }
            self.content.push_str("</li>\n");
        }
        self.content.push_str("</ul>\n");
    }

    /// Features as a table of their first properties.
    fn features(&mut self, features: &[Value], items: Option<&str>) {
        let content = &mut self.content;
        content.push_str("<h2>Features</h2>\n");
        let first = features.first().and_then(|one| one.get("properties")?.as_object());
        let Some(first) = first else {
            content.push_str("<p>There are none.</p>\n");
            return;
        };
        let columns: Vec<&String> = first.keys().take(COLUMNS).collect();
        content.push_str(
            "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Features\">\n",
        );
        content.push_str("<table class=\"features\"><thead><tr><th scope=\"col\">feature</th>");
        for column in &columns {
            put(content, format_args!("<th scope=\"col\">{}</th>", html(column)));
        }
        content.push_str("</tr></thead><tbody>\n");
        for feature in features {
            let id = feature.get("id").map(plain).unwrap_or_default();
            let name = match items {
                Some(items) => anchor(&format!("{items}/{}", super::encoded(&id)), &id),
                None => html(&id),
            };
            put(content, format_args!("<tr><th scope=\"row\">{name}</th>"));
            for column in &columns {
                let value = feature.get("properties").and_then(|of| of.get(column.as_str()));
                content.push_str("<td>");
                self::value(content, value.unwrap_or(&Value::Null));
                content.push_str("</td>");
            }
            content.push_str("</tr>\n");
        }
        content.push_str("</tbody></table></div>\n");
    }

    /// The whole page.
    pub fn finish(self) -> String {
        let Self { base, title, head, content } = self;
        let base = html(base);
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title} - Tamarisk</title>\n<link rel=\"stylesheet\" href=\"{base}/pages.css\">\n\
             </head>\n<body>\n<header>\n{head}</header>\n<main>\n<h1>{title}</h1>\n{content}</main>\n\
             </body>\n</html>\n"
        )
    }
}

/// A link, or only its name if the address is none of the web.
fn anchor(href: &str, name: &str) -> String {
    let is_web = ["/", "http://", "https://"].iter().any(|start| href.starts_with(start));
    match is_web {
        true => format!("<a href=\"{}\">{}</a>", html(href), html(name)),
        false => html(name),
    }
}

/// Members of an object as a table with a row for each.
fn members(content: &mut String, object: &Map<String, Value>) {
    content.push_str("<table><tbody>\n");
    for (name, value) in object {
        put(content, format_args!("<tr><th scope=\"row\">{}</th><td>", html(name)));
        match value {
            Value::Array(list) if name == "links" => links(content, list),
            value => self::value(content, value),
        }
        content.push_str("</td></tr>\n");
    }
    content.push_str("</tbody></table>\n");
}

/// Links within a member.
fn links(content: &mut String, links: &[Value]) {
    content.push_str("<ul>\n");
    for link in links {
        let text = |name: &str| link.get(name).and_then(Value::as_str);
        let name = text("title").or_else(|| text("rel")).unwrap_or("link");
        put(content, format_args!("<li>{}</li>\n", anchor(text("href").unwrap_or(""), name)));
    }
    content.push_str("</ul>\n");
}

fn value(content: &mut String, value: &Value) {
    match value {
        Value::Object(object) if object.is_empty() => {
            content.push_str("<span class=\"none\">none</span>")
        }
        Value::Object(object) => members(content, object),
        Value::Array(list) if list.iter().any(|one| one.is_object()) => {
            content.push_str("<ol>\n");
            for one in list {
                content.push_str("<li>");
                self::value(content, one);
                content.push_str("</li>\n");
            }
            content.push_str("</ol>\n");
        }
        Value::Null => content.push_str("<span class=\"none\">none</span>"),
        other => content.push_str(&html(&plain(other))),
    }
}

/// A value on one line.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) if list.iter().all(|one| !one.is_array() && !one.is_object()) => {
            list.iter().map(plain).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// Writes into a text, which grows without failing.
fn put(text: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(what);
}

//! A JSON document as a plain page: objects as tables, lists as lists, addresses of the server as links.

use serde_json::Value;

/// The media type of a page.
pub const MEDIA: &str = "text/html; charset=utf-8";

/// The page of a document. `base` is the address of the server, `path` that of the document below it.
pub fn page(title: &str, body: &Value, base: &str, path: &str) -> String {
    let mut text = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    text += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
    push(&mut text, title);
    text += "</title>\n</head>\n<body>\n<nav>";
    crumbs(&mut text, base, path);
    text += "</nav>\n<main>\n<h1>";
    push(&mut text, title);
    text += "</h1>\n";
    show(&mut text, body, base);
    text + "\n</main>\n</body>\n</html>\n"
}

/// The pages above a page.
fn crumbs(text: &mut String, base: &str, path: &str) {
    let mut href = String::from(base);
    anchor(text, &format!("{base}/"), "Start");
    for part in path.split('/').filter(|part| !part.is_empty()) {
        href = href + "/" + part;
        *text += " / ";
        let name = percent_encoding::percent_decode_str(part).decode_utf8_lossy();
        anchor(text, &href, &name);
    }
}

fn anchor(text: &mut String, href: &str, name: &str) {
    *text += "<a href=\"";
    push(text, href);
    *text += "\">";
    push(text, name);
    *text += "</a>";
}

fn show(text: &mut String, value: &Value, base: &str) {
    match value {
        Value::Null => *text += "<i>none</i>",
        Value::Bool(flag) => *text += if *flag { "yes" } else { "no" },
        Value::Number(number) => push(text, &number.to_string()),
        // Only addresses of this server are links.
        Value::String(word) if word.strip_prefix(base).is_some_and(|rest| rest.starts_with('/')) => {
            anchor(text, word, word);
        }
        Value::String(word) => push(text, word),
        Value::Array(list) if list.iter().all(|one| !one.is_object() && !one.is_array()) => {
            for (at, one) in list.iter().enumerate() {
                *text += if at > 0 { ", " } else { "" };
                show(text, one, base);
            }
        }
        Value::Array(list) => {
            *text += "<ul>\n";
            for one in list {
                *text += "<li>";
                show(text, one, base);
                *text += "</li>\n";
            }
            *text += "</ul>";
        }
        Value::Object(members) => {
            *text += "<table>\n";
            for (name, value) in members {
                *text += "<tr><th scope=\"row\">";
                push(text, name);
                *text += "</th><td>";
                show(text, value, base);
                *text += "</td></tr>\n";
            }
            *text += "</table>";
        }
    }
}

/// Appends a text, so that none of it is markup.
fn push(text: &mut String, plain: &str) {
    for c in plain.chars() {
        match c {
            '&' => *text += "&amp;",
            '<' => *text += "&lt;",
            '>' => *text += "&gt;",
            '"' => *text += "&quot;",
            '\'' => *text += "&#39;",
            c => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_text_of_the_data_becomes_markup() {
        let body = json!({"<b>": "<script>alert(1)</script>", "a": ["\" onclick='x'", {"href": "http://h/x\"y"}]});
        let text = page("<i>", &body, "http://h", "/collections/%3Cu%3E");
        for markup in ["<script", "<b>", "<i>", "<u>", "onclick='", "x\"y"] {
            assert!(!text.contains(markup), "{markup}: {text}");
        }
        assert!(text.contains("<a href=\"http://h/x&quot;y\">"));
    }

    #[test]
    fn an_address_of_another_server_is_no_link() {
        let text = page("t", &json!(["http://h.evil/x", "javascript:alert(1)"]), "http://h", "");
        assert_eq!(text.matches("<a ").count(), 1, "{text}");
    }
}

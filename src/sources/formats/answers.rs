//! Error responses of services, saved as if they were data: `{"error": {"code": 498, ...}}`,
//! `{"status": 403, "message": "Access denied"}`.

use serde_json::Value;

/// The number of letters of a service's message that are quoted.
const MOST_LETTERS: usize = 200;

/// The remedy for a saved error response.
pub(super) const HINT: &str =
    "fetch the file again, with the key or token that the service asks for";

const ERRORS: [&str; 2] = ["error", "errors"];
const STATUS: [&str; 4] = ["status", "code", "statusCode", "status_code"];
const MESSAGES: [&str; 4] = ["message", "detail", "title", "error_description"];

/// Whether an object member with this name may belong to an error response.
pub(super) fn tells_refusal(name: &str) -> bool {
    ERRORS.contains(&name) || STATUS.contains(&name) || MESSAGES.contains(&name)
}

/// Returns the message of an object without records, if it is the error response of a service.
pub(super) fn refusal<'t>(get: impl Fn(&str) -> Option<&'t str>) -> Option<String> {
    let value = |name: &str| serde_json::from_str::<Value>(get(name)?).ok();
    let error = ERRORS.into_iter().filter_map(value).find(says_something);
    let status = STATUS.into_iter().find_map(value);
    let status = status.as_ref().and_then(number).filter(|status| *status >= 400);
    let beside = MESSAGES.into_iter().find_map(value);
    let message = error.as_ref().and_then(message).or_else(|| message(beside.as_ref()?));
    if error.is_none() && (status.is_none() || message.is_none()) {
        return None;
    }
    let status = status.or_else(|| number(error.as_ref()?.get("code")?));
    let status = status.map_or_else(String::new, |status| format!(" {status}"));
    let message: String = message.unwrap_or_default().chars().take(MOST_LETTERS).collect();
    let message = message.escape_debug();
    Some(format!("is not data but the error response of a service:{status} \"{message}\""))
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// The message of an error, which may be an object or the first item of a list.
fn message(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => message(list.first()?),
        Value::Object(members) => ["message", "detail", "title", "reason"]
            .into_iter()
            .find_map(|name| message(members.get(name)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<String> {
        let all: Value = serde_json::from_str(text).expect("JSON");
        let members: Vec<(String, String)> = all
            .as_object()
            .expect("an object")
            .iter()
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect();
        refusal(|name| members.iter().find(|(key, _)| key == name).map(|(_, raw)| raw.as_str()))
    }

    #[test]
    fn refusals_are_told_from_data() {
        for (text, message) in [
            (r#"{"error":{"code":498,"message":"Invalid token."}}"#, "498 \"Invalid token.\""),
            (r#"{"message":"Access denied","status":403}"#, "403 \"Access denied\""),
            (r#"{"status":403,"error":[{"message":"Denied"}],"data":[]}"#, "403 \"Denied\""),
            (r#"{"error":"no such layer"}"#, " \"no such layer\""),
        ] {
            let said = said(text).expect(text);
            assert!(said.ends_with(message), "{said}");
        }
        for text in [
            r#"{"status":200,"success":true,"error":[],"data":[]}"#,
            r#"{"status":200,"message":"ok","data":[]}"#,
            r#"{"type":"FeatureCollection","error":null}"#,
            r#"{"title":"Mines","code":3}"#,
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}

//! The classes of a style as filters of map clients: a style says by an expression of QGIS which class a feature is in,
//! and this says by a filter which features are in a class. Filters are in the first form of the MapLibre style
//! specification, which every client reads.

use crate::layers::style::{Condition, Picked, picked};
use serde_json::{Value, json};

pub use crate::layers::style::picked_columns as columns;

/// The filter of the features for which an expression gives a text; `None` if the expression is not understood.
pub fn filter(expression: &str, text: &str) -> Option<Value> {
    Some(is(&picked(expression)?, text))
}

/// The filter of the features for which an expression gives a text.
fn is(picked: &Picked, value: &str) -> Value {
    match picked {
        Picked::Column(name) => json!(["==", name, value]),
        Picked::Fixed(text) => Value::Bool(text == value),
        Picked::Or(name, text) if text == value => {
            any(vec![json!(["==", name, value]), json!(["!has", name])])
        }
        Picked::Or(name, _) => json!(["==", name, value]),
        Picked::Case(cases, otherwise) => {
            let mut before = Vec::new();
            let mut ways = Vec::new();
            for (condition, text) in cases {
                let mut all_of = before.clone();
                all_of.extend([holds(condition), is(text, value)]);
                ways.push(all(all_of));
                before.push(fails(condition));
            }
            before.push(is(otherwise, value));
            ways.push(all(before));
            any(ways)
        }
    }
}

fn holds(condition: &Condition) -> Value {
    match condition {
        Condition::Flag(name) => json!(["==", name, true]),
        Condition::In(name, texts) => of_texts("in", name, texts),
    }
}

fn fails(condition: &Condition) -> Value {
    match condition {
        Condition::Flag(name) => json!(["!=", name, true]),
        Condition::In(name, texts) => of_texts("!in", name, texts),
    }
}

fn of_texts(operator: &str, name: &str, texts: &[String]) -> Value {
    [operator, name].into_iter().chain(texts.iter().map(String::as_str)).collect()
}

/// All of some filters; what always holds is left out.
fn all(filters: Vec<Value>) -> Value {
    joined("all", filters, true)
}

/// Any of some filters; what never holds is left out.
fn any(filters: Vec<Value>) -> Value {
    joined("any", filters, false)
}

fn joined(word: &str, mut filters: Vec<Value>, neutral: bool) -> Value {
    if filters.contains(&Value::Bool(!neutral)) {
        return Value::Bool(!neutral);
    }
    filters.retain(|filter| *filter != Value::Bool(neutral));
    match filters.len() {
        0 => Value::Bool(neutral),
        1 => filters.swap_remove(0),
        _ => std::iter::once(json!(word)).chain(filters).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_compared() {
        assert_eq!(filter("\"band\"", "high"), Some(json!(["==", "band", "high"])));
    }

    #[test]
    fn a_case_excludes_what_came_before() {
        let of = "CASE WHEN \"used\" THEN \"domain\" ELSE 'unused' END";
        let used = json!(["all", ["==", "used", true], ["==", "domain", "security"]]);
        assert_eq!(filter(of, "security"), Some(used));
        let domain = json!(["all", ["==", "used", true], ["==", "domain", "unused"]]);
        assert_eq!(filter(of, "unused"), Some(json!(["any", domain, ["!=", "used", true]])));
    }

    #[test]
    fn a_missing_value_may_have_a_class() {
        let of = "CASE WHEN \"kind\" = 'a' THEN coalesce(\"of\", 'other') WHEN \"kind\" IN ('b', 'c') THEN 'water' ELSE \"kind\" END";
        let known =
            json!(["all", ["in", "kind", "a"], ["any", ["==", "of", "other"], ["!has", "of"]]]);
        let rest = json!([
            "all",
            ["!in", "kind", "a"],
            ["!in", "kind", "b", "c"],
            ["==", "kind", "other"]
        ]);
        assert_eq!(filter(of, "other"), Some(json!(["any", known, rest])));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for of in
            ["round(\"a\")", "\"a\" || 'b'", "CASE WHEN \"a\" > 3 THEN 'x' ELSE 'y' END", "CASE"]
        {
            assert_eq!(filter(of, "x"), None, "{of}");
        }
    }
}

//! A comparison with another evaluation of CQL2: `tests/oracle/compare_filters.py` writes features, and filters with the
//! features that they select there.
#![allow(clippy::disallowed_methods)]

use super::super::Lang;
use super::try_lang;
use crate::serve::collection::Collection;
use serde_json::Value;

#[test]
#[ignore = "reads the file of TAMARISK_FILTERS, which tests/oracle/compare_filters.py writes"]
fn another_evaluation_selects_the_same() {
    let path = std::env::var("TAMARISK_FILTERS").expect("TAMARISK_FILTERS names a file");
    let whole: Value = serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON");
    let features = whole["features"].to_string();
    let made = Collection::read("made", "", features, &[]).expect("a collection");
    let (mut run, mut wrong) = (0, Vec::new());
    for case in whole["filters"].as_array().expect("filters") {
        let wanted: Vec<usize> = serde_json::from_value(case["selects"].clone()).expect("indices");
        let text = case["text"].as_str().expect("a text").to_owned();
        for (filter, lang) in [(text, Lang::Text), (case["json"].to_string(), Lang::Json)] {
            run += 1;
            match try_lang(&made, &filter, lang) {
                Ok(found) if found == wanted => {}
                Ok(found) => wrong.push(format!("{filter}\n  {found:?}, not {wanted:?}")),
                Err(problem) => wrong.push(format!("{filter}\n  {problem:?}")),
            }
        }
    }
    let different = wrong.len();
    wrong.truncate(20);
    let told = format!("{run} filters, {different} different\n{}", wrong.join("\n"));
    assert!(wrong.is_empty() && run > 0, "{told}");
}

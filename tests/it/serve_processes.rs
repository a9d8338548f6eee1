//! The processes of a server: an execution answers what the question's own path answers, and refuses what it refuses.

use crate::serve_guard::{ROUTE, Served};
use serde_json::{Value, json};

#[test]
fn a_process_answers_the_bytes_of_its_path() {
    let served = Served::demo(&[]);
    for (process, inputs, path) in [
        (
            "near",
            json!({"at": [66.9, 30.2], "within": "100km", "k": 5}),
            "/near?at=66.9,30.2&within=100km&k=5",
        ),
        (
            "near",
            json!({"at": "66.9,30.2", "kind": ["incident"]}),
            "/near?at=66.9,30.2&kind=incident",
        ),
        (
            "near",
            json!({"at": "66.9,30.2", "kind": ["incident", "settlements"], "within": "50km"}),
            "/near?at=66.9,30.2&kind=incident,settlements&within=50km",
        ),
        ("near", json!({"site": {"value": "PK-S001"}}), "/near?site=PK-S001"),
        (
            "risk",
            json!({"at": [62.05, 29.12], "accuracy": "1km", "name": "Camp A, B"}),
            "/risk?at=62.05,29.12&accuracy=1km&name=Camp%20A,%20B",
        ),
        ("explain", json!({"site": "PK-S001", "most": 2}), "/explain/PK-S001?most=2"),
    ] {
        let (done, asked) = (served.execute(process, &inputs), served.get(path));
        assert_eq!((done.status, asked.status), (200, 200), "{process}: {}", done.text);
        assert_eq!(done.text, asked.text, "{process} {inputs}");
    }
    let csv = "id,name,lon,lat,owner\na,Camp A,66.9,30.2,me\nb,Camp B,62.1,29.2,you\n";
    let ranked = served.ask("POST", "/rank?by=security", "Content-Type: text/csv\r\n", csv);
    assert_eq!(served.execute("rank", &json!({"places": csv, "by": "security"})).text, ranked.text);
    let route: Value = serde_json::from_str(ROUTE).expect("JSON");
    let judged =
        served.ask("POST", "/corridor?step=20km", "Content-Type: application/geo+json\r\n", ROUTE);
    assert_eq!(judged.status, 200);
    assert_eq!(
        served.execute("corridor", &json!({"places": route, "step": "20km"})).text,
        judged.text
    );
    let qualified =
        json!({"places": {"value": route, "mediaType": "application/geo+json"}, "step": "20km"});
    assert_eq!(served.execute("corridor", &qualified).text, judged.text);
    let body = json!({"inputs": {"site": "PK-S001"}, "response": "document"}).to_string();
    let whole = served.ask(
        "POST",
        "/processes/explain/execution",
        "Content-Type: application/json\r\n",
        &body,
    );
    assert_eq!(whole.json(), json!({"answer": served.get("/explain/PK-S001").json()}));
}

#[test]
fn a_process_refuses_what_its_path_refuses() {
    let served = Served::demo(&[]);
    for (process, inputs, code) in [
        ("risk", json!({}), "missing-parameter"),
        ("risk", json!({"at": [1, 2, 3]}), "bad-value"),
        ("risk", json!({"at": {"lon": 1}}), "bad-value"),
        ("risk", json!({"att": [1, 2]}), "unknown-parameter"),
        ("near", json!({"at": [66.9, 30.2], "kind": ["incident,settlements"]}), "bad-value"),
        ("explain", json!({}), "missing-parameter"),
        ("explain", json!({"site": "nowhere"}), "no-such-site"),
        ("rank", json!({}), "missing-parameter"),
        ("rank", json!({"places": 7}), "bad-value"),
        ("rank", json!({"places": [{"type": "FeatureCollection", "features": []}]}), "bad-value"),
        ("drill", json!({}), "no-such-process"),
    ] {
        let got = served.execute(process, &inputs);
        assert_eq!(got.json()["type"], format!("/problems/{code}"), "{process} {inputs}");
    }
    for (open, close, code) in [("[", "]", "bad-value"), ("{\"features\":", "}", "bad-body")] {
        let deep = format!("{}1{}", open.repeat(50_000), close.repeat(50_000));
        let got = served.ask(
            "POST",
            "/processes/rank/execution",
            "Content-Type: application/json\r\n",
            &format!("{{\"inputs\": {{\"places\": {deep}}}}}"),
        );
        assert_eq!(got.json()["type"], format!("/problems/{code}"), "{}", got.text);
    }
    // A list of the members of an execution is none.
    let list = r#"[{"site": "PK-S001"}, "document"]"#;
    let json = "Content-Type: application/json\r\n";
    let got = served.ask("POST", "/processes/explain/execution", json, list);
    assert_eq!(got.json()["type"], "/problems/bad-body");
    let listed = served.get("/processes").json();
    for process in listed["processes"].as_array().expect("a list") {
        let id = process["id"].as_str().expect("an id");
        let about = served.get(&format!("/processes/{id}")).json();
        assert!(about["inputs"].as_object().is_some_and(|inputs| !inputs.is_empty()), "{id}");
        assert_eq!(about["jobControlOptions"], json!(["sync-execute"]));
    }
}

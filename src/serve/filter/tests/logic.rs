//! Comparisons, logic of three values, texts, arithmetic, times.

use super::super::{Lang, parse};
use super::{collection, select, try_lang, try_select};
use crate::run::{Cancel, Ground, Unwatched, demo};
use crate::serve::Snapshot;
use crate::serve::collection::Collection;
use serde_json::{Value, json};

fn made() -> Collection {
    let rows = [
        json!({"name": "Čerić Straße", "n": 3, "m": 1.5, "ok": true, "day": "2026-01-31", "at": "2026-01-31T10:00:00Z", "to": "2026-02-01T00:00:00Z"}),
        json!({"name": "bern", "n": -7, "m": 2.0, "ok": false, "day": "2026-02-01", "at": "2026-02-01T00:00:00+05:00", "to": "2026-02-02T00:00:00Z"}),
        json!({"name": "100% it's", "n": 0, "m": null, "ok": null, "day": null, "at": null, "to": null}),
        json!({"name": null, "n": null, "m": 3.0, "ok": true, "day": "2025-12-31", "at": "2026-03-01T00:00:00Z", "to": null}),
    ];
    let point = |x: usize| json!({"type": "Point", "coordinates": [x, 1]});
    let features: Vec<(Value, Value)> = rows
        .into_iter()
        .enumerate()
        .map(|(x, row)| (if x == 3 { Value::Null } else { point(x) }, row))
        .collect();
    collection(&features)
}

#[test]
fn filters_select_what_they_say() {
    let made = made();
    for (filter, wanted) in [
        ("n = 3", &[0][..]),
        ("n <> 3", &[1, 2]),
        ("3 > n", &[1, 2]),
        ("NOT n = 3", &[1, 2]),
        ("n = 3 OR m > 2", &[0, 3]),
        ("n = 3 OR NOT n = 3 OR n IS NULL", &[0, 1, 2, 3]),
        ("n BETWEEN -7 AND 0", &[1, 2]),
        ("n NOT BETWEEN -7 AND 0", &[0]),
        ("n IN (3, 1 - 8)", &[0, 1]),
        ("n NOT IN (3, 0)", &[1]),
        ("n IN (0, m * 2)", &[0, 2]),
        ("n IN (-0.0)", &[2]),
        ("n IN (3, 1/0)", &[0]),
        ("n NOT IN (3, 1/0)", &[]),
        ("(n = 3) = ok", &[0, 1]),
        ("(n = 3) IS NULL", &[3]),
        ("ok", &[0, 3]),
        ("NOT ok", &[1]),
        ("ok = false OR ok IS NULL", &[1, 2]),
        ("ok IN (true)", &[0, 3]),
        ("true", &[0, 1, 2, 3]),
        ("false", &[]),
        ("name IS NULL", &[3]),
        ("geometry IS NULL", &[3]),
        ("geom IS NOT NULL", &[0, 1, 2]),
        ("(n + m) IS NULL", &[2, 3]),
        // Texts.
        ("name = 'bern'", &[1]),
        ("name < 'c'", &[1, 2]),
        ("name BETWEEN '1' AND 'bern'", &[1, 2]),
        ("CASEI(name) = CASEI('BERN')", &[1]),
        ("CASEI(name) LIKE CASEI('ČERIĆ STRASSE')", &[0]),
        ("ACCENTI(CASEI(name)) LIKE '%ceric%'", &[0]),
        ("accenti(name) > accenti('Ceric')", &[0, 1]),
        ("name LIKE '100\\% %'", &[2]),
        ("name = '100% it''s'", &[2]),
        ("name = '100% it\\'s'", &[2]),
        ("name NOT LIKE '%e%'", &[2]),
        ("'a' LIKE '_'", &[0, 1, 2, 3]),
        ("name IN ('bern', 'basel')", &[1]),
        ("name = name", &[0, 1, 2]),
        ("CASEI(name) < name", &[]),
        // Arithmetic.
        ("n + m * 2 = 6", &[0]),
        ("(n + m) * 2 = 9", &[0]),
        ("n - 1 - 1 = 1", &[0]),
        ("-n = 7", &[1]),
        ("n = -7", &[1]),
        ("2 ^ 3 ^ 2 = 512 AND -2 ^ 2 = 4 AND n = 0", &[2]),
        ("n div 2 = -3", &[1]),
        ("n % 3 = -1", &[1]),
        ("n / 0 = 1 OR n / 0 IS NULL", &[0, 1, 2, 3]),
        ("m = 15e-1", &[0]),
        // Times.
        ("day = DATE('2026-01-31')", &[0]),
        ("day > '2025-12-31'", &[0, 1]),
        ("at < TIMESTAMP('2026-02-01T00:00:00Z')", &[0, 1]),
        ("at = '2026-01-31T19:00:00Z'", &[1]),
        ("at < to", &[0, 1]),
        ("day BETWEEN '2026-01-01' AND '2026-01-31'", &[0]),
        ("T_DURING(at, INTERVAL('..', '2026-02-01T00:00:00Z'))", &[0, 1]),
        ("T_AFTER(day, DATE('2026-01-01'))", &[0, 1]),
        ("NOT T_AFTER(day, DATE('2026-01-01'))", &[3]),
        ("T_INTERSECTS(INTERVAL(at, to), INTERVAL('2026-02-01T00:00:01Z', '..'))", &[1]),
        ("T_INTERSECTS(day, INTERVAL('2026-01-31', '2026-02-01'))", &[0, 1]),
    ] {
        assert_eq!(select(&made, filter), wanted, "{filter}");
    }
}

#[test]
fn json_says_the_same() {
    let made = made();
    for (filter, wanted) in [
        (
            json!({"op": "and", "args": [{"op": ">", "args": [{"property": "n"}, -8]}, {"op": "isNull", "args": [{"property": "m"}]}]}),
            &[2][..],
        ),
        (json!({"op": "in", "args": [{"property": "name"}, ["bern", "x"]]}), &[1]),
        (json!({"op": "between", "args": [{"property": "n"}, -7, 0]}), &[1, 2]),
        (
            json!({"op": "like", "args": [{"op": "casei", "args": [{"property": "name"}]}, "B%"]}),
            &[],
        ),
        (
            json!({"op": "not", "args": [{"op": "=", "args": [{"property": "n"}, {"op": "+", "args": [1, 2]}]}]}),
            &[1, 2],
        ),
        (
            json!({"op": "t_after", "args": [{"property": "day"}, {"interval": ["..", "2026-01-01"]}]}),
            &[0, 1],
        ),
        (
            json!({"op": "<", "args": [{"property": "at"}, {"timestamp": "2026-01-31T12:00:00Z"}]}),
            &[0],
        ),
        (
            json!({"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [0.5, 0, 2, 2]}]}),
            &[1, 2],
        ),
        (
            json!({"op": "s_within", "args": [{"property": "geometry"}, {"type": "LineString", "coordinates": [[-1, 1], [1.5, 1]]}]}),
            &[0, 1],
        ),
        (json!(true), &[0, 1, 2, 3]),
        (json!({"op": "=", "args": [{"property": "n"}, {"op": "-", "args": [7]}]}), &[1]),
    ] {
        let found = try_lang(&made, &filter.to_string(), Lang::Json);
        assert_eq!(found.expect("an answer"), wanted, "{filter}");
    }
}

#[test]
fn long_filters_are_answered() {
    let made = made();
    let mut list = "n IN (".to_owned();
    while list.len() < 8180 {
        list += "3,";
    }
    assert_eq!(select(&made, &(list + "-7)")), [0, 1]);
    let names = format!("name IN ({}'bern')", "'x',".repeat(2040));
    assert_eq!(select(&made, &names), [1]);
    assert_eq!(select(&made, &format!("n=0{}", " OR n=3".repeat(1000))), [0, 2]);
    assert_eq!(select(&made, &format!("{}n=3{}", "(".repeat(60), ")".repeat(60))), [0]);
}

#[test]
fn a_raised_flag_stops() {
    let (made, stop) = (made(), Cancel::new());
    let filter = parse("n = 3", Lang::Text).expect("a filter");
    let compiled = super::super::compile(&filter, &made, &stop).expect("compiled");
    stop.raise();
    let problem = compiled.select(&stop).expect_err("stopped");
    assert_eq!(problem.kind, crate::serve::problem::Kind::TooLong);
}

#[test]
fn coordinates_of_other_systems_are_converted() {
    let made = made();
    let swapped = |[lat, lon]: [f64; 2]| Some([lon, lat]);
    for (filter, wanted) in [
        ("S_INTERSECTS(geometry, POINT(1 2))", &[2][..]),
        ("S_INTERSECTS(geometry, BBOX(0, 1, 2, 2))", &[1, 2]),
        ("S_INTERSECTS(geometry, BBOX(0, 2, 2, 0))", &[0, 2]),
        ("n = 3 AND S_WITHIN(geometry, POLYGON((0 -1, 0 3, 2 3, 2 -1, 0 -1)))", &[0]),
    ] {
        let filter = parse(filter, Lang::Text).and_then(|filter| filter.moved(&swapped));
        let never = Cancel::new();
        let filter = filter.expect("a filter");
        let compiled = super::super::compile(&filter, &made, &never).expect("compiled");
        assert_eq!(compiled.select(&never).expect("an answer"), wanted);
    }
    // A scale keeps a box a box; a turn makes it a polygon.
    let turned = |[x, y]: [f64; 2]| Some([x - y, x + y]);
    let filter = parse("S_INTERSECTS(geometry, BBOX(0, 0, 1, 1))", Lang::Text).expect("a filter");
    let never = Cancel::new();
    let filter = filter.moved(&turned).expect("moved");
    let compiled = super::super::compile(&filter, &made, &never).expect("compiled");
    assert_eq!(compiled.select(&never).expect("an answer"), [0, 1]);
    let nowhere = parse("S_INTERSECTS(geometry, POINT(1 2))", Lang::Text);
    assert!(nowhere.expect("a filter").moved(&|_| None).is_err());
}

/// The layers of the built-in case.
#[test]
fn layers_are_filtered_as_a_loop_over_their_features_does() {
    let ground = Ground::open(demo(), &Unwatched, &Cancel::new()).expect("the case");
    let snapshot =
        Snapshot::live("Demo".into(), ground, &Unwatched, &Cancel::new()).expect("layers");
    let sites = snapshot.collection("sites").expect("sites");
    let properties: Vec<Value> = (0..sites.len())
        .map(|index| {
            let mut feature: Value =
                serde_json::from_slice(&sites.feature(index)).expect("a feature");
            feature["properties"].take()
        })
        .collect();
    let loops = |holds: &dyn Fn(&Value) -> bool| {
        let all = properties.iter().enumerate().filter(|(_, one)| holds(one));
        all.map(|(index, _)| index).collect::<Vec<_>>()
    };
    let number = |one: &Value, name: &str| one[name].as_f64();
    let high = loops(&|one| one["security_band"] == "high");
    assert_eq!(select(sites, "security_band = 'high'"), high);
    let scored = loops(&|one| number(one, "security_score").is_some_and(|score| score > 20.0));
    assert!(!scored.is_empty() && scored.len() < sites.len());
    assert_eq!(select(sites, "security_score > 20"), scored);
    let named = loops(&|one| one["name"].as_str().is_some_and(|name| name.contains('a')));
    assert!(!named.is_empty());
    assert_eq!(select(sites, "name LIKE '%a%'"), named);
    let both = loops(&|one| {
        let (a, b) = (number(one, "security_score"), number(one, "environment_score"));
        a.zip(b).is_some_and(|(a, b)| a > b)
    });
    assert_eq!(select(sites, "security_score > environment_score"), both);
    let boxed = [65.0, 28.0, 67.5, 30.0];
    let mut within = sites.in_box(boxed);
    within.sort_unstable();
    assert_eq!(select(sites, "S_INTERSECTS(geometry, BBOX(65, 28, 67.5, 30))"), within);
    for layer in &snapshot.collections {
        for column in &layer.columns {
            let name = &column.name;
            let Ok(missing) = try_select(layer, &format!("\"{name}\" IS NULL")) else { continue };
            let given = select(layer, &format!("\"{name}\" IS NOT NULL"));
            assert_eq!(missing.len() + given.len(), layer.len(), "{} {name}", layer.name);
        }
    }
}

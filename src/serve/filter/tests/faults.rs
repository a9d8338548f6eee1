//! Faults: each has its byte and its cause, and none takes long.

use super::super::{Lang, parse};
use super::{collection, fault_of};
use serde_json::json;

#[test]
fn a_fault_names_its_byte_and_its_cause() {
    let point = json!({"type": "Point", "coordinates": [0, 0]});
    let made = collection(&[(
        point,
        json!({"name": "a", "security_score": 1, "day": "2026-01-31", "at": "2026-01-31T00:00:00Z", "ok": true, "list": [1]}),
    )]);
    for (filter, at, cause) in [
        ("", 0, "expected a value, not the end"),
        ("security_score>", 15, "expected a value, not the end"),
        ("securty_score > 3", 0, "did you mean security_score"),
        ("name = 'a' AND zzz = 1", 15, "it has name, security_score"),
        ("name = 3", 7, "texts cannot be compared with numbers"),
        ("security_score = 'x'", 17, "numbers cannot be compared with texts"),
        ("day = TIMESTAMP('2026-01-31T00:00:00Z')", 6, "days cannot be compared with moments"),
        ("day = '31 January'", 6, "is not a day"),
        ("day = DATE('2026-02-30')", 11, "is not a day"),
        ("at > 'now'", 5, "is not a moment"),
        (
            "T_AFTER(day, TIMESTAMP('2026-01-31T00:00:00Z'))",
            13,
            "days cannot be compared with moments",
        ),
        ("T_DURING(day, INTERVAL('2026-02-01', '2026-01-01'))", 23, "ends before it begins"),
        ("T_AFTER(name, DATE('2026-01-31'))", 8, "expected days"),
        ("list = 1", 0, "which are not compared"),
        ("name", 0, "expected a condition; this has texts"),
        ("name + 1 = 2", 0, "expected a number; this has texts"),
        ("name LIKE name", 10, "a pattern is a text"),
        ("security_score LIKE 'a'", 0, "expected a text"),
        ("ok BETWEEN false AND true", 0, "BETWEEN compares"),
        ("geometry = POINT(1 2)", 0, "S_EQUALS"),
        ("(name = 'a'", 0, "not closed"),
        ("name = 'a')", 10, "closes nothing"),
        ("name = 'a", 7, "not closed"),
        ("name = 'a' name", 11, "expected an operator"),
        ("name = $", 7, "means nothing"),
        ("AND name = 'a'", 0, "double quotes"),
        ("name IN ()", 9, "expected a value"),
        ("name IS 3", 8, "expected NULL"),
        ("name NOT 3", 9, "expected LIKE, BETWEEN or IN"),
        ("security_score BETWEEN 1 OR 2", 25, "expected AND"),
        ("S_INTERSECT(geometry, POINT(1 2))", 0, "did you mean S_INTERSECTS"),
        ("S_INTERSECTS(geometry)", 0, "has 1 operands, not 2"),
        ("S_INTERSECTS(name, POINT(1 2))", 13, "expected a geometry"),
        ("S_INTERSECTS(geometry, POINT(90 180))", 23, "not on the globe"),
        ("S_INTERSECTS(geometry, POINT(1))", 30, "expected a number"),
        ("S_INTERSECTS(geometry, MULTIPOINT(7.02 49.92, 90 180))", 23, "not on the globe"),
        ("S_INTERSECTS(geometry, LINESTRING(1 1))", 23, "different positions"),
        ("S_INTERSECTS(geometry, POLYGON((1 1, 2 2, 1 1)))", 23, "different positions"),
        ("S_INTERSECTS(geometry, BBOX(1, 2, 3))", 23, "4 numbers"),
        ("S_INTERSECTS(geometry, BBOX(0, 10, 10, 0))", 23, "lies north of"),
        ("S_INTERSECTS(geometry, BBOX(170, 0, 190, 10))", 23, "east is 190"),
        ("security_score = 1e999", 17, "is not a number"),
        ("\"\" = 1", 0, "no name"),
    ] {
        let (offset, said) = fault_of(&made, filter, Lang::Text);
        assert!(offset == at && said.contains(cause), "{filter}: {offset} {said}");
    }
    for (filter, at, cause) in [
        ("", 0, "not JSON"),
        ("{\"op\": \"=\",}", 11, "not JSON"),
        (r#"{"op": "=", "args": [{"property": "nane"}, 1]}"#, 21, "did you mean name"),
        (r#"{"op": "eq", "args": [1, 2]}"#, 7, "no function eq"),
        (r#"{"op": "=", "args": [1]}"#, 7, "has 1 operands, not 2"),
        (r#"{"op": "="}"#, 0, "no args"),
        (r#"{"op": "in", "args": [1, 2]}"#, 7, "a list"),
        (r#"{"op": "=", "args": [null, 1]}"#, 21, "expected an expression, not null"),
        (r#"{"op": "=", "args": [{"date": "x"}, 1]}"#, 30, "is not a day"),
        (r#"{"op": "=", "args": [{"what": 1}, 1]}"#, 21, "none of"),
        (
            r#"{"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [0, 91]}]}"#,
            58,
            "not on the globe",
        ),
        (
            r#"{"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": []}]}"#,
            58,
            "the geometry",
        ),
    ] {
        let (offset, said) = fault_of(&made, filter, Lang::Json);
        assert!(offset == at && said.contains(cause), "{filter}: {offset} {said}");
    }
}

#[test]
fn deep_and_long_filters_are_refused() {
    let many = 10_000;
    for (open, close) in
        [("(", ")"), ("NOT ", ""), ("-", ""), ("+", ""), ("casei(", ")"), ("f(", ")"), ("x^", "")]
    {
        for depth in [65, 400, 1600, many] {
            let text = format!("{}a=1{}", open.repeat(depth), close.repeat(depth));
            assert!(parse(&text, Lang::Text).is_err(), "{depth} {open}");
        }
    }
    for (open, close) in [("[", "]"), (r#"{"op":"not","args":["#, "]}"), (r#"{"a":"#, "}")] {
        for depth in [66, 150, 400, many] {
            let text = format!("{}true{}", open.repeat(depth), close.repeat(depth));
            assert!(parse(&text, Lang::Json).is_err(), "{depth} {open}");
        }
    }
    let nested = "GEOMETRYCOLLECTION(".repeat(400);
    assert!(parse(&format!("S_INTERSECTS(geometry, {nested}"), Lang::Text).is_err());
    let mut shape = r#"{"type":"Point","coordinates":[0,0]}"#.to_owned();
    for _ in 0..150 {
        shape = format!(r#"{{"type":"GeometryCollection","geometries":[{shape}]}}"#);
    }
    let json = format!(r#"{{"op":"s_intersects","args":[{{"property":"geometry"}},{shape}]}}"#);
    assert!(parse(&json, Lang::Json).is_err());
    assert!(parse(&" ".repeat(8193), Lang::Text).is_err());
    assert!(parse(&format!("a=1{}", "+1".repeat(4000)), Lang::Text).is_err());
}

/// Random bytes, and random sequences of what filters are made of, are refused or read, and each is soon done.
#[test]
fn nothing_that_is_read_ends_the_program() {
    let made = collection(&[
        (
            json!({"type": "Point", "coordinates": [180, 90]}),
            json!({"a": 1, "b": "x", "c": true, "d": "2026-01-31"}),
        ),
        (
            json!({"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 9], [0, 0]]]}),
            json!({"a": null, "b": null, "c": null, "d": null}),
        ),
        (json!(null), json!({"a": 2, "b": "y", "c": false, "d": "2026-01-31"})),
    ]);
    let words: Vec<&str> = "a b c d geometry ( ) , = <> < > <= >= + - * / % ^ AND OR NOT IS NULL LIKE BETWEEN IN DIV TRUE FALSE \
        'x' '..' '2026-01-31' 1 2.5 1e3 0 -1 180 -90 CASEI( ACCENTI( S_INTERSECTS( S_WITHIN( S_TOUCHES( S_EQUALS( S_CROSSES( \
        S_OVERLAPS( T_AFTER( T_DURING( DATE( TIMESTAMP( INTERVAL( BBOX( POINT( LINESTRING( POLYGON(( MULTIPOINT( \
        GEOMETRYCOLLECTION( {\"op\":\"and\",\"args\":[ {\"property\":\"a\"} ] } [ : \"op\" true null"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap_or(0)
    };
    let mut read = 0;
    for round in 0..60_000 {
        let text = if round % 3 == 0 {
            let bytes: Vec<u8> =
                (0..random(60)).map(|_| u8::try_from(random(256)).unwrap_or(0)).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        } else {
            (0..1 + random(14)).map(|_| words[random(words.len())]).collect::<Vec<_>>().join(" ")
        };
        for lang in [Lang::Text, Lang::Json] {
            read += usize::from(super::try_lang(&made, &text, lang).is_ok());
        }
    }
    assert!(read > 10, "{read}");
}

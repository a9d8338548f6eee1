//! One event in two sources: noted with counts and examples, and merged on request.

use crate::cli::Folder;
use serde_json::Value;
use tamarisk::earth::{Length, Position, geodesic};
use tamarisk::measures::{Duplicate, Reported, duplicates};
use tamarisk::model::{CountryCode, DateSpan, Domain, Incident, Own, Place, SecurityType};

const ACLED: &str = "event_id_cnty,event_date,event_type,sub_event_type,country,latitude,longitude,geo_precision,fatalities\n";
const UCDP: &str =
    "id,type_of_violence,where_prec,latitude,longitude,country,date_start,date_end,best,low,high\n";

fn folder(acled: &[&str], ucdp: &[&str]) -> Folder {
    let folder = Folder::new();
    folder
        .write("sites.csv", "id,name,lon,lat\nM,Coal,69.70,30.70\n")
        .write("acled.csv", format!("{ACLED}{}\n", acled.join("\n")))
        .write("ucdp.csv", format!("{UCDP}{}\n", ucdp.join("\n")));
    folder
}

const SCORE: [&str; 9] =
    ["score", "-s", "sites.csv", "-i", "acled.csv", "-i", "ucdp.csv", "-o", "out"];

fn count(receipt: &Value, name: &str) -> u64 {
    receipt["counts"]["incidents"][name].as_u64().unwrap_or(0)
}

const MUSAKHEL: &str = "PAK1,2024-08-26,Battles,Armed clash,Pakistan,30.87,69.82,1,23";
const QUETTA: &str = "PAK2,2024-08-20,Protests,Peaceful protest,Pakistan,30.18,67.0,1,0";
const SAME: &str = "1,3,1,30.88,69.82,Pakistan,2024-08-26,2024-08-26,23,23,23";

#[test]
fn an_event_of_two_sources_is_noted_and_counts_once_where_they_are_merged() {
    let folder = folder(&[MUSAKHEL, QUETTA], &[SAME]);
    let ended = folder.run(&SCORE);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let told = "ucdp.csv: 1 incident is likely in acled.csv too, by the day, the deaths or the type, and \
                the place within 5 km or its accuracy: 1 and PAK1 (2024-08-26, 1.1 km apart); each counts \
                twice; --merge-sources keeps one";
    assert!(ended.err.contains(told), "{}", ended.err);
    let receipt = folder.json("out/receipt.json");
    assert_eq!((count(&receipt, "read"), count(&receipt, "scored")), (3, 3));

    let ended = folder.run(&[&SCORE[..], &["--merge-sources", "--replace"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    let said = ended.err + &ended.out;
    assert!(said.contains("the one with the most accurate position is kept"), "{said}");
    assert!(said.contains("3 read, 0 faulty, 1 merged with those of another source"), "{said}");
    let receipt = folder.json("out/receipt.json");
    assert_eq!((count(&receipt, "read"), count(&receipt, "scored")), (3, 2));
    assert_eq!(count(&receipt, "set_aside"), 1);
    let why = &receipt["counts"]["incidents"]["set_aside_for"];
    assert_eq!(why["reported by another source too"], 1, "{why}");
    // UCDP's precision 1 is 3 km and ACLED's 5 km: UCDP's place is known better.
    let rejects = String::from_utf8(folder.bytes("out/rejects.csv")).expect("text");
    assert!(rejects.contains("is a likely duplicate of 1 of ucdp.csv"), "{rejects}");
    // Merged incidents still count as collected.
    assert_eq!(receipt["coverage"]["security"][0]["until"], "2024-08-26");
}

#[test]
fn what_is_not_the_same_is_kept_apart() {
    for (row, why) in [
        ("1,3,1,30.88,69.82,Pakistan,2024-08-27,2024-08-27,23,23,23", "another day"),
        ("1,3,1,30.95,69.82,Pakistan,2024-08-26,2024-08-26,23,23,23", "9 km away"),
        ("1,3,1,30.88,69.82,Pakistan,2024-08-26,2024-08-26,22,22,22", "deaths and type differ"),
        ("1,3,6,30.88,69.82,Pakistan,2024-08-26,2024-08-26,23,23,23", "in a country only"),
        ("1,1,1,30.88,69.82,Pakistan,2024-08-24,2024-08-26,22,22,22", "three days of other deaths"),
        ("1,1,1,30.88,69.82,Pakistan,2024-08-01,2024-08-31,23,23,23", "a month"),
    ] {
        let ended = folder(&[MUSAKHEL], &[row]).run(&SCORE);
        assert!(!ended.err.contains("likely in"), "{why}: {}", ended.err);
    }
    for (row, why) in [
        ("1,1,1,30.88,69.82,Pakistan,2024-08-26,2024-08-26,20,20,20", "the type"),
        ("1,3,2,30.95,69.82,Pakistan,2024-08-26,2024-08-26,23,23,23", "within its accuracy"),
        ("1,3,1,30.88,69.82,Pakistan,2024-08-24,2024-08-26,23,23,23", "days of the same deaths"),
    ] {
        let ended = folder(&[MUSAKHEL], &[row]).run(&SCORE);
        assert!(ended.err.contains("1 incident is likely in"), "{why}: {}", ended.err);
    }
}

#[test]
fn of_one_data_set_two_ids_are_two_events() {
    let folder = Folder::new();
    folder
        .write("sites.csv", "id,name,lon,lat\nM,Coal,69.70,30.70\n")
        .write("acled.csv", format!("{ACLED}{MUSAKHEL}\n"))
        .write("ucdp.csv", format!("{ACLED}{}\n", MUSAKHEL.replace("PAK1", "PAK7")));
    assert!(!folder.run(&SCORE).err.contains("likely in"));
    folder.write("ucdp.csv", format!("{ACLED}{}\n", MUSAKHEL.replace(",23", ",25")));
    let ended = folder.run(&[&SCORE[..], &["--replace"]].concat());
    assert!(ended.err.contains("1 incident is likely in"), "a later edition: {}", ended.err);
}

#[test]
fn merging_gives_the_same_bytes_on_any_number_of_threads() {
    let rows = |head: &str, of: &dyn Fn(u32) -> String| {
        head.to_owned() + &(0..400).map(of).collect::<Vec<_>>().join("\n") + "\n"
    };
    let folder = Folder::new();
    folder
        .write("sites.csv", "id,name,lon,lat\nM,Coal,69.70,30.70\n")
        .write(
            "acled.csv",
            rows(ACLED, &|at| {
                format!(
                    "P{at},2024-08-{:02},Battles,Armed clash,Pakistan,30.{:02},69.82,1,{}",
                    at % 5 + 1,
                    at % 40 + 10,
                    at % 3
                )
            }),
        )
        .write(
            "ucdp.csv",
            rows(UCDP, &|at| {
                let day = at % 5 + 1;
                format!(
                    "{at},1,1,30.{:02},69.82,Pakistan,2024-08-{day:02},2024-08-{day:02},{},1,9",
                    at % 37 + 10,
                    at % 4
                )
            }),
        );
    let with = |threads: &str, out: &str| {
        let args = [
            "score",
            "-s",
            "sites.csv",
            "-i",
            "acled.csv",
            "-i",
            "ucdp.csv",
            "-o",
            out,
            "--merge-sources",
            "--threads",
            threads,
        ];
        folder.done(&args);
        folder.files(out)
    };
    let one = with("1", "one");
    assert!(
        folder.json("one/receipt.json")["counts"]["incidents"]["set_aside"].as_u64() > Some(300)
    );
    assert_eq!(one, with("4", "four"));
}

/// Incidents without a file's formats around them.
fn incident(
    id: usize,
    lon: f64,
    lat: f64,
    day: i8,
    deaths: u32,
    km: Option<f64>,
    kind: SecurityType,
) -> Incident {
    Incident {
        id: id.to_string().into(),
        file: "f.csv".into(),
        place: Place::Line(id as u64),
        position: Position::from_degrees(lon, lat).expect("on Earth"),
        accuracy: km.map(Length::from_km),
        vague: false,
        date: Some(DateSpan::day(jiff::civil::date(2024, 1, day))),
        domain: Domain::Security,
        security_type: Some(kind),
        event_type: "".into(),
        finer_type: None,
        fatalities: Some(deaths),
        fatalities_range: None,
        country: CountryCode::new("PAK"),
        magnitude: None,
        depth_km: None,
        own: Own::default(),
    }
}

/// Brute force: all pairs, the likeliest first, each incident in one pair.
fn exhaustive(a: &[Incident], b: &[Incident]) -> Vec<Duplicate> {
    let mut pairs = Vec::new();
    for (i, one) in a.iter().enumerate() {
        for (j, other) in b.iter().enumerate() {
            let km = geodesic::distance(one.position, other.position).km();
            let radius = |i: &Incident| i.accuracy.map_or(0.0, Length::km);
            let deaths = one.fatalities == other.fatalities && one.fatalities > Some(0);
            let kind = one.security_type == other.security_type;
            let near = km <= 5.0 && (deaths || kind);
            let far = deaths && km <= radius(one).max(radius(other));
            if one.date == other.date && (near || far) {
                let rank = if deaths { u8::from(!kind) } else { 2 };
                pairs.push((rank, km, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then((a.2, a.3).cmp(&(b.2, b.3))));
    let (mut used_a, mut used_b) = (vec![false; a.len()], vec![false; b.len()]);
    let mut found = Vec::new();
    for (_, _, i, j) in pairs {
        if !used_a[i] && !used_b[j] {
            (used_a[i], used_b[j]) = (true, true);
            let radius = |i: &Incident| i.accuracy.map_or(f64::INFINITY, Length::km);
            let best = if radius(&b[j]) < radius(&a[i]) { (1, j) } else { (0, i) };
            found.push(Duplicate { incidents: vec![(0, i), (1, j)], best });
        }
    }
    found.sort_by(|a, b| a.incidents.cmp(&b.incidents));
    found
}

#[test]
fn neighbors_are_found_as_by_comparing_all_with_all() {
    let mut state = 7_u64;
    let mut draw = move |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    // Across the antimeridian, near a pole, at the equator, and in populated areas.
    for (west, south) in [(179.9, -0.1), (30.0, 89.85), (-0.1, -0.05), (66.0, 30.0)] {
        let mut file = |len: usize| -> Vec<Incident> {
            (0..len)
                .map(|id| {
                    let lon = west + draw(2000) as f64 / 10_000.0;
                    let lon = if lon > 180.0 { lon - 360.0 } else { lon };
                    let lat = south + draw(1400) as f64 / 10_000.0;
                    let km = [None, Some(1.0), Some(25.0)][draw(3) as usize];
                    let kind = [SecurityType::Battles, SecurityType::Riots][draw(2) as usize];
                    incident(id, lon, lat, draw(6) as i8 + 1, draw(4) as u32, km, kind)
                })
                .collect()
        };
        let (a, b) = (file(150), file(120));
        let of = |incidents| Reported { incidents, data_set: None };
        let found = duplicates(&[of(&a), of(&b)]);
        assert!(found.len() > 20, "{west}: {}", found.len());
        assert_eq!(found, exhaustive(&a, &b), "{west},{south}");
    }
}

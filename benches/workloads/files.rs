//! Generated files of incidents and sites, written once to target/bench and kept.

use crate::machine::folder;
use crate::numbers::Numbers;
use crate::world;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use tamarisk::earth::Position;

const TYPES: [&str; 6] = [
    "Battles",
    "Violence against civilians",
    "Explosions/Remote violence",
    "Riots",
    "Protests",
    "Strategic developments",
];

/// One incident in a file.
struct Record {
    number: usize,
    date: jiff::civil::Date,
    event_type: &'static str,
    actor: usize,
    deaths: u32,
    at: tamarisk::earth::Position,
}

fn records(count: usize) -> impl Iterator<Item = Record> {
    let mut numbers = Numbers::new(5);
    let newest = jiff::civil::date(2024, 12, 29);
    world::incidents(count).into_iter().enumerate().map(move |(number, incident)| Record {
        number,
        date: newest.saturating_sub(jiff::Span::new().days(incident.age_days)),
        event_type: TYPES[numbers.below(TYPES.len())],
        actor: numbers.below(5000),
        deaths: incident.severity,
        at: incident.position,
    })
}

/// Returns a file of the folder; if it does not exist, `write` creates it under a temporary name and
/// it is renamed when complete.
pub fn made(name: &str, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> PathBuf {
    let path = folder().join(name);
    if !path.exists() {
        let unfinished = folder().join(format!("{name}.part"));
        let mut out = BufWriter::with_capacity(
            1 << 20,
            File::create(&unfinished).expect("target/bench can be written to"),
        );
        write(&mut out).and_then(|()| out.flush()).expect("there is room for the data");
        std::fs::rename(&unfinished, &path).expect("a file of ours can be renamed");
    }
    path
}

/// Writes incidents as points with six properties; 242 MB for a million.
pub fn incidents_geojson(count: usize) -> PathBuf {
    made(&format!("incidents-{count}.geojson"), |out| {
        writeln!(out, r#"{{"type":"FeatureCollection","features":["#)?;
        for r in records(count) {
            let comma = if r.number + 1 < count { "," } else { "" };
            writeln!(
                out,
                concat!(
                    r#"{{"type":"Feature","properties":{{"event_id":"EVT{:08}","event_date":"{}","#,
                    r#""event_type":"{}","actor":"Armed group {}","fatalities":{},"severity":{:.3}}},"#,
                    r#""geometry":{{"type":"Point","coordinates":[{:.7},{:.7}]}}}}{}"#
                ),
                r.number,
                r.date,
                r.event_type,
                r.actor,
                r.deaths,
                f64::from(r.deaths) * 1.137,
                r.at.lon(),
                r.at.lat(),
                comma
            )?;
        }
        writeln!(out, "]}}")
    })
}

/// Writes the same incidents as a table.
pub fn incidents_csv(count: usize) -> PathBuf {
    made(&format!("incidents-{count}.csv"), |out| {
        writeln!(
            out,
            "event_id,event_date,event_type,actor,fatalities,severity,longitude,latitude"
        )?;
        for r in records(count) {
            let severity = f64::from(r.deaths) * 1.137;
            writeln!(
                out,
                "EVT{:08},{},{},Armed group {},{},{severity:.3},{:.7},{:.7}",
                r.number,
                r.date,
                r.event_type,
                r.actor,
                r.deaths,
                r.at.lon(),
                r.at.lat()
            )?;
        }
        Ok(())
    })
}

/// Writes sites as a table.
pub fn sites_csv(count: usize) -> PathBuf {
    made(&format!("sites-{count}.csv"), |out| {
        writeln!(out, "id,name,longitude,latitude")?;
        for (number, at) in world::sites(count).into_iter().enumerate() {
            writeln!(out, "S{number:07},Site {number},{:.7},{:.7}", at.lon(), at.lat())?;
        }
        Ok(())
    })
}

/// Writes sites as points.
pub fn sites_geojson(count: usize) -> PathBuf {
    made(&format!("sites-{count}.geojson"), |out| {
        writeln!(out, r#"{{"type":"FeatureCollection","features":["#)?;
        for (number, at) in world::sites(count).into_iter().enumerate() {
            let comma = if number + 1 < count { "," } else { "" };
            writeln!(
                out,
                concat!(
                    r#"{{"type":"Feature","properties":{{"id":"S{:07}","name":"Site {}"}},"#,
                    r#""geometry":{{"type":"Point","coordinates":[{:.7},{:.7}]}}}}{}"#
                ),
                number,
                number,
                at.lon(),
                at.lat(),
                comma
            )?;
        }
        writeln!(out, "]}}")
    })
}

/// Writes areas as polygons without properties but an id.
pub fn areas_geojson(count: usize) -> PathBuf {
    shapes_geojson(&format!("areas-{count}.geojson"), "Polygon", &world::areas(count))
}

/// Writes rivers of 500 vertices each.
pub fn rivers_geojson(count: usize) -> PathBuf {
    shapes_geojson(&format!("rivers-{count}.geojson"), "LineString", &world::rivers(count))
}

fn shapes_geojson(name: &str, kind: &str, shapes: &[Vec<Position>]) -> PathBuf {
    made(name, |out| {
        writeln!(out, r#"{{"type":"FeatureCollection","features":["#)?;
        let (open, close) = if kind == "Polygon" { ("[[", "]]") } else { ("[", "]") };
        for (number, shape) in shapes.iter().enumerate() {
            let positions: Vec<String> =
                shape.iter().map(|at| format!("[{:.7},{:.7}]", at.lon(), at.lat())).collect();
            let comma = if number + 1 < shapes.len() { "," } else { "" };
            writeln!(
                out,
                r#"{{"type":"Feature","id":{number},"properties":{{}},"geometry":{{"type":"{kind}","coordinates":{open}{}{close}}}}}{comma}"#,
                positions.join(",")
            )?;
        }
        writeln!(out, "]}}")
    })
}

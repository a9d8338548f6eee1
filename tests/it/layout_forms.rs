//! Every layout in every form: positions in columns or in the geometry, names in full or truncated to ten
//! letters as in shapefiles, and one of its own columns missing. The layouts and their columns come from
//! docs/FORMATS.md, which other tests compare with the code.

use crate::intake::{plain, text};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;
use tamarisk::sources::{Role, Source, read_incidents, read_receptors, read_sites};

/// A layout as documented.
pub struct Known {
    name: String,
    role: Role,
    signature: Vec<String>,
    /// Columns that are read, each with what it means.
    fields: Vec<(String, String)>,
    /// Columns of its codebook that are not read.
    also: Vec<String>,
    refused: bool,
    month_first: bool,
    /// A column that determines the kind of a receptor, and the kind.
    kind: Option<(String, String)>,
}

/// The result of a file: its layout and each item as text, or the error.
#[derive(Debug, PartialEq)]
struct Outcome {
    layout: String,
    things: Vec<String>,
    said: String,
}

fn ticked(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

pub fn known() -> Vec<Known> {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/FORMATS.md");
    let document = std::fs::read_to_string(document).expect("docs/FORMATS.md");
    let (_, rest) = document.split_once("<!-- layouts -->").expect("layouts");
    let (table, _) = rest.split_once("<!-- end of layouts -->").expect("their end");
    table
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| data set"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let [name, roles, signature, columns] = cells[..] else { panic!("{line}") };
            let role = match roles.split([' ', ',']).next() {
                Some("sites") => Role::Sites,
                Some("incidents") => Role::Incidents,
                _ => Role::Receptors,
            };
            let (columns, also) = columns.split_once("not read: ").unwrap_or((columns, ""));
            let items: Vec<&str> = columns.split("; ").map(str::trim).collect();
            let pair = |item: &str| {
                let (column, meaning) = item.strip_prefix('`')?.split_once("` ")?;
                (meaning != "set aside").then(|| (column.to_owned(), meaning.to_owned()))
            };
            let kind = items.iter().find_map(|item| item.strip_prefix("kind by "));
            Known {
                name: name.to_owned(),
                role,
                signature: ticked(signature),
                fields: items.iter().filter_map(|item| pair(item)).collect(),
                also: ticked(also),
                refused: columns.contains("refused"),
                month_first: columns.contains("%m/%d/%Y"),
                kind: kind.and_then(|kinds| pair(kinds.split(", ").next()?)),
            }
        })
        .collect()
}

impl Known {
    /// The columns of a file, each once, in the order of the codebook; without those of the place where that is
    /// in the geometry.
    fn columns(&self, placed: bool) -> Vec<(String, String)> {
        let is_place = |meaning: &str| {
            matches!(meaning.split('_').next(), Some("lon" | "lat")) || meaning == "geometry"
        };
        let mut columns: Vec<(String, String)> = Vec::new();
        let mut add = |column: &str, meaning: &str| {
            // Names that shapefiles make of several that are cut to one are those of the cut form alone.
            let made = column == "ActionGeo_" || column.starts_with("ActionGe_");
            let there = columns.iter().any(|(known, _)| known == column);
            if !made && !there && (placed || !is_place(meaning)) {
                columns.push((column.to_owned(), meaning.to_owned()));
                if column == "ActionGeo_Type" {
                    columns.push(("ActionGeo_FullName".to_owned(), String::new()));
                }
            }
        };
        for (column, meaning) in &self.fields {
            add(column, meaning);
        }
        if let Some((column, _)) = &self.kind {
            add(column, "kind");
        }
        for column in self.signature.iter().chain(&self.also) {
            let meaning = self.fields.iter().find(|(known, _)| known == column);
            add(column, meaning.map_or("", |(_, meaning)| meaning));
        }
        columns
    }

    fn value(&self, column: &str, meaning: &str) -> Value {
        let kind = self.kind.as_ref().map_or("", |(_, kind)| kind.as_str());
        let in_parts = self.fields.iter().any(|(_, meaning)| meaning == "lat_min");
        match meaning {
            "id" => json!("7"),
            "name" => json!("Somewhere"),
            "lon" => json!(if in_parts { "62" } else { "62.5" }),
            "lat" => json!(if in_parts { "29" } else { "29.25" }),
            "lat_min" => json!("15"),
            "lon_min" => json!("30"),
            "lat_sec" | "lon_sec" => json!("0"),
            "lat_side" => json!("North"),
            "lon_side" => json!("East"),
            "country" if column.starts_with("ActionGe") => json!("PK"),
            "country" => json!("Pakistan"),
            "date" if self.month_first => json!("03/09/2019"),
            "date" if matches!(column, "SQLDATE" | "Day") => json!("20190309"),
            "date" | "date_end" => json!("2019-03-09"),
            "year" | "year or span of years" => json!("2019"),
            "month" => json!("3"),
            "day" => json!("9"),
            "accuracy by code" => json!("3"),
            "accuracy by word" if column.to_lowercase().starts_with("confidence") => json!("High"),
            "accuracy by word" => json!("exact"),
            "type by code" if column == "EventRootCode" => json!("19"),
            "type by code" if column == "EventCode" => json!("193"),
            "type by code" if column == "Event Type" => json!("Incident"),
            "type by code" | "type by number" => json!("3"),
            "event_type" | "sub_event_type" if self.name.contains("ACLED") => json!("Battles"),
            "event_type" => json!("Earthquake"),
            "whether it exists yet" => json!("Designated"),
            "designation" => json!("National Park"),
            "iucn_category" => json!("II"),
            "tailings_class" | "water_stress_category" => json!("High"),
            "water_stress_ratio" => json!("0.3"),
            "which place of the event" => json!("1"),
            "magnitude" | "depth_km" | "water_stress" => json!("3"),
            "kind" if kind == "rivers" => json!("river"),
            "kind" => json!("town"),
            "" => json!(if column == "Search Parameters" { "" } else { "x" }),
            _ => json!("12"),
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether its columns hold the place.
    pub fn has_place(&self) -> bool {
        self.fields.iter().any(|(_, meaning)| meaning == "lon")
    }

    fn table(&self) -> String {
        self.table_with(&[])
    }

    /// A table of one record, with further columns and their values.
    pub fn table_with(&self, more: &[(&str, &str)]) -> String {
        let columns = self.columns(true);
        let mut table = String::new();
        let cells = |of: &dyn Fn(&(String, String)) -> String| {
            columns.iter().map(|column| format!("\"{}\"", of(column))).collect::<Vec<_>>().join(",")
        };
        let name = |(column, _): &(String, String)| column.trim_end_matches(" (2nd)").to_owned();
        let heads: String = more.iter().map(|(name, _)| format!(",\"{name}\"")).collect();
        let _ = writeln!(table, "{}{heads}", cells(&name));
        let value = |(column, meaning): &(String, String)| {
            self.value(column, meaning).as_str().expect("a text").to_owned()
        };
        let values: String = more.iter().map(|(_, value)| format!(",\"{value}\"")).collect();
        let _ = writeln!(table, "{}{values}", cells(&value));
        table
    }

    /// A feature whose place is its geometry, without one column.
    pub fn feature(&self, cut: bool, without: Option<&str>) -> String {
        let mut properties = Map::new();
        for (column, meaning) in self.columns(false) {
            if without == Some(column.as_str()) {
                continue;
            }
            let value = self.value(&column, &meaning);
            let name = if cut { cut_name(&column, &properties) } else { column };
            properties.insert(name, value);
        }
        let geometry = json!({"type": "Point", "coordinates": [62.5, 29.25]});
        let line = json!({"type": "LineString", "coordinates": [[62.5, 29.25], [62.6, 29.25]]});
        let lines = self.name.contains("HimaTibet") || self.name.contains("HydroRIVERS");
        let geometry = if lines { line } else { geometry };
        let feature = json!({"type": "Feature", "properties": properties, "geometry": geometry});
        json!({"type": "FeatureCollection", "features": [feature]}).to_string()
    }

    fn read(&self, name: &str, content: &str) -> Outcome {
        let source: Source = text(name, content);
        let options = plain();
        macro_rules! told {
            ($reading:expr, $thing:expr) => {
                match $reading {
                    Ok(reading) => Outcome {
                        layout: reading.layout.clone(),
                        things: reading.items.iter().map($thing).collect(),
                        said: reading.findings.iter().map(|f| format!("{f}\n")).collect(),
                    },
                    Err(error) => Outcome {
                        layout: String::new(),
                        things: Vec::new(),
                        said: format!("{error}"),
                    },
                }
            };
        }
        match self.role {
            Role::Sites => told!(read_sites(&source, &options), |site| format!(
                "{} {} {} {:?} {:?}",
                site.id, site.name, site.position, site.accuracy, site.country
            )),
            Role::Incidents => told!(read_incidents(&source, &options), |incident| format!(
                "{} {} {:?} {:?} {:?} {:?} {:?} {:?}",
                incident.id,
                incident.position,
                incident.accuracy,
                incident.country,
                incident.date,
                incident.security_type,
                incident.fatalities,
                incident.magnitude
            )),
            Role::Receptors => told!(read_receptors(&source, None, &options), |receptor| format!(
                "{} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
                receptor.id,
                receptor.name,
                receptor.kind,
                receptor.shape,
                receptor.designation,
                receptor.population,
                receptor.area_km2,
                receptor.tailings,
                receptor.water_stress
            )),
        }
    }
}

/// A name as GDAL truncates it for a shapefile, given the existing ones: ten letters, the last two a number if
/// the name is taken.
fn cut_name(name: &str, taken: &Map<String, Value>) -> String {
    let first = |letters: usize| name.chars().take(letters).collect::<String>();
    let ten = first(10).trim_end().to_owned();
    if !taken.contains_key(&ten) {
        return ten;
    }
    let numbered = (1..100).map(|number| format!("{}_{number}", first(8)));
    numbered.into_iter().find(|name| !taken.contains_key(name)).expect("a free name")
}

#[test]
fn every_layout_is_known_by_its_columns_wherever_its_place_is() {
    let all = known();
    assert!(all.len() >= 40, "{}", all.len());
    let mut wrong = Vec::new();
    for layout in &all {
        let name = &layout.name;
        let whole = layout.read("file.geojson", &layout.feature(false, None));
        if layout.refused {
            let table = layout.read("file.csv", &layout.table());
            for outcome in [&whole, &table] {
                if !outcome.said.contains(&format!("({name})")) || !outcome.things.is_empty() {
                    wrong.push(format!("{name}: is not refused: {outcome:?}"));
                }
            }
            continue;
        }
        if whole.layout != *name || whole.things.len() != 1 {
            wrong.push(format!("{name}: is not known by its geometry: {whole:?}"));
        }
        let cut = layout.read("file.geojson", &layout.feature(true, None));
        if (&cut.layout, &cut.things) != (&whole.layout, &whole.things) {
            wrong.push(format!("{name}: is not the same with names cut: {cut:?}, {whole:?}"));
        }
        let has = |meaning: &str| layout.fields.iter().any(|(_, known)| known == meaning);
        if layout.has_place() {
            let table = layout.read("file.geojson", &layout.table());
            // A generated id contains its place in the file.
            let of = |things: &[String]| -> Vec<String> {
                let rest = |thing: &String| thing.split_once(' ').map(|(_, rest)| rest.to_owned());
                if has("id") { things.to_vec() } else { things.iter().filter_map(rest).collect() }
            };
            if table.layout != whole.layout || of(&table.things) != of(&whole.things) {
                wrong.push(format!("{name}: is not the same in columns: {table:?}, {whole:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Layouts with so few and common columns that a file without one of them is not recognizable.
const NOT_TOLD: &[&str] = &[
    "Natural Earth populated places",
    "Natural Earth countries",
    "OpenStreetMap",
    "OpenStreetMap by Geofabrik",
    "GeoNames cities",
];

#[test]
fn a_file_that_lacks_one_column_of_a_layout_is_said_to() {
    let all = known();
    let mut wrong = Vec::new();
    let mut anybodys = BTreeSet::new();
    for layout in all.iter().filter(|layout| !layout.refused) {
        let name = layout.name.as_str();
        let lists = all.iter().filter(|other| other.name == name).count();
        for column in &layout.signature {
            let outcome = layout.read("file.geojson", &layout.feature(false, Some(column)));
            let near = format!("looks like {name} but lacks ");
            // Of two lists of columns of one data set it may be in the other, or lack one of that.
            let told = match outcome.said.split_once(&near) {
                Some((_, lacks)) => lists > 1 || lacks.starts_with(column),
                None => outcome.layout == name,
            };
            if !told && NOT_TOLD.contains(&name) {
                anybodys.insert(name);
            } else if !told {
                wrong.push(format!("{name} without {column}: {outcome:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "not said to lack:\n{}", wrong.join("\n"));
    assert_eq!(anybodys, NOT_TOLD.iter().copied().collect(), "the list has none that is told");
}

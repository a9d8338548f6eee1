//! The commands in the README work as written.

use crate::cli::{Folder, INCIDENTS, SITES};

/// The commands of this program in a document's shell blocks, in their order.
fn commands(document: &str) -> Vec<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
    let text = std::fs::read_to_string(path).expect("a document");
    let mut inside = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
        } else if inside && line.starts_with("tamarisk ") {
            found.push(line.to_owned());
        }
    }
    found
}

/// Incidents of ten years near the mines, one a month.
fn ten_years() -> String {
    let mut text = String::from("id,date,lon,lat,country,event_type,fatalities\n");
    for month in 0..120 {
        let (year, day) = (2014 + month / 12, month % 12 + 1);
        let lon = 66.5 + f64::from(month % 5) / 10.0;
        text += &format!("g{month},{year}-{day:02}-15,{lon},29.65,Pakistan,attack,{}\n", month % 3);
    }
    text
}

#[test]
fn the_commands_of_the_readme_work() {
    let folder = Folder::with_mines();
    folder.write("mines.csv", SITES).write("camps.csv", SITES).write("ucdp.csv", INCIDENTS);
    folder.write("ged.csv", ten_years());
    let road = r#"{"type": "LineString", "coordinates": [[66.5, 29.6], [67.1, 29.9]]}"#;
    folder.write("routes.geojson", road);
    folder.write("examples/batch.toml", include_str!("../../examples/batch.toml"));
    let mut commands = commands("README.md");
    // Servers end when they are told to: see the other test.
    commands.retain(|command| !command.starts_with("tamarisk serve"));
    assert!(commands.len() >= 8, "{commands:?}");
    for command in &commands {
        // The column map is for third-party tables.
        let other = command.contains("sites.name=MINE");
        folder.write(
            "mines.csv",
            if other { SITES.replace("id,name,lon,lat", "NO,MINE,X,Y") } else { SITES.into() },
        );
        if command.starts_with("tamarisk diff") {
            for day in ["out/monday", "out/tuesday"] {
                folder.done(&["score", "-q", "-s", "mines.csv", "-i", "ucdp.csv", "-o", day]);
            }
        }
        let ended = folder.shell(command);
        // check says by its code that something was set aside; here nothing is.
        assert_eq!(ended.code, 0, "{command}: {}", ended.err);
        let (_, arguments) = command.split_once(' ').expect("arguments");
        let shows = ["check", "explain", "near", "risk", "rank", "corridor", "diff"]
            .iter()
            .any(|word| arguments.starts_with(word));
        assert!(!shows || ended.out.len() > 50, "{command}: {}", ended.out);
        if command.ends_with("-o out") {
            let layer = folder.json("out/sites.geojson");
            assert_eq!(layer["features"].as_array().map(Vec::len), Some(3), "{command}");
            let names = crate::cli::column(&layer, "name");
            assert!(names.values().any(|name| name == "Far Valley"), "{command}: {names:?}");
            std::fs::remove_dir_all(folder.at("out")).expect("it was written");
        }
    }
}

/// The table of required columns in the README.
#[test]
fn a_table_with_the_columns_of_the_readme_is_scored_without_an_option() {
    let folder = Folder::new();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(path).expect("a README");
    let columns = |role: &str| -> String {
        let row = text.lines().find(|line| line.starts_with(&format!("| {role} | `")));
        let cell = row.expect("a row").split('|').nth(2).expect("a cell");
        let names: Vec<&str> =
            cell.split('`').skip(1).step_by(2).filter(|name| !name.contains('-')).collect();
        names.join(",")
    };
    let row = |names: &str| -> String {
        let values = names.split(',').map(|name| match name {
            "id" => "1",
            "name" => "One",
            "date" => "2024-03-05",
            "lon" => "66.512",
            "lat" => "29.613",
            "country" => "Pakistan",
            "event_type" => "Battles",
            "fatalities" => "4",
            other => panic!("{other} is new here"),
        });
        format!("{names}\n{}\n", values.collect::<Vec<_>>().join(","))
    };
    for role in ["sites", "incidents", "receptors"] {
        folder.write(&format!("{role}.csv"), row(&columns(role)));
    }
    folder.done(&[
        "score",
        "-q",
        "-s",
        "sites.csv",
        "-i",
        "incidents.csv",
        "-r",
        "rivers=receptors.csv",
        "-o",
        "out",
    ]);
    let layer = folder.json("out/sites.geojson");
    assert_eq!(crate::cli::column(&layer, "fatalities_5km")["1"], 4.0);
    assert_eq!(crate::cli::column(&layer, "nearest_river_km")["1"], 0.0);
    for role in ["sites", "incidents"] {
        assert_eq!(folder.run(&["check", &format!("{role}.csv")]).code, 0);
    }
}

#[cfg(feature = "serve")]
#[test]
fn the_servers_of_the_documents_answer() {
    let servers = |document| {
        let all = commands(document).into_iter();
        all.filter_map(|command| Some(command.strip_prefix("tamarisk serve ")?.to_owned()))
    };
    let all: Vec<String> = servers("README.md").chain(servers("docs/SERVE.md")).collect();
    assert!(all.len() >= 5, "{all:?}");
    for command in all {
        let folder = Folder::with_mines();
        folder.write("mines.csv", SITES).write("incidents.csv", INCIDENTS);
        folder.write("examples/batch.toml", include_str!("../../examples/batch.toml"));
        if command.starts_with("out/batch") {
            folder.done(&["batch", "examples/batch.toml", "-q", "-o", "out/batch"]);
        }
        let words = command.split('#').next().unwrap_or_default().split_whitespace();
        let served = crate::serve_guard::Served::of(folder, &words.collect::<Vec<_>>());
        for path in ["/map", "/collections", "/choices"] {
            assert_eq!(served.get(path).status, 200, "{command}: {path}");
        }
    }
}

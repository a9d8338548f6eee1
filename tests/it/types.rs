//! Type words in several languages, and as defined by a user.

use crate::cli::Folder;

const HEAD: &str = "id,date,lat,lon,country,event_type,fatalities\n";

/// A folder with a site and incidents of these types, all at one place on one day.
fn folder(words: &[&str]) -> Folder {
    let folder = Folder::new();
    let row =
        |(at, word): (usize, &&str)| format!("{at},2024-03-09,29.15,62.30,Pakistan,{word},0\n");
    let rows: String = words.iter().enumerate().map(row).collect();
    folder.write("sites.csv", "id,name,lon,lat\nM,Mine,62.3,29.2\n");
    folder.write("incidents.csv", format!("{HEAD}{rows}"));
    folder
}

/// Domain and type of each incident, in the order of the file.
fn types(folder: &Folder, args: &[&str]) -> Vec<(String, String)> {
    let all = ["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out", "--replace"];
    folder.done(&[&all[..], args].concat());
    let layer = folder.json("out/incidents.geojson");
    let features = layer["features"].as_array().expect("features").iter();
    let word = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    features
        .map(|f| (word(&f["properties"]["domain"]), word(&f["properties"]["security_type"])))
        .collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(domain, kind)| ((*domain).to_owned(), (*kind).to_owned())).collect()
}

#[test]
fn types_in_other_languages_are_scored_as_what_they_are() {
    let folder = folder(&[
        "Attaque armée",
        "Explosión",
        "حملہ",
        "هجوم",
        "Enlèvement",
        "Robbery",
        "Взрыв",
        "Greve",
        "Derrame",
    ]);
    let expected = pairs(&[
        ("security", "violence_against_civilians"),
        ("security", "explosions"),
        ("security", "violence_against_civilians"),
        ("security", "violence_against_civilians"),
        ("security", "violence_against_civilians"),
        ("security", "looting"),
        ("security", "explosions"),
        ("security", "protests"),
        ("accident", "-"),
    ]);
    assert_eq!(types(&folder, &[]), expected);
    let told = folder.done(&["check", "incidents.csv"]);
    assert!(told.contains("1 accident") && told.contains("8 security"), "{told}");
    assert!(!told.contains("unknown types"), "{told}");
}

#[test]
fn words_that_nobody_explained_are_listed_with_counts_and_can_be_explained() {
    let folder = folder(&["Zwischenfall", "Zwischenfall", "attack", "Überfall", "zwischenfall "]);
    let list = "unknown types: \"Zwischenfall\" (2), \"zwischenfall\" (1), \"Überfall\" (1); \
                --types FILE says what they mean";
    let told = folder.done(&["check", "incidents.csv"]);
    assert!(told.contains(list), "{told}");
    let score = ["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"];
    let told = folder.done(&score);
    assert!(told.contains(&format!("incidents.csv: {list}")), "{told}");

    folder.write(
        "types.csv",
        "word,type\nzwischenfall,battles\nÜberfall,violence_against_civilians\n",
    );
    folder.write("semicolon.csv", "Type;Word\nbattles;ZWISCHENFALL\naccident;überfall\n");
    folder.write("map.toml", "[types]\n\"Zwischenfall\" = \"battles\"\n\"attack\" = \"other\"\n");
    let battles = ("security", "battles");
    let violence = ("security", "violence_against_civilians");
    let other = ("other", "-");
    for (args, expected) in [
        (&["--types", "types.csv"][..], [battles, battles, violence, violence, battles]),
        (&["--types", "incidents.csv=types.csv"], [battles, battles, violence, violence, battles]),
        (&["--types", "another.csv=types.csv"], [other, other, violence, other, other]),
        (&["--types", "semicolon.csv"], [battles, battles, violence, ("accident", "-"), battles]),
        // What a user says outdoes what is known.
        (&["--map", "map.toml"], [battles, battles, other, other, battles]),
    ] {
        assert_eq!(types(&folder, args), pairs(&expected), "{args:?}");
    }
    let told = folder.done(&["check", "incidents.csv", "--types", "types.csv"]);
    assert!(told.contains("5 security") && !told.contains("not known"), "{told}");
    let json = folder.answer(&["check", "--json", "incidents.csv"]);
    assert_eq!(json[0]["unknown_types"]["Zwischenfall"], 2);
}

#[test]
fn a_user_explains_types_of_a_known_data_set_too() {
    let folder = Folder::new();
    folder.write("sites.csv", "id,name,lon,lat\nM,Mine,62.3,29.2\n").write(
        "incidents.csv",
        "event_id_cnty,event_date,event_type,sub_event_type,country,latitude,longitude,fatalities\n\
         P1,2024-08-26,Strategic developments,Other,Pakistan,29.15,62.3,0\n",
    );
    folder.write("types.csv", "word,type\nOther,riots\n");
    assert_eq!(types(&folder, &[]), pairs(&[("security", "strategic_developments")]));
    assert_eq!(types(&folder, &["--types", "types.csv"]), pairs(&[("security", "riots")]));
}

#[test]
fn a_table_of_types_that_says_nothing_is_refused_with_its_place() {
    let folder = folder(&["attack"]);
    for (table, why, hint) in [
        (
            "word,type\nx,explosion\n",
            "line 2: \"explosion\" is not a type",
            "types are explosions, violence_against_civilians",
        ),
        ("word,kind\nx,riots\n", "has no columns word and type; columns: word, kind", "word,type"),
        ("word,type\nx,riots\nX,battles\n", "line 3: \"X\" already has another type", ""),
        ("word,type\n,riots\n", "a type without a word", ""),
    ] {
        folder.write("types.csv", table);
        let ended = folder.run(&["check", "incidents.csv", "--types", "types.csv"]);
        assert_eq!(ended.code, 2, "{table}: {}", ended.err);
        assert!(ended.err.contains(why) && ended.err.contains(hint), "{table}: {}", ended.err);
    }
    folder.write("map.toml", "[types]\nx = \"bang\"\n");
    let ended = folder.run(&["check", "incidents.csv", "--map", "map.toml"]);
    assert!(ended.code == 2 && ended.err.contains("\"bang\" is not a type"), "{}", ended.err);
}

#[test]
fn a_column_that_holds_types_is_read_as_them_whatever_it_is_called() {
    let kinds = |name: &str, words: [&str; 2]| {
        let folder = folder(&words);
        let text = String::from_utf8(folder.bytes("incidents.csv")).expect("text");
        folder.write("incidents.csv", text.replace("event_type", name));
        types(&folder, &[])
    };
    let right = pairs(&[("security", "battles"), ("security", "protests")]);
    for name in [
        "category",
        "Event",
        "Incident",
        "Type of event",
        "Event category",
        "Ereignis",
        "Typ",
        "واقعہ کی قسم",
    ] {
        assert_eq!(kinds(name, ["battle", "protest"]), right, "{name}");
    }
    // A column of titles is not a column of types: the incidents have no known type.
    let unknown = pairs(&[("security", "unknown"), ("security", "unknown")]);
    assert_eq!(kinds("Event", ["E-001", "E-002"]), unknown);
}

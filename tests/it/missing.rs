//! If most sites have no environment score, or a bar of which nothing is known, the console gives the reason, once,
//! and the data that would supply it.

use crate::cli::Folder;

const RIVERS: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"r","geometry":{"type":"LineString","coordinates":[[66.5,29.6],[67.2,30.0]]},"properties":{"name":"R"}}]}"#;

fn folder() -> Folder {
    let folder = Folder::with_mines();
    let settlements =
        "id,name,lon,lat,population\na,A,66.5,29.7,5000\nb,B,67.1,29.9,300\nc,C,64.3,28.4,20\n";
    folder.write("rivers.geojson", RIVERS).write("settlements.csv", settlements);
    folder.write("parks.csv", "id,name,lon,lat,area_km2,designation\np,P,66.6,29.7,10,National Park\nq,Q,64.2,28.3,10,National Park\n");
    folder
}

fn said(folder: &Folder, more: &[&str]) -> Vec<String> {
    let score = ["score", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"];
    let ended = folder.run(&[&score[..], more].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    let lines = ended.err.lines().skip_while(|line| !line.starts_with("environment: "));
    lines.map(str::to_owned).collect()
}

#[test]
fn it_is_said_what_is_known_what_is_missing_and_how_to_bring_it() {
    let folder = folder();
    let layers = ["-r", "rivers=rivers.geojson", "-r", "settlements=settlements.csv"];
    assert_eq!(
        said(&folder, &layers),
        [
            "environment: no score at 3 of 3 sites; 29 to 36 % of the weights known, 40 % needed; nothing known of nature (35 %), pressure (15 %), hazard (beside the score); missing: sensitive areas (28 %), water stress (10 %), accidents (8 %), tailings (8 %), earthquakes",
            "    hint: bring --receptors sensitive_areas=FILE, --receptors water_stress=FILE, --incidents FILE with accidents or spills, --receptors tailings=FILE or tailings_class of the sites, --receptors earthquakes=FILE",
        ]
    );
    // With a score at every site, what is told is the bars of which nothing is known.
    let all = [&layers[..], &["-r", "sensitive_areas=parks.csv", "--complete", "rivers"]].concat();
    assert_eq!(
        said(&folder, &all),
        [
            "environment: nothing known of pressure (15 %), hazard (beside the score); missing: accidents (8 %), earthquakes",
            "    hint: bring --incidents FILE with accidents or spills, --receptors earthquakes=FILE",
        ]
    );
    // What the hint says helps.
    folder
        .write("quakes.csv", "id,date,lon,lat,magnitude,depth_km\ne,2020-01-01,66.6,29.7,5.5,10\n")
        .write("spills.csv", "id,domain,date,lon,lat,country,event_type\ns,accident,2023-06-01,66.6,29.7,Pakistan,spill\n");
    let all = [&all[..], &["-r", "earthquakes=quakes.csv", "-i", "spills.csv"]].concat();
    assert_eq!(said(&folder, &all), [""; 0]);
}

#[test]
fn a_file_that_shows_nothing_near_may_be_declared_complete() {
    let folder = folder();
    folder.write("dams.csv", "id,name,lon,lat,tailings_class\nd,D,10,10,high\n");
    let lines = said(&folder, &["-r", "tailings=dams.csv"]);
    let hint = lines.last().expect("a hint");
    assert!(hint.ends_with("; give --complete tailings if the files are complete"), "{hint}");
}

#[test]
fn where_most_sites_have_a_score_or_none_is_asked_for_nothing_is_said() {
    let folder = folder();
    assert!(said(&folder, &["--scheme", "security-only"]).is_empty());
    let ended = folder.run(&["score", "--demo", "-o", "demo"]);
    assert!(!ended.err.contains("environment:"), "{}", ended.err);
    let quiet = folder.run(&["score", "-q", "-s", "sites.csv", "-o", "out"]);
    assert_eq!((quiet.code, quiet.err.as_str()), (0, ""));
}

#[test]
fn a_batch_says_it_once() {
    let folder = folder();
    let plan = "[inputs]\nsites = [\"sites.csv\"]\nincidents = [\"incidents.csv\"]\nreceptors = [\"settlements=settlements.csv\"]\n[dates]\non = [\"2024-05-31\", \"2024-06-30\"]\n[[regions]]\nname = \"East\"\nbbox = [66, 29, 68, 31]\n[[regions]]\nname = \"West\"\nbbox = [64, 28, 65, 29]\n";
    folder.write("plan.toml", plan);
    let ended = folder.run(&["batch", "plan.toml", "-o", "out"]);
    assert_eq!(ended.err.matches("environment: no score").count(), 1, "{}", ended.err);
    let told = "note: East/default/2024-05-31 and 3 more: environment: no score at 2 of 2 sites; 21 % of the weights known";
    assert!(ended.err.contains(told), "{}", ended.err);
}

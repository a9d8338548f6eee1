//! Quiet mode drops progress and summaries, but never the reason for a failure nor the requested
//! result.

use crate::cli::{Folder, INCIDENTS};

fn faulty() -> Folder {
    let folder = Folder::with_mines();
    folder
        .write("faulty.csv", format!("{INCIDENTS}i-9,never,66,29,Pakistan,Battles,1,2\n"))
        .write("prose.geojson", "this is no JSON")
        .write("scheme.toml", "[buffers]\nrings = [10, 30]\n")
        .write("plan.toml", PLAN)
        .write("slip.toml", format!("report = true\n{PLAN}"))
        .write("empty.csv", INCIDENTS.lines().next().expect("a head"));
    folder
}

const PLAN: &str = r#"
    [inputs]
    sites = ["sites.csv"]
    incidents = ["incidents.csv"]
    [dates]
    every = "month"
    from = 2024-03-31
    to = 2024-06-30
    [[regions]]
    name = "Whole"
    [[regions]]
    name = "Lost"
    inputs = { sites = ["missing.csv"], incidents = ["incidents.csv"] }
"#;

#[test]
fn every_failure_says_why_however_quiet() {
    let folder = faulty();
    for (line, code, why) in [
        (
            "score -s sites.csv -i incidents.csv --fail-on very-low -o out",
            1,
            "--fail-on very-low: 3 of 3 sites are very low, low, medium, high or very high",
        ),
        (
            "score -s sites.csv -i faulty.csv --max-rejects 0 -o out",
            1,
            "--max-rejects 0: 1 of 9 records was faulty and set aside",
        ),
        (
            "score -s sites.csv -i faulty.csv --max-rejects 5% -o out",
            1,
            "--max-rejects 5%: 1 of 9 records",
        ),
        ("score -s missing.csv -o out", 4, "missing.csv: no such file"),
        ("score -s prose.geojson -o out", 3, "prose.geojson"),
        ("score -s sites.csv --scheme scheme.toml -o out", 2, "unknown key \"rings\""),
        ("demo --layers stes -o out", 2, "\"stes\""),
        ("surface -i missing.csv -o s.tif", 4, "missing.csv: no such file"),
        (
            "batch plan.toml -o many",
            5,
            "error: Lost/default/2024-03-31 and 3 more: missing.csv: no such file",
        ),
        (
            "batch plan.toml -o many --dry-run",
            5,
            "error: Lost/default/2024-03-31 and 3 more: missing.csv: no such file",
        ),
        ("batch slip.toml -o many", 2, "unknown key \"report\""),
        ("batch scheme.toml -o many", 2, "unknown key \"buffers\""),
        ("near --at 66,30 -s missing.csv", 4, "missing.csv: no such file"),
        ("explain nobody -s sites.csv", 2, "no site has the id or name \"nobody\""),
        ("check faulty.csv", 1, "records that cannot be used: 1 of 6 in faulty.csv"),
        (
            "check --json faulty.csv sites.csv",
            1,
            "records that cannot be used: 1 of 6 in faulty.csv",
        ),
        ("check prose.geojson", 3, "prose.geojson"),
        ("scheme check scheme.toml", 2, "unknown key \"rings\""),
        ("man scor", 2, "did you mean score"),
    ] {
        for quiet in ["", "-q "] {
            let args: Vec<&str> = quiet.split_whitespace().chain(line.split(' ')).collect();
            let ended = folder.run(&args);
            assert_eq!(ended.code, code, "{quiet}{line}: {}", ended.err);
            assert!(ended.err.contains(why), "{quiet}{line}: no \"{why}\" in\n{}", ended.err);
            if !quiet.is_empty() {
                let lines = ended.err.lines().filter(|line| !line.trim().is_empty()).count();
                assert!(lines <= 2, "{line}: {lines} lines:\n{}", ended.err);
            }
        }
    }
}

#[test]
fn the_result_that_was_asked_for_is_never_dropped() {
    let folder = faulty();
    for line in [
        "explain dome -s sites.csv -i incidents.csv",
        "explain dome -s sites.csv -i incidents.csv --json",
        "near --at 66.5,29.6 -s sites.csv",
        "near --at 66.5,29.6 -s sites.csv --json",
        "near --at 0,0 -s sites.csv --within 1km",
        "check sites.csv faulty.csv",
        "check --json faulty.csv",
        "scheme show",
        "scheme list",
        "scheme check default",
        "scheme schema",
        "score -s sites.csv -o out --dry-run",
        "batch plan.toml -o many --dry-run",
        "man score",
    ] {
        let args: Vec<&str> = line.split(' ').collect();
        let loud = folder.run(&args);
        let quiet = folder.run(&[&["-q"], &args[..]].concat());
        assert!(!loud.out.is_empty(), "{line}");
        assert_eq!((quiet.code, quiet.out), (loud.code, loud.out), "{line}");
    }
    // Everything but the result is dropped.
    for line in ["score -s sites.csv -i incidents.csv -o out", "surface -i incidents.csv -o s.tif"]
    {
        let args: Vec<&str> = ["-q"].into_iter().chain(line.split(' ')).collect();
        let ended = folder.run(&args);
        assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (0, "", ""), "{line}");
    }
}

/// The number of sites in some band or above, in the written layer.
fn over(folder: &Folder, bands: &[&str]) -> usize {
    let layer = folder.json("out/sites.geojson");
    let is = |site: &serde_json::Value, score: &str| {
        bands.contains(&site["properties"][score].as_str().expect("a band"))
    };
    let sites = layer["features"].as_array().expect("features");
    sites.iter().filter(|site| is(site, "security_band") || is(site, "environment_band")).count()
}

#[test]
fn a_limit_that_is_passed_is_told_in_plain_words() {
    let folder = Folder::with_mines();
    // Attacks at the gate of one of three mines.
    let rows: String = (0..20)
        .map(|n| format!("g-{n},2024-06-30,64.251,28.402,Pakistan,Battles,50,1\n"))
        .collect();
    folder.write("incidents.csv", format!("{INCIDENTS}{rows}"));
    let bands = ["very low", "low", "medium", "high", "very high"];
    let mut told = 0;
    for (least, above) in [
        (0, "very low, low, medium, high or very high"),
        (1, "low, medium, high or very high"),
        (2, "medium, high or very high"),
        (3, "high or very high"),
        (4, "very high"),
    ] {
        let band = bands[least].replace(' ', "-");
        let args =
            ["score", "-q", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out", "--fail-on"];
        let ended = folder.run(&[&args[..], &[&band]].concat());
        let expected = match over(&folder, &bands[least..]) {
            0 => (0, String::new()),
            over => {
                told += over;
                let are = if over == 1 { "is" } else { "are" };
                (
                    1,
                    format!(
                        "--fail-on {band}: {over} of 3 sites {are} {above} in security or environment\n"
                    ),
                )
            }
        };
        assert_eq!((ended.code, ended.err), expected);
    }
    assert!(told >= 3, "{told}");
}

#[test]
fn a_plan_whose_incident_file_is_empty_is_told_once_and_each_time() {
    let folder = faulty();
    folder.write(
        "plan.toml",
        PLAN.replace("\"incidents.csv\"", "\"empty.csv\"").replace("missing", "sites"),
    );
    let told = "note: Whole/default/2024-03-31 and 7 more: empty.csv: holds no incident; without any there is no security score";
    for again in [false, true] {
        let ended = folder.run(&["batch", "plan.toml", "-o", "out"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert_eq!(ended.err.matches("holds no incident").count(), 1, "{}", ended.err);
        assert!(ended.err.contains(told), "{}", ended.err);
        assert_eq!(ended.out.contains("nothing to do"), again);
    }
    // One that is empty beside one that is not.
    folder.write(
        "plan.toml",
        PLAN.replace("[\"incidents.csv\"]", "[\"incidents.csv\", \"empty.csv\"]")
            .replace("missing", "sites"),
    );
    let ended = folder.run(&["batch", "plan.toml", "-o", "both"]);
    assert!(ended.err.contains("empty.csv: holds no incident\n"), "{}", ended.err);
    folder.write("plan.toml", PLAN.replace("missing", "sites"));
    let ended = folder.run(&["batch", "plan.toml", "-o", "none"]);
    assert!(!ended.err.contains("holds no incident"), "{}", ended.err);
}

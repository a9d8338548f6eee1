//! Ranks and scores under other settings of a scheme.

use crate::batch::mines_by_month;
use crate::cli::{Folder, SITES};
use std::collections::BTreeMap;
use std::sync::Arc;
use tamarisk::earth::{Bounds, Position};
use tamarisk::index::Probe;
use tamarisk::layers::Scored;
use tamarisk::measures::{PartProbe, SiteProbe, WeighedIncident};
use tamarisk::model::{SecurityType, Site};
use tamarisk::run::{self, Cancel, Case, Rules, Unwatched, World};
use tamarisk::scoring::sensitivity::{
    Design, Drawn, EnvironmentTerms, Index, ScoreName, Sensitivity,
};
use tamarisk::scoring::{Scheme, security_score};

/// The seed of the settings of a run, and how many it draws.
const SEED: u64 = 1;
const SETTINGS: usize = 1_000;

fn scored(case: &Case) -> Vec<Scored> {
    run::perform(case, &Unwatched, &Cancel::new()).expect("scores")
}

fn found(case: &Case) -> Sensitivity {
    run::sensitivity(case, &scored(case), &Unwatched, &Cancel::new()).expect("ranks")
}

fn demo(rules: &Rules) -> Case {
    let world = World::read(&run::demo().inputs, &Unwatched, &Cancel::new()).expect("the world");
    Case::new(Arc::new(world), rules).expect("the case")
}

/// The demo's rules, with a scheme.
fn rules(scheme: Scheme) -> Rules {
    Rules { scheme, ..run::demo().rules }
}

/// A site with its parts, as a run measures it.
fn probe(case: &Case, site: usize) -> SiteProbe {
    let main = &case.sites.list[site];
    let part = |part: &Site| PartProbe {
        probe: Probe::new(&part.shape),
        weight: case.scheme.security.parts.of(part.part),
        spread_km: case.scheme.position.sigma_km(part.accuracy),
        tailings: part.tailings,
    };
    let parts = std::iter::once(main).chain(&case.sites.linked[site]).map(part).collect();
    SiteProbe { position: main.position, parts }
}

/// The security scores of all sites in every run of a design.
fn security_scores(case: &Case, design: &Design) -> Vec<Vec<f64>> {
    let settings = design.settings(&case.scheme);
    let kind = |one: &WeighedIncident| {
        let known = case.world.incidents[one.index].security_type;
        let known = known.unwrap_or(SecurityType::Unknown);
        SecurityType::ALL.iter().position(|of| *of == known).expect("a type")
    };
    let variants = case.security.variants(kind, &settings);
    let of_site = |site: usize| {
        let intensities = variants.intensities(&probe(case, site)).into_iter();
        intensities.map(|intensity| security_score(&case.scheme, intensity)).collect()
    };
    (0..case.sites.list.len()).map(of_site).collect()
}

/// A scheme with drawn settings written into it.
fn with(scheme: &Scheme, drawn: &Drawn) -> Scheme {
    let mut scheme = scheme.clone();
    let security = &mut scheme.security;
    security.kernel.scales_km.iter_mut().for_each(|scale| *scale *= drawn.bandwidth);
    security.recency.half_life_days *= drawn.half_life;
    let severity = &mut security.severity;
    severity.fatality_factor *= drawn.deaths;
    for (weight, factor) in [
        (&mut severity.explosions, SecurityType::Explosions),
        (&mut severity.violence_against_civilians, SecurityType::Violence),
        (&mut severity.battles, SecurityType::Battles),
        (&mut severity.looting, SecurityType::Looting),
        (&mut severity.riots, SecurityType::Riots),
        (&mut severity.protests, SecurityType::Protests),
        (&mut severity.strategic_developments, SecurityType::Strategic),
        (&mut severity.unknown, SecurityType::Unknown),
    ] {
        let at = SecurityType::ALL.iter().position(|of| *of == factor).expect("a type");
        *weight *= drawn.types[at];
    }
    let of = &mut scheme.environment;
    of.power = drawn.power;
    let [e1, e2, _, e4, e5, e6, e7, e8, e9, e10, _, _] = drawn.weights;
    (of.sensitive_areas.weight, of.species.weight, of.habitat.weight) = (e1, e7, e8);
    (of.water_nearby.weight, of.water_stress.weight) = (e4, e2);
    (of.people.weight, of.downstream.weight) = (e6, e9);
    (of.tailings.weight, of.accidents.weight) = (e10, e5);
    (of.bars.nature, of.bars.water) = (e1 + e7 + e8, e4 + e2);
    (of.bars.people, of.bars.pressure) = (e6 + e9, e10 + e5);
    scheme
}

#[test]
fn scores_under_other_settings_are_those_of_a_scheme_with_these_numbers() {
    let case = demo(&run::demo().rules);
    let design = Design::new(&case.scheme, 3, SEED);
    let (base, security) = (scored(&case), security_scores(&case, &design));
    for (row, drawn) in design.drawn().iter().enumerate() {
        let other = demo(&rules(with(&case.scheme, drawn)));
        for (before, after) in base.iter().zip(scored(&other)) {
            let name = &case.sites.list[after.site].name;
            if before.risk.security.score.is_some() {
                let due = after.risk.security.score.expect("a score");
                let found = security[after.site][row];
                // More than 64 incidents in reach are interpolated.
                assert!((found - due).abs() < 0.1, "{name}: {found} {due}");
            }
            let terms = EnvironmentTerms::of(&case.scheme, &before.risk.environment);
            if let (Some(terms), Some(due)) = (terms, after.risk.environment.score) {
                let found = terms.scores(&design)[row];
                assert!((found - due).abs() < 1e-6, "{name}: {found} {due}");
            }
        }
    }
}

#[test]
fn ranks_are_counted_over_the_settings() {
    let case = demo(&run::demo().rules);
    let design = Design::new(&case.scheme, SETTINGS, SEED);
    let scores = security_scores(&case, &design);
    let all = found(&case);
    let with_score: Vec<usize> =
        all.sites.iter().filter(|one| one.security.is_some()).map(|one| one.site).collect();
    assert!(with_score.len() > 20);
    for one in all.sites.iter().filter(|one| one.security.is_some()) {
        let rank = |row: usize| {
            let own = scores[one.site][row];
            1 + with_score.iter().filter(|other| scores[**other][row] > own + 0.0016).count()
        };
        let mut ranks: Vec<usize> = (0..SETTINGS).map(rank).collect();
        ranks.sort_unstable();
        let told = one.security.as_ref().expect("a score");
        let [low, high] = told.standing.ranks.map(f64::from);
        // Codes of scores tell apart 0.0015 points.
        assert!((low - ranks[50] as f64).abs() <= 1.0, "{low} {}", ranks[50]);
        assert!((high - ranks[949] as f64).abs() <= 1.0, "{high} {}", ranks[949]);
        let top = ranks.iter().filter(|rank| **rank <= 10).count() as f64 / 1000.0;
        assert!((told.standing.top - top).abs() <= 0.02, "{} {top}", told.standing.top);
        assert!(told.standing.ranks[0] <= told.rank + 5 && told.rank <= told.standing.ranks[1] + 5);
    }
}

fn indices(all: &Sensitivity, case: &Case) -> BTreeMap<String, Vec<Vec<Index>>> {
    let of_site = |one: &tamarisk::scoring::sensitivity::SiteSensitivity| {
        let of = |score| one.of(score).map(|of| of.indices.clone()).unwrap_or_default();
        (case.sites.list[one.site].id.clone(), ScoreName::ALL.map(of).into())
    };
    all.sites.iter().map(of_site).collect()
}

#[test]
fn other_sites_move_ranks_and_nothing_else_and_threads_move_nothing() {
    let whole = demo(&run::demo().rules);
    let all = found(&whole);
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        assert_eq!(pool.install(|| found(&demo(&run::demo().rules))), all);
    }
    let at = |lon, lat| Position::from_degrees(lon, lat).expect("a position");
    let bbox = Bounds::around([at(60.0, 24.0), at(67.0, 30.0)].into_iter());
    let part = demo(&Rules { bbox, ..run::demo().rules });
    let fewer = found(&part);
    assert!(fewer.sites.len() > 5 && fewer.sites.len() < all.sites.len());
    let (of_all, of_fewer) = (indices(&all, &whole), indices(&fewer, &part));
    assert!(of_fewer.iter().all(|(id, indices)| of_all[id] == *indices));
    let lowest = |of: &Sensitivity| {
        of.sites.iter().filter_map(|one| Some(one.security.as_ref()?.standing.ranks[1])).max()
    };
    assert!(lowest(&fewer) < lowest(&all));
}

#[test]
fn indices_tell_shares_and_groups_of_the_other_score_have_none() {
    let case = demo(&run::demo().rules);
    let all = found(&case);
    let mut varied = 0;
    for site in &all.sites {
        for score in ScoreName::ALL {
            let Some(of) = site.of(score) else { continue };
            assert_eq!(of.indices.len(), score.groups().len());
            let sum: f64 = of.indices.iter().map(|index| index.first).sum();
            let error: f64 = of.indices.iter().map(|index| index.first_error).sum();
            assert!(sum < 1.0 + 4.0 * error, "{score:?}: {sum} {error}");
            for index in &of.indices {
                assert!(index.first <= index.total + 4.0 * (index.first_error + index.total_error));
                assert!(index.total >= 0.0 && index.total_error < 0.2);
                varied += usize::from(index.total > 0.05);
            }
        }
    }
    assert!(varied > 50);
    let summary = all.summary(ScoreName::Security).expect("security scores");
    assert_eq!(summary.groups.len(), 3);
    assert!(summary.widths[0] >= 1 && summary.top[0] >= 9);
}

#[test]
fn a_score_that_no_setting_moves_has_no_indices_and_one_rank() {
    let folder = Folder::with_mines();
    // Covered, and more than 600 km from every incident.
    folder.write(
        "sites.csv",
        format!("{SITES}north,North,74.6,36.4\nnorth2,Farther north,74.7,36.5\n"),
    );
    folder.done(&[
        "score",
        "-s",
        "sites.csv",
        "-i",
        "incidents.csv",
        "--coverage",
        "PAK",
        "--sensitivity",
        "-o",
        "out",
    ]);
    let rows = table(&folder, "out");
    let last = rows.values().filter(|row| !row["security_rank"].is_empty()).count() - 1;
    for id in ["north", "north2"] {
        let row = &rows[id];
        for column in ["security_rank", "security_rank_p05", "security_rank_p95"] {
            assert_eq!(row[column], last.to_string(), "{column}");
        }
        for group in ["bandwidth", "half_life", "severity"] {
            for of in ["first", "first_se", "total", "total_se"] {
                assert_eq!(row[&format!("security_{group}_{of}")], "0.000");
            }
        }
        assert_eq!(row["environment_rank"], "");
        assert_eq!(row["overall_weights_first"], "");
    }
    assert!(rows.values().any(|row| row["security_bandwidth_total"].as_str() > "0.100"));
}

/// The rows of a folder's sensitivity.csv by id, each by column.
fn table(folder: &Folder, out: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let bytes = folder.bytes(&format!("{out}/sensitivity.csv"));
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let head: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let row = |row: csv::Result<csv::StringRecord>| {
        let row = row.expect("a row");
        let cells: BTreeMap<String, String> =
            head.iter().cloned().zip(row.iter().map(str::to_owned)).collect();
        (cells["site_id"].clone(), cells)
    };
    reader.records().map(row).collect()
}

#[test]
fn a_run_writes_the_table_when_asked_and_says_so_in_its_receipt() {
    let folder = Folder::with_mines();
    let score = ["score", "-s", "sites.csv", "-i", "incidents.csv", "-o"];
    let plain = folder.done(&[&score[..], &["plain"]].concat());
    let told = folder.done(&[&score[..], &["asked", "--sensitivity"]].concat());
    folder.done(&[&score[..], &["again", "--sensitivity"]].concat());
    assert!(!folder.at("plain/sensitivity.csv").exists() && !plain.contains("other settings"));
    assert!(told.contains("under 1,000 other settings of the scheme (sensitivity.csv)"), "{told}");
    assert!(told.contains("the score hangs on"), "{told}");
    assert_eq!(folder.bytes("asked/sensitivity.csv"), folder.bytes("again/sensitivity.csv"));
    assert_eq!(folder.bytes("asked/sites.geojson"), folder.bytes("plain/sites.geojson"));
    let [plain, asked] = ["plain", "asked"].map(|of| folder.json(&format!("{of}/receipt.json")));
    assert_eq!(asked["sensitivity"], true);
    assert!(plain.get("sensitivity").is_none());
    assert_ne!(plain["fingerprint"], asked["fingerprint"]);
    let outputs = asked["outputs"].as_array().expect("a list");
    assert!(outputs.iter().any(|file| file["file"] == "sensitivity.csv"));
    let dry = folder.done(&[&score[..], &["new", "--sensitivity", "--dry-run"]].concat());
    assert!(dry.contains("sensitivity.csv"), "{dry}");
}

#[test]
fn a_frame_of_a_batch_has_the_table_of_a_run_of_its_own() {
    let folder = mines_by_month();
    let plan = String::from_utf8(folder.bytes("plan.toml")).expect("UTF-8");
    folder.write("plan.toml", format!("sensitivity = true\n{plan}"));
    folder.done(&["batch", "plan.toml", "-o", "out"]);
    folder.done(&[
        "score",
        "-s",
        "sites.csv",
        "-i",
        "incidents.csv",
        "--as-of",
        "2024-04-30",
        "--bbox",
        "66,29,68,31",
        "--sensitivity",
        "-o",
        "own",
    ]);
    assert_eq!(
        folder.bytes("out/East/default/2024-04-30/sensitivity.csv"),
        folder.bytes("own/sensitivity.csv")
    );
    let second = folder.done(&["batch", "plan.toml", "-o", "out"]);
    assert!(second.contains("nothing to do"), "{second}");
}

#[test]
fn the_documented_columns_of_the_table_are_those_that_are_written() {
    let document = include_str!("../../docs/FORMATS.md");
    let (_, section) = document.split_once("\n## sensitivity.csv\n").expect("a section");
    let section = section.split("\n## ").next().expect("its text");
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let first = |row: &str| row.split('|').nth(1).expect("a cell").to_owned();
    let cells: Vec<String> = rows.map(first).collect();
    let mut named: Vec<String> = cells
        .iter()
        .flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned))
        .collect();
    let mut header = tamarisk::layers::sensitivity::header();
    named.sort();
    header.sort();
    assert_eq!(named, header);
}

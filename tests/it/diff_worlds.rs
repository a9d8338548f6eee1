//! The parts of a change add up between any two worlds.

use crate::cli::{Dice, Folder};
use crate::cli_diff::{adds_up, moving};
use std::path::{Path, PathBuf};
use tamarisk::run::{self, Cancel, Case, Changes, Inputs, Lookup, Request, Rules, Unwatched};
use tamarisk::sources::Source;

/// A world that is made by dice: some of what the one before had, some of it changed, and some anew.
fn made(dice: &mut Dice, folder: &Path) -> Request {
    let mut incidents =
        String::from("id,date,lon,lat,country,event_type,fatalities,position_accuracy_km\n");
    for id in 0..40 {
        if dice.below(5) == 0 {
            continue;
        }
        // Mostly the same from world to world, so that all kinds of changes meet.
        let mut own = Dice::new(1000 + id);
        let mut same = |limit: u64| own.below(limit);
        let mut value = |limit: u64, dice: &mut Dice| {
            let usual = same(limit);
            if dice.below(12) == 0 { dice.below(limit) } else { usual }
        };
        let (month, day) = (1 + value(9, dice), 1 + value(28, dice));
        let lon = 66.0 + value(2000, dice) as f64 / 1000.0;
        let lat = 29.0 + value(2000, dice) as f64 / 1000.0;
        let kinds = ["Battles", "Explosions", "Riots", "accident", "earthquake", "Protests"];
        let kind = kinds[value(6, dice) as usize];
        let deaths = value(30, dice);
        incidents.push_str(&format!(
            "i-{id},2024-{month:02}-{day:02},{lon},{lat},Pakistan,{kind},{deaths},5\n"
        ));
    }
    let mut sites = String::from("id,name,lon,lat,water_stress_ratio,group,part\n");
    for id in 0..8 {
        let moved = if dice.below(6) == 0 { dice.below(100) as f64 / 500.0 } else { 0.0 };
        if dice.below(8) > 0 {
            let group = if id < 3 { format!("g{id}") } else { String::new() };
            let (lon, lat) = (66.1 + id as f64 / 5.0 + moved, 29.2 + id as f64 / 7.0);
            sites
                .push_str(&format!("s-{id},Site {id},{lon},{lat},0.{},{group},mine\n", 3 + id % 4));
            if id < 3 && dice.below(4) > 0 {
                sites.push_str(&format!("c-{id},Camp {id},{},{lat},,{group},camp\n", lon + 0.05));
            }
        }
    }
    let mut areas =
        String::from("id,name,lon,lat,area_km2,position_accuracy_km,receptor_type,population\n");
    for id in 0..6 {
        if dice.below(4) > 0 {
            let (lon, lat) = (66.2 + id as f64 / 4.0, 29.4 + id as f64 / 5.0);
            areas.push_str(&format!("p-{id},Park {id},{lon},{lat},120,2,sensitive_areas,\n"));
            areas.push_str(&format!(
                "t-{id},Town {id},{},{lat},,2,settlements,{}\n",
                lon + 0.1,
                1000 * (1 + dice.below(2))
            ));
        }
    }
    let write = |name: &str, text: String| -> PathBuf {
        let path = folder.join(name);
        std::fs::create_dir_all(folder).expect("a folder");
        std::fs::write(&path, text).expect("a file");
        path
    };
    let source = |name: &str, text| Source::path(write(name, text));
    let scheme = match dice.below(4) {
        0 => tamarisk::scoring::Scheme::from_toml(
            "[security.recency]\nhalf_life_days = 200\n",
            "other.toml",
        ),
        1 => tamarisk::scoring::Scheme::built_in("biodiversity").expect("is built in"),
        _ => Ok(tamarisk::scoring::Scheme::default()),
    };
    let coverage = match dice.below(4) {
        0 => run::named::coverage("--coverage", "PAK,AFG", Path::new("")).expect("countries"),
        1 => run::named::coverage("--coverage", "all", Path::new("")).expect("all"),
        _ => run::CoverageChoice::FromData,
    };
    Request {
        inputs: Inputs {
            sites: vec![source("sites.csv", sites)],
            incidents: vec![source("incidents.csv", incidents)],
            receptors: vec![(None, source("areas.csv", areas))],
            ..Inputs::default()
        },
        rules: Rules {
            scheme: scheme.expect("a scheme"),
            as_of: Some(jiff::civil::date(2024, 4 + dice.below(7) as i8, 15)),
            coverage,
            stale: if dice.below(3) == 0 { run::Stale::Last } else { run::Stale::NoData },
            ..Rules::default()
        },
        ..Request::default()
    }
}

fn write(request: &Request, folder: &Path) {
    let wanted = run::Wanted::default();
    let output = run::claim(request, &wanted, folder, false, &|| false).expect("a folder");
    let cancel = Cancel::new();
    let case = Case::open(request, &Unwatched, &cancel).expect("reads");
    run::deliver(request, &case, &wanted, output, &Unwatched, &cancel).expect("writes");
}

#[test]
fn parts_add_up_between_any_two_worlds() {
    let folder = Folder::new();
    let mut dice = Dice::new(7);
    let place = |number: usize| folder.at(&format!("{number}"));
    let mut moved = std::collections::BTreeSet::new();
    let (mut split, mut of) = (0, 0);
    for number in 0..=200 {
        let out = place(number).join("out");
        write(&made(&mut dice, &place(number)), &out);
        if number == 0 {
            continue;
        }
        // Half of them by the files, half by the layers where those do not tell.
        let mut places = vec![place(number)];
        if number % 2 == 0 {
            places.push(place(number - 1));
        }
        let lookup = Lookup { places, ..Lookup::default() };
        let before = place(number - 1).join("out");
        let compared = run::compare([&before, &out], &lookup, &Unwatched, &Cancel::new());
        let changes: Changes = compared.expect("compares");
        let told = serde_json::to_value(&changes).expect("JSON");
        let known = adds_up(&told);
        if number % 2 == 0 {
            split += known;
            let scores =
                changes.sites.iter().flat_map(|s| [&s.security, &s.environment, &s.overall]);
            let scores: Vec<_> = scores.collect();
            of += scores.iter().filter(|score| score.change.is_some()).count();
            let unknown: Vec<_> =
                scores.iter().filter_map(|score| score.unknown.as_ref()).collect();
            assert!(unknown.is_empty(), "{number}: {unknown:?}");
        }
        moved.extend(moving(&told));
    }
    assert_eq!(split, of, "with all files there, every change is split");
    assert!(split > 900, "{split}");
    assert_eq!(moved.len(), 7 + usize::from(moved.contains("coverage")), "{moved:?}");
}

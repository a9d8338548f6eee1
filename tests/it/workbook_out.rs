//! The workbook as a reader finds it: its summary, its groups, and values of their types.

use crate::cli::Folder;
use crate::tables_out::{book, day, sheet};
use calamine::{Data, DataType, Reader};

#[test]
fn a_workbook_begins_with_what_a_board_asks() {
    let folder = Folder::new();
    let run = ["score", "--demo", "--format", "xlsx", "--group-by", "province", "-o", "out"];
    folder.done(
        &[&run[..], &["--group-by", "province x commodity_group", "--title", "Mines"]].concat(),
    );
    let mut book = book(&folder, "out/risk.xlsx");
    let page = book.worksheet_range("summary").expect("a summary");
    let text = |row: u32, column: u32| page.get_value((row, column)).map(ToString::to_string);
    assert_eq!(text(0, 0).as_deref(), Some("Mines"));
    let row_of = |label: &str| {
        let mut rows = 0..u32::try_from(page.height()).expect("few");
        rows.find(|row| text(*row, 0).is_some_and(|text| text == label)).expect(label)
    };
    let fact = |label: &str| page.get_value((row_of(label), 1)).expect("a fact");
    assert_eq!(day(fact("As of")).as_deref(), Some("2026-01-31"));
    let sites = fact("Sites").get_float().expect("a number");
    row_of("Security incidents cover");
    // Every site is in one band of each score.
    for column in 1..4 {
        let count = |band| page.get_value((row_of(band), column)).and_then(DataType::get_float);
        let bands = ["very high", "high", "medium", "low", "very low", "no data"];
        assert_eq!(bands.map(|band| count(band).expect("a count")).iter().sum::<f64>(), sites);
    }
    // The ten worst sites are those with which the sheet of sites begins.
    let worst = row_of("Site") + 1;
    let (_, rows) = sheet(&mut book, "sites");
    for (at, row) in (worst..).zip(rows.iter().take(10)) {
        assert_eq!(text(at, 0), Some(row[1].to_string()));
        assert!(
            text(at, 8).is_some_and(|driver| driver.contains(" km") && driver.ends_with(" %)")),
            "{at}"
        );
    }
    for (name, column) in [
        ("by province", "province"),
        ("by province x commodity_group", "province x commodity_group"),
    ] {
        let (heads, rows) = sheet(&mut book, name);
        assert_eq!(heads[..3], ["column", "group", "sites"].map(str::to_owned));
        // All sites together stand below, apart from what is sorted.
        let [groups @ .., apart, all] = rows.as_slice() else { panic!("{name}") };
        assert!(apart.iter().all(|cell| *cell == Data::Empty), "{name}: {apart:?}");
        assert_eq!(all[1], Data::String("all sites".into()));
        let counts: f64 = groups.iter().filter_map(|row| row[2].get_float()).sum();
        assert_eq!(all[2].get_float(), Some(counts), "{name}: the groups are all sites");
        assert!(groups.iter().all(|row| row[0] == Data::String(column.into())), "{name}");
        let overall = heads.iter().position(|head| head == "overall_worst_score");
        assert!(all[overall.expect("a column")].is_float(), "{name}");
    }
    let (_, rows) = sheet(&mut book, "method");
    let value = |item: &str| &rows.iter().find(|row| row[1] == item).expect(item)[2];
    assert_eq!(day(value("as of")).as_deref(), Some("2026-01-31"));
    assert!(value("decay_km").is_float(), "numbers are numbers");
}

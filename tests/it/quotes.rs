//! Misplaced quotes in tables: a finding names the line, and no value is read from a column that may
//! be wrong.

use crate::intake::{plain, says, text, told};
use tamarisk::model::Site;
use tamarisk::sources::{Limits, ReadOptions, Reading, Source, read_sites};

fn sites(content: &str) -> Reading<Site> {
    read_sites(&text("s.csv", content), &plain()).expect("reading")
}

fn names(reading: &Reading<Site>) -> Vec<&str> {
    reading.items.iter().map(|site| site.name.as_str()).collect()
}

#[test]
fn a_quote_that_shifts_values_sets_the_row_aside_with_its_line() {
    let reading = sites(
        "id,name,commodity,lon,lat\n\
         1,\"Saindak,\"copper, gold\",61.6,29.3\n\
         2,Reko Diq,copper,62.05,29.12\n",
    );
    assert_eq!((reading.read, reading.set_aside), (2, 1));
    assert_eq!(names(&reading), ["Reko Diq"]);
    told(&says(&reading), "[set aside] s.csv: line 2");
    told(&says(&reading), "a quote in the wrong place");
}

#[test]
fn rows_taken_in_by_a_quote_that_is_missing_are_told_of() {
    for second in ["2,\"Reko Diq\",copper,62.05,29.12", "2,Reko Diq\",copper,62.05,29.12"] {
        let content = format!(
            "id,name,commodity,lon,lat\n1,\"Saindak,copper,61.6,29.3\n{second}\n3,Duddar,zinc,66.1,26.1\n"
        );
        let reading = sites(&content);
        assert_eq!(names(&reading), ["Duddar"], "{content}");
        told(&says(&reading), "line 2");
        told(&says(&reading), "swallow the rows up to line 3");
    }
}

#[test]
fn quotes_that_change_nothing_are_read_as_they_are() {
    let reading = sites(
        "id,name,commodity,lon,lat\n\
         1,The 5\" pipe,copper,61.6,29.3\n\
         2,\"Reko \"\"Diq\"\"\",\"copper, gold\",62.05,29.12\n\
         3,\"two\nlines, and more\",zinc,66.1,26.1\n\
         4,\"Saindak\" mine,copper,61.7,29.3\n",
    );
    assert_eq!(reading.set_aside, 0);
    let due = ["The 5\" pipe", "Reko \"Diq\"", "two\nlines, and more", "Saindak mine"];
    assert_eq!(names(&reading), due);
    let said = says(&reading);
    told(&said, "has text after a closing quote");
    assert_eq!(said.iter().filter(|line| line.contains("quote")).count(), 1, "{said:#?}");
}

#[test]
fn findings_are_the_same_of_a_file_that_is_read_in_windows() {
    let mut content = "id,name,commodity,lon,lat\n".to_owned();
    for at in 0..4000 {
        content += &match at % 500 {
            7 => format!("{at},\"Saindak,\"copper, gold\",61.6,29.3\n"),
            8 => format!("{at},\"Saindak\" mine,copper,61.6,29.3\n"),
            9 => format!("{at},\"Saindak,copper,61.6,29.3\n"),
            10 => format!("{at},\"Reko Diq\",copper,62.05,29.12\n"),
            _ => format!("{at},Mine {at},copper,62.{at:05},29.12\n"),
        };
    }
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("s.csv");
    std::fs::write(&path, &content).expect("written");
    let read = |held: u64| {
        let limits = Limits { held, ..Limits::default() };
        let options = ReadOptions { limits, ..ReadOptions::default() };
        read_sites(&Source::path(&path), &options).expect("reading")
    };
    let (whole, windows) = (read(u64::MAX), read(4096));
    assert_eq!(says(&whole), says(&windows));
    assert_eq!((whole.set_aside, whole.items.len()), (16, 3976));
    assert_eq!(names(&whole), names(&windows));
}

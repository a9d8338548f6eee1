//! Typical workbooks, generated here: titles, merged cells, several tables on a sheet, cells that a spreadsheet
//! converted to another type.

use crate::intake::{plain, says, told};
use crate::written_tables::{named, two_pits};
use std::io::{Cursor, Write};
use tamarisk::model::ReceptorKind;
use tamarisk::sources::{Source, check, read_incidents, read_receptors, read_sites};

/// The rows of a sheet: their numbers and cells.
pub type Cells<'a> = &'a [(u32, &'a [&'a str])];

/// A workbook of one sheet, of rows of cells, with merged areas.
pub fn workbook(rows: Cells<'_>, merged: &[&str]) -> Source {
    book(&[("S", rows, merged)])
}

fn book(sheets: &[(&str, Cells<'_>, &[&str])]) -> Source {
    Source::bytes("w.xlsx", book_bytes(sheets))
}

/// A workbook of sheets, each with its name. A cell `d=1.5` is a duration of so many days.
pub fn book_bytes(sheets: &[(&str, Cells<'_>, &[&str])]) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let (mut listed, mut related, mut parts) = (String::new(), String::new(), Vec::new());
    for (number, (name, rows, merged)) in (1..).zip(sheets) {
        listed
            .push_str(&format!("<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"r{number}\"/>"));
        related.push_str(&format!("<Relationship Id=\"r{number}\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"));
        let content = format!("<worksheet xmlns=\"{main}\">{}</worksheet>", sheet(rows, merged));
        parts.push((format!("xl/worksheets/sheet{number}.xml"), content));
    }
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
        <Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
    let styles = format!(
        "<styleSheet xmlns=\"{main}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"46\"/></cellXfs></styleSheet>"
    );
    parts.extend([
        ("[Content_Types].xml".to_owned(), types.to_owned()),
        (
            "_rels/.rels".to_owned(),
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>{listed}</sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!("<Relationships xmlns=\"{package}\">{related}<Relationship Id=\"s\" Type=\"{office}/styles\" Target=\"styles.xml\"/></Relationships>"),
        ),
        ("xl/styles.xml".to_owned(), styles),
    ]);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let stored = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored);
        archive.start_file(name, stored).expect("a member");
        archive.write_all(content.as_bytes()).expect("written");
    }
    archive.finish().expect("an archive").into_inner()
}

/// The cells of a sheet, and which are merged.
fn sheet(rows: Cells<'_>, merged: &[&str]) -> String {
    let cell = |row: u32, (at, text): (usize, &&str)| -> String {
        let column = char::from(b'A' + u8::try_from(at).expect("few"));
        if let Some(days) = text.strip_prefix("d=") {
            return format!("<c r=\"{column}{row}\" s=\"1\"><v>{days}</v></c>");
        }
        match text.parse::<f64>() {
            _ if text.is_empty() => String::new(),
            Ok(number) => format!("<c r=\"{column}{row}\"><v>{number}</v></c>"),
            Err(_) => format!("<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
        }
    };
    let row = |(number, cells): &(u32, &[&str])| {
        let cells: String = cells.iter().enumerate().map(|one| cell(*number, one)).collect();
        format!("<row r=\"{number}\">{cells}</row>")
    };
    let rows: String = rows.iter().map(row).collect();
    let areas: String = merged.iter().map(|area| format!("<mergeCell ref=\"{area}\"/>")).collect();
    let areas = if areas.is_empty() { areas } else { format!("<mergeCells>{areas}</mergeCells>") };
    format!("<sheetData>{rows}</sheetData>{areas}")
}

const A: &[&str] = &["1", "Pit A", "29.125", "62.125"];
const B: &[&str] = &["2", "Pit B", "28.525", "66.625"];

#[test]
fn sheets_with_titles_merged_headers_units_and_several_tables_are_read() {
    let header: &[&str] = &["id", "name", "lat", "lon"];
    for (what, source) in [
        ("plain", workbook(&[(1, header), (2, A), (3, B)], &[])),
        (
            "merged",
            workbook(
                &[
                    (1, &["Project register"]),
                    (3, &["ID", "Name", "Location", "", "Output"]),
                    (4, &["", "", "Latitude", "Longitude", "2023", "2024"]),
                    (5, A),
                    (6, B),
                ],
                &["A1:F1", "C3:D3", "E3:F3"],
            ),
        ),
        ("units", workbook(&[(1, header), (2, &["", "", "°", "°"]), (3, A), (4, B)], &[])),
        (
            "two tables",
            workbook(&[(1, header), (2, A), (4, &["Abandoned"]), (5, header), (6, B)], &[]),
        ),
    ] {
        let reading = read_sites(&source, &plain()).expect(what);
        assert_eq!(named(&reading), two_pits(), "{what}");
        assert_eq!((reading.read, reading.set_aside), (2, 0), "{what}");
        let checked = check(&source, &plain()).expect(what);
        assert_eq!((checked.kept, checked.set_aside), (2, 0), "{what}");
    }
}

#[test]
fn cells_merged_downward_hold_for_all_their_rows() {
    let header: &[&str] = &["country", "id", "date", "lat", "lon", "event_type"];
    let rows: &[(u32, &[&str])] = &[
        (1, header),
        (2, &["Pakistan", "1", "2024-03-09", "29.15", "62.3", "attack"]),
        (3, &["", "2", "2024-03-10", "28.6", "66.7", "attack"]),
        (4, &["Afghanistan", "3", "2024-03-11", "34.1", "69.2", "attack"]),
    ];
    let reading = read_incidents(&workbook(rows, &["A2:A3"]), &plain()).expect("reading");
    let countries: Vec<String> =
        reading.items.iter().filter_map(|one| Some(one.country?.to_string())).collect();
    assert_eq!(countries, ["PAK", "PAK", "AFG"]);
    told(&says(&reading), "has merged cells");
}

#[test]
fn a_sheet_of_events_beside_one_of_mines_holds_no_mines() {
    let mines: Cells<'_> = &[(1, &["Mine", "Lat", "Lon"]), (2, &A[1..]), (3, &B[1..])];
    let events: Cells<'_> = &[
        (1, &["Ref", "Date", "Lat", "Lon", "Type", "Deaths"]),
        (2, &["e1", "2024-03-09", "29.15", "62.3", "attack", "3"]),
    ];
    let towns: Cells<'_> = &[
        (1, &["Town", "Lat", "Lon", "Population"]),
        (2, &["Nok Kundi", "28.82", "62.75", "9000"]),
    ];
    let source = book(&[("Mines", mines, &[]), ("Events", events, &[]), ("Towns", towns, &[])]);
    let sites = read_sites(&source, &plain()).expect("sites");
    assert_eq!(named(&sites), two_pits());
    told(&says(&sites), "sheet Events holds no table of sites and is not read");
    let incidents = read_incidents(&source, &plain()).expect("incidents");
    assert_eq!(incidents.items.iter().map(|one| one.fatalities).collect::<Vec<_>>(), [Some(3)]);
    let settlements = Some(ReceptorKind::Settlements);
    let towns = read_receptors(&source, settlements, &plain()).expect("towns");
    assert_eq!(towns.items.iter().map(|one| one.population).collect::<Vec<_>>(), [Some(9000.0)]);
    // Two sheets of mines are both read, one with the day on which each was closed too.
    let closed: Cells<'_> =
        &[(1, &["Mine", "Lat", "Lon", "Date"]), (2, &["Pit B", "28.525", "66.625", "2019-01-01"])];
    let source = book(&[("Open", &mines[..2], &[]), ("Closed", closed, &[])]);
    assert_eq!(named(&read_sites(&source, &plain()).expect("sites")), two_pits());
}

#[test]
fn angles_that_a_workbook_took_for_durations_are_angles() {
    let rows: Cells<'_> = &[
        (1, &["id", "name", "lat", "lon"]),
        (2, &["1", "Pit A", "d=1.2135416666666667", "d=2.5885416666666665"]),
        (3, &["2", "Pit B", "d=-1.1885416666666666", "d=-2.7760416666666665"]),
    ];
    let reading = read_sites(&workbook(rows, &[]), &plain()).expect("sites");
    let pits = [("Pit A".to_owned(), 62.125, 29.125), ("Pit B".to_owned(), -66.625, -28.525)];
    assert_eq!(named(&reading), pits);
}

//! Tables as CSV. Cells that a spreadsheet would run as a formula are escaped.

use crate::Face;
use crate::model::Finding;
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes findings as `rejects.csv`: file, place, id, field, value, why, verdict and code, one per row, in
/// the order in which they were found. Settings are in the syntax of a face.
///
/// # Errors
/// Those of the writer.
pub fn write_findings<'a>(
    findings: impl IntoIterator<Item = &'a Finding>,
    face: Face,
    out: &mut dyn Write,
) -> io::Result<()> {
    let head = ["file", "place", "id", "field", "value", "why", "verdict", "code"];
    let rows = findings.into_iter().map(|finding| {
        let optional = |text: &'a Option<String>| Cow::from(text.as_deref().unwrap_or(""));
        [
            Cow::from(&*finding.file),
            Cow::from(finding.place.to_string()),
            optional(&finding.id),
            optional(&finding.field),
            optional(&finding.value),
            finding.why_for(face),
            Cow::from(finding.verdict.word()),
            Cow::from(finding.code.word()),
        ]
    });
    write_rows(head, rows, out)
}

/// Writes a table whose rows have a fixed length; every cell is guarded.
///
/// # Errors
/// Those of the writer.
pub fn write_rows<'a, const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [Cow<'a, str>; N]>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_table(&head, rows, out)
}

/// Writes a table, each row as long as its header; every cell is guarded.
///
/// # Errors
/// Those of the writer; a row of another length.
pub fn write_table<C: AsRef<str>, R: IntoIterator<Item = C>>(
    head: &[impl AsRef<str>],
    rows: impl IntoIterator<Item = R>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(head.iter().map(AsRef::as_ref)).map_err(io_error)?;
    for row in rows {
        for cell in row {
            writer.write_field(guard(cell.as_ref()).as_bytes()).map_err(io_error)?;
        }
        writer.write_record(None::<&[u8]>).map_err(io_error)?;
    }
    writer.flush()
}

/// Guards a cell against formula injection: a cell that begins with `=`, `+`, `-`, `@`, a tab or a line
/// break gets an apostrophe before it, which marks it as text for spreadsheets. Numbers stay numbers. The
/// list and the remedy are OWASP's ("CSV Injection").
pub fn guard(cell: &str) -> Cow<'_, str> {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    let number = cell.chars().all(plain) && cell.parse::<f64>().is_ok();
    if runs && !number { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

fn io_error(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_would_run_is_guarded_and_a_number_is_not() {
        for (cell, guarded) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1+1", "'+1+1"),
            ("-1+cmd", "'-1+cmd"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("-inf", "'-inf"),
            ("-", "'-"),
            ("-12.5", "-12.5"),
            ("+3e5", "+3e5"),
            ("plain", "plain"),
            ("", ""),
            ("a=b", "a=b"),
        ] {
            assert_eq!(guard(cell), guarded, "{cell:?}");
        }
    }
}

//! The layers of a database: those that a GeoPackage lists in its contents, those that SpatiaLite and
//! GDAL list with their geometry, or else all tables and views.

use super::open::Database;
use crate::earth::Crs;
use crate::model::{Finding, Place};
use crate::sources::formats::DeclaredCrs;
use crate::sources::formats::header::Columns;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The kind of a database, by its tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    GeoPackage,
    SpatiaLite,
    /// Only the user's own tables.
    Plain,
}

/// A table or view that is read.
#[derive(Debug)]
pub(super) struct Layer {
    pub name: Arc<str>,
    pub columns: Columns,
    /// The columns in SQL, with the geometry last if there is one.
    pub selected: String,
    /// The table name in SQL.
    pub table: String,
    /// Whether each column holds booleans.
    pub truths: Vec<bool>,
    pub has_geometry: bool,
    pub crs: Option<DeclaredCrs>,
    /// The row number in SQL, by which rows can be selected; views have none.
    pub number: Option<String>,
    /// Findings to report with the records.
    pub findings: Vec<Finding>,
}

/// A table listed as a layer by the database.
struct Listed {
    table: String,
    geometry: Option<String>,
    srid: Option<i64>,
}

/// An existing table or view.
struct There {
    is_view: bool,
    has_rowid: bool,
}

/// Returns the layers in the listed order.
pub(super) fn layers(file: &str, database: &Database) -> rusqlite::Result<(Kind, Vec<Layer>)> {
    database.ask(|connection| {
        let there = tables(connection)?;
        let (kind, listed) = listed(connection, &there)?;
        let mut layers = Vec::new();
        for listed in listed {
            let name = listed.table.to_lowercase();
            // Listed tables that do not exist are ignored.
            let Some((_, there)) = there.iter().find(|(table, _)| table.to_lowercase() == name)
            else {
                continue;
            };
            match layer(file, connection, kind, listed, there) {
                // A view of a missing table is ignored too.
                Err(_) if there.is_view => {}
                layer => layers.push(layer?),
            }
        }
        Ok((kind, layers))
    })
}

/// All tables and views, except SQLite's own and those maintained by modules.
fn tables(connection: &Connection) -> rusqlite::Result<Vec<(String, There)>> {
    let mut statement = connection.prepare(
        "SELECT l.name, l.type, l.wr FROM pragma_table_list AS l \
         LEFT JOIN sqlite_schema AS s ON s.name = l.name AND s.type IN ('table', 'view') \
         WHERE l.schema = 'main' AND l.type IN ('table', 'view') \
         AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY s.rowid",
    )?;
    let rows = statement.query_map([], |row| {
        let (name, kind): (String, String) = (row.get(0)?, row.get(1)?);
        let is_view = kind == "view";
        Ok((name, There { is_view, has_rowid: !is_view && !row.get::<_, bool>(2)? }))
    })?;
    rows.collect()
}

fn listed(
    connection: &Connection,
    there: &[(String, There)],
) -> rusqlite::Result<(Kind, Vec<Listed>)> {
    let has = |name: &str| there.iter().any(|(table, _)| table.eq_ignore_ascii_case(name));
    let ask = |sql: &str| -> rusqlite::Result<Vec<Listed>> {
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([], |row| {
            Ok(Listed { table: row.get(0)?, geometry: row.get(1)?, srid: row.get(2)? })
        })?;
        rows.collect()
    };
    if has("gpkg_contents") {
        let listed = if has("gpkg_geometry_columns") {
            ask("SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents AS c \
                 LEFT JOIN gpkg_geometry_columns AS g ON lower(g.table_name) = lower(c.table_name) \
                 WHERE c.data_type IN ('features', 'attributes', 'aspatial') ORDER BY c.rowid")?
        } else {
            ask("SELECT table_name, NULL, NULL FROM gpkg_contents \
                 WHERE data_type IN ('attributes', 'aspatial') ORDER BY rowid")?
        };
        let listed = listed.into_iter().filter(|listed| !is_of_program(&listed.table));
        return Ok((Kind::GeoPackage, listed.collect()));
    }
    if has("geometry_columns") {
        let mut listed =
            ask("SELECT f_table_name, f_geometry_column, srid FROM geometry_columns \
                              WHERE f_table_name IS NOT NULL ORDER BY rowid")?;
        if has("views_geometry_columns") {
            listed.extend(ask(
                "SELECT v.view_name, v.view_geometry, g.srid FROM views_geometry_columns AS v \
                 LEFT JOIN geometry_columns AS g ON lower(g.f_table_name) = lower(v.f_table_name) \
                 AND lower(g.f_geometry_column) = lower(v.f_geometry_column) ORDER BY v.rowid",
            )?);
        }
        if !listed.is_empty() {
            return Ok((Kind::SpatiaLite, listed));
        }
    }
    let own = there.iter().filter(|(table, _)| !is_of_program(table));
    let plain =
        own.map(|(table, _)| Listed { table: table.clone(), geometry: None, srid: None }).collect();
    Ok((Kind::Plain, plain))
}

/// Whether programs maintain a table for themselves.
fn is_of_program(table: &str) -> bool {
    const NAMES: [&str; 16] = [
        "layer_styles",
        "qgis_projects",
        "geometry_columns",
        "spatial_ref_sys",
        "spatial_ref_sys_aux",
        "spatialite_history",
        "sql_statements_log",
        "data_licenses",
        "elementarygeometries",
        "geometry_columns_auth",
        "geometry_columns_statistics",
        "geometry_columns_field_infos",
        "geometry_columns_time",
        "spatialindex",
        "knn",
        "knn2",
    ];
    const BEGINNINGS: [&str; 6] = ["gpkg_", "rtree_", "idx_", "views_", "virts_", "vector_layers"];
    let table = table.to_lowercase();
    NAMES.contains(&table.as_str()) || BEGINNINGS.iter().any(|start| table.starts_with(start))
}

fn layer(
    file: &str,
    connection: &Connection,
    kind: Kind,
    listed: Listed,
    there: &There,
) -> rusqlite::Result<Layer> {
    let Listed { table, geometry, srid } = listed;
    let mut statement = connection.prepare(
        "SELECT name, type, pk FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid",
    )?;
    let rows = statement.query_map([&table], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)? > 0))
    })?;
    let all: Vec<(String, String, bool)> = rows.collect::<rusqlite::Result<_>>()?;
    let keys = all.iter().filter(|(_, _, key)| *key).count();
    let is_number = |of: &str, key: bool| {
        there.has_rowid && key && keys == 1 && of.eq_ignore_ascii_case("integer")
    };
    let geometry = geometry.and_then(|geometry| {
        all.iter().map(|(name, _, _)| name).find(|name| name.eq_ignore_ascii_case(&geometry))
    });
    let (mut names, mut selected, mut truths) = (Vec::new(), Vec::new(), Vec::new());
    let mut number = there.has_rowid.then(|| own_number(&all)).flatten();
    for (name, of, key) in &all {
        let is_number = is_number(of, *key);
        if is_number {
            number = Some(quoted(name));
        }
        // A row number assigned by a program carries no information.
        if geometry == Some(name) || is_number && is_made(name) {
            continue;
        }
        selected.push(quoted(name));
        truths.push(of.to_lowercase().contains("bool"));
        names.push(name.clone());
    }
    selected.extend(geometry.map(|name| quoted(name)));
    if selected.is_empty() {
        selected.push("NULL".to_owned());
    }
    let mut findings = Vec::new();
    let columns = Columns::from_header(file, &Place::File, names, &mut findings);
    let crs = match (geometry, srid) {
        (Some(_), Some(srid)) => crs_of(connection, kind, srid)?,
        _ => None,
    };
    Ok(Layer {
        selected: selected.join(", "),
        table: quoted(&table),
        has_geometry: geometry.is_some(),
        name: table.into(),
        columns,
        truths,
        crs,
        number: number.filter(|_| !there.is_view),
        findings,
    })
}

/// Whether a column has a usual name for mere row numbers.
fn is_made(name: &str) -> bool {
    ["fid", "ogc_fid", "ogc_fid0", "pkuid", "pk_uid"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// SQLite's own name for the row number, if no column uses that name.
fn own_number(columns: &[(String, String, bool)]) -> Option<String> {
    let taken = |word: &&str| columns.iter().any(|(name, _, _)| name.eq_ignore_ascii_case(word));
    ["rowid", "_rowid_", "oid"].into_iter().find(|word| !taken(word)).map(str::to_owned)
}

/// Quotes a name for SQL.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Looks up a reference system by its number in the database's own list.
fn crs_of(connection: &Connection, kind: Kind, srid: i64) -> rusqlite::Result<Option<DeclaredCrs>> {
    // Undefined systems (OGC 12-128r17, 1.1.2.1.2).
    match (kind, srid) {
        (Kind::GeoPackage, -1) => {
            let name = "undefined Cartesian SRS".to_owned();
            return Ok(Some(DeclaredCrs::Unreadable(name)));
        }
        (_, 0 | -1) => return Ok(Some(DeclaredCrs::Unknown)),
        _ => {}
    }
    let table = match kind {
        Kind::GeoPackage => "gpkg_spatial_ref_sys",
        _ => "spatial_ref_sys",
    };
    let column = if kind == Kind::GeoPackage { "srs_id" } else { "srid" };
    let row = row_of(connection, table, (column, srid))?;
    let text = |name: &str| {
        let value = row.get(name).map(|text| text.trim());
        value.filter(|text| !text.is_empty() && !text.eq_ignore_ascii_case("undefined"))
    };
    let of = [("organization", "organization_coordsys_id"), ("auth_name", "auth_srid")];
    let code = of.iter().find_map(|(by, code)| {
        let by = text(by)?.to_uppercase();
        let known = matches!(by.as_str(), "EPSG" | "ESRI" | "OGC" | "IGNF");
        known.then_some(format!("{by}:{}", text(code)?))
    });
    let words = ["definition_12_063", "definition", "srtext", "srs_wkt", "proj4text"];
    let words = words.iter().find_map(|name| text(name));
    // GDAL lists this if a file had no system.
    if words.is_some_and(|words| words.contains("Undefined SRS")) {
        return Ok(Some(DeclaredCrs::Unknown));
    }
    let usable = |name: &str| Crs::new(name).is_ok();
    let name = match (code, words) {
        (Some(code), Some(words)) if !usable(&code) && usable(words) => words.to_owned(),
        (Some(code), _) => code,
        (None, Some(words)) => words.to_owned(),
        // In most databases the number is an EPSG code.
        (None, None) if (1024..32_768).contains(&srid) => format!("EPSG:{srid}"),
        (None, None) => return Ok(Some(DeclaredCrs::Unreadable(format!("SRS {srid}")))),
    };
    Ok(Some(DeclaredCrs::Name(name)))
}

/// Reads a row of a table by its column names, in lower case; empty if there is no such row.
fn row_of(
    connection: &Connection,
    table: &str,
    number: (&str, i64),
) -> rusqlite::Result<BTreeMap<String, String>> {
    // Names are queried one by one, because rusqlite cannot handle those of a damaged file.
    let mut statement = connection.prepare("SELECT name FROM pragma_table_xinfo(?1)")?;
    let names = statement.query_map([table], |row| row.get::<_, String>(0))?;
    let names: Vec<String> = names.filter_map(std::result::Result::ok).collect();
    let list: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    let (by, number) = number;
    let sql = format!("SELECT {} FROM {table} WHERE {by} = ?1", list.join(", "));
    let Ok(mut statement) = connection.prepare(&sql) else { return Ok(BTreeMap::new()) };
    let row = statement.query_row([number], |row| {
        let mut all = BTreeMap::new();
        for (at, name) in names.iter().enumerate() {
            let text = match row.get_ref(at)? {
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                ValueRef::Integer(number) => number.to_string(),
                _ => continue,
            };
            all.insert(name.to_lowercase(), text);
        }
        Ok(all)
    });
    row.optional().map(Option::unwrap_or_default)
}

//! The tables of the standard, verbatim (OGC 12-128r17, annex C), and those of QGIS's styles.

use super::geometry_name;
use crate::layers::{ColumnKind, Digits, Layer};
use rusqlite::{Connection, params};

/// The settings of a file, and the tables that every file has. There is no journal, since the file is
/// not visible until it is complete.
pub(super) const HEAD: &str = "
PRAGMA page_size = 4096;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA temp_store = MEMORY;
PRAGMA application_id = 0x47504B47;
PRAGMA user_version = 10300;
BEGIN;
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT
);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],AXIS[\"Latitude\",NORTH],AXIS[\"Longitude\",EAST],AUTHORITY[\"EPSG\",\"4326\"]]', 'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE,
  min_y DOUBLE,
  max_x DOUBLE,
  max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);
CREATE TABLE gpkg_extensions (
  table_name TEXT,
  column_name TEXT,
  extension_name TEXT NOT NULL,
  definition TEXT NOT NULL,
  scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  name TEXT,
  title TEXT,
  description TEXT,
  mime_type TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL,
  constraint_type TEXT NOT NULL,
  value TEXT,
  min NUMERIC,
  min_is_inclusive BOOLEAN,
  max NUMERIC,
  max_is_inclusive BOOLEAN,
  description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
);
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
";

/// The table of styles that QGIS applies.
pub(super) const STYLES: &str = "
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256),
  f_table_schema TEXT(256),
  f_table_name TEXT(256),
  f_geometry_column TEXT(256),
  styleName TEXT(30),
  styleQML TEXT,
  styleSLD TEXT,
  useAsDefault BOOLEAN,
  description TEXT,
  owner TEXT(30),
  ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
);
";

/// Registers the table of styles among the contents, after the layers.
pub(super) fn styles_are_a_table(database: &Connection, stamp: &str) -> rusqlite::Result<()> {
    let insert = "INSERT INTO gpkg_contents VALUES \
                  ('layer_styles','attributes','layer_styles','',?1,NULL,NULL,NULL,NULL,0)";
    database.execute(insert, params![stamp]).map(|_| ())
}

/// The table of a layer: a number, the geometry, the feature's id, then its columns.
pub(super) fn table(layer: &Layer) -> String {
    let mut sql = format!(
        "CREATE TABLE {} (\"fid\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, \"geom\" {}, \"id\" TEXT NOT NULL",
        quoted(layer.name()),
        geometry_name(layer.kind())
    );
    for column in layer.columns() {
        let kind = match column.kind {
            ColumnKind::Text => "TEXT",
            ColumnKind::Number(Digits::Decimals(0)) => "INTEGER",
            ColumnKind::Number(_) => "DOUBLE",
            ColumnKind::Flag => "BOOLEAN",
            ColumnKind::Date => "DATE",
        };
        sql.push_str(&format!(", {} {kind}", quoted(&column.name)));
    }
    sql.push_str(");");
    sql
}

/// A quoted SQL identifier.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The triggers that update the spatial index when a table is edited, and the row that registers it
/// (annex F.3). Their functions are provided by the editing program.
pub(super) fn triggers(table: &str) -> String {
    TRIGGERS.replace("<t>", table)
}

const TRIGGERS: &str = "
INSERT INTO gpkg_extensions VALUES ('<t>', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
CREATE TRIGGER \"rtree_<t>_geom_insert\" AFTER INSERT ON \"<t>\"
  WHEN (NEW.\"geom\" NOT NULL AND NOT ST_IsEmpty(NEW.\"geom\"))
BEGIN
  INSERT OR REPLACE INTO \"rtree_<t>_geom\" VALUES (
    NEW.\"fid\",
    ST_MinX(NEW.\"geom\"), ST_MaxX(NEW.\"geom\"),
    ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\")
  );
END;
CREATE TRIGGER \"rtree_<t>_geom_update1\" AFTER UPDATE OF \"geom\" ON \"<t>\"
  WHEN OLD.\"fid\" = NEW.\"fid\" AND (NEW.\"geom\" NOTNULL AND NOT ST_IsEmpty(NEW.\"geom\"))
BEGIN
  INSERT OR REPLACE INTO \"rtree_<t>_geom\" VALUES (
    NEW.\"fid\",
    ST_MinX(NEW.\"geom\"), ST_MaxX(NEW.\"geom\"),
    ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\")
  );
END;
CREATE TRIGGER \"rtree_<t>_geom_update2\" AFTER UPDATE OF \"geom\" ON \"<t>\"
  WHEN OLD.\"fid\" = NEW.\"fid\" AND (NEW.\"geom\" ISNULL OR ST_IsEmpty(NEW.\"geom\"))
BEGIN
  DELETE FROM \"rtree_<t>_geom\" WHERE id = OLD.\"fid\";
END;
CREATE TRIGGER \"rtree_<t>_geom_update3\" AFTER UPDATE ON \"<t>\"
  WHEN OLD.\"fid\" != NEW.\"fid\" AND (NEW.\"geom\" NOTNULL AND NOT ST_IsEmpty(NEW.\"geom\"))
BEGIN
  DELETE FROM \"rtree_<t>_geom\" WHERE id = OLD.\"fid\";
  INSERT OR REPLACE INTO \"rtree_<t>_geom\" VALUES (
    NEW.\"fid\",
    ST_MinX(NEW.\"geom\"), ST_MaxX(NEW.\"geom\"),
    ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\")
  );
END;
CREATE TRIGGER \"rtree_<t>_geom_update4\" AFTER UPDATE ON \"<t>\"
  WHEN OLD.\"fid\" != NEW.\"fid\" AND (NEW.\"geom\" ISNULL OR ST_IsEmpty(NEW.\"geom\"))
BEGIN
  DELETE FROM \"rtree_<t>_geom\" WHERE id IN (OLD.\"fid\", NEW.\"fid\");
END;
CREATE TRIGGER \"rtree_<t>_geom_delete\" AFTER DELETE ON \"<t>\"
  WHEN OLD.\"geom\" NOT NULL
BEGIN
  DELETE FROM \"rtree_<t>_geom\" WHERE id = OLD.\"fid\";
END;
";

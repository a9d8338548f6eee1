//! Shapefiles, KML, GPX, GML and OpenDocument spreadsheets give the same records as GeoJSON, alone and in
//! archives; damaged ones give a reading or one message.

use crate::reading::{Reading, read_bytes, read_source, read_with, says};
use std::io::Write;
use std::path::{Path, PathBuf};
use tamarisk::model::Value;
use tamarisk::sources::{Geometry, Limits, RawGeometry, ReadOptions, Source, geometry};

pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn read_path(path: &Path) -> tamarisk::Result<Reading> {
    read_source(&Source::path(path), &ReadOptions::default())
}

/// An archive of files.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begins");
        writer.write_all(bytes).expect("writes");
    }
    writer.finish().expect("ends").into_inner()
}

/// The files of the shapefile under `tests/data`.
pub fn shapefile() -> Vec<(&'static str, Vec<u8>)> {
    ["shp", "dbf", "shx", "prj", "cpg"]
        .map(|ending| {
            let bytes = std::fs::read(data(&format!("shapefile/areas.{ending}"))).expect("reads");
            (ending, bytes)
        })
        .into()
}

/// A shapefile in a folder of its own, under a name for each ending.
fn placed(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("folder");
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("writes");
    }
    folder
}

/// Rings of a record: how many positions each has, and where, whatever the first of them is.
fn rings(record: &tamarisk::sources::Record) -> Vec<Vec<Vec<[i64; 2]>>> {
    let Geometry::Raw(RawGeometry::Polygons(polygons)) = &record.geometry else { return vec![] };
    let ring = |ring: &Vec<[f64; 2]>| {
        let mut places: Vec<_> =
            ring.iter().skip(1).map(|place| place.map(|n| (n * 1e7).round() as i64)).collect();
        places.sort();
        places
    };
    polygons.iter().map(|rings| rings.iter().map(ring).collect()).collect()
}

/// Values as texts, without those that are missing.
fn fields(reading: &Reading, record: usize) -> Vec<(String, String)> {
    let fields = &reading.records[record].fields;
    let named = reading.columns.iter().zip(fields);
    let given = named.filter(|(_, value)| !value.is_missing());
    let mut list: Vec<_> =
        given.map(|(name, value)| (name.to_string(), value.to_string())).collect();
    list.sort();
    list
}

/// Compares a reading with that of the same records as GeoJSON, whose numbers may have lost their last
/// decimals and whose truths may be numbers.
fn same_as_geojson(reading: &Reading, what: &str) {
    let expected = read_path(&data("areas.geojson")).expect("GeoJSON");
    assert_eq!(reading.count, expected.count, "{what}");
    for at in 0..3 {
        assert_eq!(rings(&reading.records[at]), rings(&expected.records[at]), "{what} {at}");
        let plain = |list: Vec<(String, String)>| -> Vec<(String, String)> {
            list.into_iter()
                .map(|(name, text)| match text.parse::<f64>() {
                    Ok(number) => (name, format!("{number:.6}")),
                    Err(_) => (name, text.replace("true", "1.000000").replace("false", "0.000000")),
                })
                .collect()
        };
        assert_eq!(plain(fields(reading, at)), plain(fields(&expected, at)), "{what} {at}");
    }
}

#[test]
fn a_shapefile_is_read_by_any_of_its_files_its_folder_and_in_archives() {
    for name in ["areas.shp", "areas.dbf", "areas.shx", "areas.prj", "areas.cpg", ""] {
        let reading = read_path(&data("shapefile").join(name)).expect(name);
        assert_eq!(reading.description, "shapefile, UTF-8");
        assert!(reading.crs.is_wgs84());
        assert!(says(&reading).is_empty(), "{:?}", says(&reading));
        same_as_geojson(&reading, name);
    }
    let files = shapefile();
    let named: Vec<(String, &[u8])> = files
        .iter()
        .map(|(ending, bytes)| (format!("a/b/Areas.{ending}"), bytes.as_slice()))
        .collect();
    let mut members: Vec<(&str, &[u8])> =
        named.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    members.push(("__MACOSX/a/b/._Areas.shp", b"no shapefile"));
    members.push(("a/readme.txt", b"about it"));
    let packed = zip(&members);
    let reading = read_bytes("areas.zip", &packed).expect("zip");
    assert_eq!(reading.description, "shapefile, UTF-8, zip");
    same_as_geojson(&reading, "zip");
    let nested = zip(&[("inner.zip", &packed)]);
    same_as_geojson(&read_bytes("outer.zip", &nested).expect("zip in zip"), "zip in zip");
}

#[test]
fn what_a_shapefile_lacks_is_said_and_the_rest_is_read() {
    let files = shapefile();
    let file = |ending: &str| &files.iter().find(|(known, _)| *known == ending).expect("is").1[..];
    let (shp, dbf, prj) = (file("shp"), file("dbf"), file("prj"));
    // Endings in another case, without an index and an encoding.
    let folder = placed(&[("A.SHP", shp), ("a.dbf", dbf), ("A.Prj", prj)]);
    same_as_geojson(&read_path(&folder.path().join("A.SHP")).expect("reads"), "other case");
    let folder = placed(&[("a.shp", shp), ("a.prj", prj)]);
    let reading = read_path(&folder.path().join("a.shp")).expect("reads");
    assert_eq!((reading.count.read, reading.columns.len()), (3, 0));
    assert!(says(&reading)[0].contains("has no .dbf beside it"), "{:?}", says(&reading));
    let folder = placed(&[("a.shp", shp), ("a.dbf", dbf)]);
    let reading = read_path(&folder.path().join("a.shp")).expect("reads");
    assert!(says(&reading)[0].contains("names no reference system"), "{:?}", says(&reading));
    // A row that is marked as deleted takes its shape with it, and not that of another.
    let mut deleted = dbf.to_vec();
    let first = usize::from(u16::from_le_bytes([deleted[8], deleted[9]]));
    deleted[first] = b'*';
    let folder = placed(&[("a.shp", shp), ("a.dbf", &deleted), ("a.prj", prj)]);
    let reading = read_path(&folder.path().join("a.shp")).expect("reads");
    assert_eq!(reading.count.read, 2);
    assert_eq!(rings(&reading.records[0]).len(), 2);
    assert_eq!(reading.records[0].field(0), &Value::Text("A2".into()));
    // Bytes that are not UTF-8, without a declared encoding.
    let mut latin = dbf.to_vec();
    let at = latin.windows(2).position(|pair| pair == "é".as_bytes()).expect("is there");
    latin.splice(at..at + 2, [0xe9, b'!']);
    latin[29] = 0;
    let folder = placed(&[("a.shp", shp), ("a.dbf", &latin)]);
    let error = read_path(&folder.path().join("a.shp")).err().expect("refused");
    assert!(error.to_string().contains("feature 0: name: holds byte 0xE9"), "{error}");
    let options = ReadOptions { encoding: Some("windows-1252".into()), ..ReadOptions::default() };
    let source = Source::path(folder.path().join("a.shp"));
    let reading = read_source(&source, &options).expect("reads");
    assert_eq!(reading.records[0].field(1), &Value::Text("Boucle du Baoulé!".into()));
    // Several in a folder are layers.
    let folder = placed(&[("a.shp", shp), ("a.dbf", dbf), ("b.shp", shp), ("b.prj", prj)]);
    let reader = tamarisk::sources::Reader::open(&Source::path(folder.path()), &options);
    assert_eq!(reader.expect("reads").layers(), ["a", "b"]);
}

pub const KML: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE kml [<!ENTITY big "lol"><!ENTITY f SYSTEM "file:///etc/passwd">]>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>doc</name>
<Schema id="s"><SimpleField name="site_id" type="string"/></Schema>
<Folder><name>Mines</name><Folder><name>North</name>
<Placemark id="p1"><name>Koh-e-Zard &big;</name><description><![CDATA[<b>gold</b>]]></description>
<ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="site_id">S1</SimpleData></SchemaData>
<Data name="deaths"><value>3</value></Data></ExtendedData>
<TimeStamp><when>2024-03-05</when></TimeStamp><Point><coordinates> 62.125, 29.125, 0 </coordinates></Point></Placemark>
</Folder></Folder>
<Placemark><name>Area</name><TimeSpan><begin>2020-01-01</begin><end>2020-02-01</end></TimeSpan><MultiGeometry>
<Polygon><outerBoundaryIs><LinearRing><coordinates>60,20 61,20 61,21 60,21 60,20</coordinates></LinearRing></outerBoundaryIs>
<innerBoundaryIs><LinearRing><coordinates>60.2,20.2 60.2,20.4 60.4,20.4 60.2,20.2</coordinates></LinearRing></innerBoundaryIs></Polygon>
<Polygon><outerBoundaryIs><LinearRing><coordinates>65,20 66,20 66,21 65,20</coordinates></LinearRing></outerBoundaryIs></Polygon>
</MultiGeometry></Placemark>
<Placemark><name>Way</name><gx:Track><when>2021-01-01T00:00:00Z</when><gx:coord>60 20 5</gx:coord><gx:coord>61 21 6</gx:coord></gx:Track></Placemark>
<Placemark><name>Bad</name><Point><coordinates>x,y</coordinates></Point></Placemark>
<NetworkLink><Link><href>http://example.org/more.kml</href></Link></NetworkLink>
</Document></kml>"##;

#[test]
fn placemarks_of_all_folders_are_read_and_links_are_not_followed() {
    let reading = read_bytes("s.kml", KML.as_bytes()).expect("reads");
    assert_eq!(reading.description, "KML, UTF-8");
    assert_eq!(reading.count.read, 4);
    let first: Vec<(String, String)> = fields(&reading, 0);
    for (name, value) in [
        ("name", "Koh-e-Zard &big;"),
        ("description", "<b>gold</b>"),
        ("folder", "Mines / North"),
        ("site_id", "S1"),
        ("deaths", "3"),
        ("date", "2024-03-05"),
    ] {
        assert!(first.contains(&(name.into(), value.into())), "{name}: {first:?}");
    }
    let raw = |at: usize| &reading.records[at].geometry;
    assert_eq!(raw(0), &Geometry::Raw(RawGeometry::Points(vec![[62.125, 29.125]])));
    assert_eq!(rings(&reading.records[1]).iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    assert!(fields(&reading, 1).contains(&("date_end".into(), "2020-02-01".into())));
    assert_eq!(raw(2), &Geometry::Raw(RawGeometry::Lines(vec![vec![[60.0, 20.0], [61.0, 21.0]]])));
    assert!(geometry::shape(raw(3), &reading.crs).is_err());
    let said = says(&reading).join("\n");
    assert!(said.contains("\"http://example.org/more.kml\" is a link to another file"), "{said}");
    // All documents of an archive are read; a link from one to another is none to the outside.
    let link = "<kml><NetworkLink><Link><href>layers/a.kml</href></Link></NetworkLink></kml>";
    let packed = zip(&[("doc.kml", link.as_bytes()), ("layers/a.kml", KML.as_bytes())]);
    let reading = read_bytes("s.kmz", &packed).expect("reads");
    assert_eq!((reading.description.as_str(), reading.count.read), ("KMZ", 4));
    assert!(!says(&reading).join("\n").contains("layers/a.kml"));
    let error = read_bytes("l.kml", link.as_bytes()).err().expect("refused");
    assert!(error.to_string().contains("only links to other files"), "{error}");
}

pub const GPX: &str = r#"<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="29.125" lon="62.125"><ele>900</ele><time>2024-03-05T10:00:00Z</time><name>Koh</name><sym>Mine</sym>
<extensions><ogr:id xmlns:ogr="http://osgeo.org/gdal">S1</ogr:id></extensions></wpt>
<rte><name>r</name><rtept lat="1" lon="2"/><rtept lat="3" lon="4"/></rte>
<trk><name>t</name><trkseg><trkpt lat="1" lon="2"><time>2024-01-01T00:00:00Z</time></trkpt><trkpt lat="3" lon="4"><time>2024-01-02T00:00:00Z</time></trkpt></trkseg></trk></gpx>"#;

#[test]
fn waypoints_routes_and_tracks_are_layers() {
    let source = Source::embedded("s.gpx", GPX.as_bytes());
    let mut reader =
        tamarisk::sources::Reader::open(&source, &ReadOptions::default()).expect("reads");
    assert_eq!(reader.layers(), ["waypoints", "routes", "tracks"]);
    let first = &reader.sample(1).expect("reads")[0];
    assert_eq!(first.geometry, Geometry::Raw(RawGeometry::Points(vec![[62.125, 29.125]])));
    let columns: Vec<&str> = reader.columns().iter().map(|name| &**name).collect();
    assert_eq!(columns, ["name", "datetime", "ele", "sym", "id"]);
    reader.select(2);
    let track = &reader.sample(1).expect("reads")[0];
    let line = vec![vec![[2.0, 1.0], [4.0, 3.0]]];
    assert_eq!(track.geometry, Geometry::Raw(RawGeometry::Lines(line)));
    assert_eq!(track.field(1), &Value::Text("2024-01-01T00:00:00Z".into()));
}

#[test]
fn gml_has_its_axes_in_the_order_that_its_system_is_named_by() {
    same_as_geojson(&read_path(&data("areas.gml")).expect("reads"), "GML");
    let point = |name: &str, pos: &str| {
        format!(
            "<wfs:FeatureCollection xmlns:wfs='http://www.opengis.net/wfs/2.0' xmlns:gml='http://www.opengis.net/gml/3.2'>\
             <wfs:member><a gml:id='a.1'><p><gml:Point srsName='{name}'>{pos}</gml:Point></p><n>1</n></a></wfs:member>\
             </wfs:FeatureCollection>"
        )
    };
    for (name, pos) in [
        ("urn:ogc:def:crs:EPSG::4326", "<gml:pos>29.125 62.125</gml:pos>"),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", "<gml:pos>29.125 62.125</gml:pos>"),
        ("EPSG:4326", "<gml:pos>62.125 29.125</gml:pos>"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "<gml:pos>62.125 29.125</gml:pos>"),
        (
            "http://www.opengis.net/gml/srs/epsg.xml#4326",
            "<gml:coordinates>62.125,29.125</gml:coordinates>",
        ),
    ] {
        let reading = read_bytes("p.gml", point(name, pos).as_bytes()).expect(name);
        let raw = Geometry::Raw(RawGeometry::Points(vec![[62.125, 29.125]]));
        assert_eq!(reading.records[0].geometry, raw, "{name}");
        assert!(reading.crs.is_wgs84(), "{name}");
    }
}

/// A spreadsheet of OpenDocument with these rows.
pub fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\">\
         <office:body><office:spreadsheet><table:table table:name=\"Sites\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    let manifest = "<manifest:manifest xmlns:manifest=\"m\"></manifest:manifest>";
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", &content),
        ("META-INF/manifest.xml", manifest),
    ] {
        writer.start_file(name, stored).expect("begins");
        writer.write_all(text.as_bytes()).expect("writes");
    }
    writer.finish().expect("ends").into_inner()
}

fn text_cell(text: &str) -> String {
    format!(
        "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
    )
}

pub fn rows_of_ods() -> String {
    let header: String = ["site_id", "lon", "lat", "since"].map(text_cell).concat();
    format!(
        "<table:table-row>{}</table:table-row><table:table-row>{header}</table:table-row>\
         <table:table-row>{}<table:table-cell office:value-type=\"float\" office:value=\"62.125\"/>\
         <table:table-cell office:value-type=\"float\" office:value=\"29.125\"/>\
         <table:table-cell office:value-type=\"date\" office:date-value=\"2024-03-05\"/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>",
        text_cell("Mines"),
        text_cell("S1")
    )
}

#[test]
fn sheets_of_opendocument_are_read_below_their_titles() {
    let reading = read_bytes("s.ods", &ods(&rows_of_ods())).expect("reads");
    assert_eq!((reading.description.as_str(), reading.count.read), ("ODS", 1));
    let expected =
        [("lat", "29.125"), ("lon", "62.125"), ("since", "2024-03-05"), ("site_id", "S1")];
    assert_eq!(fields(&reading, 0), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    let bomb = "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell \
                table:number-columns-repeated=\"16000\" office:value-type=\"float\" office:value=\"1\"/></table:table-row>";
    let error = read_bytes("bomb.ods", &ods(bomb)).err().expect("refused");
    assert!(error.to_string().contains("is larger than the limit"), "{error}");
    // A table that never ends, which its reader would wait for.
    let open = ods("</table:table><table:table table:name='b'><table:table-row>");
    assert!(read_bytes("open.ods", &open).is_err());
}

#[test]
fn a_file_in_an_archive_is_that_file_and_several_are_layers_or_listed() {
    let table = b"site_id,lon,lat\nS1,62.1,29.1\n";
    let json = br#"{"type":"FeatureCollection","features":[]}"#;
    let one = zip(&[("in/sites.csv", table), ("in/README.md", b"x"), ("LICENSE.txt", b"y")]);
    let reading = read_bytes("one.zip", &one).expect("reads");
    assert_eq!((reading.description.as_str(), reading.count.read), ("CSV, comma, zip", 1));
    let source = |bytes: Vec<u8>| Source::embedded("two.zip", Vec::leak(bytes));
    let two = source(zip(&[("a.csv", table), ("b.csv", table)]));
    let reader = tamarisk::sources::Reader::open(&two, &ReadOptions::default()).expect("reads");
    assert_eq!(reader.layers(), ["a.csv", "b.csv"]);
    for (members, said) in [
        (vec![("a.csv", &table[..]), ("b.geojson", &json[..])], "several kinds: a.csv, b.geojson"),
        (vec![("a.pdf", &b"%PDF"[..])], "holds no file that can be read: a.pdf"),
        (vec![("x.gdb/a0001.gdbtable", &b"x"[..])], "Esri file geodatabase"),
    ] {
        let error = read_bytes("some.zip", &zip(&members)).err().expect(said);
        assert!(error.to_string().contains(said) && error.hint().is_some(), "{error}");
    }
    let bomb = zip(&[("a.csv", &vec![b'0'; 20 << 20])]);
    let limits = Limits { unpacked: 1 << 20, ..Limits::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let error = read_with("bomb.zip", &bomb, &options).err().expect("refused");
    assert!(error.to_string().contains("unpacks to more than 1048576 bytes"), "{error}");
}

#[test]
fn formats_that_are_not_read_are_named_with_the_way_out() {
    let cases: [(&str, &[u8], &str); 9] = [
        ("s.tab", b"!table\n!version 300\n", "MapInfo table"),
        ("s.mif", b"Version   300\nCharset \"Neutral\"\n", "MapInfo interchange"),
        ("s.dxf", b"  0\nSECTION\n  2\nHEADER\n", "DXF drawing"),
        (
            "s.xls",
            b"<table border=\"1\"><tr><th>id</th></tr></table>",
            "web page with the name of a workbook",
        ),
        ("s.mdb", b"\0\x01\0\0Standard Jet DB\0", "personal geodatabase"),
        ("s.tif", b"II*\0\x08\0\0\0", "is a TIFF"),
        ("s.nc", b"CDF\x01\0\0\0\0", "netCDF"),
        ("s.xsd", b"<xs:schema xmlns:xs='x'></xs:schema>", "XML schema"),
        ("s.osm", b"<osm version='0.6'></osm>", "OpenStreetMap XML"),
    ];
    for (name, bytes, said) in cases {
        let error = read_bytes(name, bytes).err().unwrap_or_else(|| panic!("{name} was read"));
        assert!(error.to_string().starts_with(name), "{error}");
        assert!(error.to_string().contains(said) && error.hint().is_some(), "{error}");
    }
    let folder =
        placed(&[("s.dat", b"\x03\x7c"), ("s.tab", b"!table\n"), ("alone.prj", b"GEOGCS[]")]);
    let error = read_path(&folder.path().join("s.dat")).err().expect("refused");
    assert!(error.to_string().contains("a part of a MapInfo table, s.tab"), "{error}");
    let error = read_path(&folder.path().join("alone.prj")).err().expect("refused");
    assert!(error.to_string().contains("no .shp beside it"), "{error}");
}

/// Changes bytes here and there, or cuts them short.
fn damaged(bytes: &[u8], state: &mut u64) -> Vec<u8> {
    let mut next = || {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state
    };
    let mut bytes = bytes.to_vec();
    for _ in 0..=next() % 6 {
        let at = next() as usize % bytes.len();
        bytes[at] = next() as u8;
    }
    if next() % 6 == 0 {
        bytes.truncate(next() as usize % bytes.len());
    }
    bytes
}

fn is_one_message(name: &str, outcome: tamarisk::Result<Reading>) -> bool {
    let Err(error) = outcome else { return false };
    let message = error.to_string();
    assert!(message.starts_with(name) && !message.contains('\n'), "{message}");
    true
}

#[test]
fn five_hundred_damaged_files_of_each_format_do_no_harm() {
    let mut state = 88_172_645_463_325_252;
    let gml = std::fs::read(data("areas.gml")).expect("reads");
    let rows = rows_of_ods();
    let packed = zip(&[("doc.kml", KML.as_bytes())]);
    let texts: [(&str, &[u8]); 4] =
        [("s.kml", KML.as_bytes()), ("s.gpx", GPX.as_bytes()), ("s.gml", &gml), ("s.kmz", &packed)];
    for (name, bytes) in texts {
        let refused = (0..500)
            .filter(|_| is_one_message(name, read_bytes(name, &damaged(bytes, &mut state))))
            .count();
        assert!(refused > 50, "{name}: {refused}");
    }
    let mut refused = 0;
    for _ in 0..500 {
        // The content is damaged and not the archive, whose checksums would show it.
        let rows = String::from_utf8_lossy(&damaged(rows.as_bytes(), &mut state)).into_owned();
        refused += usize::from(is_one_message("s.ods", read_bytes("s.ods", &ods(&rows))));
    }
    assert!(refused > 50, "ODS: {refused}");
    let files = shapefile();
    let mut refused = 0;
    let folder = tempfile::tempdir().expect("folder");
    for turn in 0..500 {
        for (at, (ending, bytes)) in files.iter().enumerate() {
            let bytes = if at == turn % 3 { damaged(bytes, &mut state) } else { bytes.clone() };
            std::fs::write(folder.path().join(format!("s.{ending}")), bytes).expect("writes");
        }
        refused += usize::from(is_one_message("s.shp", read_path(&folder.path().join("s.shp"))));
    }
    assert!(refused > 50, "shapefile: {refused}");
}

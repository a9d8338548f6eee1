//! The reference system of a file: from the user for all files or for one kind, from the file and its
//! rows, and from its numbers. Degrees are never treated as meters.

use crate::cli::Folder;
use crate::intake::{says, text, told};
use std::fmt::Write;
use tamarisk::Error;
use tamarisk::model::{Incident, Site};
use tamarisk::sources::{ColumnMap, ReadOptions, Reading, read_incidents, read_sites};

const MERCATOR: &str = "id,name,x,y\nA,Pit A,6915723.2,3394800.5\nB,Pit B,7416661.0,3318700.1\n";
const DEGREES: &str = "id,date,lat,lon,country,event_type\n1,2024-03-01,27.4031,66.2372,Pakistan,attack\n\
    2,2024-03-02,29.2913,63.2753,Pakistan,attack\n";

/// Options of `--crs` and `--map`.
fn options(crs: &str, map: &str) -> ReadOptions {
    ReadOptions {
        map: ColumnMap::parse(map).expect("map"),
        usual_crs: Some(crs.to_owned()).filter(|crs| !crs.is_empty()),
        ..ReadOptions::default()
    }
}

fn sites(name: &str, content: &str, options: &ReadOptions) -> Result<Reading<Site>, Error> {
    read_sites(&text(name, content), options)
}

fn incidents(content: &str, options: &ReadOptions) -> Result<Reading<Incident>, Error> {
    read_incidents(&text("i.csv", content), options)
}

/// Longitude and latitude of each site, to a hundred-thousandth of a degree. The expected ones are
/// from pyproj with PROJ 9.1.
fn places(reading: &Reading<Site>) -> Vec<(f64, f64)> {
    let round = |degrees: f64| (degrees * 1e5).round() / 1e5;
    reading.items.iter().map(|s| (round(s.position.lon()), round(s.position.lat()))).collect()
}

/// A refusal that mentions both interpretations and names the option.
fn refused<T: std::fmt::Debug>(result: Result<Reading<T>, Error>, part: &str, hint: &str) {
    let error = result.expect_err("a refusal");
    assert!(error.to_string().contains(part), "{part:?} is not in {error}");
    assert!(error.hint().is_some_and(|h| h.contains(hint)), "{hint:?}: {:?}", error.hint());
}

/// GeoJSON of points, with a `crs` member if a name is given.
fn geojson(crs: &str, points: &[[f64; 2]]) -> String {
    let mut json = "{\"type\":\"FeatureCollection\",".to_owned();
    if !crs.is_empty() {
        let _ = write!(json, r#""crs":{{"type":"name","properties":{{"name":"{crs}"}}}},"#);
    }
    let features: Vec<String> = points
        .iter()
        .map(|[x, y]| {
            format!(
                r#"{{"type":"Feature","properties":{{"name":"S"}},"geometry":{{"type":"Point","coordinates":[{x},{y}]}}}}"#
            )
        })
        .collect();
    let _ = write!(json, "\"features\":[{}]}}", features.join(","));
    json
}

#[cfg(feature = "proj")]
#[test]
fn the_system_of_all_files_leaves_files_of_degrees_as_they_are_and_says_so() {
    let folder = Folder::new();
    folder.write("merc.csv", MERCATOR).write("i.csv", DEGREES);
    let run = |args: &[&str], out: &str| {
        let mut all = vec!["score", "--sites", "merc.csv", "--incidents", "i.csv", "-o", out];
        all.extend(args);
        folder.run(&all)
    };
    let all = run(&["--crs", "EPSG:3857"], "all");
    assert_eq!(all.code, 0, "{}", all.err);
    told(&[all.err], "i.csv: crs: --crs EPSG:3857 is for files whose numbers are not degrees");
    let one = run(&["--map", "sites.crs=EPSG:3857"], "one");
    assert_eq!(one.code, 0, "{}", one.err);
    assert_eq!(folder.bytes("all/sites.geojson"), folder.bytes("one/sites.geojson"));
    let layer = folder.json("all/sites.geojson");
    let score = layer["features"][0]["properties"]["security_score"].as_f64();
    assert!(score.is_some_and(|score| score > 0.0), "{layer}");
}

#[cfg(feature = "proj")]
#[test]
fn degrees_stay_degrees_under_any_projected_system() {
    for crs in ["EPSG:3857", "EPSG:32642", "EPSG:27700", "EPSG:2230", "+proj=utm +zone=42"] {
        let reading = incidents(DEGREES, &options(crs, "")).expect(crs);
        assert_eq!(reading.items.len(), 2, "{crs}");
        let at = reading.items[0].position;
        assert_eq!((at.lon(), at.lat()), (66.2372, 27.4031), "{crs}");
        told(&says(&reading), "is for files whose numbers are not degrees");
        // GeoJSON without a word has longitude and latitude.
        let plain = geojson("", &[[66.5, 28.5]]);
        let reading = sites("s.geojson", &plain, &options(crs, "")).expect(crs);
        assert_eq!(places(&reading), [(66.5, 28.5)], "{crs}");
        told(&says(&reading), "is for files whose numbers are not degrees");
    }
    // One broken number does not turn degrees into meters.
    let broken = format!("{DEGREES}3,2024-03-03,2855,66.1,Pakistan,attack\n");
    let reading = incidents(&broken, &options("EPSG:3857", "")).expect("reads");
    assert_eq!((reading.items.len(), reading.set_aside), (2, 1));
    assert_eq!(reading.items[0].position.lon(), 66.2372);
}

#[cfg(feature = "proj")]
#[test]
fn numbers_that_could_be_degrees_under_names_of_a_map_are_refused() {
    let xy = "id,name,X,Y\nA,A,66.5,28.5\nB,B,66.7,28.6\n";
    let wkt = "id,wkt\nA,POINT (66.5 28.5)\n";
    for content in [xy, wkt] {
        for crs in ["EPSG:3857", "EPSG:32642"] {
            let refusal = sites("s.csv", content, &options(crs, ""));
            refused(refusal, "holds numbers like degrees", "map=\"sites.crs=EPSG:4326\"");
        }
        let said = options("EPSG:3857", "sites.crs=EPSG:4326");
        let reading = sites("s.csv", content, &said).expect("the hint works");
        assert_eq!(places(&reading)[0], (66.5, 28.5));
    }
}

#[cfg(feature = "proj")]
#[test]
fn a_users_word_for_one_file_is_refused_where_it_moves_degrees_to_the_origin() {
    let said = options("", "incidents.crs=EPSG:3857");
    refused(incidents(DEGREES, &said), "beside the origin of the projection", "crs=\"EPSG:3857\"");
    let said = options("", "sites.crs=EPSG:32642");
    let grid = "id,name,X,Y\nA,Stope,45.20,31.75\n";
    refused(sites("s.csv", grid, &said), "outside the area of EPSG:32642", "sites.crs=EPSG:4326");
    // A local grid with numbers that are not degrees is accepted.
    let said = options("", "sites.crs=+proj=tmerc +lat_0=28.5 +lon_0=66.5 +datum=WGS84");
    let grid = "id,name,X,Y\nA,Stope,45.20,31.75\nB,Shaft,1200,-800\n";
    let reading = sites("s.csv", grid, &said).expect("a grid of a mine");
    assert_eq!(places(&reading)[0], (66.50046, 28.50029));
    // So are kilometers, where they lie away from the origin.
    let said = options("", "sites.crs=+proj=tmerc +lat_0=28.5 +lon_0=66.5 +datum=WGS84 +units=km");
    let reading = sites("s.csv", "id,X,Y\nA,45.2,31.75\n", &said).expect("kilometers");
    assert_eq!(reading.items.len(), 1);
}

#[cfg(feature = "proj")]
#[test]
fn a_crs_member_that_its_numbers_contradict_is_not_obeyed() {
    let degrees = [[66.5, 28.5], [66.7, 28.6]];
    let wrong = geojson("urn:ogc:def:crs:EPSG::3857", &degrees);
    for crs in ["", "EPSG:3857", "EPSG:32642"] {
        let refusal = sites("s.geojson", &wrong, &options(crs, ""));
        refused(refusal, "beside the origin", "map=\"sites.crs=EPSG:4326\"");
    }
    let said = options("", "sites.crs=EPSG:4326");
    assert_eq!(places(&sites("s.geojson", &wrong, &said).expect("said"))[0], (66.5, 28.5));
    // Meters under a member that says degrees.
    let meters = geojson("EPSG:4326", &[[311_205.0, 3_219_984.0]]);
    let reading = sites("s.geojson", &meters, &options("EPSG:32642", "")).expect("reads");
    assert_eq!(places(&reading), [(67.06009, 29.09427)]);
    told(&says(&reading), "says that it is in WGS84, but its numbers are not degrees");
    let reading = sites("s.geojson", &meters, &options("", "")).expect("reads");
    assert_eq!((reading.items.len(), reading.set_aside), (0, 1));
    // A file's own system overrides the one given for all files.
    let own = geojson("EPSG:32641", &[[414_857.5, 3_222_208.2]]);
    let reading = sites("s.geojson", &own, &options("EPSG:32642", "")).expect("reads");
    assert_eq!(places(&reading), [(62.12481, 29.12551)]);
    told(&says(&reading), "crs=\"EPSG:32642\" is not used for this file");
}

#[cfg(feature = "proj")]
#[test]
fn degrees_on_another_datum_are_transformed() {
    let old = "id,lon,lat\na,-105.51,39.92\n";
    let reading = sites("s.csv", old, &options("EPSG:4267", "")).expect("NAD27");
    assert_eq!(places(&reading), [(-105.51059, 39.91997)]);
    let australia = sites("s.csv", "id,lon,lat\na,133.9,-23.7\n", &options("EPSG:4203", ""));
    let (lon, lat) = places(&australia.expect("AGD84"))[0];
    assert!((lon - 133.9).abs() > 1e-4 && (lat + 23.7).abs() > 1e-4, "{lon} {lat}");
    // Outside its area it is not used.
    let reading = incidents(DEGREES, &options("EPSG:4203", "")).expect("reads");
    assert_eq!((reading.items.len(), reading.set_aside), (0, 2));
    let unknown = sites("s.csv", old, &options("+proj=longlat +ellps=clrk66", "")).expect("reads");
    told(&says(&unknown), "does not say how its datum lies to WGS84");
}

#[cfg(feature = "proj")]
#[test]
fn rows_of_degrees_among_meters_are_set_aside() {
    let mixed = format!("{MERCATOR}C,Pit C,66.5,28.5\nD,Pit D,6915800,3394900\n");
    for said in [options("EPSG:3857", ""), options("", "sites.crs=EPSG:3857")] {
        let reading = sites("s.csv", &mixed, &said).expect("reads");
        assert_eq!((reading.items.len(), reading.set_aside), (3, 1));
        told(&says(&reading), "line 4 (id \"C\"): coordinates: \"66.5,28.5\" look like degrees");
    }
    // Whatever comes first, and for any number of parts.
    let mut long = "id,x,y\nd,66.5,28.5\n".to_owned();
    for row in 0..40_000 {
        let _ = writeln!(long, "m{row},{},3318700.1", 6_915_723 + row);
    }
    let reading = sites("s.csv", &long, &options("EPSG:3857", "")).expect("reads");
    assert_eq!((reading.items.len(), reading.set_aside), (40_000, 1));
}

#[cfg(feature = "proj")]
#[test]
fn several_files_of_a_role_are_told_apart() {
    let folder = Folder::new();
    folder.write("a.csv", MERCATOR).write("b.csv", "id,name,lon,lat\nC,Pit C,66.7,28.6\n");
    let args = ["score", "-s", "a.csv", "-s", "b.csv", "--crs", "EPSG:3857", "-o", "out"];
    folder.done(&args);
    let layer = folder.json("out/sites.geojson");
    let at = |n: usize| layer["features"][n]["geometry"]["coordinates"][0].as_f64();
    let mut lons: Vec<_> = (0..3).filter_map(at).map(|lon| (lon * 1e3).round() / 1e3).collect();
    lons.sort_by(f64::total_cmp);
    assert_eq!(lons, [62.125, 66.625, 66.7]);
}

#[cfg(feature = "proj")]
#[test]
fn a_plan_says_it_in_the_same_words() {
    let folder = Folder::new();
    folder.write("merc.csv", MERCATOR).write("i.csv", DEGREES).write(
        "plan.toml",
        "[inputs]\nsites = [\"merc.csv\"]\nincidents = [\"i.csv\"]\n[inputs.read]\n\
         crs = \"EPSG:3857\"\n[[regions]]\nname = \"all\"\n",
    );
    let ended = folder.run(&["batch", "plan.toml", "-o", "out"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    folder.done(&["score", "-s", "merc.csv", "-i", "i.csv", "--crs", "EPSG:3857", "-o", "one"]);
    let scores = |name: &str| {
        let layer = folder.json(name);
        let list = layer["features"].as_array().expect("features").clone();
        list.iter().map(|f| f["properties"]["security_score"].clone()).collect::<Vec<_>>()
    };
    // Each frame has a folder of its own.
    let mut open = vec!["out".to_owned()];
    let mut layer = None;
    while let Some(name) = open.pop() {
        let path = folder.at(&name);
        if path.is_dir() {
            let entries = std::fs::read_dir(path).expect("a folder");
            let names = entries.map(|entry| entry.expect("an entry").file_name());
            open.extend(names.map(|inside| format!("{name}/{}", inside.display())));
        } else if name.ends_with("/sites.geojson") {
            layer = Some(name);
        }
    }
    let layer = layer.expect("a layer of sites");
    assert_eq!(scores(&layer), scores("one/sites.geojson"));
}

#[cfg(feature = "proj")]
#[test]
fn a_system_is_used_row_by_row() {
    let rows = "id,geometry,crs\na,POINT (-105.51 39.92),EPSG:4267\nb,POINT (-105.51 39.92),EPSG:4326\n\
        c,POINT (-105.51 39.92),\nd,POINT (500000 4419000),32613\ne,POINT (-105.51 39.92),EPSG:32613\n\
        f,POINT (-105.51 39.92),EPSG:1\ng,POINT (-105.51 39.92),EPSG:5773\n";
    let reading = sites("s.csv", rows, &options("", "")).expect("reads");
    let plain = (-105.51, 39.92);
    assert_eq!(places(&reading), [(-105.51059, 39.91997), plain, plain, (-105.0, 39.9211)]);
    let said = says(&reading);
    told(&said, "line 6 (id \"e\"): crs: \"EPSG:32613\" is not in degrees");
    told(&said, "line 7 (id \"f\"): crs: \"EPSG:1\" names no system that can be used");
    told(&said, "is a vertical system");
    // Columns of a map; a row without a value uses the system of all files.
    let rows = "id,easting,northing,epsg\na,414857.5,3222208.2,32641\nb,311205,3219984,\n";
    let reading = sites("s.csv", rows, &options("EPSG:32642", "")).expect("reads");
    assert_eq!(places(&reading), [(62.12481, 29.12551), (67.06009, 29.09427)]);
    // The number before well-known text is one, too.
    let rows =
        "id,geom\na,SRID=32641;POINT(414857.5 3222208.2)\nb,SRID=4326;POINT(66.625 28.525)\n";
    let reading = sites("s.csv", rows, &options("", "")).expect("reads");
    assert_eq!(places(&reading), [(62.12481, 29.12551), (66.625, 28.525)]);
}

#[cfg(feature = "proj")]
#[test]
fn a_column_that_tells_where_numbers_came_from_does_not_move_degrees() {
    let rows = "id,lon,lat,epsg\na,66.5,28.5,32642\nb,66.6,28.5,geographic\n";
    let reading = sites("s.csv", rows, &options("", "")).expect("reads");
    assert_eq!(places(&reading), [(66.5, 28.5), (66.6, 28.5)]);
    told(&says(&reading), "is not a system in degrees, but longitude and latitude are");
    told(&says(&reading), "\"geographic\" names no known reference system");
    // The user's setting overrides the rows, with a note.
    let rows = "id,x,y,crs\na,311205,3219984,EPSG:32641\n";
    let reading = sites("s.csv", rows, &options("", "sites.crs=EPSG:32642")).expect("reads");
    assert_eq!(places(&reading), [(67.06009, 29.09427)]);
    told(&says(&reading), "is not the system that the file is in; read as EPSG:32642");
}

#[cfg(feature = "proj")]
#[test]
fn a_row_of_another_zone_is_set_aside() {
    let rows = "id,easting,northing,zone\n1,414857,3222208,41R\n2,267700,3157700,42R\n";
    let reading = sites("s.csv", rows, &options("EPSG:32641", "")).expect("reads");
    assert_eq!(places(&reading), [(62.1248, 29.12551)]);
    told(&says(&reading), "zone: \"42R\" is not the zone of EPSG:32641");
    // A zone of the mine is not a UTM zone.
    let rows = "id,easting,northing,zone\n1,414857,3222208,3\n2,415000,3222300,North\n";
    let reading = sites("s.csv", rows, &options("EPSG:32641", "")).expect("reads");
    assert_eq!(reading.items.len(), 2);
}

#[cfg(feature = "proj")]
#[test]
fn definitions_are_taken_as_they_are_and_unfit_systems_refused_by_name() {
    let utm = "id,x,y\nA,300000,3200000\n";
    let wkt = utm_of_a_shapefile();
    for crs in [
        "EPSG:32642",
        "+proj=utm +zone=42",
        "+proj=utm +zone=42 +datum=WGS84 +units=m +no_defs",
        "+init=epsg:32642",
        // With heights: its horizontal part.
        "EPSG:32642+5773",
        wkt,
    ] {
        let reading = sites("s.csv", utm, &options(crs, "")).expect(crs);
        assert_eq!(places(&reading), [(66.94858, 28.91229)], "{crs}");
    }
    for (crs, part) in [
        ("EPSG:5773", "is a vertical system: it holds heights, not places"),
        ("EPSG:4978", "is a geocentric system"),
        ("EPSG:5800", "is a local system, not tied to a place on Earth"),
        ("LOCAL_CS[\"mine\",UNIT[\"metre\",1]]", "is a local system"),
        ("ESRI:104905", "is a system of a body other than the Earth"),
        ("+proj=utm +zone=99", "is not a coordinate reference system that PROJ knows"),
    ] {
        refused(sites("s.csv", utm, &options(crs, "")), part, "such as EPSG:32642");
    }
}

/// The WKT of UTM 42N in a shapefile.
fn utm_of_a_shapefile() -> &'static str {
    "PROJCS[\"WGS_1984_UTM_Zone_42N\",GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",\
     SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],PRIMEM[\"Greenwich\",0.0],\
     UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],\
     PARAMETER[\"False_Easting\",500000.0],PARAMETER[\"False_Northing\",0.0],\
     PARAMETER[\"Central_Meridian\",69.0],PARAMETER[\"Scale_Factor\",0.9996],\
     PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]]"
}

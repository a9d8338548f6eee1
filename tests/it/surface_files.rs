//! Surfaces as files: an independent reader reads the GeoTIFF, its bands are compared with the
//! polygons of `contours.geojson`, and requests that cannot be drawn are refused.

use crate::cli::Folder;
use geo::Validation;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;
use tamarisk::earth::{Position, drawn_area, geodesic};

/// One directory of a TIFF: its tags with their values as numbers, and its decoded image.
struct Image {
    tags: BTreeMap<u16, Vec<f64>>,
    text: BTreeMap<u16, String>,
    values: Vec<f32>,
}

impl Image {
    fn tag(&self, tag: u16) -> f64 {
        self.tags[&tag][0]
    }

    fn size(&self) -> [usize; 2] {
        [self.tag(256) as usize, self.tag(257) as usize]
    }
}

/// Reads tiled, deflated floats with the predictor of floating points, as TIFF's papers have them.
fn read(bytes: &[u8]) -> Vec<Image> {
    assert_eq!(&bytes[..4], b"II*\0");
    let short = |at: usize| u16::from_le_bytes(bytes[at..at + 2].try_into().expect("two"));
    let long = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four"));
    let mut images = Vec::new();
    let mut directory = long(4) as usize;
    while directory != 0 {
        let count = usize::from(short(directory));
        let (mut tags, mut text, mut before) = (BTreeMap::new(), BTreeMap::new(), 0);
        for entry in (0..count).map(|k| directory + 2 + 12 * k) {
            let (tag, kind, many) = (short(entry), short(entry + 2), long(entry + 4) as usize);
            assert!(tag > before, "tags ascend");
            before = tag;
            let size = match kind {
                2 => 1,
                3 => 2,
                4 => 4,
                12 => 8,
                other => panic!("type {other}"),
            };
            let at = if size * many <= 4 { entry + 8 } else { long(entry + 8) as usize };
            if kind == 2 {
                let value = String::from_utf8(bytes[at..at + many - 1].to_vec()).expect("text");
                text.insert(tag, value);
                continue;
            }
            let value = |k: usize| match kind {
                3 => f64::from(short(at + 2 * k)),
                4 => f64::from(long(at + 4 * k)),
                _ => {
                    f64::from_le_bytes(bytes[at + 8 * k..at + 8 * k + 8].try_into().expect("eight"))
                }
            };
            tags.insert(tag, (0..many).map(value).collect());
        }
        directory = long(directory + 2 + 12 * count) as usize;
        let mut image = Image { tags, text, values: Vec::new() };
        image.values = decode(&image, bytes);
        images.push(image);
    }
    images
}

fn decode(image: &Image, bytes: &[u8]) -> Vec<f32> {
    let [width, height] = image.size();
    let [across, down] = [image.tag(322) as usize, image.tag(323) as usize];
    let mut values = vec![f32::NAN; width * height];
    let tiles = image.tags[&324].iter().zip(&image.tags[&325]);
    for (number, (at, length)) in tiles.enumerate() {
        let packed = &bytes[*at as usize..(*at + *length) as usize];
        let mut raw = Vec::new();
        flate2::read::ZlibDecoder::new(packed).read_to_end(&mut raw).expect("deflated");
        assert_eq!(raw.len(), across * down * 4);
        let per_row = width.div_ceil(across);
        let (left, top) = (number % per_row * across, number / per_row * down);
        for (row, raw) in raw.chunks_mut(4 * across).enumerate() {
            for k in 1..raw.len() {
                raw[k] = raw[k].wrapping_add(raw[k - 1]);
            }
            for column in 0..across {
                let plane = |p: usize| raw[p * across + column];
                let value = f32::from_be_bytes([plane(0), plane(1), plane(2), plane(3)]);
                if left + column < width && top + row < height {
                    values[(top + row) * width + left + column] = value;
                }
            }
        }
    }
    values
}

const INCIDENTS: &str = "incident_id,lon,lat,date,event_type,fatalities,country\n\
    a,65.0,29.0,2024-01-01,Battles,3,Pakistan\n\
    b,65.3,29.1,2024-02-01,Explosions/Remote violence,9,Pakistan\n\
    c,67.0,30.2,2023-05-01,Riots,0,Pakistan\n";

fn polygons(feature: &Value) -> MultiPolygon<f64> {
    let ring = |ring: &Value| -> LineString<f64> {
        let at = |c: &Value| Coord { x: c[0].as_f64().expect("x"), y: c[1].as_f64().expect("y") };
        ring.as_array().expect("a ring").iter().map(at).collect()
    };
    let polygon = |rings: &Value| {
        let mut rings = rings.as_array().expect("rings").iter().map(ring);
        Polygon::new(rings.next().expect("an exterior"), rings.collect())
    };
    let all = feature["geometry"]["coordinates"].as_array().expect("polygons");
    MultiPolygon(all.iter().map(polygon).collect())
}

/// The area of a cell, in m².
fn cell(west: f64, north: f64, dx: f64, dy: f64) -> f64 {
    let (east, south) = (west + dx, north - dy);
    let ring = vec![(west, south), (east, south), (east, north), (west, north), (west, south)];
    drawn_area(&MultiPolygon(vec![Polygon::new(LineString::from(ring), vec![])]))
}

fn band(score: f32) -> &'static str {
    match score {
        s if s < 0.0 => "no data",
        s if s < 19.95 => "very low",
        s if s < 39.95 => "low",
        s if s < 59.95 => "medium",
        s if s < 79.95 => "high",
        _ => "very high",
    }
}

#[test]
fn a_surface_has_its_place_and_its_bands_are_those_of_the_contours() {
    let folder = Folder::new();
    folder.write("i.csv", INCIDENTS);
    folder.done(&["surface", "-i", "i.csv", "--cell", "1.5km", "--contours", "c.geojson"]);
    let images = read(&folder.bytes("surface.tif"));
    let first = &images[0];
    let [width, height] = first.size();
    assert!(width > 256 && height > 200, "{width} {height}");
    let (scale, tie) = (&first.tags[&33_550], &first.tags[&33_922]);
    assert_eq!((scale.len(), tie.len()), (3, 6));
    let (dx, dy, west, north) = (scale[0], scale[1], tie[3], tie[4]);
    assert!((dy * 110.8 - 1.5).abs() < 0.02 && dx > dy, "{dx} {dy}");
    assert!(west < 64.0 && north > 31.0, "100 km around");
    let keys: Vec<u16> = first.tags[&34_735].iter().map(|key| *key as u16).collect();
    assert_eq!(keys[..4], [1, 1, 1, 3]);
    assert_eq!(keys[4..], [1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326]);
    assert_eq!(first.text[&42_113], "-9999");
    // The overviews halve it until one tile holds all, and come before it in the file.
    assert_eq!(images.len(), 2);
    let mut size = first.size();
    for (image, next) in images.iter().zip(&images[1..]) {
        size = size.map(|cells| cells.div_ceil(2));
        assert_eq!(next.size(), size);
        assert_eq!(next.tag(254), 1.0);
        assert!(next.tags[&324][0] < image.tags[&324][0], "the coarser lies before the finer");
    }
    assert!(size.iter().all(|cells| *cells <= 256));

    let mut areas: BTreeMap<&str, f64> = BTreeMap::new();
    for (k, score) in first.values.iter().enumerate() {
        assert!(*score == -9999.0 || (0.0..=100.0).contains(score), "{score}");
        let (x, y) = ((k % width) as f64, (k / width) as f64);
        *areas.entry(band(*score)).or_default() += cell(west + x * dx, north - y * dy, dx, dy);
    }
    assert!(areas["no data"] > 0.0, "Afghanistan and the sea are not covered");
    areas.remove("no data");
    let contours = folder.json("c.geojson");
    let features = contours["features"].as_array().expect("features");
    assert_eq!(features.len(), areas.len());
    for feature in features {
        let shape = polygons(feature);
        assert!(shape.is_valid(), "{:?}", shape.validation_errors());
        let band = feature["properties"]["band"].as_str().expect("a band");
        let said = feature["properties"]["area_km2"].as_f64().expect("an area");
        // Positions have seven decimals: a centimeter along all edges.
        assert!((areas[band] / 1e6 - said).abs() < 1e-4 * said.max(100.0), "{band} {said}");
        assert!((drawn_area(&shape) / 1e6 - said).abs() < 1e-4 * said.max(100.0), "{band}");
    }
}

#[test]
fn a_cell_has_the_score_of_a_site_at_its_center() {
    let folder = Folder::new();
    folder.write("i.csv", INCIDENTS);
    let said = folder.done(&["surface", "-i", "i.csv", "--cell", "10km"]);
    let image = read(&folder.bytes("surface.tif")).swap_remove(0);
    let [width, height] = image.size();
    assert!(said.starts_with(&format!("{width} by {height} cells of 10km in ")), "{said}");
    let (scale, tie) = (&image.tags[&33_550], &image.tags[&33_922]);
    let mut sites = String::from("id,name,lon,lat\n");
    let cells: Vec<usize> = (0..image.values.len()).step_by(7).collect();
    for k in &cells {
        let lon = tie[3] + ((k % width) as f64 + 0.5) * scale[0];
        let lat = tie[4] - ((k / width) as f64 + 0.5) * scale[1];
        sites.push_str(&format!("s{k},S{k},{lon},{lat}\n"));
    }
    folder.write("s.csv", sites);
    folder.done(&["score", "-s", "s.csv", "-i", "i.csv", "--layers", "sites", "-o", "out"]);
    let scores = crate::cli::column(&folder.json("out/sites.geojson"), "security_score");
    assert_eq!(scores.len(), cells.len());
    let incidents = [(65.0, 29.0), (65.3, 29.1), (67.0, 30.2)]
        .map(|(lon, lat)| Position::from_degrees(lon, lat).expect("a place"));
    let mut blank = 0;
    for k in cells {
        let drawn = image.values[k];
        let lon = tie[3] + ((k % width) as f64 + 0.5) * scale[0];
        let lat = tie[4] - ((k / width) as f64 + 0.5) * scale[1];
        let center = Position::from_degrees(lon, lat).expect("a place");
        let near = incidents.iter().any(|at| geodesic::distance(center, *at).km() <= 100.0);
        match scores[&format!("s{k}")].as_f64() {
            None => assert_eq!(drawn, -9999.0, "s{k}"),
            // By default far places are blank; those within meters of the edge may be either.
            Some(_) if !near => blank += usize::from(drawn == -9999.0),
            Some(score) => {
                assert!((f64::from(drawn) - score).abs() < 0.1001, "s{k} {drawn} {score}")
            }
        }
    }
    assert!(blank > 10, "the corners of the box are blank");
}

#[test]
fn a_surface_over_the_seam_is_one_image_and_its_contours_are_cut_there() {
    let folder = Folder::new();
    folder.write(
        "i.csv",
        "incident_id,lon,lat,date,event_type,fatalities\n\
         a,179.9,-17.0,2024-01-01,Battles,3\nb,-179.8,-17.1,2024-02-01,Battles,9\n",
    );
    for args in [vec!["--cell", "5km"], vec!["--cell", "5km", "--bbox", "178.5,-18.0,-178.2,-16.0"]]
    {
        let mut all =
            vec!["surface", "-i", "i.csv", "--coverage", "all", "--contours", "c.geojson"];
        all.extend(args);
        folder.done(&all);
        let image = read(&folder.bytes("surface.tif")).swap_remove(0);
        let west = image.tags[&33_922][3];
        assert!((178.0..180.0).contains(&west), "{west}");
        let east = west + image.tag(256) * image.tag(33_550);
        assert!(east > 180.5 && east < 183.0, "{east}");
        let contours = folder.json("c.geojson");
        let features = contours["features"].as_array().expect("features");
        let mut sides = [false; 2];
        for feature in features {
            let shape = polygons(feature);
            assert!(shape.is_valid(), "{:?}", shape.validation_errors());
            for at in shape.0.iter().flat_map(|p| &p.exterior().0) {
                assert!(at.x.abs() <= 180.0 && at.x.abs() > 177.0, "{at:?}");
                sides[usize::from(at.x > 0.0)] = true;
            }
        }
        assert_eq!(sides, [true; 2], "both sides of the seam");
    }
}

#[cfg(feature = "proj")]
#[test]
fn a_surface_in_a_projected_system_has_its_code_and_the_same_scores() {
    let folder = Folder::new();
    folder.write("i.csv", INCIDENTS);
    let box_ = "65,29,67.5,30.5";
    folder.done(&[
        "surface",
        "-i",
        "i.csv",
        "--cell",
        "3km",
        "--bbox",
        box_,
        "--grid-crs",
        "EPSG:32642",
        "-o",
        "utm.tif",
        "--contours",
        "c.geojson",
    ]);
    let image = read(&folder.bytes("utm.tif")).swap_remove(0);
    let keys: Vec<u16> = image.tags[&34_735].iter().map(|key| *key as u16).collect();
    assert_eq!(keys[4..], [1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32642]);
    assert_eq!(image.tags[&33_550][..2], [3000.0, 3000.0]);
    assert_eq!(image.tags[&33_922][3] % 3000.0, 0.0);
    for feature in folder.json("c.geojson")["features"].as_array().expect("features") {
        let shape = polygons(feature);
        assert!(shape.is_valid(), "{:?}", shape.validation_errors());
    }
    assert!(image.values.iter().any(|score| *score > 30.0));
}

#[test]
fn what_cannot_be_drawn_is_refused_with_a_hint() {
    let folder = Folder::new();
    folder.write("i.csv", INCIDENTS);
    folder.write("none.csv", "incident_id,lon,lat,date,event_type\n");
    for (args, code, words) in [
        (vec!["-i", "i.csv", "--cell", "10m"], 2, vec!["million cells", "fit", "--bbox"]),
        (vec!["-i", "i.csv", "--cell", "0km"], 2, vec!["--cell"]),
        (vec!["-i", "i.csv", "--cell", "5"], 2, vec!["--cell", "unit"]),
        (vec!["-i", "i.csv", "--grid-crs", "EPSG:999999"], 2, vec!["--grid-crs", "EPSG:999999"]),
        (vec!["-i", "i.csv", "--grid-crs", "EPSG:32660"], 2, vec!["outside its area", "--bbox"]),
        (vec!["-i", "i.csv", "--grid-crs", "EPSG:4322"], 2, vec!["not the meter"]),
        (vec!["-i", "i.csv", "--bbox", "1,2,3"], 2, vec!["--bbox"]),
        (vec![], 2, vec!["no incidents", "--incidents"]),
        (vec!["-i", "none.csv"], 3, vec!["no security incident"]),
        (vec!["-i", "i.csv", "-o", "i.csv"], 4, vec!["is the input"]),
    ] {
        if cfg!(not(feature = "proj")) && args.contains(&"--grid-crs") {
            continue;
        }
        let mut all = vec!["surface"];
        all.extend(args);
        let ended = folder.run(&all);
        assert_eq!(ended.code, code, "{all:?}: {}", ended.err);
        for word in words {
            assert!(ended.err.contains(word), "{all:?}: no \"{word}\" in {}", ended.err);
        }
        assert!(!folder.path().join("surface.tif").exists(), "{all:?}");
    }
}

#[test]
fn everything_else_is_written_where_there_is_no_surface_to_draw() {
    let folder = Folder::with_mines();
    let accidents = crate::cli::INCIDENTS
        .lines()
        .map(|row| row.replace("Battles", "Mine accident"))
        .filter(|row| row.starts_with("id,") || row.contains("Mine accident"));
    folder
        .write("accidents.csv", accidents.collect::<Vec<_>>().join("\n"))
        .write("none.csv", "id,date,lon,lat,country,event_type,fatalities\n")
        .write("calm.toml", "name = \"calm\"\n[security]\nenabled = false\n");
    let no_incident = "no security incident in the files can be used";
    for (incidents, scheme, why) in [
        ("accidents.csv", "default", no_incident),
        ("none.csv", "default", no_incident),
        ("incidents.csv", "calm.toml", "the scheme has no security score"),
    ] {
        let out = incidents.trim_end_matches(".csv");
        let run = ["score", "-s", "sites.csv", "-i", incidents, "--scheme", scheme, "-o", out];
        let ended = folder.run(&[&run[..], &["--all"]].concat());
        assert_eq!(ended.code, 0, "{incidents}: {}", ended.err);
        let told = ended.err.lines().any(|line| line.contains(why) && line.contains("no surface"));
        assert!(told, "{incidents}: {}", ended.err);
        let files = folder.files(out);
        let drawn = |name: &&String| name.starts_with("surface") || name.starts_with("contours");
        assert_eq!(files.keys().find(drawn), None, "{incidents}");
        for name in ["sites.geojson", "sites.qml", "risk.gpkg", "risk.qgz", "report.html"] {
            assert!(files.contains_key(name), "{incidents}: no {name}");
        }
        assert_eq!(files.contains_key("map.png"), cfg!(feature = "png"), "{incidents}");
        // An explicit request is refused, and the folder is unchanged.
        for asked in [&["--surface"][..], &["--cell", "5km"], &["--all", "--surface"]] {
            let ended = folder.run(&[&run[..], asked].concat());
            let code = if scheme == "default" { 3 } else { 2 };
            assert_eq!(ended.code, code, "{incidents} {asked:?}: {}", ended.err);
            assert!(ended.err.contains(why), "{incidents} {asked:?}: {}", ended.err);
            assert!(folder.files(out) == files, "{incidents} {asked:?}");
        }
    }
}

#[test]
fn bands_come_as_flatgeobuf_where_the_name_says_so() {
    let folder = Folder::new();
    folder.write("i.csv", INCIDENTS);
    for file in ["c.fgb", "c.geojson"] {
        folder.done(&["surface", "-i", "i.csv", "--cell", "10km", "--contours", file]);
    }
    let reader = std::io::Cursor::new(folder.bytes("c.fgb"));
    let reader = flatgeobuf::FgbReader::open(reader).expect("FlatGeobuf");
    let due = folder.json("c.geojson")["features"].as_array().expect("features").len();
    assert_eq!(reader.header().features_count() as usize, due);
    assert_eq!(reader.header().name(), Some("contours"));
}

#[test]
fn a_surface_is_the_same_on_any_threads_and_registers_and_beside_a_score() {
    let folder = Folder::new();
    folder.write("i.csv", INCIDENTS);
    folder.write("s.csv", "id,name,lon,lat\nx,X,66,30\n");
    let mut files = Vec::new();
    for (threads, registers) in [("1", "widest"), ("3", "widest"), ("2", "avx2"), ("2", "baseline")]
    {
        folder.done(&[
            "score",
            "-s",
            "s.csv",
            "-i",
            "i.csv",
            "--surface",
            "--cell",
            "5km",
            "--threads",
            threads,
            "--registers",
            registers,
            "-o",
            "out",
        ]);
        files.push((folder.bytes("out/surface.tif"), folder.bytes("out/contours.geojson")));
    }
    assert!(files.windows(2).all(|pair| pair[0] == pair[1]));
    let receipt = folder.json("out/receipt.json");
    let outputs = receipt["outputs"].as_array().expect("outputs");
    for name in ["surface.tif", "contours.geojson"] {
        assert!(outputs.iter().any(|output| output["file"] == name), "{name}");
    }
    folder.done(&["surface", "-s", "s.csv", "-i", "i.csv", "--cell", "5km"]);
    assert_eq!(folder.bytes("surface.tif"), files[0].0, "the same by its own command");
}

//! GeoTIFFs as GDAL writes them, in every type, compression and layout that is read (`tests/formats/rasters.py` wrote
//! them), and those that are refused.

use crate::cli::{Dice, Folder};
use crate::vectors::data;
use std::path::Path;
use tamarisk::model::Cells;
use tamarisk::sources::{GeoTiff, ReadOptions, Source};

const WIDTH: u32 = 40;
const HEIGHT: u32 = 35;

/// The value of a cell in all files; NaN without one.
pub fn value(column: u32, row: u32) -> f64 {
    match (row * 7 + column * 3) % 11 {
        0 => f64::NAN,
        _ => f64::from((row * WIDTH + column) % 100),
    }
}

pub fn raster(name: &str) -> GeoTiff {
    GeoTiff::open(
        &Source::path(data(&format!("raster/{name}.tif"))),
        &ReadOptions::default(),
        1 << 20,
    )
    .unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn opened(bytes: &[u8], options: &ReadOptions) -> Result<GeoTiff, String> {
    GeoTiff::open(&Source::bytes("r.tif", bytes), options, 1 << 20).map_err(|error| {
        let text = error.to_string();
        assert!(text.starts_with("r.tif: ") && !text.contains('\n'), "{text}");
        text
    })
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(data(&format!("raster/{name}.tif"))).expect("a file")
}

#[test]
fn every_way_of_storing_gives_the_same_values() {
    let encodings = [
        "plain",
        "strips_deflate",
        "tiles_deflate",
        "tiles_double",
        "lzw",
        "lzw_plain",
        "zstd",
        "packbits",
        "big",
        "big_endian",
        "big_endian_int",
        "bands_together",
        "bands_apart",
        "rgb",
        "palette",
        "scaled",
        "sparse",
        "int64",
        "int8",
        "turned",
        "points",
        "utm",
        "mollweide",
        "nad83",
    ];
    for name in encodings {
        let raster = raster(name);
        assert_eq!(raster.grid().size(), [WIDTH, HEIGHT], "{name}");
        for row in 0..HEIGHT {
            // One past the end of the row, and one before.
            let mut whole = vec![0.0; 41];
            raster.read(0, row, &mut whole).expect(name);
            let mut part = vec![0.0; 7];
            raster.read(13, row, &mut part).expect(name);
            assert!(whole[40].is_nan(), "{name}");
            for column in 0..WIDTH {
                let expected =
                    if name == "sparse" && column < 16 { f64::NAN } else { value(column, row) };
                let given = whole[column as usize];
                let same = given.is_nan() && expected.is_nan() || (given - expected).abs() < 1e-9;
                assert!(same, "{name} at {column},{row}: {given} and not {expected}");
                if (13..20).contains(&column) {
                    assert_eq!(part[column as usize - 13].to_bits(), given.to_bits(), "{name}");
                }
            }
        }
        let mut below = [0.0; 2];
        raster.read(0, HEIGHT, &mut below).expect("past the end");
        assert!(below.iter().all(|value| value.is_nan()));
    }
}

#[test]
fn a_raster_lies_where_gdal_puts_it() {
    // The upper left corner of the first cell, and the center of the last, by gdaltransform and cs2cs.
    for (name, corner) in [
        ("plain", (10.0, 50.0)),
        ("points", (10.0, 50.0)),
        ("turned", (10.0, 50.0)),
        ("nad83", (-100.0, 50.0)),
    ] {
        let at = raster(name).grid().position(0.0, 0.0).expect(name);
        assert!(
            (at.lon() - corner.0).abs() < 1e-9 && (at.lat() - corner.1).abs() < 1e-9,
            "{name}: {at}"
        );
    }
    assert!(raster("plain").grid().parallels().is_some());
    assert!(raster("turned").grid().parallels().is_none());
}

#[cfg(feature = "proj")]
#[test]
fn a_raster_in_another_system_lies_where_proj_puts_it() {
    // From PROJ's cs2cs: EPSG:32632 500000 5500000, and ESRI:54009 800000 5900000.
    let at = raster("utm").grid().position(0.0, 0.0).expect("utm");
    assert!((at.lon() - 9.0).abs() < 1e-9 && (at.lat() - 49.652_542_9).abs() < 1e-5, "{at}");
    let crs = raster("mollweide").grid().crs().name().to_owned();
    assert!(crs.contains("Mollweide"), "{crs}");
}

#[test]
fn a_raster_that_lies_nowhere_needs_a_system() {
    let nowhere = bytes("nowhere");
    let error = opened(&nowhere, &ReadOptions::default()).expect_err("no system");
    assert!(error.contains("does not name its reference system"), "{error}");
    let named = ReadOptions { usual_crs: Some("EPSG:4326".into()), ..ReadOptions::default() };
    assert!(opened(&nowhere, &named).is_ok());
}

/// Changes the value of a field of the first directory of a little-endian classic TIFF.
fn with_field(bytes: &[u8], tag: u16, value: u32) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = u32::from_le_bytes(bytes[4..8].try_into().expect("four")) as usize;
    let count = usize::from(u16::from_le_bytes(bytes[at..at + 2].try_into().expect("two")));
    for field in 0..count {
        let from = at + 2 + 12 * field;
        if u16::from_le_bytes(bytes[from..from + 2].try_into().expect("two")) == tag {
            bytes[from + 2..from + 4].copy_from_slice(&4_u16.to_le_bytes());
            bytes[from + 8..from + 12].copy_from_slice(&value.to_le_bytes());
            return bytes;
        }
    }
    panic!("no tag {tag}");
}

#[test]
fn what_is_not_read_is_refused_with_its_reason() {
    let plain = bytes("plain");
    for (tag, value, part) in [
        (256, 0, "is 0 by 35 cells"),
        (256, 4_000_000_000, "by 35 cells"),
        (257, 2_000_000_000, "by 2000000000 cells"),
        (258, 1, "1 bits"),
        (259, 34_887, "compressed by LERC"),
        (259, 7, "compressed by JPEG"),
        (259, 999, "method 999"),
        (262, 6, "YCbCr"),
        (273, 4_000_000_000, "it ends before chunk 0"),
        (277, 0, "has 0 bands"),
        (277, 60_000, "has 60000 bands"),
        (284, 9, "tag 284 is 9"),
        (339, 5, "complex"),
    ] {
        match opened(&with_field(&plain, tag, value), &ReadOptions::default()) {
            Err(error) => assert!(error.contains(part), "{tag} = {value}: {error}"),
            Ok(_) => panic!("{tag} = {value} was read"),
        }
    }
    let tiles = bytes("sparse");
    for (tag, value, part) in [
        (322, 0, "chunks of 0 by 16"),
        (322, 4_000_000_000, "more than 256 MB"),
        (322, 1, "places for 9"),
    ] {
        match opened(&with_field(&tiles, tag, value), &ReadOptions::default()) {
            Err(error) => assert!(error.contains(part), "{tag} = {value}: {error}"),
            Ok(_) => panic!("{tag} = {value} was read"),
        }
    }
    for (bytes, part) in
        [(&b"id,lon,lat\n"[..], "is no TIFF"), (b"II*\0\xff\xff\0\0", "ends within the directory")]
    {
        let error = opened(bytes, &ReadOptions::default()).expect_err(part);
        assert!(error.contains(part), "{error}");
    }
    let error = opened(b"II+\0\x07\0\0\0\x10\0\0\0\0\0\0\0", &ReadOptions::default());
    assert!(error.expect_err("a header").contains("BigTIFF"));
}

/// A file that was cut anywhere is refused, or gives errors where its values are read, and never wrong values.
#[test]
fn a_raster_that_is_cut_short_is_refused() {
    for name in ["plain", "strips_deflate", "lzw", "zstd", "big", "packbits"] {
        let whole = bytes(name);
        for length in (0..whole.len()).step_by(37) {
            if let Ok(raster) = opened(&whole[..length], &ReadOptions::default()) {
                let mut row = vec![0.0; WIDTH as usize];
                for number in 0..HEIGHT {
                    if raster.read(0, number, &mut row).is_ok() {
                        let same = |column: u32| {
                            let (given, expected) = (row[column as usize], value(column, number));
                            given == expected || given.is_nan() && expected.is_nan()
                        };
                        assert!((0..WIDTH).all(same), "{name} cut at {length}, row {number}");
                    }
                }
            }
        }
    }
}

/// Damage at random: whatever comes of it, no panic and no endless loop.
#[test]
fn a_damaged_raster_is_read_or_refused() {
    let mut dice = Dice::new(7);
    for name in [
        "plain",
        "strips_deflate",
        "tiles_deflate",
        "lzw",
        "zstd",
        "big",
        "big_endian",
        "bands_together",
    ] {
        let whole = bytes(name);
        for _ in 0..150 {
            let mut damaged = whole.clone();
            for _ in 0..=dice.below(3) {
                let at = dice.below(damaged.len() as u64) as usize;
                damaged[at] = dice.below(256) as u8;
            }
            crate::properties::raster(&damaged);
        }
    }
}

#[test]
fn check_tells_what_a_raster_is() {
    let folder = Folder::new();
    let path = data("raster/scaled.tif");
    let path = path.to_str().expect("UTF-8");
    let text = folder.done(&["check", path]);
    for part in [
        "GeoTIFF, int16",
        "raster of 40 x 35 cells",
        "EPSG:4326",
        "10, 46.5, 14, 50",
        "200 stands for no value",
        "values from 0 to 99",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let told = folder.answer(&["check", "--json", path]);
    assert_eq!((&told[0]["role"], &told[0]["width"]), (&"raster".into(), &40.into()));
    assert_eq!(told[0]["known"].as_f64().map(|known| (known * 1400.0).round()), {
        let cells = (0..HEIGHT).flat_map(|row| (0..WIDTH).map(move |column| (column, row)));
        Some(cells.filter(|(column, row)| !value(*column, *row).is_nan()).count() as f64)
    });
    let ended = folder.run(&["check", data("raster/nowhere.tif").to_str().expect("UTF-8")]);
    assert!(ended.code == 3 && ended.err.contains("--crs"), "{ended:?}");
    assert!(Path::new(path).exists());
}

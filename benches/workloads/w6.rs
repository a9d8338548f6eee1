//! W6: for each of 10,000 sites over the world the values of a raster of 7,200 by 3,600 floats (deflate, strips of 16
//! rows) at the site and within 25 km. The file is opened anew for each run.

use crate::measure::{Row, Size, Spent, repeat, row, timed};
use crate::numbers::Numbers;
use crate::w1::subject;
use rayon::prelude::*;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;
use tamarisk::earth::{Length, Position};
use tamarisk::measures::{RasterPlan, RasterSample, Sampler, SiteProbe};
use tamarisk::model::Raster;
use tamarisk::sources::{GeoTiff, ReadOptions, Source};
use tiff::encoder::compression::DeflateLevel;
use tiff::encoder::{Compression, TiffEncoder, colortype};
use tiff::tags::Tag;

const WIDTH: u32 = 7200;
const HEIGHT: u32 = 3600;

pub fn run(who: &str, size: Size) -> Option<Row> {
    if who != "tamarisk" {
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("world.tif");
    write(&path);
    let mut numbers = Numbers::new(6000);
    let mut degrees = |range: f64| (numbers.below(2_000_000) as f64 / 1e6 - 1.0) * range;
    let site = |_| Position::from_degrees(degrees(180.0), degrees(70.0)).expect("a position");
    let sites: Vec<Position> = (0..size.of(10_000)).map(site).collect();
    let (spent, sum) = repeat(|| measured(&path, &sites));
    Some(row(&spent, (sites.len(), sites.len()), "sites", format!("sum of means {sum:.3}")))
}

fn measured(path: &Path, sites: &[Position]) -> (Spent, f64) {
    timed(
        || {
            let source = Source::path(path);
            GeoTiff::open(&source, &ReadOptions::default(), 256 << 20).expect("a raster")
        },
        |raster| {
            let plan = RasterPlan {
                name: "world".into(),
                radius: Length::from_km(25.0),
                threshold: Some(0.5),
                decay: None,
            };
            let (name, file) = ("world".into(), "world.tif".into());
            let sampler = Sampler::new(Raster { name, file, cells: Arc::new(raster) }, plan);
            let subjects: Vec<SiteProbe> = sites.iter().map(|&site| subject(site, 1.0)).collect();
            let sample = |&site: &usize| sampler.sample(&subjects[site]).expect("a sample");
            let order = sampler.order(sites);
            let batches = order.par_chunks(64);
            let samples: Vec<RasterSample> =
                batches.flat_map_iter(|batch| batch.iter().map(sample)).collect();
            samples.iter().filter_map(|sample| sample.mean).sum()
        },
    )
}

/// Smooth values with some noise, as packed as those of a real raster.
fn write(path: &Path) {
    let mut numbers = Numbers::new(6001);
    let value = |cell: u32| {
        let (x, y) = (f64::from(cell % WIDTH) / 600.0, f64::from(cell / WIDTH) / 300.0);
        let smooth = libm::sin(x) * libm::cos(y) + 1.0;
        ((smooth * 200.0).round() / 200.0 + numbers.below(8) as f64 / 1000.0) as f32
    };
    let values: Vec<f32> = (0..WIDTH * HEIGHT).map(value).collect();
    let file = BufWriter::new(std::fs::File::create(path).expect("a file"));
    let encoder = TiffEncoder::new(file).expect("an encoder");
    let mut encoder = encoder.with_compression(Compression::Deflate(DeflateLevel::Balanced));
    let mut image = encoder.new_image::<colortype::Gray32Float>(WIDTH, HEIGHT).expect("an image");
    image.rows_per_strip(16).expect("strips");
    let tags = image.encoder();
    tags.write_tag(Tag::ModelPixelScaleTag, &[0.05, 0.05, 0.0][..]).expect("a tag");
    tags.write_tag(Tag::ModelTiepointTag, &[0.0, 0.0, 0.0, -180.0, 90.0, 0.0][..]).expect("a tag");
    let keys = [1_u16, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326];
    tags.write_tag(Tag::GeoKeyDirectoryTag, &keys[..]).expect("a tag");
    image.write_data(&values).expect("values");
}

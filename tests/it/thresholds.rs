//! Thresholds in the documents are exact: values just within and just beyond them are treated differently.

use crate::cli::Folder;
use crate::made::{around, point, scheme, security, site};
use crate::reading::read_bytes;
use std::collections::BTreeSet;
use std::io::Write;
use tamarisk::earth::{Length, Position, geodesic};
use tamarisk::index::Probe;
use tamarisk::measures::{
    Kernel, KernelSum, PartProbe, SiteProbe, WeighedIncident, WeighedIncidents,
};
use tamarisk::model::{
    Countries, CountryCode, Designation, ReceptorKind, collected_in, country_of,
};
use tamarisk::scoring::score;
use tamarisk::sources::{ReadOptions, Reader, Source};

fn at(lon: f64, lat: f64) -> Position {
    Position::from_degrees(lon, lat).expect("a position")
}

/// A border of the map may be off by 30 km, and an incident at sea counts up to 200 nautical miles off.
#[test]
fn a_country_ends_30_km_off_its_border_and_for_incidents_at_sea_200_nautical_miles_off() {
    let pakistan = CountryCode::new("PAK").expect("a code");
    let shape = Countries::built_in().find(pakistan).expect("a country");
    // South of Makran, where its coast ends so many km to the north.
    let off = |km: f64| {
        let reach = Length::from_km(km);
        let (mut near, mut far) = (25.0, 15.0);
        while near - far > 1e-9 {
            let middle = f64::midpoint(near, far);
            let within = shape.distance(at(62.3, middle), reach).is_some();
            *(if within { &mut near } else { &mut far }) = middle;
        }
        at(62.3, near)
    };
    let site_in = |km| country_of(off(km), &[], Length::ZERO);
    assert_eq!((site_in(29.9), site_in(30.1)), (Some(pakistan), None));
    let counted = |km| collected_in(off(km), &[pakistan], Length::ZERO).contains(pakistan);
    assert_eq!((counted(370.3), counted(370.5)), (true, false));
}

#[test]
fn a_centroid_that_is_as_well_known_as_the_scheme_asks_is_used() {
    let mut park = point(ReceptorKind::SensitiveAreas);
    park.designation = Some(Designation::Strict);
    let asked = scheme().environment.sensitive_areas.centroid_accuracy_km;
    let quantities = around(&[(ReceptorKind::SensitiveAreas, &[(0, 5.0)])]);
    for (km, used) in [(asked, true), (asked + 1e-9, false)] {
        park.accuracy = Some(Length::from_km(km));
        let parks = std::slice::from_ref(&park);
        let risk = score(&scheme(), &site(), &quantities, parks, &BTreeSet::new());
        assert_eq!(risk.environment.indicators[0].driver.is_some(), used, "{km} km");
    }
}

#[test]
fn as_many_recent_incidents_as_the_scheme_says_are_a_conflict() {
    let least = scheme().flags.conflict_incidents;
    for (recent, conflict) in [(least, true), (least - 1, false)] {
        let mut quantities = security(0.0);
        (quantities.security.recent, quantities.security.violent) = (recent, recent);
        let risk = score(&scheme(), &site(), &quantities, &[], &BTreeSet::new());
        assert_eq!(risk.flags.in_conflict_area, Some(conflict), "{recent} of {least}");
    }
}

/// Lengths are first taken quickly, off by centimeters at 900 km. Incidents a millimeter apart in their distances
/// are in the order of Karney's all the same.
#[test]
fn the_strongest_are_exact_among_incidents_a_millimeter_apart() {
    let site = at(62.0, 29.0);
    let event = |index: usize| {
        let way = Length::from_meters(900_000.0 + 0.001 * index as f64);
        let position = geodesic::direct(site, 21.0 * index as f64, way);
        WeighedIncident {
            index,
            position,
            weight: 1.0,
            spread_km: 2.0,
            fatalities: 0,
            deaths_unknown: false,
            violent: true,
            age_days: 0,
        }
    };
    let events = WeighedIncidents::new((0..17).map(event).collect());
    let part = PartProbe {
        probe: Probe::point(site),
        weight: 1.0,
        spread_km: 2.0,
        tailings: Default::default(),
    };
    let subject = SiteProbe { position: site, parts: vec![part] };
    let kernel = Kernel::Gaussian { scales: vec![(1.0, 200.0)], cutoff: 1e-6 };
    let found = KernelSum::new(&events, kernel).intensities(&[subject], &events, 5);
    let strongest: Vec<usize> = found[0].strongest.iter().map(|one| one.nearby.index).collect();
    assert_eq!(strongest, [0, 1, 2, 3, 4]);
}

#[test]
fn a_packed_file_may_unpack_to_250_times_its_size() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let block = vec![b'0'; 1 << 20];
    for _ in 0..128 {
        encoder.write_all(&block).expect("packs");
    }
    let packed = encoder.finish().expect("packs");
    let most = 250 * packed.len();
    assert!(most > 24 << 20, "past what any file may unpack to");
    let error = read_bytes("bomb.csv.gz", &packed).err().expect("refused");
    assert!(error.to_string().contains(&format!("unpacks to more than {most} bytes")), "{error}");
}

#[test]
fn a_name_is_proposed_for_a_missing_one_only_where_it_is_much_like_it() {
    for (there, proposed) in [
        ("incidents_2024.csv", true),
        ("incidents-old.csv", true),
        ("incoming.csv", false),
        ("idents.csv", false),
        ("notes.txt", false),
    ] {
        let likeness = strsim::jaro_winkler("incidents.csv", there);
        assert!(if proposed { likeness > 0.86 } else { likeness < 0.845 }, "{there}: {likeness}");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(there), "id\n").expect("a file");
        let missing = Source::path(folder.path().join("incidents.csv"));
        let error = Reader::open(&missing, &ReadOptions::default()).expect_err("missing");
        let hint = error.hint().unwrap_or_default();
        assert_eq!(hint.contains(there), proposed, "{there}, {likeness}: {hint}");
    }
}

#[test]
fn past_a_hundred_thousand_features_faster_formats_are_named() {
    let folder = Folder::with_mines();
    let mut rows = "id,date,lon,lat,event_type,country\n".to_owned();
    for n in 0..100_000 {
        let (lon, lat) = (62.0 + f64::from(n % 300) / 100.0, 28.0 + f64::from(n / 300) / 200.0);
        rows.push_str(&format!("i{n},2024-03-09,{lon},{lat},Riots,Pakistan\n"));
    }
    let args = ["score", "-s", "sites.csv", "-i", "many.csv", "--layers", "incidents", "-o", "out"];
    for (more, told) in [("", false), ("last,2024-03-09,64,29,Riots,Pakistan\n", true)] {
        folder.write("many.csv", format!("{rows}{more}"));
        let ended = folder.run(&args);
        assert_eq!(ended.code, 0, "{}", ended.err);
        let said = format!("{}{}", ended.out, ended.err);
        assert_eq!(said.contains("--format fgb"), told, "{said}");
    }
}

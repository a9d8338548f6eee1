//! A hindcast of published data: UCDP's record of Pakistan and seventy sites there.

use crate::suites::shared;
use jiff::civil::date;
use tamarisk::run::hindcast::{HindcastQuery, Metric, Model, hindcast};
use tamarisk::run::{Cancel, Inputs, Unwatched, World};
use tamarisk::sources::Source;

/// Site-years with an event, by radius, horizon and deaths, as counted in Python with pyproj's geodesics: `where_prec`
/// 1 to 3, `date_start` in the days after the end of 2004 to 2020, `best` deaths.
const POSITIVES: [(f64, u32, u32, usize); 8] = [
    (25.0, 90, 0, 160),
    (25.0, 90, 5, 86),
    (25.0, 365, 0, 272),
    (25.0, 365, 5, 181),
    (50.0, 90, 0, 373),
    (50.0, 90, 5, 214),
    (50.0, 365, 0, 555),
    (50.0, 365, 5, 390),
];

#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn what_happened_at_sites_in_pakistan_is_what_an_independent_reading_counts() {
    let data = shared("data");
    let inputs = Inputs {
        sites: vec![Source::path(data.join("pakistan-facts/sites.csv"))],
        incidents: vec![Source::path(data.join("ucdp-ged-pakistan/conflict_data_pak.csv"))],
        ..Inputs::default()
    };
    let world = World::read(&inputs, &Unwatched, &Cancel::new()).expect("the world");
    let query = HindcastQuery {
        from: Some(date(2004, 12, 31)),
        to: Some(date(2020, 12, 31)),
        horizons_days: vec![90, 365],
        min_deaths: vec![0, 5],
        ..HindcastQuery::default()
    };
    let told = hindcast(&world, &query, &Unwatched, &Cancel::new()).expect("a hindcast");
    assert_eq!((told.origins.len(), told.warnings.len()), (17, 0));
    for (km, horizon_days, min_deaths, positives) in POSITIVES {
        let wanted = |judged: &&tamarisk::run::hindcast::Judged| {
            let label = told.labels[judged.label];
            (label.radius.km(), label.horizon_days, label.min_deaths)
                == (km, horizon_days, min_deaths)
        };
        let judged = told.judged.iter().find(wanted).expect("a label");
        let tally = judged.tally();
        assert_eq!((tally.counted, tally.positives), (70 * 17, positives), "{km} {horizon_days}");
        // Past events tell of later ones, whoever counts them.
        let area = judged.pooled(Model::Scheme(0), Metric::RocAuc).and_then(|one| one.value);
        assert!(area.is_some_and(|area| area.value > 0.75), "{km} {horizon_days}: {area:?}");
    }
}

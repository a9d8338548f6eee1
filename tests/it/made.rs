//! Minimal sites, incidents, receptors and quantities for tests.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use tamarisk::earth::{Length, Position, Shape, geodesic};
use tamarisk::measures::{Contribution, Intensity, Nearby, Quantities};
use tamarisk::model::{
    DateSpan, Domain, Incident, Own, Part, Place, Receptor, ReceptorKind, SecurityType, Site,
    WaterStress,
};
use tamarisk::scoring::{Indicator, IndicatorCode, Risk, Scheme};

/// The default scheme.
pub fn scheme() -> Scheme {
    static SCHEME: LazyLock<Scheme> = LazyLock::new(Scheme::default);
    SCHEME.clone()
}

fn position() -> Position {
    Position::from_degrees(66.0, 30.0).expect("in range")
}

/// A site with only a position.
pub fn site() -> Site {
    Site {
        id: "s".into(),
        name: "s".into(),
        file: "sites.csv".into(),
        place: Place::Line(2),
        position: position(),
        shape: Shape::point(position()),
        accuracy: None,
        country: None,
        group: None,
        part: Part::Mine,
        tailings: Default::default(),
        water_stress: None,
        water_stress_aside: Default::default(),
        columns: Vec::new(),
    }
}

/// A site with a water stress of its own.
pub fn with_own_water_stress(stress: WaterStress) -> Site {
    Site { water_stress: Some(stress), ..site() }
}

/// A security incident without deaths.
pub fn incident(security_type: SecurityType) -> Incident {
    Incident {
        id: "i".into(),
        file: "incidents.csv".into(),
        place: Place::Line(2),
        position: position(),
        accuracy: None,
        vague: false,
        date: Some(DateSpan::day(jiff::civil::date(2024, 6, 30))),
        domain: Domain::Security,
        security_type: Some(security_type),
        event_type: security_type.word().into(),
        finer_type: None,
        fatalities: None,
        fatalities_range: None,
        country: None,
        magnitude: None,
        depth_km: None,
        own: Own::default(),
    }
}

/// A receptor with a shape; its distance is set by the test.
pub fn receptor(kind: ReceptorKind) -> Receptor {
    let line = vec![(66.0, 30.0), (66.1, 30.0)];
    Receptor { shape: Shape::Lines(vec![line].into_iter().collect()), ..point(kind) }
}

/// A receptor that is a point.
pub fn point(kind: ReceptorKind) -> Receptor {
    Receptor {
        id: "r".into(),
        name: None,
        kind,
        file: "receptors.csv".into(),
        place: Place::Line(2),
        shape: Shape::point(position()),
        accuracy: None,
        area_km2: None,
        designation: None,
        population: None,
        magnitude: None,
        depth_km: None,
        date: None,
        tailings: Default::default(),
        world_heritage: false,
        next_down: None,
        water_stress: None,
    }
}

/// An item at a distance in km, due north.
pub fn nearby(index: usize, km: f64) -> Nearby {
    let distance = Length::from_km(km);
    Nearby { index, distance, bearing: 0.0, to: geodesic::direct(position(), 0.0, distance) }
}

/// The contribution of an incident at a distance in km.
pub fn contribution(index: usize, km: f64, intensity: f64) -> Contribution {
    Contribution { nearby: nearby(index, km), part: 0, intensity }
}

/// A site where incidents were collected and none was found.
pub fn covered() -> Quantities {
    let mut quantities = Quantities::default();
    quantities.security.covered = true;
    quantities.security.coverage = 1.0;
    quantities.security.window_coverage = 1.0;
    // Ten years of records up to the day of the score.
    quantities.security.record.ages = Some((0, 3_652));
    quantities
}

/// A site where incidents add up to an intensity.
pub fn security(total: f64) -> Quantities {
    let mut quantities = covered();
    quantities.security.intensity = Intensity { total, strongest: Vec::new() };
    quantities
}

/// A covered site with receptors around it: for each kind, index and distance in km.
pub fn around(kinds: &[(ReceptorKind, &[(usize, f64)])]) -> Quantities {
    let mut quantities = covered();
    quantities.environment.nearby = kinds
        .iter()
        .map(|(kind, near)| (*kind, near.iter().map(|(i, km)| nearby(*i, *km)).collect()))
        .collect::<BTreeMap<_, _>>();
    quantities
}

/// Whether two numbers agree, relative to their size, or absolutely for small ones.
pub fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs().max(1.0)
}

/// The value of one indicator of a risk.
pub fn value(risk: &Risk, code: IndicatorCode) -> Option<f64> {
    risk.environment.indicators.iter().find(|i| i.code == code).expect("every indicator").value
}

/// The note of one indicator of a risk.
pub fn note(risk: &Risk, code: IndicatorCode) -> String {
    let of = |i: &&Indicator| i.code == code;
    risk.environment.indicators.iter().find(of).and_then(|i| i.note.clone()).unwrap_or_default()
}

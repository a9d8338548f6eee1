//! What lies around one site, for a map of it at a close scale.

use super::ground::Ground;
use super::view::View;
use crate::earth::{Length, Position, Shape, geodesic};
use crate::index::Probe;
use crate::layers::Context;
use crate::layers::style::IncidentClass;
use crate::measures::{Collection, Receptors, Security};
use crate::model::{Incident, Receptor, Site};

/// Receptors of a kind on the map of one site, at most.
const OF_A_KIND: usize = 200;

/// Pages with a map each, at most.
pub const PAGES: usize = 100;

/// What lies around a site.
#[derive(Debug)]
pub struct Surroundings<'a> {
    /// Longitude and latitude of the site.
    pub site: (f64, f64),
    /// The radius of the map's circle around the site.
    ///
    /// # Units
    /// Kilometers.
    pub radius_km: f64,
    /// The rings of the scheme within that radius, each as longitudes and latitudes.
    pub rings: Vec<(f64, Vec<(f64, f64)>)>,
    /// The incidents that count and lie on the map.
    pub incidents: Vec<NearIncident>,
    /// The receptors within the radius.
    pub receptors: Vec<&'a Receptor>,
    /// The shape of the site, unless it is a point.
    pub shape: Option<&'a Shape>,
    /// The shapes of the parts linked to the site.
    pub parts: Vec<&'a Shape>,
    /// Whether it is told how well the site's position is known.
    pub accuracy_given: bool,
}

/// An incident on the map of a site.
#[derive(Debug)]
pub struct NearIncident {
    /// Longitude and latitude.
    pub at: (f64, f64),
    /// The number of its class.
    pub class: usize,
    /// Deaths, by the best estimate.
    pub fatalities: u32,
}

impl<'a> Surroundings<'a> {
    /// What lies around a site. `security` holds the incidents that count.
    pub fn of(
        context: Context<'a>,
        security: &Security,
        receptors: &Receptors,
        index: usize,
    ) -> Option<Self> {
        let site: &Site = context.sites.get(index)?;
        let buffers = &context.scheme.buffers;
        let radius_km = buffers.window_radius_km;
        // The corners of a square map are farther than its circle.
        let seen = Length::from_km(radius_km * 1.5);
        let incident = |at: usize| -> Option<NearIncident> {
            let Incident { position, security_type, fatalities, .. } = context.incidents.get(at)?;
            Some(NearIncident {
                at: (position.lon(), position.lat()),
                class: IncidentClass::number(*security_type),
                fatalities: fatalities.unwrap_or(0),
            })
        };
        let near = security.within(site.position, seen);
        let probe = Probe::new(&site.shape);
        let kinds: Vec<_> = receptors.kinds().collect();
        let within = kinds.into_iter().flat_map(|kind| {
            let found = receptors.within(kind, &probe, seen);
            found.into_iter().take(OF_A_KIND)
        });
        let parts = context.linked.get(index).map_or(&[][..], Vec::as_slice);
        Some(Self {
            site: (site.position.lon(), site.position.lat()),
            radius_km,
            rings: buffers
                .rings_km
                .iter()
                .filter(|km| **km <= radius_km)
                .map(|km| (*km, ring(site.position, *km)))
                .collect(),
            incidents: near.into_iter().filter_map(|event| incident(event.index)).collect(),
            receptors: within.filter_map(|near| context.receptors.get(near.index)).collect(),
            shape: Some(&site.shape).filter(|shape| !matches!(shape, Shape::Points(_))),
            parts: parts.iter().map(|part| &part.shape).collect(),
            accuracy_given: site.accuracy.is_some(),
        })
    }

    /// The view of the map with its base map, on a rectangle in units.
    pub fn view(&self, (width, height): (f64, f64), collection: &Collection) -> (View, Ground) {
        let view = View::near(self.site, self.radius_km, width, height);
        (view, Ground::within(&view, 0.02, Some(collection)))
    }
}

/// A circle on the ellipsoid.
fn ring(middle: Position, km: f64) -> Vec<(f64, f64)> {
    const STEPS: u32 = 72;
    let radius = Length::from_km(km);
    let at = |step: u32| {
        let bearing = f64::from(step) * 360.0 / f64::from(STEPS);
        let place = geodesic::direct(middle, bearing, radius);
        (place.lon(), place.lat())
    };
    (0..=STEPS).map(|step| at(step % STEPS)).collect()
}

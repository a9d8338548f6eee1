//! The published places in reach of a site, and which of them are drawn one by one.

use super::places::{PublishedPlace, PublishedPlaces};
use super::sight::{Frame, Sight};
use super::sum::{Against, distance2};
use crate::earth::Ecef;
use crate::index::Probe;
use crate::measures::kernel::Kernel;
use crate::measures::weighed::{PartProbe, SiteProbe, WeighedIncidents};

/// A kernel and its square.
#[derive(Debug)]
pub(super) struct Kernels<'a> {
    pub kernel: &'a Kernel,
    /// `None` for forms whose square is not of the same form.
    pub squared: Option<Kernel>,
}

/// A published place in reach, at the part of the site where it weighs most.
#[derive(Debug)]
pub(super) struct Seen {
    /// The place, by its number.
    pub place: usize,
    /// The parts of the site that it is in reach of; the first is the one where it weighs most.
    pub against: Vec<Against>,
    /// The kernel there, averaged over the position errors of both, times the part's weight.
    kernel: f64,
    /// The mean of the squared kernel likewise.
    squared: f64,
    /// Variance of the kernel from the place's own position error, at the reported position of the site.
    placed: f64,
}

/// Returns all places in reach of a site, in their order.
pub(super) fn all(
    site: &SiteProbe,
    incidents: &WeighedIncidents,
    places: &PublishedPlaces,
    kernels: &Kernels,
) -> Vec<Seen> {
    let mut seen: Vec<Seen> = Vec::new();
    for (part, probe) in site.parts.iter().enumerate() {
        let reach = kernels.kernel.reach(probe.spread_km * probe.spread_km + incidents.widest2());
        let frame = probe.probe.position().map(Frame::at);
        for (incident, _, distance) in incidents.around(&probe.probe, reach) {
            let place = places.of_incident(incident).filter(|(_, place)| place.first == incident);
            let Some((number, place)) = place else { continue };
            seen.extend(see(part, probe, frame.as_ref(), (number, place), distance.km(), kernels));
        }
    }
    // Of one place the part where it weighs most comes first.
    seen.sort_by(|a, b| a.place.cmp(&b.place).then(b.kernel.total_cmp(&a.kernel)));
    seen.dedup_by(|later, first| {
        let same = later.place == first.place;
        if same {
            first.against.append(&mut later.against);
        }
        same
    });
    seen
}

/// Returns the places of some incidents as seen from a site that is a single point, in their order.
pub(super) fn some(
    site: &SiteProbe,
    of: impl Iterator<Item = usize>,
    places: &PublishedPlaces,
    kernels: &Kernels,
) -> Vec<Seen> {
    let [part] = site.parts.as_slice() else { return Vec::new() };
    let Some(position) = part.probe.position() else { return Vec::new() };
    let (frame, at) = (Frame::at(position), Ecef::from(position));
    let mut numbers: Vec<usize> =
        of.filter_map(|incident| Some(places.of_incident(incident)?.0)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let one = |number: usize| {
        let place = places.list.get(number)?;
        let distance = at.ground_length(Ecef::from(place.position));
        see(0, part, Some(&frame), (number, place), distance.km(), kernels)
    };
    numbers.into_iter().filter_map(one).collect()
}

fn see(
    part: usize,
    probe: &PartProbe,
    frame: Option<&Frame>,
    (number, place): (usize, &PublishedPlace),
    distance_km: f64,
    kernels: &Kernels,
) -> Option<Seen> {
    let kernel = kernels.kernel;
    let placed2 = place.spread_km * place.spread_km;
    let spread2 = probe.spread_km * probe.spread_km + placed2;
    let value = probe.weight * kernel.at(distance_km, spread2);
    if value <= 0.0 {
        return None;
    }
    let sight = match frame {
        Some(frame) => Some(Sight::between(frame, &Frame::at(place.position), distance_km)),
        // Of a line or polygon, the nearest point moves with the site.
        None => {
            let nearest = Probe::point(place.position).find(0, &probe.probe)?;
            let (from, to) = (Frame::at(nearest.to), Frame::at(place.position));
            (nearest.distance.km() > 0.0).then(|| Sight::between(&from, &to, nearest.distance.km()))
        }
    };
    let still = kernel.at(distance_km, placed2);
    let weight2 = probe.weight * probe.weight;
    Some(Seen {
        place: number,
        against: vec![Against { part, weight: probe.weight, sight }],
        kernel: value,
        squared: weight2 * kernels.mean_square(distance_km, spread2),
        placed: weight2 * (kernels.mean_square(distance_km, placed2) - still * still).max(0.0),
    })
}

impl<'a> Kernels<'a> {
    pub fn new(kernel: &'a Kernel) -> Self {
        Self { kernel, squared: kernel.squared() }
    }

    /// The mean of the squared kernel over the position errors of both ends; the other forms ignore them.
    ///
    /// # Units
    /// Distance in km, `spread2` in km².
    fn mean_square(&self, distance_km: f64, spread2: f64) -> f64 {
        match &self.squared {
            Some(squared) => squared.at(distance_km, spread2),
            None => self.kernel.at(distance_km, 0.0).powi(2),
        }
    }
}

impl Seen {
    /// The mean of what the place adds to the intensity.
    pub fn mean(&self, place: &PublishedPlace) -> f64 {
        place.weight * self.kernel
    }

    /// The variance of what the place adds.
    pub fn variance(&self, place: &PublishedPlace) -> f64 {
        let mean = self.mean(place);
        (place.square() * self.squared - mean * mean).max(0.0)
    }

    /// The variances of what it adds from counts, from deaths, and from its position alone.
    pub fn variances(&self, place: &PublishedPlace) -> [f64; 3] {
        let kernel2 = self.kernel * self.kernel;
        let weight2 = place.weight * place.weight;
        let placed = if place.moves_km > 0.0 { self.placed } else { 0.0 };
        [place.counts2 * kernel2, place.deaths2 * kernel2, weight2 * placed]
    }

    /// The sum of the squares of what its incidents add.
    pub fn square_of_means(&self, place: &PublishedPlace) -> f64 {
        place.squares * self.kernel * self.kernel
    }

    /// What it adds if the site moves by some km to the east and north, at the part where it weighs most, averaged over a
    /// position error of the site with a variance in km².
    pub fn moved(
        &self,
        place: &PublishedPlace,
        kernel: &Kernel,
        [east, north]: [f64; 2],
        site2: f64,
    ) -> f64 {
        let Some(Against { weight, sight, .. }) = self.against.first() else { return 0.0 };
        let distance_km =
            sight.map_or(0.0, |sight| distance2(&sight, 0.0, 0.0, east, north).sqrt());
        let spread2 = place.spread_km * place.spread_km + site2;
        place.weight * weight * kernel.at(distance_km, spread2)
    }

    /// The mean of the squared kernel.
    pub fn squared(&self) -> f64 {
        self.squared
    }

    /// The part of the site where it weighs most, by its number.
    pub fn part(&self) -> usize {
        self.against.first().map_or(0, |against| against.part)
    }
}

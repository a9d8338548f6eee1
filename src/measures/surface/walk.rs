//! Any kernel on any grid, incident by incident: for each cell a tree finds the incidents in reach.

use super::bend::Bend;
use crate::earth::{Ecef, Grid};
use crate::index::levels::{FAR2, Node};
use crate::index::packed::{BLOCK, Packed};
use crate::measures::kernel::Kernel;
use crate::measures::weighed::{WeighedIncident, widest2};
use rayon::prelude::*;

/// Data of the tree's points that its blocks do not hold, block by block.
struct Slots {
    z: [f64; BLOCK],
    weight: [f64; BLOCK],
    spread2: [f64; BLOCK],
}

/// Returns the sums at all cells.
pub(super) fn surface(
    incidents: &[WeighedIncident],
    kernel: &Kernel,
    grid: &Grid,
    spread_km: f64,
) -> Vec<f64> {
    let places = Ecef::of_each(incidents, |incident| incident.position);
    let tree = Packed::new(places.as_slice());
    let slots: Vec<Slots> = tree
        .blocks()
        .map(|block| {
            let mut slots = Slots { z: [0.0; BLOCK], weight: [0.0; BLOCK], spread2: [0.0; BLOCK] };
            for (slot, index) in block.slots() {
                let (Some(incident), Some(Ecef([_, _, height]))) =
                    (incidents.get(index), places.get(index))
                else {
                    continue;
                };
                let Slots { z, weight, spread2 } = &mut slots;
                if let (Some(z), Some(weight), Some(spread2)) =
                    (z.get_mut(slot), weight.get_mut(slot), spread2.get_mut(slot))
                {
                    *z = *height;
                    *weight = incident.weight;
                    *spread2 = incident.spread_km * incident.spread_km + spread_km * spread_km;
                }
            }
            slots
        })
        .collect();
    let reach = kernel.reach(widest2(incidents) + spread_km * spread_km).meters();
    let cells = (0..grid.height())
        .flat_map(|row| (0..grid.width()).map(move |column| (column, row)))
        .collect::<Vec<_>>();
    cells
        .into_par_iter()
        .map(|(column, row)| {
            let Some(position) = grid.position(column, row) else { return f64::NAN };
            let (Ecef(at), bend) = (Ecef::from(position), Bend::at(position.lat()));
            let mut sum = 0.0;
            let mut open = vec![tree.roots()];
            while let Some(first) = open.pop() {
                for (slot, least) in tree.spans(first, at).least.into_iter().enumerate() {
                    // A distance along the ground is never shorter than its chord.
                    if least > FAR2 || least > reach * reach {
                        continue;
                    }
                    let node = Node { number: first.number + slot, ..first };
                    if let Some(children) = node.children() {
                        open.push(children);
                    } else if let (Some(block), Some(slots)) =
                        (tree.block(node.number), slots.get(node.number))
                    {
                        let chords2 = block.chords2(at);
                        let terms = chords2.iter().zip(&slots.z).zip(&slots.weight);
                        for (((chord2, z), weight), spread2) in terms.zip(&slots.spread2) {
                            if *chord2 <= reach * reach {
                                let dz = z - at[2];
                                let km = bend.ground2(*chord2, dz * dz).sqrt() / 1000.0;
                                sum += weight * kernel.at(km, *spread2);
                            }
                        }
                    }
                }
            }
            sum
        })
        .collect()
}

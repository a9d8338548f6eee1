//! How many scored sites have no incident in reach: their low scores may be a lack of records.

use super::Scored;
use crate::scoring::{Scheme, thousands};

/// That so many scored sites have no security incident within the widest ring; `None` if there are none.
pub fn silent_words<'s>(
    scheme: &Scheme,
    scored: impl Iterator<Item = &'s Scored>,
) -> Option<String> {
    let (widest, km) = (0..).zip(&scheme.buffers.rings_km).max_by(|a, b| a.1.total_cmp(b.1))?;
    let (mut all, mut none) = (0_i64, 0_i64);
    for one in scored.filter(|one| one.risk.security.score.is_some()) {
        let rings = &one.quantities.security.rings;
        let ring: Option<&crate::measures::Count> = rings.get::<usize>(widest);
        all += 1;
        none += i64::from(ring.is_some_and(|ring| ring.incidents == 0));
    }
    let have = if none == 1 { "has" } else { "have" };
    (none > 0).then(|| {
        format!(
            "{} of {} sites with a security score {have} no incident within {km} km. Where a country has few records, that can be a lack of records, and a low score no sign of calm.",
            thousands(none),
            thousands(all)
        )
    })
}

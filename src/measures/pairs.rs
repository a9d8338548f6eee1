//! Two sums in one integer, so that one addition updates both.

use super::quantities::Count;
use super::weighed::WeighedIncident;

/// Layout of two sums in one integer: incidents in the lower bits, deaths in the upper bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pairs {
    /// Number of bits of the count.
    bits: u32,
}

impl Pairs {
    /// Chooses a layout that holds the totals of all incidents; `None` if there is no such layout, which
    /// takes tens of thousands of incidents with billions of deaths.
    pub fn new(incidents: &[WeighedIncident]) -> Option<Self> {
        let many = u64::try_from(incidents.len()).ok()?;
        let bits = u64::BITS - many.leading_zeros();
        // The upper half holds deaths, or incidents of the earlier trend period.
        let deaths: u128 = incidents.iter().map(|incident| u128::from(incident.fatalities)).sum();
        let room = u128::from(u64::MAX >> bits);
        (deaths.max(u128::from(many)) <= room).then_some(Self { bits })
    }

    pub fn pair(self, lower: u32, upper: u32) -> u64 {
        u64::from(upper) << self.bits | u64::from(lower)
    }

    pub fn count(self, pair: u64) -> Count {
        let incidents = pair & ((1 << self.bits) - 1);
        Count { incidents: whole(incidents), fatalities: pair >> self.bits }
    }
}

/// Converts a count of incidents, which is below 2^32.
pub(super) fn whole(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

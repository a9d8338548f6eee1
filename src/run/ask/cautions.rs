//! How many sites have a security score that is not to be taken at its face value, and which.

use crate::layers::Scored;
use crate::run::{Case, Sites};
use crate::scoring::Caution;

/// Sites named for each caution.
const MOST_NAMED: usize = 3;

/// Cautions on the security scores of sites, collected during scoring.
#[derive(Debug, Clone, Default)]
pub(super) struct Cautions {
    scored: usize,
    /// By [`Caution::number`].
    found: [Found; Caution::KINDS],
}

/// The sites with one caution.
#[derive(Debug, Clone, Default)]
struct Found {
    label: String,
    sites: usize,
    /// The highest scores, with the names of their sites, in descending order; ties in input order.
    highest: Vec<(f64, String)>,
}

impl Cautions {
    /// Adds sites.
    pub fn add(&mut self, case: &Case, sites: &Sites, scored: &[Scored]) {
        let context = case.context_of(sites);
        for one in scored {
            let (Some(score), Some(site)) = (one.risk.security.score, sites.list.get(one.site))
            else {
                continue;
            };
            self.scored += 1;
            for caution in context.cautions(one) {
                if let Some(found) = self.found.get_mut(caution.number()) {
                    found.add(caution, score, &site.name);
                }
            }
        }
    }

    /// One line for each caution that holds at some sites: `one event carries the score at 3 of 29 sites: A, B, C`.
    pub fn lines(&self) -> Vec<String> {
        let line = |found: &Found| {
            let names: Vec<&str> = found.highest.iter().map(|(_, name)| name.as_str()).collect();
            let more = found.sites.saturating_sub(names.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let Found { label, sites, .. } = found;
            format!("{label} at {sites} of {} sites: {}{more}", self.scored, names.join(", "))
        };
        self.found.iter().filter(|found| found.sites > 0).map(line).collect()
    }
}

impl Found {
    fn add(&mut self, caution: Caution, score: f64, name: &str) {
        self.sites += 1;
        if self.label.is_empty() {
            self.label = caution.of_sites();
        }
        let at = self.highest.partition_point(|(higher, _)| *higher >= score);
        if at < MOST_NAMED {
            self.highest.insert(at, (score, name.to_owned()));
            self.highest.truncate(MOST_NAMED);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Found;
    use crate::scoring::{Band, Caution};

    #[test]
    fn the_highest_scores_are_named_and_ties_keep_their_order() {
        let mut found = Found::default();
        let caution = Caution::OneEvent { without: 10.0, band: Band::VeryLow };
        for (score, name) in [(30.0, "a"), (50.0, "b"), (30.0, "c"), (70.0, "d"), (30.0, "e")] {
            found.add(caution, score, name);
        }
        assert_eq!(found.sites, 5);
        let names: Vec<&str> = found.highest.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["d", "b", "a"]);
    }
}

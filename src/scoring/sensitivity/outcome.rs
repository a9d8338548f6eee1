//! What the settings of a scheme do to the ranks and scores of sites.

use super::{Index, SettingGroup};
use crate::float;
use crate::scoring::ranks::{Standing, TOP};

/// The three scores of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ScoreName {
    /// The security score.
    Security,
    /// The environment score.
    Environment,
    /// The overall score.
    Overall,
}

/// The sites of a run under other settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivity {
    /// The number of settings from which ranks are taken.
    pub settings: usize,
    /// One for each site, in their order.
    pub sites: Vec<SiteSensitivity>,
}

/// A site under other settings; a score that it does not have is `None`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SiteSensitivity {
    /// Its index among the sites.
    pub site: usize,
    /// Its security score.
    pub security: Option<ScoreSensitivity>,
    /// Its environment score.
    pub environment: Option<ScoreSensitivity>,
    /// Its overall score.
    pub overall: Option<ScoreSensitivity>,
}

/// A score under other settings.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreSensitivity {
    /// The rank under the scheme in force; 1 is the highest score, and equal scores share the better rank.
    pub rank: u32,
    /// The ranks under other settings.
    pub standing: Standing,
    /// The indices of the groups, in the order of [`ScoreName::groups`].
    pub indices: Vec<Index>,
}

/// A score under other settings, over all sites.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreSummary {
    /// The sites with the score.
    pub sites: usize,
    /// The median and the greatest of the widths of rank ranges.
    pub widths: [u32; 2],
    /// Of the sites that are among the ten highest under the scheme in force, how many there are, and how many stay there
    /// under at least 9 of 10 settings.
    pub top: [usize; 2],
    /// The mean indices of the groups over the sites whose score varies, the largest first order first. Empty if none
    /// varies.
    pub groups: Vec<(SettingGroup, Index)>,
}

impl ScoreName {
    /// Every score.
    pub const ALL: [Self; 3] = [Self::Security, Self::Environment, Self::Overall];

    /// The word used in the names of columns.
    pub fn word(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Environment => "environment",
            Self::Overall => "overall",
        }
    }

    /// The groups of settings on which it depends.
    pub fn groups(self) -> &'static [SettingGroup] {
        match self {
            Self::Security => &SettingGroup::SECURITY,
            Self::Environment => &SettingGroup::ENVIRONMENT,
            Self::Overall => &SettingGroup::ALL,
        }
    }
}

impl SiteSensitivity {
    /// One of its scores.
    pub fn of(&self, score: ScoreName) -> Option<&ScoreSensitivity> {
        match score {
            ScoreName::Security => self.security.as_ref(),
            ScoreName::Environment => self.environment.as_ref(),
            ScoreName::Overall => self.overall.as_ref(),
        }
    }
}

impl Sensitivity {
    /// A score over all sites; `None` if no site has it.
    pub fn summary(&self, score: ScoreName) -> Option<ScoreSummary> {
        let all: Vec<&ScoreSensitivity> =
            self.sites.iter().filter_map(|site| site.of(score)).collect();
        let width = |one: &&ScoreSensitivity| {
            let [low, high] = one.standing.ranks;
            high - low
        };
        let mut widths: Vec<u32> = all.iter().map(width).collect();
        widths.sort_unstable();
        let median = widths.get(widths.len() / 2).copied()?;
        let ten = u32::try_from(TOP).unwrap_or(u32::MAX);
        let top = || all.iter().filter(|one| one.rank <= ten);
        let varies = |one: &&&ScoreSensitivity| one.indices.iter().any(|index| index.total > 0.0);
        let varying: Vec<&&ScoreSensitivity> = all.iter().filter(varies).collect();
        let mean = |at: usize| {
            let of = |value: fn(&Index) -> f64| {
                let values = varying.iter().filter_map(|one| one.indices.get(at)).map(value);
                values.sum::<f64>() / float::of_count(varying.len())
            };
            Index {
                first: of(|index| index.first),
                first_error: of(|index| index.first_error),
                total: of(|index| index.total),
                total_error: of(|index| index.total_error),
            }
        };
        let groups = score.groups().iter().enumerate();
        let mut groups: Vec<(SettingGroup, Index)> =
            groups.filter(|_| !varying.is_empty()).map(|(at, group)| (*group, mean(at))).collect();
        groups.sort_by(|a, b| b.1.first.total_cmp(&a.1.first));
        Some(ScoreSummary {
            sites: all.len(),
            widths: [median, widths.last().copied().unwrap_or(median)],
            top: [top().count(), top().filter(|one| one.standing.top >= 0.9).count()],
            groups,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_counts_widths_and_the_top_and_leaves_out_what_does_not_vary() {
        let one = |rank: u32, ranks: [u32; 2], top: f64, first: f64| {
            let index = |first: f64| Index { first, total: first, ..Index::default() };
            let indices = vec![index(first), index(0.5 * first), index(2.0 * first)];
            Some(ScoreSensitivity { rank, standing: Standing { ranks, top }, indices })
        };
        let securities = [
            one(1, [1, 3], 0.95, 0.25),
            one(2, [1, 12], 0.5, 0.35),
            one(11, [11, 11], 0.0, 0.0),
            None,
        ];
        let sites = securities.into_iter().enumerate();
        let sites =
            sites.map(|(site, security)| SiteSensitivity { site, security, ..Default::default() });
        let all = Sensitivity { settings: 100, sites: sites.collect() };
        let summary = all.summary(ScoreName::Security).expect("scores");
        assert_eq!((summary.sites, summary.widths, summary.top), (3, [2, 11], [2, 1]));
        let firsts: Vec<(SettingGroup, f64)> =
            summary.groups.iter().map(|(group, index)| (*group, index.first)).collect();
        for ((group, first), (due, value)) in firsts.into_iter().zip([
            (SettingGroup::Severity, 0.6),
            (SettingGroup::Bandwidth, 0.3),
            (SettingGroup::HalfLife, 0.15),
        ]) {
            assert!(group == due && (first - value).abs() < 1e-12, "{group:?} {first}");
        }
        assert_eq!(all.summary(ScoreName::Overall), None);
    }
}

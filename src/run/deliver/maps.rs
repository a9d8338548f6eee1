//! The still maps of a run: which scores they show, in which files.

use crate::layers::style::Theme;
use std::collections::BTreeSet;

/// The scores with a still map, in the order of their files.
const SCORES: [Theme; 3] = [Theme::Security, Theme::Environment, Theme::Overall];

/// The still maps that are written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Maps {
    /// None.
    #[default]
    None,
    /// The main map, which shows security if any site has that score, and one for each other score that any site has.
    All,
    /// Those of these scores, each if any site has it.
    Of(BTreeSet<&'static str>),
}

impl Maps {
    /// The words of the scores.
    pub const WORDS: [&'static str; 3] = ["security", "environment", "overall"];

    /// The maps of scores by their words; `None` for an unknown word.
    pub fn of<'w>(words: impl Iterator<Item = &'w str>) -> Option<Self> {
        let known = |word: &str| Self::WORDS.into_iter().find(|known| *known == word);
        words.map(known).collect::<Option<_>>().map(Self::Of)
    }

    /// The files that may be written.
    pub(super) fn files(&self) -> Vec<&'static str> {
        let drawn = |theme: &Theme| cfg!(feature = "png") && self.shows(*theme);
        SCORES.into_iter().filter(drawn).map(file).collect()
    }

    /// Whether a score is asked for.
    fn shows(&self, theme: Theme) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Of(words) => words.contains(theme.word()),
        }
    }

    /// The files with the score that each shows. `has` is whether any site has a score; `main` is the score of the
    /// main map.
    #[cfg(feature = "png")]
    pub(super) fn drawn(
        &self,
        main: Theme,
        has: impl Fn(Theme) -> bool,
    ) -> Vec<(&'static str, Theme)> {
        let mut drawn: Vec<(&'static str, Theme)> = SCORES
            .into_iter()
            .filter(|theme| self.shows(*theme) && has(*theme))
            .map(|theme| (file(theme), theme))
            .collect();
        // There is always a main map: without a security score it shows the environment, and has no second file.
        if *self == Self::All && main != Theme::Security {
            drawn.retain(|(_, theme)| *theme != main);
        }
        if *self == Self::All && drawn.first().is_none_or(|(_, theme)| *theme != Theme::Security) {
            drawn.insert(0, (file(Theme::Security), main));
        }
        drawn
    }

    /// The note on maps that were asked for by name and are not drawn.
    #[cfg(feature = "png")]
    pub(super) fn missing(&self, has: impl Fn(Theme) -> bool) -> Option<String> {
        let Self::Of(_) = self else { return None };
        let without = SCORES.into_iter().filter(|theme| self.shows(*theme) && !has(*theme));
        let without: Vec<String> = without
            .map(|theme| {
                format!("{} not written: no site has the score {}", file(theme), theme.word())
            })
            .collect();
        (!without.is_empty()).then(|| without.join("; "))
    }
}

/// The file of the map of a score.
fn file(theme: Theme) -> &'static str {
    match theme {
        Theme::Security => "map.png",
        Theme::Environment => "map_environment.png",
        Theme::Overall => "map_overall.png",
    }
}

#[cfg(all(test, feature = "png"))]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_drawn_for_each_score_that_is_asked_for_and_known() {
        let all = |known: &[Theme], main| {
            let drawn = Maps::All.drawn(main, |theme| known.contains(&theme));
            drawn.into_iter().map(|(file, _)| file).collect::<Vec<_>>()
        };
        let (security, environment) = (Theme::Security, Theme::Environment);
        assert_eq!(all(&SCORES, security), ["map.png", "map_environment.png", "map_overall.png"]);
        assert_eq!(all(&[security], security), ["map.png"]);
        assert_eq!(all(&[environment], environment), ["map.png"]);
        assert_eq!(all(&[], security), ["map.png"]);
        let one = Maps::of(["environment"].into_iter()).expect("known");
        assert_eq!(one.drawn(security, |_| true), [("map_environment.png", environment)]);
        assert_eq!(one.drawn(security, |theme| theme == security), []);
        assert!(one.missing(|_| false).is_some_and(|note| note.starts_with("map_environment.png")));
        assert_eq!(one.files(), ["map_environment.png"]);
        assert_eq!(Maps::of(["safety"].into_iter()), None);
    }
}

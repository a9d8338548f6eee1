//! What still maps cannot write with their fonts, for a note: which names and titles, and what stands instead.

use super::font;
use crate::layers::report::Page;
use crate::scoring::thousands;

/// The most letters or names that a note lists.
const LISTED: usize = 5;

/// A sentence for each kind of text of a page that the fonts of still maps have no letters for. `written_out` tells whether
/// an atlas repeats what is written of the sites.
pub fn undrawn(page: &Page<'_>, written_out: bool) -> Vec<String> {
    let heading = [("title", &page.heading.title), ("subtitle", &page.heading.subtitle)];
    let heading = heading.into_iter().filter_map(|(what, text)| {
        let text = text.as_deref().filter(|text| !font::has(text))?;
        let stands =
            if what == "title" { "the usual title stands instead" } else { "it is left out" };
        Some(format!(
            "still maps have no letters for {} in the {what}, so {stands}; report.html shows it",
            letters(text)
        ))
    });
    let rows = &page.report.rows;
    let unnamed: Vec<(&str, &str)> = rows
        .name
        .iter()
        .zip(&rows.id)
        .map(|(name, id)| (&**name, &**id))
        .filter(|(name, _)| !font::has(name))
        .collect();
    let names = unnamed.first().map(|(name, id)| {
        let count = thousands(i64::try_from(unnamed.len()).unwrap_or(i64::MAX));
        let (sites, are) = if unnamed.len() == 1 { ("site", "is") } else { ("sites", "are") };
        format!(
            "still maps have no letters for the names of {count} {sites}, which {are} named by id: {name} is {id}"
        )
    });
    let mut texts = page.report.details.iter().filter(|_| written_out).map(|of| &of.explanation);
    let words = texts.find(|text| !font::has(text)).map(|text| {
        format!(
            "atlas.pdf has no letters for some words of the sources and writes ? for them: {}",
            letters(text)
        )
    });
    heading.chain(names).chain(words).collect()
}

/// The first letters of a text that no font has.
fn letters(text: &str) -> String {
    let mut unknown: Vec<char> = Vec::new();
    for letter in text.chars().filter(|letter| !font::has(&letter.to_string())) {
        if !unknown.contains(&letter) {
            unknown.push(letter);
        }
    }
    let more = if unknown.len() > LISTED { " and others" } else { "" };
    let listed: String =
        unknown.iter().take(LISTED).flat_map(|letter| letter.escape_debug()).collect();
    format!("\"{listed}\"{more}")
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn unknown_letters_are_listed_once() {
        assert_eq!(letters("Mine 北京北"), "\"北京\"");
        assert_eq!(letters("一二三四五六七"), "\"一二三四五\" and others");
    }
}

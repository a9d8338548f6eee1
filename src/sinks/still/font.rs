//! The embedded fonts: Noto Sans, reduced to Latin, Greek and Cyrillic, and Noto Naskh Arabic, reduced to the
//! letters of Arabic, Persian, Urdu and Balochi. System fonts are not used, so that an image is the same on every
//! machine; names in other scripts are not drawn.

use resvg::usvg::{Node, Options, Tree, fontdb};
use skrifa::charmap::Charmap;
use skrifa::{FontRef, MetadataProvider};
use std::sync::{Arc, LazyLock};

/// The fonts, in order of preference.
const FONTS: [&[u8]; 2] = [
    include_bytes!("../../../data/fonts/NotoSans-Regular-subset.ttf"),
    include_bytes!("../../../data/fonts/NotoNaskhArabic-Regular-subset.ttf"),
];

/// The family of the first font.
pub(super) const FAMILY: &str = "Noto Sans";

static DATABASE: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut database = fontdb::Database::new();
    FONTS.into_iter().for_each(|font| database.load_font_data(font.to_vec()));
    Arc::new(database)
});

/// The characters of each font.
static CHARACTERS: LazyLock<[Option<Charmap<'static>>; 2]> =
    LazyLock::new(|| FONTS.map(|font| FontRef::new(font).ok().map(|font| font.charmap())));

/// Parses SVG, with texts in the embedded fonts.
///
/// # Errors
/// Invalid SVG.
pub(super) fn tree(svg: &str) -> Result<Tree, resvg::usvg::Error> {
    let options = Options { fontdb: Arc::clone(&DATABASE), ..Options::default() };
    Tree::from_str(svg, &options)
}

/// Whether every letter of a text can be drawn.
pub(super) fn has(text: &str) -> bool {
    let has = |letter: char| CHARACTERS.iter().flatten().any(|font| font.map(letter).is_some());
    text.chars().all(has)
}

/// The width of a text at a size, in pixels, with shaping and kerning.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\" xml:space=\"preserve\">\
         <text font-family=\"{FAMILY}\" font-size=\"{size}\">{}</text></svg>",
        content(text)
    );
    let Ok(tree) = tree(&svg) else { return 0.0 };
    let widths = tree.root().children().iter().filter_map(|node| match node {
        Node::Text(text) => Some(f64::from(text.bounding_box().width())),
        _ => None,
    });
    widths.fold(0.0, f64::max)
}

/// A text as the content of an element, with runs of Arabic letters marked with their font: if a font lacks some
/// letters of a text, usvg uses another for all of it, which may lack others. Control characters are removed, since
/// XML does not allow them.
pub(super) fn content(text: &str) -> String {
    let [latin, arabic] = &*CHARACTERS;
    let (mut content, mut within) = (String::new(), false);
    for letter in text.chars() {
        let has = |font: &Option<Charmap<'_>>| {
            font.as_ref().is_some_and(|font| font.map(letter).is_some())
        };
        let marked = !has(latin) && has(arabic);
        if marked != within {
            content +=
                if marked { "<tspan font-family=\"Noto Naskh Arabic\">" } else { "</tspan>" };
            within = marked;
        }
        let none = letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}');
        let letter = if none { '\u{fffd}' } else { letter };
        content += &quick_xml::escape::escape(&*letter.encode_utf8(&mut [0; 4]));
    }
    if within {
        content += "</tspan>";
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_urdu_and_balochi_are_drawn_with_their_letters_joined() {
        for name in ["ریکوڈک", "سیندک", "گوادر", "بلۏچستان", "Chāgai", "Реко"]
        {
            assert!(has(name), "{name}");
        }
        for name in ["北京", "a\u{7}b", "ไทย"] {
            assert!(!has(name), "{name}");
        }
        // A joined letter is narrower than the same letter by itself.
        let alone: f64 = "سسس".chars().map(|letter| width(&letter.to_string(), 20.0)).sum();
        let joined = width("سسس", 20.0);
        assert!(joined > 10.0 && joined < alone, "{joined} {alone}");
    }

    #[test]
    fn widths_grow_with_texts_and_sizes() {
        let (one, two) = (width("Reko Diq", 20.0), width("Reko Diq", 40.0));
        assert!((80.0..100.0).contains(&one) && (two - 2.0 * one).abs() < 0.1, "{one} {two}");
        assert!(width("a < b & c", 20.0) > width("a < b", 20.0));
        assert_eq!(width("", 20.0), 0.0);
    }
}

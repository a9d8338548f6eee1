//! The embedded fonts: Noto Sans, reduced to Latin, Greek and Cyrillic, and Noto Naskh Arabic, reduced to the
//! letters of Arabic, Persian, Urdu and Balochi. System fonts are not used, so that an image is the same on every
//! machine; names in other scripts are not drawn.

use resvg::usvg::{ImageHrefResolver, Options, Tree, fontdb};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};
use std::sync::{Arc, LazyLock};

/// The fonts, in order of preference.
pub(super) const FONTS: [&[u8]; 2] = [
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
    // A picture within may name another file, which is not read.
    let nothing = ImageHrefResolver {
        resolve_data: Box::new(|_, _, _| None),
        resolve_string: Box::new(|_, _| None),
    };
    let options = Options {
        fontdb: Arc::clone(&DATABASE),
        image_href_resolver: nothing,
        font_family: FAMILY.to_owned(),
        ..Options::default()
    };
    Tree::from_str(svg, &options)
}

/// Which of the fonts a glyph of a tree is taken from.
pub(super) fn number(id: fontdb::ID) -> Option<usize> {
    DATABASE.faces().position(|face| face.id == id)
}

/// Whether every letter of a text can be drawn.
pub(super) fn has(text: &str) -> bool {
    text.chars().all(has_letter)
}

fn has_letter(letter: char) -> bool {
    CHARACTERS.iter().flatten().any(|font| font.map(letter).is_some())
}

/// What stands for a letter that no font has: a box would look like one of the text.
const UNKNOWN: char = '?';

/// The width of a text at a size, in pixels, letter by letter: fast, and a little more than the true width.
pub(super) fn room(text: &str, size: f64) -> f64 {
    text.chars().map(|letter| size * ADVANCES.of(letter)).sum()
}

/// The advances of letters in the fonts, in units of the font size.
struct Advances([Option<(Charmap<'static>, GlyphMetrics<'static>, f64)>; 2]);

static ADVANCES: LazyLock<Advances> = LazyLock::new(|| {
    Advances(FONTS.map(|font| {
        let font = FontRef::new(font).ok()?;
        let (size, place) = (Size::unscaled(), LocationRef::default());
        let units = f64::from(font.metrics(size, place).units_per_em);
        Some((font.charmap(), font.glyph_metrics(size, place), units))
    }))
});

impl Advances {
    fn of(&self, letter: char) -> f64 {
        let known = self.0.iter().flatten().find_map(|(letters, metrics, units)| {
            let advance = metrics.advance_width(letters.map(letter)?)?;
            Some(f64::from(advance) / units)
        });
        known.unwrap_or(0.6)
    }
}

/// A text cut to a width, with an ellipsis if it is longer.
pub(super) fn cut(text: &str, size: f64, most: f64) -> String {
    if room(text, size) <= most {
        return text.to_owned();
    }
    let mut left = most - room("…", size);
    let fits = |letter: &char| {
        left -= size * ADVANCES.of(*letter);
        left >= 0.0
    };
    let mut short: String = text.chars().take_while(fits).collect();
    short.truncate(short.trim_end().len());
    short + "…"
}

/// A text as the content of an element, with runs of Arabic letters marked with their font: if a font lacks some
/// letters of a text, usvg uses another for all of it, which may lack others. Letters of no font, among them control
/// characters, which XML does not allow, are replaced.
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
        let letter = if has_letter(letter) { letter } else { UNKNOWN };
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
    use resvg::usvg::Node;

    /// The width of a text at a size, in pixels, with shaping and kerning.
    fn width(text: &str, size: f64) -> f64 {
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
    fn letter_by_letter_a_text_takes_little_more_than_its_width() {
        for text in ["Ansongo (Tassiga) manganese", "AVATAR To Ve", "Reko Diq"] {
            let (width, room) = (width(text, 20.0), room(text, 20.0));
            assert!(room >= width - 1.0 && room < 1.1 * width + 4.0, "{text}: {width} {room}");
        }
        assert_eq!(cut("Reko Diq", 20.0, 200.0), "Reko Diq");
        let short = cut("Ansongo (Tassiga) manganese", 20.0, 120.0);
        assert!(short.ends_with('…') && room(&short, 20.0) <= 120.0, "{short}");
    }

    #[test]
    fn widths_grow_with_texts_and_sizes() {
        let (one, two) = (width("Reko Diq", 20.0), width("Reko Diq", 40.0));
        assert!((80.0..100.0).contains(&one) && (two - 2.0 * one).abs() < 0.1, "{one} {two}");
        assert!(width("a < b & c", 20.0) > width("a < b", 20.0));
        assert_eq!(width("", 20.0), 0.0);
    }
}

//! The embedded fonts in a PDF: of each the glyphs that are used, with the text that they stand for.

use super::super::font::FONTS;
use super::{compressed, tagged};
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, Str};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, GlyphId, MetadataProvider};
use std::collections::BTreeMap;
use std::io;
use subsetter::GlyphRemapper;

/// The names of the fonts, in the order of [`FONTS`].
const NAMES: [&str; 2] = ["NotoSans-Regular", "NotoNaskhArabic-Regular"];

/// Identifiers of characters are glyph numbers of the embedded part of a font.
const IDENTITY: SystemInfo<'_> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// The glyphs that a document uses.
#[derive(Default)]
pub(super) struct Fonts([Used; 2]);

#[derive(Default)]
struct Used {
    glyphs: GlyphRemapper,
    /// The text of each glyph by its new number.
    texts: BTreeMap<u16, String>,
}

impl Fonts {
    /// The number of a glyph in the embedded part of its font; `text` is what it stands for.
    pub(super) fn glyph(&mut self, font: usize, glyph: u32, text: &str) -> Option<u16> {
        let used = self.0.get_mut(font)?;
        let number = used.glyphs.remap(u16::try_from(glyph).ok()?);
        used.texts.entry(number).or_insert_with(|| text.to_owned());
        Some(number)
    }

    /// Writes the fonts that are used; returns the name and the reference of each.
    pub(super) fn write(self, pdf: &mut Pdf, next: &mut Ref) -> io::Result<Vec<(Vec<u8>, Ref)>> {
        let mut written = Vec::new();
        for (at, ((used, data), name)) in self.0.iter().zip(FONTS).zip(NAMES).enumerate() {
            if used.texts.is_empty() {
                continue;
            }
            written.push((tagged("F", at), used.write(pdf, next, data, (at, name))?));
        }
        Ok(written)
    }
}

/// The advance of a glyph, in ems.
pub(super) fn advance(font: usize, glyph: u32) -> f32 {
    let found = FONTS.get(font).and_then(|data| FontRef::new(data).ok()).and_then(|font| {
        let (size, place) = (Size::unscaled(), LocationRef::default());
        let units = f32::from(font.metrics(size, place).units_per_em);
        Some(font.glyph_metrics(size, place).advance_width(GlyphId::new(glyph))? / units)
    });
    found.unwrap_or(0.0)
}

impl Used {
    fn write(
        &self,
        pdf: &mut Pdf,
        next: &mut Ref,
        data: &[u8],
        (at, name): (usize, &str),
    ) -> io::Result<Ref> {
        let [font, descendant, descriptor, file, letters] = [(); 5].map(|()| next.bump());
        // Six letters mark the part of a font, another for each.
        let name = format!("{}AAAAA+{name}", if at == 0 { 'A' } else { 'B' });
        let name = Name(name.as_bytes());
        let part = subsetter::subset(data, 0, &self.glyphs).map_err(io::Error::other)?;
        let whole = FontRef::new(data).map_err(io::Error::other)?;
        let metrics = whole.metrics(Size::unscaled(), LocationRef::default());
        let units = f32::from(metrics.units_per_em) / 1000.0;
        pdf.type0_font(font)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(descendant)
            .to_unicode(letters);
        let mut cid = pdf.cid_font(descendant);
        cid.subtype(CidFontType::Type2).base_font(name).system_info(IDENTITY);
        cid.font_descriptor(descriptor).cid_to_gid_map_predefined(Name(b"Identity"));
        let widths =
            self.glyphs.remapped_gids().map(|glyph| 1000.0 * advance(at, u32::from(glyph)));
        cid.widths().consecutive(0, widths);
        cid.finish();
        let bounds = metrics.bounds.map_or([0.0; 4], |of| [of.x_min, of.y_min, of.x_max, of.y_max]);
        let [left, bottom, right, top] = bounds.map(|edge| edge / units);
        pdf.font_descriptor(descriptor)
            .name(name)
            .flags(FontFlags::NON_SYMBOLIC)
            .bbox(Rect::new(left, bottom, right, top))
            .italic_angle(0.0)
            .ascent(metrics.ascent / units)
            .descent(metrics.descent / units)
            .cap_height(metrics.cap_height.unwrap_or(metrics.ascent) / units)
            .stem_v(80.0)
            .font_file2(file);
        let part = compressed(&part)?;
        pdf.stream(file, &part).filter(Filter::FlateDecode);
        let mut map = UnicodeCmap::<u16>::new(Name(b"Custom"), IDENTITY);
        for (number, text) in &self.texts {
            map.pair_with_multiple(*number, text.chars());
        }
        let map = compressed(&map.finish())?;
        pdf.cmap(letters, &map).filter(Filter::FlateDecode);
        Ok(font)
    }
}

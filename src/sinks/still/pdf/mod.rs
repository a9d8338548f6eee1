//! A PDF of drawings, a page for each: shapes as vectors, and texts as text in the embedded fonts. It has no date and
//! no random number, so that the same drawings have the same bytes.

mod content;
mod fonts;

use super::canvas::{Canvas, Drawn, Stamped, single};
use super::sheet;
use content::Pen;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use fonts::Fonts;
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, TextStr};
use resvg::tiny_skia::Pixmap;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

/// A document being written.
pub(super) struct Document {
    fonts: Fonts,
    opacities: BTreeSet<u8>,
    pictures: Vec<Arc<Pixmap>>,
    pages: Vec<Leaf>,
}

/// A page, and its title in the list of pages.
struct Leaf {
    title: String,
    size: (f32, f32),
    content: Vec<u8>,
}

impl Document {
    pub(super) fn new() -> Self {
        Self {
            fonts: Fonts::default(),
            opacities: BTreeSet::new(),
            pictures: Vec::new(),
            pages: Vec::new(),
        }
    }

    /// Adds a page.
    pub(super) fn add(&mut self, title: &str, canvas: Canvas) -> io::Result<()> {
        let Drawn { size: (width, height), tree, stamps } = canvas.drawn()?;
        let scale = single(sheet::points());
        let (width, height) = (f64::from(width), f64::from(height));
        let size = (single(width) * scale, single(height) * scale);
        let mut content = Content::new();
        content.transform([scale, 0.0, 0.0, -scale, 0.0, size.1]);
        let mut pen = Pen { content, fonts: &mut self.fonts, opacities: &mut self.opacities };
        pen.group(tree.root());
        let mut content = pen.content;
        for Stamped { picture, area } in stamps {
            let known = self.pictures.iter().position(|other| Arc::ptr_eq(other, &picture));
            let at = known.unwrap_or_else(|| {
                self.pictures.push(picture);
                self.pictures.len() - 1
            });
            let [left, top, right, bottom] = area.map(single);
            content.save_state();
            content.transform([right - left, 0.0, 0.0, top - bottom, left, bottom]);
            content.x_object(Name(&tagged("P", at)));
            content.restore_state();
        }
        let content = compressed(&content.finish())?;
        self.pages.push(Leaf { title: title.to_owned(), size, content });
        Ok(())
    }

    /// The bytes of the document.
    pub(super) fn finish(self, title: &str) -> io::Result<Vec<u8>> {
        let mut pdf = Pdf::new();
        let mut next = Ref::new(1);
        let [catalog, pages, info, outline] = [(); 4].map(|()| next.bump());
        let leaves: Vec<(Ref, Ref, Ref)> =
            self.pages.iter().map(|_| (next.bump(), next.bump(), next.bump())).collect();
        let fonts = self.fonts.write(&mut pdf, &mut next)?;
        let mut pictures = Vec::new();
        for (at, picture) in self.pictures.iter().enumerate() {
            pictures.push((tagged("P", at), write_picture(&mut pdf, &mut next, picture)?));
        }
        let opacities: Vec<(Vec<u8>, Ref)> = self
            .opacities
            .iter()
            .map(|opacity| {
                let (id, share) = (next.bump(), f32::from(*opacity) / 255.0);
                pdf.ext_graphics(id).non_stroking_alpha(share).stroking_alpha(share);
                (tagged("G", usize::from(*opacity)), id)
            })
            .collect();
        pdf.catalog(catalog).pages(pages).outlines(outline).lang(TextStr("en"));
        let producer = concat!("Tamarisk ", env!("CARGO_PKG_VERSION"));
        pdf.document_info(info).title(TextStr(title)).producer(TextStr(producer));
        let count = i32::try_from(leaves.len()).map_err(io::Error::other)?;
        pdf.pages(pages).kids(leaves.iter().map(|leaf| leaf.0)).count(count);
        for (leaf, (page, content, _)) in self.pages.iter().zip(&leaves) {
            let mut written = pdf.page(*page);
            written.parent(pages).contents(*content);
            written.media_box(Rect::new(0.0, 0.0, leaf.size.0, leaf.size.1));
            let mut resources = written.resources();
            let name = |(name, id): &(Vec<u8>, Ref)| (name.clone(), *id);
            for (name, id) in fonts.iter().map(name) {
                resources.fonts().pair(Name(&name), id);
            }
            resources.ext_g_states().pairs(opacities.iter().map(|(name, id)| (Name(name), *id)));
            resources.x_objects().pairs(pictures.iter().map(|(name, id)| (Name(name), *id)));
            resources.finish();
            written.finish();
            pdf.stream(*content, &leaf.content).filter(Filter::FlateDecode);
        }
        write_outline(&mut pdf, outline, &self.pages, &leaves, count);
        Ok(pdf.finish())
    }
}

/// The list of pages that readers show beside them.
fn write_outline(
    pdf: &mut Pdf,
    outline: Ref,
    pages: &[Leaf],
    leaves: &[(Ref, Ref, Ref)],
    count: i32,
) {
    let mut list = pdf.outline(outline);
    if let (Some(first), Some(last)) = (leaves.first(), leaves.last()) {
        list.first(first.2).last(last.2).count(count);
    }
    list.finish();
    for (at, (leaf, (page, _, id))) in pages.iter().zip(leaves).enumerate() {
        let mut item = pdf.outline_item(*id);
        item.title(TextStr(&leaf.title)).parent(outline);
        if let Some(before) = at.checked_sub(1).and_then(|at| leaves.get(at)) {
            item.prev(before.2);
        }
        if let Some(after) = leaves.get(at + 1) {
            item.next(after.2);
        }
        item.dest().page(*page).fit();
    }
}

/// Writes a picture, with its opacity as a mask.
fn write_picture(pdf: &mut Pdf, next: &mut Ref, picture: &Pixmap) -> io::Result<Ref> {
    let [id, mask] = [(); 2].map(|()| next.bump());
    let size = |side: u32| i32::try_from(side).map_err(io::Error::other);
    let (width, height) = (size(picture.width())?, size(picture.height())?);
    let plain = picture.pixels().iter().map(|pixel| pixel.demultiply());
    let colors: Vec<u8> =
        plain.clone().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
    let opacity: Vec<u8> = plain.map(|pixel| pixel.alpha()).collect();
    let (colors, opacity) = (compressed(&colors)?, compressed(&opacity)?);
    let mut image = pdf.image_xobject(id, &colors);
    image.filter(Filter::FlateDecode);
    image.width(width).height(height);
    image.color_space().device_rgb();
    image.bits_per_component(8).s_mask(mask);
    image.finish();
    let mut image = pdf.image_xobject(mask, &opacity);
    image.filter(Filter::FlateDecode);
    image.width(width).height(height);
    image.color_space().device_gray();
    image.bits_per_component(8);
    image.finish();
    Ok(id)
}

/// A name with a number.
fn tagged(tag: &str, number: usize) -> Vec<u8> {
    format!("{tag}{number}").into_bytes()
}

fn compressed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}

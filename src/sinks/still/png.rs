//! Opaque pictures as PNG (third edition): three bytes a pixel, since none is transparent, and rows without a filter, since
//! a map repeats its colors along a row more often than their differences.

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use resvg::tiny_skia::Pixmap;
use std::io::{self, Write};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Color by red, green and blue in bytes; deflated; no interlacing.
const KIND: [u8; 5] = [8, 2, 0, 0, 0];

/// How much the packing tries: more makes a picture little smaller and takes much longer.
const EFFORT: u32 = 3;

/// A picture as PNG.
pub(super) fn opaque(picture: &Pixmap) -> io::Result<Vec<u8>> {
    let mut size = Vec::with_capacity(13);
    size.extend(picture.width().to_be_bytes());
    size.extend(picture.height().to_be_bytes());
    size.extend(KIND);
    let mut bytes = SIGNATURE.to_vec();
    chunk(&mut bytes, *b"IHDR", &size)?;
    chunk(&mut bytes, *b"IDAT", &packed(picture)?)?;
    chunk(&mut bytes, *b"IEND", &[])?;
    Ok(bytes)
}

/// The rows, each after a zero for no filter.
fn packed(picture: &Pixmap) -> io::Result<Vec<u8>> {
    let wide = usize::try_from(picture.width()).map_err(io::Error::other)?;
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(EFFORT));
    let mut row = Vec::with_capacity(1 + 3 * wide);
    for pixels in picture.pixels().chunks(wide.max(1)) {
        row.clear();
        row.push(0);
        row.extend(pixels.iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]));
        encoder.write_all(&row)?;
    }
    encoder.finish()
}

/// A chunk: its length, name and content, and the checksum of both.
fn chunk(bytes: &mut Vec<u8>, name: [u8; 4], content: &[u8]) -> io::Result<()> {
    let length = u32::try_from(content.len()).map_err(io::Error::other)?;
    let mut sum = Crc::new();
    sum.update(&name);
    sum.update(content);
    bytes.extend(length.to_be_bytes());
    bytes.extend(name);
    bytes.extend(content);
    bytes.extend(sum.sum().to_be_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use resvg::tiny_skia::Color;

    #[test]
    fn a_picture_is_read_as_it_was_written() {
        let mut picture = Pixmap::new(7, 3).expect("a picture");
        picture.fill(Color::from_rgba8(12, 200, 99, 255));
        let pixels = picture.pixels_mut();
        pixels[9] = Color::from_rgba8(1, 2, 3, 255).premultiply().to_color_u8();
        let bytes = opaque(&picture).expect("bytes");
        let read = Pixmap::decode_png(&bytes).expect("a PNG");
        assert_eq!(read.data(), picture.data());
    }
}

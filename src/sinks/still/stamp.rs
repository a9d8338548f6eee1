//! A logo as a picture that a map carries.

use super::font;
use crate::layers::report::{Logo, LogoFormat};
use resvg::tiny_skia::{Pixmap, Transform};
use std::sync::Arc;

/// The height to which a logo in SVG is rendered: enough for a print.
const TALL: f32 = 300.0;

/// The widest a logo may be, in its own height.
const WIDEST: f32 = 20.0;

/// A logo as pixels.
///
/// # Errors
/// What is wrong with it, as a phrase.
pub fn picture(logo: &Logo) -> Result<Arc<Pixmap>, String> {
    let picture = match logo.format {
        LogoFormat::Png => {
            Pixmap::decode_png(&logo.bytes).map_err(|error| format!("is no PNG: {error}"))?
        }
        LogoFormat::Svg => {
            let text = std::str::from_utf8(&logo.bytes).map_err(|_| "is not UTF-8".to_owned())?;
            let tree = font::tree(text).map_err(|error| format!("is no SVG: {error}"))?;
            let scale = TALL / tree.size().height();
            let wide = tree.size().width() * scale;
            if wide > WIDEST * TALL {
                return Err("is over 20 times as wide as it is high".to_owned());
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "thousands"
            )]
            let size = (wide.ceil() as u32, TALL as u32);
            let mut pixels = Pixmap::new(size.0, size.1).ok_or("has no size")?;
            let all = Transform::from_scale(scale, scale);
            resvg::render(&tree, all, &mut pixels.as_mut());
            pixels
        }
    };
    Ok(Arc::new(picture))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logo(text: &str) -> Logo {
        Logo { format: LogoFormat::Svg, bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn a_logo_is_drawn_or_refused_with_the_reason() {
        let square = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'>\
                      <rect width='10' height='10' fill='#123456'/></svg>";
        let picture = picture(&logo(square)).expect("a picture");
        assert_eq!((picture.width(), picture.height()), (300, 300));
        let middle = picture.pixel(150, 150).expect("within").demultiply();
        assert_eq!((middle.red(), middle.green(), middle.blue()), (0x12, 0x34, 0x56));
        let damaged = Logo { format: LogoFormat::Png, bytes: b"\x89PNG\r\n\x1a\nxx".to_vec() };
        assert!(super::picture(&damaged).is_err_and(|why| why.starts_with("is no PNG")));
        assert!(super::picture(&logo("<svg>")).is_err_and(|why| why.starts_with("is no SVG")));
    }
}

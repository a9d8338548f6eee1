//! The looks of cells.

use crate::layers::Digits;
use crate::layers::style::{Color, GROUND};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};

/// The looks of cells without colors.
pub(super) struct Looks {
    pub(super) title: Format,
    pub(super) heading: Format,
    pub(super) label: Format,
    pub(super) number_label: Format,
    pub(super) day: Format,
    pub(super) number: Format,
    pub(super) name: Format,
    pub(super) text: Format,
    pub(super) paragraph: Format,
}

impl Looks {
    pub(super) fn new() -> Self {
        let top = Format::new().set_align(FormatAlign::Top);
        // The edges keep the labels of columns apart.
        let label = top.clone().set_bold().set_text_wrap().set_background_color(rgb(GROUND.land));
        let label = label.set_border_right(FormatBorder::Thin).set_border_color(rgb(GROUND.border));
        let label = label.set_border_left(FormatBorder::Thin).set_indent(1);
        let left = top.clone().set_align(FormatAlign::Left).set_indent(1);
        Self {
            title: top.clone().set_bold().set_font_size(16),
            heading: top.clone().set_bold().set_font_size(12),
            // Texts keep off the numbers to their left, which end at the edge of their cells.
            paragraph: top.clone().set_text_wrap().set_indent(1),
            label: label.clone(),
            // Over numbers, as these stand.
            number_label: label.set_align(FormatAlign::Right),
            day: left.clone().set_num_format("yyyy-mm-dd"),
            number: left.set_num_format("#,##0"),
            name: top.clone().set_italic().set_font_size(8).set_font_color(0x0030_3030_u32),
            text: top,
        }
    }
}

/// A color as a workbook has it.
fn rgb(Color(red, green, blue, _): Color) -> u32 {
    u32::from(red) << 16 | u32::from(green) << 8 | u32::from(blue)
}

/// A cell on a colored ground, with letters that are seen on it.
pub(super) fn painted(ground: Color) -> Format {
    let Color(red, green, blue, _) = ground;
    // The luma of ITU-R BT.601.
    let light = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    let letters = if light < 140_000 { 0x00FF_FFFF_u32 } else { 0x0028_2828_u32 };
    Format::new()
        .set_align(FormatAlign::Top)
        .set_background_color(rgb(ground))
        .set_font_color(letters)
}

/// The format of a number with so many digits; its value keeps all of them.
pub(super) fn decimals(digits: Digits) -> String {
    match digits {
        Digits::All => "General".to_owned(),
        Digits::Decimals(0) => "#,##0".to_owned(),
        Digits::Decimals(most) => {
            let most = usize::from(most.min(5));
            format!("#,##0.{}", "0".repeat(most))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::style::Theme;

    #[test]
    fn letters_are_seen_on_their_ground() {
        let [lightest, .., darkest] = Theme::Security.ramp();
        for (ground, white) in [(darkest, true), (lightest, false)] {
            let letters = if white { 0x00FF_FFFF_u32 } else { 0x0028_2828_u32 };
            let look = Format::new().set_align(FormatAlign::Top);
            let look = look.set_background_color(rgb(ground)).set_font_color(letters);
            assert_eq!(painted(ground), look);
        }
    }

    #[test]
    fn numbers_of_a_column_line_up() {
        assert_eq!(decimals(Digits::Decimals(1)), "#,##0.0");
        assert_eq!(decimals(Digits::Decimals(3)), "#,##0.000");
        assert_eq!(decimals(Digits::Decimals(0)), "#,##0");
    }
}

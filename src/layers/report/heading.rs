//! What a user puts above a map or a report: title, subtitle and logo.

use super::base64;
use serde::Serialize;

/// The heading of maps and reports, as far as the user gives it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heading {
    /// The title, in place of the one that names the scores.
    pub title: Option<String>,
    /// A line below the title.
    pub subtitle: Option<String>,
    /// A picture beside the title.
    pub logo: Option<Logo>,
}

/// A picture in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// Its format.
    pub format: LogoFormat,
    /// The bytes of the file.
    pub bytes: Vec<u8>,
}

/// The format of a logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoFormat {
    /// PNG.
    Png,
    /// SVG.
    Svg,
}

impl Heading {
    /// The fingerprint of outputs with this heading: that of outputs without one, or a hash of both.
    pub fn mark(&self, fingerprint: String) -> String {
        if *self == Self::default() {
            return fingerprint;
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(fingerprint.as_bytes());
        let logo = self.logo.as_ref().map(|logo| logo.bytes.as_slice());
        let texts = [&self.title, &self.subtitle].map(|text| text.as_deref().map(str::as_bytes));
        for part in texts.into_iter().chain([logo]) {
            let part = part.unwrap_or_default();
            // The length sets one part apart from the next.
            hasher.update(&part.len().to_le_bytes());
            hasher.update(part);
        }
        hasher.finalize().to_hex().to_string()
    }
}

impl LogoFormat {
    /// The name of the format on the web.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
        }
    }
}

/// A heading as the page of a report has it.
#[derive(Debug, Serialize)]
pub struct HeadingFacts {
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The line below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// The logo as a URL of its data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}

impl HeadingFacts {
    /// The facts of a heading; `None` if nothing is given.
    pub fn of(heading: &Heading) -> Option<Self> {
        let url = |logo: &Logo| {
            format!("data:{};base64,{}", logo.format.media_type(), base64(&logo.bytes))
        };
        (*heading != Heading::default()).then(|| Self {
            title: heading.title.clone(),
            subtitle: heading.subtitle.clone(),
            logo: heading.logo.as_ref().map(url),
        })
    }
}

impl Logo {
    /// A logo from the bytes of a file; `None` if they are neither PNG nor SVG.
    pub fn of(bytes: Vec<u8>) -> Option<Self> {
        const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
        let format = if bytes.starts_with(PNG) {
            LogoFormat::Png
        } else {
            std::str::from_utf8(&bytes).ok().filter(|text| text.contains("<svg"))?;
            LogoFormat::Svg
        };
        Some(Self { format, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_told_apart_by_their_hashes() {
        let of = |title: &str, subtitle: &str| {
            let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            Heading { title: text(title), subtitle: text(subtitle), logo: None }.mark("f".into())
        };
        assert_eq!(of("", ""), "f");
        assert_ne!(of("ab", "c"), of("a", "bc"));
        assert_eq!(of("ab", "c"), of("ab", "c"));
    }

    #[test]
    fn a_logo_is_recognized_by_its_bytes() {
        let format = |bytes: &[u8]| Logo::of(bytes.to_vec()).map(|logo| logo.format);
        assert_eq!(format(b"\x89PNG\r\n\x1a\n..."), Some(LogoFormat::Png));
        assert_eq!(format(b"<?xml version=\"1.0\"?>\n<svg/>"), Some(LogoFormat::Svg));
        assert_eq!(format(b"GIF89a"), None);
        assert_eq!(format(b"<html></html>"), None);
    }
}

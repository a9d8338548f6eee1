//! The heading of maps and reports, from a user's words and files.

use crate::layers::report::{Heading, Logo};
use crate::sources::Source;
use crate::{Code, Error, Result};
use std::path::Path;

/// The most bytes of a logo, which every report holds.
const MOST: usize = 2 << 20;

/// A heading of title and subtitle, and of a logo in a file. Each comes with the setting that held it, for errors.
///
/// # Errors
/// An empty text; a file that cannot be read, is too large, or is neither PNG nor SVG.
pub fn heading(
    texts: [(&str, &Option<String>); 2],
    (setting, file): (&str, Option<&str>),
    folder: &Path,
) -> Result<Heading> {
    let [title, subtitle] = texts.map(|(setting, text)| match text.as_deref().map(str::trim) {
        Some("") => Err(Error::usage(Code::SettingInvalid, format!("{setting}: is empty"))),
        text => Ok(text.map(str::to_owned)),
    });
    let logo = file.map(|file| logo(setting, file, folder)).transpose()?;
    Ok(Heading { title: title?, subtitle: subtitle?, logo })
}

fn logo(setting: &str, file: &str, folder: &Path) -> Result<Logo> {
    let source = Source::path(folder.join(file));
    let bytes = source.read_bytes()?;
    let refuse = |why: &str| {
        let text = format!("{setting}: {}: {why}", source.name());
        Error::usage(Code::SettingInvalid, text)
            .with_hint("a logo is a PNG or an SVG of up to 2 MB")
    };
    if bytes.len() > MOST {
        return Err(refuse("is larger than 2 MB"));
    }
    let logo = Logo::of(bytes).ok_or_else(|| refuse("is neither PNG nor SVG"))?;
    #[cfg(feature = "png")]
    crate::sinks::still::logo(&logo).map_err(|why| refuse(&why))?;
    Ok(logo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_what_is_given_and_nothing_empty() {
        let of = |title: &str| {
            let title = Some(title.to_owned());
            heading([("title", &title), ("subtitle", &None)], ("logo", None), Path::new(""))
        };
        assert_eq!(
            of(" Mines of Mali ").map(|heading| heading.title).ok(),
            Some(Some("Mines of Mali".into()))
        );
        assert!(of("  ").is_err_and(|error| error.to_string() == "title: is empty"));
    }
}

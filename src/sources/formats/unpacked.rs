//! Opens bytes in memory in any format: those of a file, or of a member of an archive.

use super::refused::by_head;
use super::{Asked, Content, Dataset, Driver, Head, driver_of};
use crate::sources::bytes::decode::{decode_text, is_binary};
use crate::sources::options::Format;
use crate::{Code, Error, Result};
use std::borrow::Cow;
use std::path::Path;

/// Unpacked bytes.
pub(crate) struct Unpacked<'u> {
    /// The name used in messages.
    pub name: &'u str,
    /// The path, if the bytes are those of a file.
    pub path: Option<&'u Path>,
    /// Whether the bytes are a member of an archive, in which nested archives are not opened again.
    pub member: bool,
    pub bytes: Cow<'static, [u8]>,
}

/// The result of opening bytes.
pub(crate) struct Recognized {
    pub format: Format,
    pub dataset: Box<dyn Dataset>,
    /// The encoding, for a text.
    pub encoding: Option<&'static str>,
}

impl Unpacked<'_> {
    /// Opens the bytes. Binary formats are recognized by their first bytes; all else has to be text.
    ///
    /// # Errors
    /// The bytes are damaged, not valid text in their encoding, or of an unsupported format.
    pub fn open(self, asked: &mut Asked<'_>) -> Result<Recognized> {
        let Self { name, path, member, bytes } = self;
        let options = asked.options;
        let refused = |head: &Head<'_>| {
            let refusal = by_head(head).filter(|_| options.format.is_none());
            refusal.map_or(Ok(()), Err)
        };
        let head = Head { file: name, path, bytes: &bytes, text: None };
        refused(&head)?;
        let told = driver_of(&head, None);
        if member && told.is_some_and(|driver| driver.format() == Format::Zip) {
            return Err(Error::data(
                Code::FormatUnsupported,
                format!("{name}: is an archive nested too deep in archives"),
            )
            .with_hint("unpack it and give the file in it"));
        }
        // A shapefile's table begins with the year in which it was written, so it may look like text.
        let is_meant = |driver: &&dyn Driver| {
            is_binary(&bytes) || member && driver.format() == Format::Shapefile
        };
        let (driver, content, encoding) = match told.filter(is_meant) {
            Some(driver) => (Some(driver), Content::Bytes(bytes), None),
            None => {
                let (text, encoding) = decode_text(name, bytes, options.encoding.as_deref())?;
                let head = Head { file: name, path, bytes: text.as_bytes(), text: Some(&text) };
                refused(&head)?;
                (driver_of(&head, options.format), Content::Text(text), Some(encoding))
            }
        };
        let unknown = || {
            Error::data(Code::FormatUnsupported, format!("{name}: is not in a supported format"))
        };
        let driver = driver.ok_or_else(unknown)?;
        Ok(Recognized { format: driver.format(), dataset: driver.open(content, asked)?, encoding })
    }
}

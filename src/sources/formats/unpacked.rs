//! Bytes that are held in memory, opened in whatever format they are: those of a file, or of a member of an
//! archive.

use super::refused::by_head;
use super::{Asked, Content, Dataset, Driver, Head, driver_of};
use crate::sources::bytes::decode::{decode_text, is_binary};
use crate::sources::options::Format;
use crate::{Code, Error, Result};
use std::borrow::Cow;
use std::path::Path;

/// Bytes that have been unpacked.
pub(crate) struct Unpacked<'u> {
    /// Their name as messages give it.
    pub name: &'u str,
    /// Where they lie, where they are a file's.
    pub path: Option<&'u Path>,
    /// Whether they are those of a member of an archive, which no archive is opened of once more.
    pub member: bool,
    pub bytes: Cow<'static, [u8]>,
}

/// What came of them.
pub(crate) struct Recognized {
    pub format: Format,
    pub dataset: Box<dyn Dataset>,
    /// The encoding of a text.
    pub encoding: Option<&'static str>,
}

impl Unpacked<'_> {
    /// Opens them. Formats of bytes are told by what those begin with; all else has to be text.
    ///
    /// # Errors
    /// What is damaged, no text in its encoding, or in a format that is not read.
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
                format!("{name}: is an archive too deep in archives"),
            )
            .with_hint("unpack it and give the file in it"));
        }
        // The table of a shapefile begins with the year in which it was written.
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
            Error::data(Code::FormatUnsupported, format!("{name}: is in no format that is read"))
        };
        let driver = driver.ok_or_else(unknown)?;
        Ok(Recognized { format: driver.format(), dataset: driver.open(content, asked)?, encoding })
    }
}

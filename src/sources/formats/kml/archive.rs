//! KMZ: an archive of KML documents, all of which are read.

use super::Reading;
use crate::Result;
use crate::sources::bytes::decode::decode_text;
use crate::sources::formats::Asked;
use crate::sources::formats::held::Held;
use std::borrow::Cow;

/// Opens the documents of an archive, each with its member name.
///
/// # Errors
/// A document is not XML or not text.
pub(in super::super) fn open_documents(
    documents: Vec<(String, Vec<u8>)>,
    asked: &mut Asked<'_>,
) -> Result<Held> {
    let mut reading = Reading::default();
    let names: Vec<String> = documents.iter().map(|(name, _)| name.clone()).collect();
    for (name, bytes) in documents {
        let called = format!("{}/{name}", asked.file);
        let (text, _) = decode_text(&called, Cow::Owned(bytes), asked.options.encoding.as_deref())?;
        reading.read(&called, &text)?;
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    reading.finish("KMZ".to_owned(), &names, asked)
}

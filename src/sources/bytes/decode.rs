//! From stored bytes to text: unpacks gzip within limits, and handles byte order marks and UTF-16. The content
//! decides, never the file name; bytes that are not valid text are refused with their position, so that no
//! garbled name ever reaches the map.

use super::open::Limits;
use crate::sources::layouts;
use crate::{Code, Error, Result};
use encoding_rs::DecoderResult;
use std::borrow::Cow;
use std::io::Read;

/// Unpacks gzip; other bytes are returned unchanged. The second value says whether they were packed.
///
/// # Errors
/// The gzip is damaged, or unpacks to more than the limit.
pub(crate) fn unpack(
    file: &str,
    bytes: Cow<'static, [u8]>,
    limits: &Limits,
) -> Result<(Cow<'static, [u8]>, bool)> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok((Cow::Owned(gunzip(file, &bytes, limits)?), true));
    }
    Ok((bytes, false))
}

/// Unpacks gzip of one or more members.
fn gunzip(file: &str, packed: &[u8], limits: &Limits) -> Result<Vec<u8>> {
    let size = u64::try_from(packed.len()).unwrap_or(u64::MAX);
    let limit = limits.unpacked_from(size);
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(packed)
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| {
            let after = bytes.len();
            Error::data(
                Code::FileDamaged,
                format!("{file}: gzip is damaged after {after} unpacked bytes: {error}"),
            )
            .with_hint("the file may be cut short; fetch it again")
        })?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > limit) {
        return Err(Error::data(
            Code::FileTooLarge,
            format!("{file}: gzip of {size} bytes unpacks to more than {limit} bytes"),
        )
        .with_hint("unpack it yourself if it is what you expect, or raise the limit"));
    }
    Ok(bytes)
}

/// Returns the length of the byte order mark of a text that is not packed and is UTF-8, judged by its beginning;
/// `None` if it is something else.
pub(crate) fn utf8_mark(head: &[u8], label: Option<&str>) -> Option<usize> {
    if head.starts_with(&[0x1f, 0x8b]) || is_binary(head) {
        return None;
    }
    match encoding_rs::Encoding::for_bom(head) {
        Some((encoding, mark)) => (encoding == encoding_rs::UTF_8).then_some(mark),
        None => {
            let pairs = head.get(..head.len() / 2 * 2).unwrap_or_default();
            (label.is_none() && utf16_by_pattern(pairs).is_none()).then_some(0)
        }
    }
}

/// The first bytes of binary formats.
const BINARY: [&[u8]; 12] = [
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0",
    b"SQLite format 3\0",
    b"%PDF",
    b"fgb\x03",
    b"PAR1",
    b"ARROW1",
    // The mark before a message of Arrow.
    b"\xff\xff\xff\xff",
    b"FEA1",
    b"\0\0\x27\x0a",
    b"\x28\xb5\x2f\xfd",
];

/// Whether bytes are of a binary format.
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    BINARY.iter().any(|start| bytes.starts_with(start))
}

/// Decodes text by its byte order mark, the requested encoding, the pattern of UTF-16, or as UTF-8. Returns the
/// text without its mark, and the name of the encoding for messages.
///
/// `label` is a label of the Encoding Standard (`windows-1252`, `latin1`, `gb18030` ...) and is used if no byte
/// order mark contradicts it; a single-byte encoding is used only if the text is not UTF-8.
///
/// # Errors
/// The bytes are not text in the encoding.
pub(crate) fn decode_text(
    file: &str,
    bytes: Cow<'static, [u8]>,
    label: Option<&str>,
) -> Result<(Cow<'static, str>, &'static str)> {
    let asked = match label {
        None => None,
        Some(label) => {
            Some(encoding_rs::Encoding::for_label(label.as_bytes()).ok_or_else(|| {
                Error::usage(Code::EncodingUnknown, format!("\"{label}\" is not an encoding"))
                    .with_hint("labels are those of the Encoding Standard, such as windows-1252")
            })?)
        }
    };
    // Only some of several files may be in the requested encoding. A single-byte text that happens to be valid
    // UTF-8 beyond ASCII would be mojibake, such as "Ã±".
    let asked = asked.filter(|encoding| {
        let is_utf8 = || !bytes.is_ascii() && std::str::from_utf8(&bytes).is_ok();
        !(encoding.is_single_byte() && is_utf8())
    });
    let marked = encoding_rs::Encoding::for_bom(&bytes);
    let encoding = marked
        .map(|(encoding, _)| encoding)
        .or(asked)
        .or_else(|| utf16_by_pattern(&bytes))
        .or_else(|| published_encoding(&bytes))
        .or_else(|| xml_encoding(&bytes))
        .unwrap_or(encoding_rs::UTF_8);
    let mark = marked.map_or(0, |(_, length)| length);
    if encoding == encoding_rs::UTF_8 {
        let text = match bytes {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes)
                .map(Cow::Borrowed)
                .map_err(|error| not_utf8(file, bytes, error, mark)),
            Cow::Owned(bytes) => String::from_utf8(bytes)
                .map(Cow::Owned)
                .map_err(|error| not_utf8(file, error.as_bytes(), error.utf8_error(), mark)),
        }?;
        return Ok((without_mark(text, mark), "UTF-8"));
    }
    let body = bytes.get(mark..).unwrap_or_default();
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::new();
    let room = decoder.max_utf8_buffer_length_without_replacement(body.len()).unwrap_or(0);
    text.try_reserve(room).map_err(|_| {
        Error::data(Code::FileTooLarge, format!("{file}: needs {room} bytes of memory"))
            .with_hint("cut it into smaller files")
    })?;
    match decoder.decode_to_string_without_replacement(body, &mut text, true) {
        (DecoderResult::Malformed(bad, after), read) => {
            let back = usize::from(bad) + usize::from(after);
            let at = mark + read.saturating_sub(back);
            let line = text.matches('\n').count() + 1;
            let name = encoding.name();
            Err(Error::data(
                Code::TextUndecodable,
                format!("{file}: line {line}: byte {at} is not {name}"),
            )
            .with_hint("the file may be cut short, or in another encoding: ⟦encoding=LABEL⟧"))
        }
        _ => Ok((Cow::Owned(text), encoding.name())),
    }
}

/// Removes the byte order mark.
fn without_mark(text: Cow<'static, str>, mark: usize) -> Cow<'static, str> {
    match text {
        text if mark == 0 => text,
        Cow::Borrowed(text) => Cow::Borrowed(text.get(mark..).unwrap_or(text)),
        Cow::Owned(mut text) => {
            text.drain(..mark.min(text.len()));
            Cow::Owned(text)
        }
    }
}

/// Detects UTF-16 without a byte order mark: in ASCII, which headers consist of, every other byte is zero.
fn utf16_by_pattern(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    const LOOKED_AT: usize = 64;
    let head = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    if head.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let half = head.len() / 2;
    match (zeros(0), zeros(1)) {
        (0, odd) if odd * 4 >= half * 3 => Some(encoding_rs::UTF_16LE),
        (even, 0) if even * 4 >= half * 3 => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

/// The encoding of a table that is not UTF-8 and whose header belongs to a data set published in another
/// encoding.
fn published_encoding(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let header = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let label = layouts::encoding_of(std::str::from_utf8(header).ok()?)?;
    std::str::from_utf8(bytes)
        .is_err()
        .then(|| encoding_rs::Encoding::for_label(label.as_bytes()))?
}

/// The encoding declared in the first line of an XML document.
fn xml_encoding(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = bytes.strip_prefix(b"<?xml")?;
    let end = head.iter().take(200).position(|byte| *byte == b'>')?;
    let head = std::str::from_utf8(head.get(..end)?).ok()?;
    let (_, label) = head.split_once("encoding")?;
    let label = label.trim_start().strip_prefix('=')?.trim_start();
    let label = label.split(['"', '\'']).nth(1)?;
    encoding_rs::Encoding::for_label(label.as_bytes())
}

fn not_utf8(file: &str, bytes: &[u8], error: std::str::Utf8Error, mark: usize) -> Error {
    let at = error.valid_up_to();
    let before = bytes.get(..at).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let byte = bytes.get(at).copied().unwrap_or_default();
    let message = format!("{file}: line {line}: byte {at} is 0x{byte:02X}, which is not UTF-8");
    let hint = if mark == 0 && bytes.contains(&0) {
        "it does not look like text at all"
    } else {
        "if it is Western European text: ⟦encoding=windows-1252⟧"
    };
    Error::data(Code::TextUndecodable, message).with_hint(hint)
}

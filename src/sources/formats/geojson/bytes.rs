//! Scans the bytes of a JSON text, eight at a time.

/// The length of the plain prefix: bytes before the first quote, backslash or control character.
#[inline]
pub(super) fn plain_run(bytes: &[u8]) -> usize {
    let mut run = 0;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        let special = special(u64::from_le_bytes(*word));
        if special != 0 {
            // At most 7, so that it is a usize everywhere.
            return run + usize::try_from(special.trailing_zeros() / 8).unwrap_or(0);
        }
        run += 8;
    }
    run + rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count()
}

/// The highest bit of each byte of a word that is a quote, a backslash or a control character. Bits
/// above the lowest of them may be wrong. (Mycroft's test for a zero byte, from Anderson, "Bit
/// Twiddling Hacks".)
#[inline]
fn special(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    let quote = word ^ (ONES * 0x22);
    let backslash = word ^ (ONES * 0x5c);
    let quote = quote.wrapping_sub(ONES) & !quote;
    let backslash = backslash.wrapping_sub(ONES) & !backslash;
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    (quote | backslash | control) & HIGH
}

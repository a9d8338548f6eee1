#![no_main]

#[path = "../../tests/it/properties.rs"]
mod properties;

// The first byte says how much is held and which of the two formats it is.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let name = if first % 2 == 0 { "w.csv" } else { "w.geojson" };
    properties::windows(&folder.path().join(name), u64::from(*first) * 7, bytes);
});

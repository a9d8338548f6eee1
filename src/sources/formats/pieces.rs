//! Members of an archive that are one data set in pieces: its points and its polygons, its parts 0, 1, 2. The country
//! downloads of Protected Planet are such: six layers under two names.

use super::Dataset;
use crate::sources::layouts::recognize;

/// Words by which the pieces of a data set differ, in lowercase.
const OF_PIECES: [&str; 10] =
    ["point", "points", "pnt", "polygon", "polygons", "poly", "line", "lines", "shp", "part"];

/// Whether several members are pieces of one data set: all in the same known layout, and with names that are the same
/// but for numbers and words for the kind of geometry.
pub(super) fn are_pieces(named: &[(String, Box<dyn Dataset>)]) -> bool {
    let mut members = named.iter().map(|(name, dataset)| {
        let layout = recognize(dataset.columns()).map(|layout| layout.name);
        (of_data_set(name), layout)
    });
    match members.next() {
        Some((name, Some(layout))) if named.len() > 1 => {
            members.all(|(other, of)| of == Some(layout) && other == name)
        }
        _ => false,
    }
}

/// The name of the data set of a member.
fn of_data_set(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let words = name.split(|c: char| !c.is_alphanumeric());
    let kept = words.filter(|word| {
        !OF_PIECES.contains(word) && !word.bytes().all(|byte| byte.is_ascii_digit())
    });
    kept.collect::<Vec<_>>().join(" ")
}

/// The last parts of some paths, or the whole paths where two of those would be the same.
pub(super) fn short_names(paths: &[&str]) -> Vec<String> {
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let short: Vec<String> = paths.iter().map(|path| last(path)).collect();
    let twice = |name: &String| short.iter().filter(|other| *other == name).count() > 1;
    short
        .iter()
        .zip(paths)
        .map(|(name, path)| if twice(name) { (*path).to_owned() } else { name.clone() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{of_data_set, short_names};

    #[test]
    fn pieces_have_one_name_and_other_layers_do_not() {
        let country = |name: &str| of_data_set(&format!("a.zip/WDPA_WDOECM_Nov2026_Public_{name}"));
        assert_eq!(country("MLI_shp-points"), country("MLI_shp-polygons"));
        assert_eq!(of_data_set("mines_0"), of_data_set("mines_1"));
        assert_ne!(country("MLI_shp-points"), country("NER_shp-points"));
    }

    #[test]
    fn a_name_that_two_members_have_is_told_with_its_path() {
        assert_eq!(short_names(&["0.zip/a", "1.zip/a", "1.zip/b"]), ["0.zip/a", "1.zip/a", "b"]);
    }
}

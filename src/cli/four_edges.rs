//! A box whose edges are typed as four arguments, as other programs take them: `--bbox 60 24 72 32`.

use std::ffi::{OsStr, OsString};

/// The arguments with the four numbers after `--bbox` joined by commas.
pub fn joined(typed: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::new();
    for next in typed {
        joined.push(next);
        let edges = joined.last_chunk::<5>().and_then(|[option, edges @ ..]| {
            let numbers: Vec<&str> = edges.iter().filter_map(|edge| number(edge)).collect();
            (option == "--bbox" && numbers.len() == edges.len()).then(|| numbers.join(","))
        });
        if let Some(edges) = edges {
            joined.truncate(joined.len() - 4);
            joined.push(edges.into());
        }
    }
    joined
}

fn number(text: &OsStr) -> Option<&str> {
    text.to_str().filter(|text| text.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn four_numbers_after_the_option_are_one_box() {
        for (typed, due) in [
            ("t score --bbox 60 24 72.5 -32 -o out", "t score --bbox 60,24,72.5,-32 -o out"),
            ("t score --bbox 60,24,72,32 -o out", "t score --bbox 60,24,72,32 -o out"),
            ("t score --bbox 60 24 72 -o out", "t score --bbox 60 24 72 -o out"),
            ("t near 1 2 3 4", "t near 1 2 3 4"),
        ] {
            let all = joined(typed.split(' ').map(Into::into));
            let all: Vec<_> = all.iter().filter_map(|one| one.to_str()).collect();
            assert_eq!(all.join(" "), due);
        }
    }
}

//! What is not known: of a site, and of all sites that have a page.

use super::Row;
use crate::layers::report::{Page, Surroundings};
use crate::scoring::{UNKNOWN_LIST, percent};

/// The inputs that no site knows, if there are several sites: the first page says it of all.
pub(super) fn unknown_of_all<'p>(sites: &[(Row<'p>, &Surroundings<'_>)]) -> Vec<&'p str> {
    let [(first, _), others @ ..] = sites else { return Vec::new() };
    let all = missing(first).into_iter();
    all.filter(|input| {
        !others.is_empty() && others.iter().all(|(one, _)| missing(one).contains(input))
    })
    .collect()
}

/// The inputs that a site's environment score lacks.
fn missing<'p>(one: &Row<'p>) -> Vec<&'p str> {
    one.detail.bars.iter().flat_map(|bar| bar.missing.iter().copied()).collect()
}

/// What is not known of a site, in sentences.
pub(super) fn gaps(
    one: &Row<'_>,
    (around, unknown): (&Surroundings<'_>, &[&str]),
    page: &Page<'_>,
) -> Vec<String> {
    let detail = one.detail;
    let mut gaps = Vec::new();
    if let Some(why) = &detail.uncovered {
        gaps.push(format!("No security score, because {why}."));
    } else if detail.coverage < 1.0 {
        let share = percent(detail.coverage);
        gaps.push(format!("Incidents were collected in {share} of the surroundings."));
    }
    let missing: Vec<&str> =
        missing(one).into_iter().filter(|input| !unknown.contains(input)).collect();
    match (missing.is_empty(), unknown.is_empty()) {
        (true, true) => {}
        (true, false) => {
            gaps.push("Nothing is known of what page 1 lists for all sites.".to_owned())
        }
        (false, true) => gaps.push(format!("Nothing is known of: {}.", missing.join(", "))),
        (false, false) => gaps.push(format!(
            "Nothing is known of: {}; nor of what page 1 lists for all sites.",
            missing.join(", ")
        )),
    }
    if let Some([_, assumed, _]) =
        detail.environment_points.filter(|[_, assumed, _]| *assumed > 0.0)
    {
        gaps.push(format!(
            "Of the environment score {assumed:.1} points are reference values, for what is not known."
        ));
    }
    let km = detail.accuracy_km;
    gaps.push(if around.accuracy_given {
        format!("The site's position is known to {km} km.")
    } else {
        format!("How well the site's position is known is taken as {km} km (not given).")
    });
    let undated = page.report.as_of.is_none();
    gaps.extend(undated.then(|| "No incident has a date.".to_owned()));
    gaps
}

/// An explanation without the sentence that lists what is not known.
pub(super) fn without_list(explanation: &str) -> String {
    let Some((before, list)) = explanation.split_once(UNKNOWN_LIST) else {
        return explanation.to_owned();
    };
    let after = list.split_once(". ").map_or("", |(_, after)| after);
    format!("{} {after}", before.trim_end()).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_what_is_not_known_stands_once() {
        let said = format!(
            "Within 5 km nothing. {UNKNOWN_LIST}floods, fire. The site's position is taken as 5 km."
        );
        assert_eq!(
            without_list(&said),
            "Within 5 km nothing. The site's position is taken as 5 km."
        );
        assert_eq!(without_list(&format!("A. {UNKNOWN_LIST}floods.")), "A.");
        assert_eq!(without_list("A. B."), "A. B.");
    }
}

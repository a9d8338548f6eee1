//! Paging members of service responses, so that one page of many is never mistaken for the whole: OGC API
//! Features and WFS (`numberMatched`, a link to the next page), ArcGIS (`exceededTransferLimit`, at the top or
//! under `properties`), the API of UCDP (`TotalCount`, `TotalPages`), and common names in others.

use super::geojson::members::{Kind, Members, elements};

/// The paging members of a response.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Paging {
    /// The total number of records.
    matched: Option<u64>,
    /// The number of pages.
    pages: Option<u64>,
    /// The address of the next page.
    next: Option<String>,
    /// Whether the response states that there are more records.
    exceeded: bool,
}

/// Member names for the total number of records.
const TOTALS: [&str; 12] = [
    "numberMatched",
    "numMatched",
    "totalFeatures",
    "TotalCount",
    "total_count",
    "totalCount",
    "total_records",
    "totalRecords",
    "totalElements",
    "total",
    "count",
    "matched",
];

/// Objects in which some services put paging members: `context` of STAC, `metadata`, `pagination`.
const WITHIN: [&str; 8] =
    ["context", "meta", "metadata", "_meta", "pagination", "paging", "page", "paginationInfo"];

/// Whether a member of a response may be about paging.
pub(super) fn may_tell(name: &str) -> bool {
    const OTHERS: [&str; 5] =
        ["exceededTransferLimit", "links", "_links", "properties", "TotalPages"];
    [&TOTALS[..], &NEXT[..], &WITHIN[..], &OTHERS[..]].iter().any(|names| names.contains(&name))
}

/// Member names for the address of the next page.
const NEXT: [&str; 6] =
    ["NextPageUrl", "next", "nextLink", "next_page_url", "nextPageUrl", "@odata.nextLink"];

impl Paging {
    /// Reads the paging members of a response, each given as JSON.
    pub fn of<'m>(member: impl Fn(&str) -> Option<&'m str>) -> Self {
        let count = |name: &str| whole(member(name)?);
        let next = NEXT.into_iter().find_map(|name| address(member(name)?));
        let linked =
            || ["links", "_links"].into_iter().find_map(|name| next_of_links(member(name)?));
        let flag = |raw: Option<&str>| raw.is_some_and(|raw| raw.trim() == "true");
        let within = |name| {
            let members = Members::of(member(name)?).ok()?;
            members.get("exceededTransferLimit")
        };
        let inner: Vec<Members<'_>> =
            WITHIN.into_iter().filter_map(|name| Members::of(member(name)?).ok()).collect();
        let inner_next = || {
            let mut of = inner.iter().flat_map(|members| NEXT.map(|name| members.get(name)));
            of.find_map(|raw| address(raw?))
        };
        let totals = inner.iter().flat_map(|members| TOTALS.map(|name| members.get(name)));
        let totals: Vec<u64> = totals.filter_map(|raw| whole(raw?)).collect();
        Self {
            // Some services write 0 or "unknown" if they have not counted.
            matched: TOTALS.into_iter().filter_map(count).chain(totals).max(),
            pages: count("TotalPages"),
            next: next.or_else(linked).or_else(inner_next),
            exceeded: flag(member("exceededTransferLimit")) || flag(within("properties")),
        }
    }

    /// Returns the reason why a response with this many records is incomplete; `None` if there is no sign of
    /// it.
    pub fn judge(&self, count: u64, noun: &str) -> Option<String> {
        let Self { matched, pages, next, exceeded } = self;
        let held = grouped(count);
        let more = next.as_ref().map(|next| format!("; more at {next}")).unwrap_or_default();
        match matched {
            Some(matched) if *matched > count => {
                return Some(format!("holds {held} of {} {noun}{more}", grouped(*matched)));
            }
            Some(matched) if *matched == count && !exceeded && count > 0 => return None,
            _ => {}
        }
        if let Some(pages) = pages.filter(|pages| *pages > 1) {
            return Some(format!("holds {held} {noun}, one of {} pages{more}", grouped(pages)));
        }
        if *exceeded {
            return Some(format!(
                "holds {held} {noun}, as many as the service gives at once; it has more{more}"
            ));
        }
        next.as_ref().map(|next| format!("holds {held} {noun}, not the last page; more at {next}"))
    }
}

/// Parses a count, which some services write as a text.
fn whole(raw: &str) -> Option<u64> {
    raw.trim().trim_matches('"').parse().ok()
}

/// Parses an address; `None` if it is empty.
fn address(raw: &str) -> Option<String> {
    let text: String = serde_json::from_str(raw).ok()?;
    (!text.trim().is_empty()).then_some(text)
}

/// The target of the link to the next page (OGC API - Features, 7.15.4; JSON:API and HAL by name).
fn next_of_links(raw: &str) -> Option<String> {
    if Kind::of(raw) == Kind::Object {
        let next = Members::of(raw).ok()?.get("next")?;
        return address(next).or_else(|| Members::of(next).ok()?.text("href"));
    }
    if Kind::of(raw) != Kind::List {
        return None;
    }
    elements(raw)?.into_iter().find_map(|link| {
        let link = Members::of(link).ok()?;
        (link.text("rel")? == "next").then(|| link.text("href")).flatten()
    })
}

/// Formats a number with a comma after every three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(raw: &str, count: u64) -> Option<String> {
        let members = Members::of(raw).expect("an object");
        Paging::of(|name| members.get(name)).judge(count, "features")
    }

    #[test]
    fn a_page_of_many_is_told() {
        let next = r#""links":[{"rel":"self","href":"a"},{"rel":"next","href":"https://x/2"}]"#;
        for (raw, why) in [
            (
                format!(r#"{{"numberMatched":4210,{next}}}"#),
                "10 of 4,210 features; more at https://x/2",
            ),
            (r#"{"totalFeatures":4210}"#.into(), "10 of 4,210 features"),
            (format!("{{{next}}}"), "10 features, not the last page; more at https://x/2"),
            (format!(r#"{{"numberMatched":"unknown",{next}}}"#), "not the last page"),
            (r#"{"exceededTransferLimit":true}"#.into(), "it has more"),
            (r#"{"properties":{"exceededTransferLimit":true}}"#.into(), "it has more"),
            (r#"{"TotalCount":4210,"TotalPages":43,"NextPageUrl":"u"}"#.into(), "10 of 4,210"),
            (r#"{"TotalPages":43}"#.into(), "one of 43 pages"),
            (r#"{"count":11,"next":"u"}"#.into(), "10 of 11 features; more at u"),
            (r#"{"context":{"matched":4210,"returned":10}}"#.into(), "10 of 4,210 features"),
            (r#"{"numMatched":4210}"#.into(), "10 of 4,210 features"),
            (r#"{"meta":{"pagination":1,"total":"4210"}}"#.into(), "10 of 4,210 features"),
            (r#"{"pagination":{"next":"https://x/2"}}"#.into(), "more at https://x/2"),
            (r#"{"links":{"self":"a","next":"https://x/2"}}"#.into(), "more at https://x/2"),
            (r#"{"_links":{"next":{"href":"https://x/2"}}}"#.into(), "more at https://x/2"),
        ] {
            let said = judged(&raw, 10).unwrap_or_default();
            assert!(said.contains(why), "{raw}: {said}");
        }
        for raw in [
            r#"{"numberMatched":10,"numberReturned":10,"links":[{"rel":"next","href":"u"}]}"#,
            r#"{"exceededTransferLimit":false}"#,
            r#"{"TotalCount":10,"TotalPages":1,"NextPageUrl":""}"#,
            r#"{"links":[{"rel":"self","href":"u"}],"next":null}"#,
            r#"{"metadata":{"count":10,"status":200}}"#,
            r#"{"links":{"self":"a","next":null}}"#,
            "{}",
        ] {
            assert_eq!(judged(raw, 10), None, "{raw}");
        }
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}

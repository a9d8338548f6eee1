//! What belongs to one site, such as its rings and the lines to its drivers: on the page of a site only its own is drawn.

use crate::layers::Column;
use crate::layers::style::{Group, Style};

/// Whether a feature is drawn: everywhere but on the page of another site.
const DRAWN: &str = "CASE WHEN @atlas_featurenumber IS NULL THEN true ELSE \"site_id\" = attribute(@atlas_feature, 'id') END";

/// The condition for the features of a layer that are drawn; `None` if all are.
pub(super) fn drawn(style: &Style, columns: &[Column]) -> Option<&'static str> {
    let of_one = columns.iter().any(|column| &*column.name == "site_id");
    (style.group == Group::Why && of_one).then_some(DRAWN)
}

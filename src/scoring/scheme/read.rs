//! Reads a scheme file. The file is merged over the default scheme, so that it need only hold what
//! differs; every error has line, column and the nearest known name.

use super::origin::SchemeOrigin;
use super::{DEFAULT, Scheme, check};
use crate::error::written::{Guide, locate, refuse_toml, refuse_values};
use crate::{Code, Error, Result};
use serde::Deserialize;
use toml::de::{DeTable, DeValue, Deserializer};

/// Reads a scheme from a file's text; see [`Scheme::from_toml`].
pub(super) fn read(text: &str, file: &str) -> Result<Scheme> {
    let (mut scheme, may_mean_peaks) = parse(text, file)?;
    scheme.origin = SchemeOrigin { file: Some(file.into()), may_mean_peaks };
    Ok(scheme)
}

/// Reads a built-in scheme.
pub(super) fn built_in(text: &str, name: &str) -> Result<Scheme> {
    parse(text, &format!("{name}.toml")).map(|(scheme, _)| scheme)
}

/// The comment that marks a file whose kernel weights are known to be shares of mass.
const MEANING: &str = "shares of the kernel's mass";

/// A scheme, and whether its text states the kernel's weights or scales without the marker comment.
fn parse(text: &str, file: &str) -> Result<(Scheme, bool)> {
    let written = DeTable::parse(text).map_err(|error| refuse(text, file, &error))?;
    let named = written.get_ref().contains_key("name");
    let may_mean_peaks = ["weights", "scales_km"]
        .iter()
        .any(|key| locate(written.get_ref(), &format!("security.kernel.{key}")).is_some())
        && !text.contains(MEANING);
    let mut whole = DeTable::parse(DEFAULT).map_err(|error| refuse(DEFAULT, file, &error))?;
    overlay(whole.get_mut(), written.get_ref().clone());
    let mut scheme = Scheme::deserialize(Deserializer::from(whole))
        .map_err(|error| refuse(text, file, &error))?;
    if !named {
        scheme.name = stem(file).to_owned();
    }
    let faults = check::faults(&scheme);
    if faults.is_empty() {
        Ok((scheme, may_mean_peaks))
    } else {
        const HINT: &str =
            "`tamarisk scheme schema` prints every key with its range and its default";
        Err(refuse_values(text, file, &faults, Code::SchemeInvalid, HINT))
    }
}

/// Merges the entries of one table over another, recursively.
///
/// Values from the file keep their spans in its text for error messages; values from the default are
/// always valid.
fn overlay<'i>(below: &mut DeTable<'i>, above: DeTable<'i>) {
    for (key, mut value) in above {
        if let Some((_, old)) = below.remove_entry(key.get_ref().as_ref())
            && let DeValue::Table(mut old) = old.into_inner()
            && let DeValue::Table(new) = value.get_mut()
        {
            overlay(&mut old, std::mem::take(new));
            *new = old;
        }
        below.insert(key, value);
    }
}

/// The file's name without folders and extension.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.strip_suffix(".toml").unwrap_or(name)
}

/// The error for a text that is not TOML, or that does not match a scheme's keys and types.
fn refuse(text: &str, file: &str, error: &toml::de::Error) -> Error {
    const GUIDE: Guide = Guide {
        code: Code::SchemeInvalid,
        whole: DEFAULT,
        hint: "`tamarisk scheme show` prints a complete scheme to copy from",
    };
    refuse_toml(text, file, error, &GUIDE)
}

//! The scheme: every number behind the scores, read from a TOML file that users can copy, edit and
//! check. The default scheme is `data/schemes/default.toml`, embedded here; its comments cite the
//! source of each number. No parameter of a score is hidden in code.

mod check;
mod environment;
mod general;
mod indicators;
mod origin;
mod ranges;
mod read;
mod security;
mod show;

pub use environment::{BarWeights, EnvironmentScheme, Gaps};
pub use general::{
    Bands, Buffers, ConflictBand, CoverageRules, Distance, FlagRules, Overall, PositionAccuracy,
};
pub use indicators::{
    AccidentsIndicator, DownstreamIndicator, IntensityRelation, PeopleIndicator, RasterIndicator,
    RasterRule, RunoutScheme, SeismicIndicator, SensitiveAreasIndicator, Statistic,
    TailingsIndicator, WaterNearbyIndicator, WaterStressIndicator, on_common_scale,
};
pub use origin::SchemeOrigin;
pub use security::{
    Drivers, Kernel, KernelForm, Parts, Recency, ScoreCurve, SecurityScheme, Severity, Trend,
};

use crate::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// A named set of indicators, parameters and weights.
///
/// A file need only hold what differs from the default scheme; missing keys have the default's values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// What the scheme is called in outputs and receipts; the file's name if it is left out.
    pub name: String,
    /// One or two sentences for people.
    pub description: String,
    /// How well positions are known.
    pub position: PositionAccuracy,
    /// Radii and windows that are counted beside the scores.
    pub buffers: Buffers,
    /// How long after the last record of a source a lack of incidents still counts as calm.
    pub coverage: CoverageRules,
    /// How influence decreases with distance.
    pub distance: Distance,
    /// The security score.
    pub security: SecurityScheme,
    /// The environment score.
    pub environment: EnvironmentScheme,
    /// The overall score.
    pub overall: Overall,
    /// The classes of a score.
    pub bands: Bands,
    /// Yes-or-no statements that reporting standards ask for.
    pub flags: FlagRules,
    /// The file that the scheme was read from; ignored by comparisons.
    #[serde(skip)]
    pub origin: SchemeOrigin,
}

/// The text of the default scheme.
pub(crate) const DEFAULT: &str = include_str!("../../../data/schemes/default.toml");

/// The schemes that come with the program: name and text, the default first.
const BUILT_IN: [(&str, &str); 3] = [
    ("default", DEFAULT),
    ("security-only", include_str!("../../../data/schemes/security-only.toml")),
    ("biodiversity", include_str!("../../../data/schemes/biodiversity.toml")),
];

// A test parses this constant; the second arm is unreachable.
#[allow(clippy::unreachable)]
static DEFAULT_SCHEME: LazyLock<Scheme> =
    LazyLock::new(|| match read::built_in(DEFAULT, "default") {
        Ok(scheme) => scheme,
        Err(error) => unreachable!("the embedded default scheme: {error}"),
    });

impl Default for Scheme {
    /// The default scheme, `data/schemes/default.toml`.
    fn default() -> Self {
        DEFAULT_SCHEME.clone()
    }
}

impl Scheme {
    /// Reads a scheme from TOML; `file` names it in messages.
    ///
    /// Missing keys are taken from the default scheme. Weights need not add up to 1: they are divided
    /// by their sum, and [`Scheme::check`] reports that.
    ///
    /// # Errors
    /// A usage error with line and column for invalid TOML, an unknown key or word (with the nearest
    /// known one), a value of the wrong type, or a number out of range.
    pub fn from_toml(text: &str, file: &str) -> Result<Self> {
        read::read(text, file)
    }

    /// A scheme that comes with the program: `default`, `security-only`, `biodiversity`; `None` for
    /// any other name.
    pub fn built_in(name: &str) -> Option<Result<Self>> {
        let (name, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        Some(read::built_in(text, name))
    }

    /// The names of the schemes that come with the program, the default first.
    pub fn built_in_names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// Remarks on a valid scheme: weights that were divided by their sum, kernel shares stated by its
    /// file, indicators with weight 0, disabled scores. Each remark begins with the key that it is
    /// about.
    pub fn check(&self) -> Vec<String> {
        check::notes(self)
    }

    /// The name of the file that the scheme was read from; `None` for a built-in scheme.
    pub fn file(&self) -> Option<&str> {
        self.origin.file.as_deref()
    }

    /// The whole scheme as TOML with the default scheme's comments; values that differ from the
    /// default are marked.
    pub fn to_toml(&self) -> String {
        show::to_toml(self)
    }

    /// The JSON Schema (draft 2020-12) of a scheme file, for editors: descriptions, ranges and
    /// default values.
    pub fn json_schema() -> serde_json::Value {
        show::json_schema()
    }

    /// The BLAKE3 hash, in hex, of every number and word that affects a result. The scheme's name, its
    /// description and the formatting of its file are left out.
    pub fn hash(&self) -> String {
        show::hash(self)
    }
}

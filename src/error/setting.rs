//! Settings that a text speaks of, as data, so that each face spells them as its users write them.
//!
//! A text of the library names a setting between `⟦` and `⟧`: `name the CRS: ⟦crs=EPSG:32642⟧`. What is to be set
//! has no prefix, what is to be left out has a `-`, and what is only mentioned a `~`.

use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::iter;

const BEGIN: char = '⟦';
const END: char = '⟧';

/// Declares the parameters in one table, with the word by which the library knows each.
macro_rules! parameters {
    ($($variant:ident $word:literal $says:literal,)*) => {
        /// Something that a user can set.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Parameter {
            $(#[doc = $says] $variant,)*
        }

        impl Parameter {
            /// Every parameter.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in JSON and between marks.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// Its meaning, as a phrase.
            pub fn says(self) -> &'static str {
                match self { $(Self::$variant => $says),* }
            }
        }
    };
}

parameters! {
    Incidents "incidents" "A file of incidents",
    Receptors "receptors" "A file of receptors, with its kind",
    Rasters "rasters" "A raster, with its name",
    MergeSources "merge_sources" "Whether an event that several files report counts once",
    Map "map" "What columns mean",
    Crs "crs" "The reference system of coordinates that are not degrees",
    Encoding "encoding" "The encoding of texts",
    HeaderRow "header_row" "The row of the header",
    Types "types" "What words of types mean",
    Since "since" "The first day of incidents that are wanted",
    Where "where" "A condition on the records that are wanted",
    From "from" "The first day that may be an origin of a hindcast",
    To "to" "The last origin of a hindcast",
    Every "every" "The time between the origins of a hindcast",
    Within "within" "The radius within which incidents are told",
    Horizon "horizon" "How far ahead a hindcast looks",
    AsOf "as_of" "The date from which ages are counted",
    Bbox "bbox" "The box to score or to draw",
    Coverage "coverage" "Where and when incidents were collected",
    Tune "tune" "Which settings of a scheme are tried",
    Calibration "calibration" "A calibration, which gives scores a probability",
    Complete "complete" "Kinds of receptors of which the files hold all there are",
    Cell "cell" "The side of a cell of a surface",
    GridCrs "grid_crs" "The reference system of a surface's grid",
    Step "step" "The length of a step along a route",
    Add "add" "An incident to add to those of the files",
    Layers "layers" "The layers to write",
    Format "format" "The formats of the layers' files",
    Gpkg "gpkg" "Whether a GeoPackage is written",
    All "all" "Whether every kind of output is written",
    GroupBy "group_by" "The columns by which sites are grouped",
    WeightBy "weight_by" "The column by whose numbers exposure is weighted",
    Disclosures "disclosures" "Whether what reporting standards ask for is written",
    Output "output" "The folder to write to",
    Replace "replace" "Whether any file in the way is written over",
}

impl Parameter {
    /// The parameter of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|parameter| parameter.word() == word)
    }
}

impl Serialize for Parameter {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.word())
    }
}

/// What a text does with a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// It should be set.
    Set,
    /// It should be left out.
    LeaveOut,
    /// It is only mentioned.
    Mention,
}

/// A parameter with a value, as a text names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Setting {
    /// Whether to set it, to leave it out, or neither.
    pub act: Act,
    /// The parameter.
    pub parameter: Parameter,
    /// The value; words in capitals, such as `FILE`, stand for what only the user knows. `None` where the parameter
    /// is a switch, or where any value is meant.
    pub value: Option<String>,
}

/// What a user can do about an error or a finding: a setting to make or to leave out.
pub type Remedy = Setting;

impl Setting {
    /// Parses the text between two marks.
    fn parse(inner: &str) -> Option<Self> {
        let (act, inner) = match (inner.strip_prefix('-'), inner.strip_prefix('~')) {
            (Some(rest), _) => (Act::LeaveOut, rest),
            (_, Some(rest)) => (Act::Mention, rest),
            _ => (Act::Set, inner),
        };
        let (word, value) = match inner.split_once('=') {
            Some((word, value)) => (word, Some(value.to_owned())),
            None => (inner, None),
        };
        Some(Self { act, parameter: Parameter::from_word(word)?, value })
    }
}

/// A piece of a text.
enum Piece<'t> {
    Words(&'t str),
    Setting(Setting),
}

/// Splits a text at its marks. Marked text that names no parameter is kept as words.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    let mut next = None;
    iter::from_fn(move || {
        if let Some(setting) = next.take() {
            return Some(Piece::Setting(setting));
        }
        if rest.is_empty() {
            return None;
        }
        let found = rest.match_indices(BEGIN).find_map(|(at, begin)| {
            let before = rest.get(..at)?;
            let (inner, after) = rest.get(at + begin.len()..)?.split_once(END)?;
            Some((before, Setting::parse(inner)?, after))
        });
        let Some((before, setting, after)) = found else {
            return Some(Piece::Words(std::mem::take(&mut rest)));
        };
        rest = after;
        next = Some(setting);
        Some(Piece::Words(before))
    })
}

/// The settings that a text advises to make or to leave out.
pub(crate) fn remedies(text: &str) -> Vec<Remedy> {
    let setting = |piece| match piece {
        Piece::Setting(setting) if setting.act != Act::Mention => Some(setting),
        _ => None,
    };
    pieces(text).filter_map(setting).collect()
}

/// How the users of a face write settings: `--crs EPSG:32642` on a command line, `crs = "EPSG:32642"` in a plan.
#[derive(Debug, Clone, Copy)]
pub struct Face {
    /// What the face is called.
    pub name: &'static str,
    /// A setting as its users write it.
    pub spell: fn(&Setting) -> String,
}

impl PartialEq for Face {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Face {}

impl Default for Face {
    fn default() -> Self {
        Self::CALL
    }
}

impl Face {
    /// Settings as arguments of a call: `crs="EPSG:32642"`.
    pub const CALL: Self = Self { name: "call", spell: in_call };

    /// A text in which the settings are as the users of the face write them.
    pub fn words<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !text.contains(BEGIN) {
            return Cow::Borrowed(text);
        }
        let spelled = pieces(text).map(|piece| match piece {
            Piece::Words(words) => Cow::Borrowed(words),
            Piece::Setting(setting) => Cow::Owned((self.spell)(&setting)),
        });
        Cow::Owned(spelled.collect())
    }
}

fn in_call(setting: &Setting) -> String {
    let word = setting.parameter.word();
    match &setting.value {
        Some(value) => format!("{word}=\"{value}\""),
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_apart_and_spelled() {
        let text = "name it: ⟦crs=EPSG:32642⟧ or ⟦map=sites.crs=EPSG:4326⟧; leave out ⟦-gpkg⟧";
        assert_eq!(
            Face::CALL.words(text),
            "name it: crs=\"EPSG:32642\" or map=\"sites.crs=EPSG:4326\"; leave out gpkg"
        );
        let set = |act, parameter, value: Option<&str>| Setting {
            act,
            parameter,
            value: value.map(str::to_owned),
        };
        assert_eq!(
            remedies(text),
            [
                set(Act::Set, Parameter::Crs, Some("EPSG:32642")),
                set(Act::Set, Parameter::Map, Some("sites.crs=EPSG:4326")),
                set(Act::LeaveOut, Parameter::Gpkg, None),
            ]
        );
        assert_eq!(remedies("⟦~crs=EPSG:32642⟧ is not used"), []);
    }

    #[test]
    fn what_names_no_parameter_stays_as_it_is() {
        for text in ["", "plain", "⟦nonsense=1⟧", "⟦crs", "crs⟧", "⟦⟦", "⟦⟧"] {
            assert_eq!(Face::CALL.words(text), text);
            assert_eq!(remedies(text), []);
        }
        assert_eq!(Face::CALL.words("a ⟦b ⟦replace⟧ c"), "a ⟦b replace c");
    }
}

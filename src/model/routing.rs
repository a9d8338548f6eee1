//! Maps the words of data sets to domains and security types. The finer word takes precedence over
//! the coarser one, because a looting filed under "Strategic developments" is a looting.

use super::{Domain, SecurityType, type_words};

/// What an incident counts toward, by its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Routed {
    /// What the incident counts toward.
    pub domain: Domain,
    /// The security type, if the domain is security.
    pub security_type: Option<SecurityType>,
    /// Whether the words were recognized; `false` if the type is unknown or the incident unscored
    /// for lack of a known word.
    pub known: bool,
}

impl Routed {
    /// An incident of a domain that its words or its source determine.
    pub fn plain(domain: Domain) -> Self {
        Self { domain, security_type: None, known: true }
    }

    /// A security incident of a type.
    pub fn security(security_type: SecurityType) -> Self {
        Self { domain: Domain::Security, security_type: Some(security_type), known: true }
    }
}

/// Routes an incident by its domain or category, its sub-event type and its event type.
///
/// `usual` is the domain of sources that hold only one, such as the conflict catalogs. Without it,
/// and without a known type, an incident is listed but not scored. An incident without any words
/// counts as a security incident of unknown type, so that a table of attacks without types does not
/// read as calm.
pub fn route(
    category: Option<&str>,
    sub_event_type: Option<&str>,
    event_type: Option<&str>,
    usual: Option<Domain>,
) -> Routed {
    let types = [sub_event_type, event_type];
    let given = category.and_then(Domain::from_word);
    let security = types.into_iter().flatten().find_map(SecurityType::from_words);
    let domain = given.or_else(|| {
        // A word that names a security type exactly takes precedence over words within a phrase.
        types.into_iter().flatten().find_map(|words| {
            SecurityType::from_words(words)
                .map(|_| Domain::Security)
                .or_else(|| Domain::within_words(words))
        })
    });
    // Words of other languages come after the English ones.
    let elsewhere = || types.into_iter().flatten().find_map(type_words::meaning);
    if security.is_none()
        && (domain.is_none() || domain == Some(Domain::Security))
        && let Some(routed) = elsewhere()
        && (domain.is_none() || routed.domain == Domain::Security)
    {
        return routed;
    }
    let nothing_said = category.is_none() && types.iter().all(Option::is_none);
    match domain.or(usual) {
        Some(Domain::Security) => Routed {
            domain: Domain::Security,
            security_type: Some(security.unwrap_or(SecurityType::Unknown)),
            known: security.is_some(),
        },
        Some(domain) => Routed::plain(domain),
        None if nothing_said => Routed {
            domain: Domain::Security,
            security_type: Some(SecurityType::Unknown),
            known: false,
        },
        None => Routed { domain: Domain::Other, security_type: None, known: false },
    }
}

impl Domain {
    /// The domain for a word in a column of domains or categories; `None` for ambiguous words such
    /// as "environment".
    pub fn from_word(word: &str) -> Option<Self> {
        match plain(word).as_str() {
            "security" | "conflict" => Some(Self::Security),
            "accident" | "accidents" | "spill" | "spills" | "pollution" => Some(Self::Accident),
            "earthquake" | "earthquakes" => Some(Self::Earthquake),
            "other" => Some(Self::Other),
            _ => None,
        }
    }

    /// The domain named within the words of an event type: "Mine accident", "Oil spill",
    /// "Earthquake/tsunami".
    fn within_words(words: &str) -> Option<Self> {
        plain(words).split(' ').find_map(|word| match word {
            "accident" | "accidents" | "spill" | "spills" | "spillage" | "pollution" => {
                Some(Self::Accident)
            }
            "earthquake" | "earthquakes" => Some(Self::Earthquake),
            _ => None,
        })
    }
}

impl SecurityType {
    /// The security type for an event type or sub-event type: those of ACLED (codebook of 2023, and
    /// its earlier words), UCDP's three, and our own.
    pub fn from_words(words: &str) -> Option<Self> {
        Some(match plain(words).as_str() {
            "explosions remote violence"
            | "explosions"
            | "remote violence"
            | "chemical weapon"
            | "air drone strike"
            | "suicide bomb"
            | "shelling artillery missile attack"
            | "remote explosive landmine ied"
            | "grenade"
            | "explosion"
            | "bombing"
            | "bomb"
            | "bomb blast"
            | "ied"
            | "landmine"
            | "shelling"
            | "air strike"
            | "airstrike"
            | "drone strike"
            | "suicide attack"
            | "suicide bombing" => Self::Explosions,
            "violence against civilians"
            | "attack"
            | "abduction forced disappearance"
            | "sexual violence"
            | "one sided violence"
            | "one sided"
            | "abduction"
            | "kidnapping"
            | "killing"
            | "murder"
            | "assault"
            | "shooting"
            | "armed attack" => Self::Violence,
            "battles"
            | "battle"
            | "armed clash"
            | "government regains territory"
            | "non state actor overtakes territory"
            | "battle no change of territory"
            | "battle government regains territory"
            | "battle non state actor overtakes territory"
            | "state based conflict"
            | "state based"
            | "non state conflict"
            | "non state"
            | "clash"
            | "clashes"
            | "ambush"
            | "firefight" => Self::Battles,
            "looting property destruction"
            | "looting"
            | "property destruction"
            | "sabotage"
            | "vandalism"
            | "arson"
            | "theft"
            | "robbery" => Self::Looting,
            "riots" | "riot" | "violent demonstration" | "mob violence" | "riots protests" => {
                Self::Riots
            }
            "protests"
            | "protest"
            | "peaceful protest"
            | "protest with intervention"
            | "demonstration"
            | "strike"
            | "roadblock"
            | "road block"
            | "blockade"
            | "excessive force against protesters" => Self::Protests,
            "strategic developments"
            | "strategic development"
            | "agreement"
            | "arrests"
            | "change to group activity"
            | "disrupted weapons use"
            | "headquarters or base established"
            | "non violent transfer of territory" => Self::Strategic,
            _ => return None,
        })
    }
}

/// Normalizes words for comparison: letters and digits in lower case, everything else a single
/// blank.
pub(super) fn plain(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for c in words.chars() {
        if c.is_alphanumeric() {
            text.extend(c.to_lowercase());
        } else if !text.ends_with(' ') && !text.is_empty() {
            text.push(' ');
        }
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_goes_where_its_words_say() {
        use Domain::{Accident, Earthquake, Other, Security};
        use SecurityType as S;
        for (category, sub, event, domain, security_type) in [
            (
                "security",
                "Suicide bomb",
                "Explosions/Remote violence",
                Security,
                Some(S::Explosions),
            ),
            (
                "security",
                "Looting/property destruction",
                "Strategic developments",
                Security,
                Some(S::Looting),
            ),
            ("", "Armed clash", "", Security, Some(S::Battles)),
            ("", "", "Violence against civilians", Security, Some(S::Violence)),
            ("", "Other", "Strategic developments", Security, Some(S::Strategic)),
            ("security", "", "Something new", Security, Some(S::Unknown)),
            ("", "", "", Security, Some(S::Unknown)),
            ("accident", "Gas explosion", "Mine accident", Accident, None),
            ("", "Gas explosion", "Mine accident", Accident, None),
            ("", "Oil spill", "Pollution", Accident, None),
            ("environment", "Oil spill", "Pollution", Accident, None),
            ("spill", "", "", Accident, None),
            ("environment", "Earthquake/tsunami", "Earthquake", Earthquake, None),
            ("environment", "Flash flood", "Flood", Other, None),
            ("", "", "Flood", Other, None),
            ("other", "Attack", "", Other, None),
        ] {
            let given = |word: &'static str| (!word.is_empty()).then_some(word);
            let routed = route(given(category), given(sub), given(event), None);
            assert_eq!(
                (routed.domain, routed.security_type),
                (domain, security_type),
                "{category}/{sub}/{event}"
            );
        }
    }

    #[test]
    fn a_type_that_a_conflict_catalog_adds_is_security_of_unknown_type() {
        let routed = route(None, Some("Cyber attack"), Some("New type"), Some(Domain::Security));
        assert_eq!(routed.security_type, Some(SecurityType::Unknown));
        assert!(!routed.known);
    }

    #[test]
    fn our_own_words_are_read_back() {
        for kind in SecurityType::ALL {
            let read = SecurityType::from_words(kind.word());
            assert_eq!(read, (kind != SecurityType::Unknown).then_some(kind), "{}", kind.word());
        }
    }
}

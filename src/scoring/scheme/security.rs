//! The security part of a scheme: the weight of an incident by its type, deaths, distance and age, and
//! the curve from the kernel sum to the score.

use crate::model::{Part, SecurityType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The security score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityScheme {
    /// Whether there is a security score at all.
    pub enabled: bool,
    /// The weight of an incident by type and deaths.
    pub severity: Severity,
    /// Its weight by distance.
    pub kernel: Kernel,
    /// Its weight by age.
    pub recency: Recency,
    /// How the sum becomes a score.
    pub score: ScoreCurve,
    /// Weights of the parts of one site.
    pub parts: Parts,
    /// How recent incidents are compared with those before.
    pub trend: Trend,
    /// How many incidents are named.
    pub drivers: Drivers,
}

/// Weight of an incident: type * (1 + fatality_factor * log10(1 + deaths)).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Severity {
    /// Weight of deaths; 0 leaves them out.
    pub fatality_factor: f64,
    /// Explosions and remote violence.
    pub explosions: f64,
    /// Violence against civilians; UCDP one-sided violence.
    pub violence_against_civilians: f64,
    /// Battles; UCDP state-based and non-state conflict.
    pub battles: f64,
    /// Looting or property destruction.
    pub looting: f64,
    /// Riots.
    pub riots: f64,
    /// Protests.
    pub protests: f64,
    /// Other strategic developments.
    pub strategic_developments: f64,
    /// A security event of unknown type.
    pub unknown: f64,
}

impl Severity {
    /// The weight of a type; the keys are the words of [`SecurityType::word`].
    pub fn of_type(&self, security_type: SecurityType) -> f64 {
        match security_type {
            SecurityType::Explosions => self.explosions,
            SecurityType::Violence => self.violence_against_civilians,
            SecurityType::Battles => self.battles,
            SecurityType::Looting => self.looting,
            SecurityType::Riots => self.riots,
            SecurityType::Protests => self.protests,
            SecurityType::Strategic => self.strategic_developments,
            SecurityType::Unknown => self.unknown,
        }
    }
}

/// How the weight falls with distance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kernel {
    /// The form.
    pub form: KernelForm,
    /// "gaussian": standard deviations of its parts in km.
    pub scales_km: Vec<f64>,
    /// "gaussian": shares of the kernel's mass, its integral over the plane, one for each scale;
    /// divided by their sum. The peak of a part is in proportion to share / scale^2.
    pub weights: Vec<f64>,
    /// The kernel is cut to 0 below this value.
    pub cutoff: f64,
    /// The other forms: the zone of influence R in km.
    pub influence_km: f64,
}

impl Kernel {
    /// The Gaussian parts as (share of the mass, standard deviation in km). The shares add up to 1;
    /// parts of weight 0 are left out.
    pub fn gaussian_shares(&self) -> Vec<(f64, f64)> {
        let sum: f64 = self.weights.iter().sum();
        let shares = self.weights.iter().map(|weight| weight / sum);
        shares.zip(self.scales_km.iter().copied()).filter(|(share, _)| *share > 0.0).collect()
    }

    /// The same parts by their peaks, which add up to 1: the kernel's value at distance 0 without
    /// position error.
    ///
    /// A Gaussian of peak p and scale h has the mass 2 pi p h^2, so a part with the share w of the
    /// mass has a peak proportional to w / h^2.
    pub fn gaussian_parts(&self) -> Vec<(f64, f64)> {
        let shares = self.gaussian_shares();
        // Relative to the narrowest scale no square overflows or underflows.
        let narrowest = shares.iter().map(|part| part.1).fold(f64::INFINITY, f64::min);
        let height = |&(share, scale): &(f64, f64)| share * (narrowest / scale).powi(2);
        let sum: f64 = shares.iter().map(height).sum();
        shares.iter().map(|part| (height(part) / sum, part.1)).collect()
    }

    /// The distance over which the weight falls in its narrowest part, in km.
    pub fn narrowest_km(&self) -> f64 {
        match self.form {
            KernelForm::Gaussian => {
                self.gaussian_shares().iter().map(|part| part.1).fold(f64::INFINITY, f64::min)
            }
            KernelForm::Exponential
            | KernelForm::Linear
            | KernelForm::Quartic
            | KernelForm::Step => self.influence_km,
        }
    }
}

/// The forms a kernel can have; all are 1 at no distance and without position error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KernelForm {
    /// A sum of Gaussians, each widened by the position error.
    Gaussian,
    /// exp(-rate d / R), with the scheme's exponential rate.
    Exponential,
    /// 1 - d / R.
    Linear,
    /// (1 - (d / R)^2)^2.
    Quartic,
    /// 1 up to and including R.
    Step,
}

/// How the weight falls with age.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recency {
    /// Age in days at which an incident weighs half.
    pub half_life_days: f64,
}

/// How an intensity becomes a score: 100 x / (1 + x), x = (intensity / reference)^exponent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreCurve {
    /// The intensity that scores 50.
    pub reference_intensity: f64,
    /// How steeply the score rises with the logarithm of the intensity.
    pub exponent: f64,
}

/// Weights of the parts of one site; each incident counts once, at the part where it weighs most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parts {
    /// The mine, plant or works itself.
    pub mine: f64,
    /// Where people live.
    pub camp: f64,
    /// A public road or railway that leads to it; distance to the line.
    pub road: f64,
    /// A port that it uses.
    pub port: f64,
}

impl Parts {
    /// The weight of a part.
    pub fn of(&self, part: Part) -> f64 {
        match part {
            Part::Mine => self.mine,
            Part::Camp => self.camp,
            Part::Road => self.road,
            Part::Port => self.port,
        }
    }
}

/// How recent incidents are compared with those before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// Length in days of the last period, and of the one before it.
    pub period_days: u32,
    /// Prior counts added to each period.
    pub prior: f64,
}

/// How many incidents are named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Drivers {
    /// How many of the strongest incidents are drawn as links.
    pub links: u32,
}

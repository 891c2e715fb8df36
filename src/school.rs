//! One school as it stands at a moment: its settings and its plan, checked against each other.

use crate::config::Settings;
use crate::plan::Plan;

/// Settings and plan that fit together: every name in the plan means somebody in the settings.
#[derive(Clone, Debug)]
pub struct School {
    /// What the admin wrote.
    pub settings: Settings,
    /// What the school wrote.
    pub plan: Plan,
    /// Tells this version of the plan and of what settles its times and people from every other.
    pub plan_hash: String,
}

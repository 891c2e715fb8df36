//! What is wrong with the people of a configuration.

use jiff::civil::Date;

use crate::diagnostic::mistakes;

use super::read::NameKind;

mistakes! {
    /// What is wrong with the people of a configuration, or doubtful about them.
    pub(crate) enum PeopleMistake {
        "empty" => GroupWithoutMembers,
        "empty" => NobodyNamed,
        "doubled-name" => DoubledName { name: String, kind: NameKind },
        "hidden-name" => HiddenName { name: String, known: NameKind, kind: NameKind },
        "hidden-name" => GroupLikeRole { name: String },
        "doubled-name" => AlikeAliases { name: String, other: String },
        "unknown-name" => UnknownName { name: String, near: Option<String> },
        "circle" => Circle { names: Vec<String> },
        "unknown-channel" => UnknownChannel { name: String, near: Option<String> },
        "unknown-channel" => NoUsualChannel { usual: &'static str, other: String },
        "no-zalo-channel" => NoZaloChannel,
        "bad-form-of-address" => NoFormOfAddress { written: String },
        "bad-phone" => NoNumber { written: String },
        "several-roles" => SeveralRoles { written: String, roles: Vec<String> },
        "ends-before-start" => AwayEndsBeforeStart { from: Date, to: Date },
        "own-deputy" => OwnDeputy,
        "no-address" => NoAddress { name: String },
        "mistyped-address" => NearMiss { address: String, name: String, meant: String },
        "mistyped-address" => NoDot { address: String, name: String },
        "shared-address" => SharedAddress { address: String, name: String, other: String },
    }
}

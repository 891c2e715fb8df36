//! What is wrong, as a value.

use std::fmt;

use crate::language::Explained;

/// What is wrong or doubtful, with the facts that its words need. The catalogue of every language explains it
/// ([`Explains`](crate::language::Explains)).
pub trait Mistake: Explained + fmt::Debug + Send + Sync {
    /// A stable word for the kind of mistake, for programs that read the JSON.
    fn code(&self) -> &'static str;
}

/// Defines the mistakes of a room: each with its code and its facts.
macro_rules! mistakes {
    (
        $(#[$doc:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$variant_doc:meta])* $code:literal => $variant:ident $({ $($field:ident: $fact:ty),+ $(,)? })?,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        $visibility enum $name {
            $($(#[$variant_doc])* $variant $({ $($field: $fact),+ })?,)+
        }

        impl $crate::diagnostic::Mistake for $name {
            fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $code,)+
                }
            }
        }
    };
}

pub(crate) use mistakes;

use crate::cli::CommandError;
use crate::language::{English, Says};
use crate::with_causes;

impl Says<CommandError> for English {
    /// As the errors say it themselves: the journal has the same words.
    fn say(&self, error: &CommandError) -> String {
        with_causes(error)
    }
}

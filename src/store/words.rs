//! Words of closed sets as the store writes them: here they become values again. A word that is not known is an error:
//! somebody newer has written it, or somebody else.

use sqlx::any::AnyRow;

use crate::closed_set::ClosedSet;

use super::{ExpectedValue, Result, damaged, optional_text, text};

/// The value that a column's word means.
pub(super) fn word<T: ClosedSet>(row: &AnyRow, column: &'static str) -> Result<T> {
    value(column, text(row, column)?)
}

/// The value that a column's word means, where there is one.
pub(super) fn optional_word<T: ClosedSet>(row: &AnyRow, column: &'static str) -> Result<Option<T>> {
    optional_text(row, column)?.map(|word| value(column, word)).transpose()
}

fn value<T: ClosedSet>(column: &'static str, word: String) -> Result<T> {
    T::of_word(&word)
        .ok_or_else(|| damaged(column, ExpectedValue::OneOf(T::ALL.iter().map(|value| value.word()).collect()), word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;
    use crate::store::outbox::{AttemptOutcome, MessageState};

    #[test]
    fn a_word_that_is_not_known_is_an_error_and_no_value() {
        assert!(matches!(value("state", "dead".to_owned()), Ok(MessageState::Dead)));
        let unknown = value::<AttemptOutcome>("outcome", "postponed".to_owned());
        assert!(matches!(unknown, Err(StoreError::Damaged { value, .. }) if value == "postponed"));
    }
}

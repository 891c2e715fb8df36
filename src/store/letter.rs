//! Letters as the store keeps them: compressed (Zstandard, RFC 8878), as they take up most of it. What an earlier version kept
//! as it was sent is read as it is, and compressed as time allows.

use std::io::Read;
use std::sync::{LazyLock, Mutex, PoisonError};

use sqlx::any::AnyRow;
use zstd::bulk::Compressor;
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::stream::read::Decoder;

use super::{Doing, ExpectedValue, Result, StoreStep, damaged};

/// What letters have in common, made by `zstd --train --maxdict=16384 --dictID=1` of the shipped school's year. Each letter names
/// it by its number and cannot be read without it: another one stands beside it and never in its place.
const DICTIONARY: &[u8] = include_bytes!("letters.dictionary");
/// The fastest level: the next ones save little.
const LEVEL: i32 = 1;
/// With these octets every compressed letter begins, and no other: a letter is text.
pub(super) const COMPRESSED: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// No letter is longer, in octets: a damaged one must not fill the memory.
const LONGEST: u64 = 64 << 20;

/// A letter as it is kept.
pub(super) fn compressed(letter: &[u8]) -> Vec<u8> {
    static TRAINED: LazyLock<EncoderDictionary<'static>> = LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
    static COMPRESSOR: LazyLock<Mutex<Option<Compressor<'static>>>> =
        LazyLock::new(|| Mutex::new(Compressor::with_prepared_dictionary(&TRAINED).ok()));

    // What is poisoned is begun anew with the next letter.
    let mut compressor = COMPRESSOR.lock().unwrap_or_else(PoisonError::into_inner);
    // Memory alone can be missing; a letter as it is can be kept as well.
    let made = compressor.as_mut().and_then(|compressor| compressor.compress(letter).ok());
    made.unwrap_or_else(|| letter.to_vec())
}

/// The letter that a column keeps, as it was sent.
pub(super) fn letter(row: &AnyRow, column: &'static str) -> Result<Option<Vec<u8>>> {
    use sqlx::Row;

    let kept = row.try_get::<Option<Vec<u8>>, _>(column).doing(StoreStep::ReadAsSent)?;
    kept.map(|kept| as_sent(kept).map_err(|error| damaged(column, ExpectedValue::Letter, error.to_string())))
        .transpose()
}

fn as_sent(kept: Vec<u8>) -> std::io::Result<Vec<u8>> {
    static TRAINED: LazyLock<DecoderDictionary<'static>> = LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

    if !kept.starts_with(COMPRESSED) {
        return Ok(kept);
    }
    let mut sent = Vec::new();
    let letter = Decoder::with_prepared_dictionary(kept.as_slice(), &TRAINED)?;
    let read = letter.take(LONGEST + 1).read_to_end(&mut sent)?;
    if read as u64 > LONGEST {
        return Err(std::io::Error::other("it is too long"));
    }
    Ok(sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_comes_back_as_it_was_sent_and_takes_up_a_fraction() {
        let letter =
            "Kính gửi Thầy/Cô: nhà trường xin nhắc các việc sau trong Kế hoạch cải tiến chất lượng giáo dục.\r\n"
                .repeat(20);
        let kept = compressed(letter.as_bytes());
        assert!(kept.starts_with(COMPRESSED));
        assert!(kept.len() * 4 < letter.len(), "{} of {}", kept.len(), letter.len());
        assert_eq!(as_sent(kept).ok().as_deref(), Some(letter.as_bytes()));
        assert_eq!(as_sent(compressed(b"")).ok().as_deref(), Some(&b""[..]));
    }

    #[test]
    fn a_letter_of_before_is_read_as_it_is_and_a_damaged_one_is_told() {
        let letter = b"From: a@school.example\r\n\r\nx";
        assert_eq!(as_sent(letter.to_vec()).ok().as_deref(), Some(&letter[..]));
        let mut kept = compressed(letter);
        kept.truncate(kept.len() - 1);
        assert!(as_sent(kept).is_err());
    }
}

//! Chance from a seed. Every draw is known by what it is about, so that leaving one thing out of a year changes no other.

use std::hash::{Hash, Hasher};

/// The chance of one year.
#[derive(Clone, Copy, Debug)]
pub struct Draws {
    seed: u64,
}

/// A hash that is the same in every process (FNV-1a).
struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    }
}

/// A digest of lines, one after the other.
pub fn digest(before: u64, line: &str) -> u64 {
    let mut hash = Fnv(before ^ 0xcbf2_9ce4_8422_2325);
    hash.write(line.as_bytes());
    hash.finish()
}

/// Spreads a number over all of its bits (splitmix64).
fn spread(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Draws {
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// A number of 64 bits for this thing.
    pub fn number(self, what: &str, key: impl Hash) -> u64 {
        let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
        hash.write_u64(self.seed);
        what.hash(&mut hash);
        key.hash(&mut hash);
        spread(hash.finish())
    }

    /// A number from `least` up to, but not, `end`.
    pub fn between(self, what: &str, key: impl Hash, least: u64, end: u64) -> u64 {
        least + self.number(what, key) % (end - least).max(1)
    }

    /// Whether something with this chance in a million happens.
    pub fn happens(self, what: &str, key: impl Hash, millionths: u32) -> bool {
        self.number(what, key) % 1_000_000 < u64::from(millionths)
    }

    /// A source of numbers one after the other, for what is drawn once and as a whole.
    pub fn stream(self, what: &str) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.number(what, ()))
    }
}

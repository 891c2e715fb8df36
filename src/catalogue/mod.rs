//! What the program says to its admin, in the words of each language: a folder a language, a file a room.
//!
//! Knows every room that says something, and is known by none: rooms hold what they say as values
//! ([`language`](crate::language)). Terms are those of `docs/`.

mod english;
mod vietnamese;

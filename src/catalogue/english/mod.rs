//! The catalogue of English.

mod check;
mod diagnostic;

/// A number of things, in words.
fn counted(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

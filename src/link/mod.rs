//! Signed links, by which a person answers without an account.
//!
//! - [`LinkKey`]: the key of a school's links, and the file that keeps it.
//! - [`LinkToken`] and [`Signer`]: what a link says, signed and checked. Pure: the time is a parameter.
//! - [`Links`]: the addresses that stand in messages and pages.
//!
//! A token names its purpose, the instant of issue, the days for which it holds, its person and its subject, and ends in
//! a code that only the school's key makes (HMAC-SHA256). Person and subject are codes too, so that a link that was
//! found or passed on names nobody. Nothing is kept about links that were issued; all that were issued before an instant
//! can be made void (`store::links`).
//!
//! ```
//! use jiff::{Timestamp, ToSpan};
//! use nhacviec::link::{BadLink, LinkKey, Links, Purpose, Signer};
//!
//! let signer = Signer::new(LinkKey::new([7; 32]), "school");
//! let links = Links::new(signer.clone(), "325/KH-TrTH", "https://nhacviec.school.example", 60);
//! let issued: Timestamp = "2023-10-02T00:00:00Z".parse()?;
//! let address = links.for_person("Hiệu trưởng", issued).overview();
//!
//! let token = address.strip_prefix("https://nhacviec.school.example/m/").expect("the folder of overviews");
//! let opened = signer.open(token, issued)?;
//! assert_eq!((opened.purpose, opened.person), (Purpose::Overview, signer.person("Hiệu trưởng")));
//! assert_eq!(signer.open(token, issued + (60 * 24).hours()), Err(BadLink::Expired));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod key;
mod links;
mod token;

pub use key::LinkKey;
pub use links::{Links, PersonalLinks};
pub use token::{BadLink, LinkTag, LinkToken, Purpose, Signer};

//! The channel `file`: one `.eml` file a message in a folder, for trying out and for other programs to pick up.

use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;

use crate::compose::{Content, ContentParts};
use crate::people::Recipient;
use crate::private_files;
use crate::reason::{Advice, LocalReason, SystemReason};
use crate::toml_file::TomlTable;
use crate::toml_file::values;

use super::{Channel, ChannelContext, Failure, Outgoing, Payload, Receipt, TriedOut, mime};

/// Writes messages as files.
#[derive(Debug)]
struct FileChannel {
    /// The folder that receives the files.
    directory: PathBuf,
    /// The sender's address, where it is set.
    from: Option<String>,
    /// The address for answers, where it is set.
    reply_to: Option<String>,
}

/// Reads the channel's table.
pub(super) fn open(table: &TomlTable<'_>, place: ChannelContext<'_>) -> Option<Box<dyn Channel>> {
    let directory = table.require("directory").and_then(|value| value.name());
    let from = table.get("from").and_then(|value| values::address(&value));
    let reply_to = place.reply_to(table);
    Some(Box::new(FileChannel { directory: place.base.join(directory?), from, reply_to }))
}

#[async_trait]
impl Channel for FileChannel {
    fn address<'a>(&self, recipient: &'a Recipient) -> Result<Option<&'a str>, Failure> {
        Ok(recipient.email.as_deref())
    }

    fn parts(&self) -> ContentParts {
        ContentParts::Mail
    }

    fn render(&self, message: &Outgoing<'_>, content: &Content) -> Result<Payload, Failure> {
        mime::payload(message, content, self.from.as_deref(), self.reply_to.as_deref()).map_err(Failure::from)
    }

    async fn try_out(&self) -> Result<Option<TriedOut>, Failure> {
        let directory = self.directory.clone();
        let written = tokio::task::spawn_blocking(move || {
            private_files::create_folder(&directory)?;
            private_files::temporary_in(&directory).map(drop)
        });
        match written.await {
            Ok(Ok(())) => Ok(Some(TriedOut::Folder(self.directory.clone()))),
            Ok(Err(error)) => Err(not_written(&self.directory, &error)),
            Err(stopped) => Err(broken_off(&stopped)),
        }
    }

    async fn send(&self, message: &Outgoing<'_>, payload: &Payload) -> Result<Receipt, Failure> {
        let path = self.directory.join(file_name(message, payload));
        let bytes = payload.bytes.clone();
        let target = path.clone();
        let written = tokio::task::spawn_blocking(move || private_files::write_whole(&target, &bytes)).await;
        match written {
            Ok(Ok(())) => Ok(Receipt { answer: LocalReason::Written { path }.into() }),
            Ok(Err(error)) => Err(not_written(&path, &error)),
            Err(stopped) => Err(broken_off(&stopped)),
        }
    }

    fn clean_up(&self) {
        match private_files::remove_unfinished(&self.directory) {
            Ok(0) => {}
            Ok(files) => tracing::warn!(files, "removed what an earlier process had written only in part"),
            // Readers do not see it, and writing will tell what is wrong with the folder.
            Err(error) => {
                tracing::warn!(%error, folder = %self.directory.display(), "cannot look for unfinished files");
            }
        }
    }
}

/// A full disk or a missing folder is mended by the admin; every message would fail alike.
fn not_written(path: &Path, error: &io::Error) -> Failure {
    let reason = LocalReason::NotWritten { path: path.to_owned(), why: SystemReason::from(error) };
    Failure::of_channel(reason, Advice::LetWrite)
}

/// The thread that writes came to no end.
fn broken_off(error: &tokio::task::JoinError) -> Failure {
    Failure::temporary(LocalReason::BrokenOff { words: error.to_string() })
}

/// A name that sorts by time and is always the same for a message, so that a repetition replaces the file.
fn file_name(message: &Outgoing<'_>, payload: &Payload) -> String {
    let id: String = message.id.chars().take(12).collect();
    format!("{}-{id}.{}", message.created.strftime("%Y%m%dT%H%M"), payload.extension)
}

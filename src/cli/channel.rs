//! `channel pair`: finds the conversations of a bot, which its service tells only after somebody has written to it.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use crate::channel::Chat;
use crate::language::Said;

use super::{CommandError, Console, Findings, Format, block_on, load};

/// How long to wait between two questions to the service.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug, clap::Args)]
pub(super) struct ChannelArgs {
    #[command(subcommand)]
    action: ChannelAction,
}

#[derive(Debug, clap::Subcommand)]
enum ChannelAction {
    /// Wait for somebody to write to the bot, and show the `chat` that the configuration needs
    Pair {
        /// The channel's name
        name: String,
        /// How long to wait
        #[arg(long, value_name = "SECONDS", default_value_t = 120)]
        wait: u64,
    },
}

/// A conversation of a bot, as a line of the JSON output.
#[derive(Serialize)]
struct ChatLine<'a> {
    channel: &'a str,
    chat: &'a str,
    name: &'a str,
    text: &'a str,
}

/// What is said while a conversation is looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PairingText<'t> {
    /// What to do now, and for how many seconds it is waited.
    Write { seconds: u64 },
    /// Nobody has written to the bot.
    Nobody,
    /// Where the printed lines are to be put, for the channel of this name.
    PutLine { channel: &'t str },
}

pub(super) fn run(config: &Path, args: &ChannelArgs, console: Console) -> Result<Findings, CommandError> {
    let ChannelAction::Pair { name, wait } = &args.action;
    let channels = load(config, console)?.channels;
    let Some(channel) = channels.get(name) else {
        return Err(CommandError::unknown_channel(name, &channels));
    };
    let Some(finder) = channel.chat_finder() else { return Err(CommandError::NothingToPair(name.clone())) };
    let tell = |text: PairingText<'_>| anstream::eprintln!("{}", text.said_in(console.language));
    tell(PairingText::Write { seconds: *wait });
    let chats = block_on(async {
        let found = async {
            loop {
                match finder.find_chats().await {
                    Err(failure) => return Err(CommandError::Channel { channel: name.clone(), failure }),
                    // A service that does not wait by itself is not asked without a pause.
                    Ok(chats) if chats.is_empty() => tokio::time::sleep(PAUSE).await,
                    Ok(chats) => return Ok(chats),
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(*wait), found).await.unwrap_or_else(|_| Ok(Vec::new()))
    })?;
    let mut out = anstream::stdout().lock();
    for chat in &chats {
        let Chat { id, name: who, text } = chat;
        match console.format {
            Format::Json => {
                let line = ChatLine { channel: name, chat: id, name: who, text };
                writeln!(out, "{}", serde_json::to_string(&line).map_err(io::Error::from)?)?;
            }
            Format::Text => {
                // What strangers write stays on its line.
                let shown = |text: &str| text.replace(char::is_control, " ");
                writeln!(out, "chat = {{ {name} = {id:?} }}  # {}: {}", shown(who), shown(text))?;
            }
        }
    }
    if chats.is_empty() {
        tell(PairingText::Nobody);
        return Ok(Findings::Problems);
    }
    if console.format == Format::Text {
        tell(PairingText::PutLine { channel: name });
    }
    Ok(Findings::Fine)
}

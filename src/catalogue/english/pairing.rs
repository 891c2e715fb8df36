use crate::cli::channel::PairingText;
use crate::language::{English, Says};

impl Says<PairingText<'_>> for English {
    fn say(&self, said: &PairingText<'_>) -> String {
        match said {
            PairingText::Write { seconds } => {
                let seconds = if *seconds == 1 { "1 second".to_owned() } else { format!("{seconds} seconds") };
                format!(
                    "Write a word to the bot now, from the account or in the group that is to be told. Waiting {seconds} …"
                )
            }
            PairingText::Nobody => "Nobody has written to the bot.".to_owned(),
            PairingText::PutLine { channel } => format!(
                "Put the line into the [[person]] or [[group]] that it belongs to, and `{channel}` into its `via`."
            ),
        }
    }
}

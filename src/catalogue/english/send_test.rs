use crate::cli::send_test::{SendAdvice, SendTestText};
use crate::language::{English, Says};

impl Says<SendTestText<'_>> for English {
    fn say(&self, said: &SendTestText<'_>) -> String {
        use SendTestText as T;
        match said {
            T::Outcome { to, address, channel, is_sent } => {
                let address = address.map(|address| format!(" ({address})")).unwrap_or_default();
                format!("{to}{address} over {channel}: {}", if *is_sent { "sent" } else { "not sent" })
            }
            T::Answer(answer) => format!("answer      {}", self.say(*answer)),
            T::Failed(reason) => format!("what failed {}", self.say(*reason)),
            T::ToDo(advice) => format!("what to do  {advice}"),
            T::MessageId(id) => format!("message     {id}"),
            T::Reached { reached, all } => format!("reached {reached} of {all}"),
            T::NotReached(names) => format!("not reached: {}", names.join(", ")),
        }
    }
}

impl Says<SendAdvice> for English {
    fn say(&self, advice: &SendAdvice) -> String {
        match advice {
            SendAdvice::MendChannel => "mend the channel's table in the configuration",
            SendAdvice::MayPass => {
                "this often passes, and the service would try again; if it stays, check `host`, `port` and the firewall"
            }
            SendAdvice::SeeRecipient => "check the recipient's address, and that the channel may write to it",
            SendAdvice::OtherChannel => "this channel does not carry such a message; another may",
            SendAdvice::TryAnother => {
                "try another recipient: if that one is refused as well, it is about the channel, else about this recipient"
            }
            SendAdvice::LookThere => "look whether it arrived: the other side had it whole",
        }
        .to_owned()
    }
}

use crate::cli::init::{FileText, InitText};
use crate::language::{English, Says};

impl Says<InitText<'_>> for English {
    fn say(&self, said: &InitText<'_>) -> String {
        match said {
            InitText::School => "Name of the school".to_owned(),
            InitText::Place => "Place before the date".to_owned(),
            InitText::Authority => "Body above the school".to_owned(),
            InitText::Mail => {
                "Send mail by (folder: not yet, gmail, microsoft-365, or the name of a server)".to_owned()
            }
            InitText::Mailbox => "Mailbox to send from".to_owned(),
            InitText::AdminEmail => "Address of whoever is told of failures".to_owned(),
            InitText::NoAddress => "this is no address of electronic mail".to_owned(),
            InitText::OpenRoles(list) => {
                format!("Nobody holds these roles yet; fill in names and addresses in {}:", list.display())
            }
            InitText::Doubts(config) => {
                format!(
                    "Not clear in the plan; mend the document, or add the lines that are named to {}:",
                    config.display()
                )
            }
            InitText::Password(file) => format!("Write the mailbox's password into {}", file.display()),
            InitText::Next => "Next: nhacviec check, then nhacviec rehearse to see all that would be sent.".to_owned(),
        }
    }
}

impl Says<FileText<'_>> for English {
    fn say(&self, said: &FileText<'_>) -> String {
        match said {
            FileText::Written(path) => format!("written: {}", path.display()),
            FileText::Kept(path) => format!("kept as it is: {}", path.display()),
        }
    }
}

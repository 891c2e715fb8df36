use crate::language::{English, Explains, Explanation};
use crate::people::mistake::PeopleMistake;
use crate::people::read::NameKind;
use crate::people_list::mistake::{ListMistake, UnreadColumn};

use super::{meant, quoted};

impl Explains<PeopleMistake> for English {
    #[expect(clippy::too_many_lines, reason = "a table of words")]
    fn explain(&self, mistake: &PeopleMistake) -> Explanation {
        use PeopleMistake as M;
        match mistake {
            M::GroupWithoutMembers => Explanation::new(
                "the group has no members",
                "write `members = [\"…\"]`, or a channel of its own in `via`",
            ),
            M::NobodyNamed => Explanation::new("nobody is named", "write at least one person, group or role"),
            M::DoubledName { name, kind } => Explanation::new(
                format!("'{name}' is already the name of a {}", kind_name(*kind)),
                "give one of them another name",
            ),
            M::HiddenName { name, known, kind } => {
                let (known, kind) = (kind_name(*known), kind_name(*kind));
                Explanation::new(
                    format!("'{name}' means the {known} of that name, never this {kind}"),
                    "give one of them another name, or leave this one out",
                )
            }
            M::GroupLikeRole { name } => Explanation::new(
                format!("'{name}' is also a role that somebody holds: the name means this group, never them"),
                "give the group another name, or make those who hold the role its members",
            ),
            M::AlikeAliases { name, other } => Explanation::new(
                format!("'{name}' and '{other}' are two aliases that differ in capitals alone"),
                "leave one of them out, or write them so that nobody takes one for the other",
            ),
            M::UnknownName { name, near } => {
                let help = near.as_ref().map_or_else(
                    || {
                        format!(
                            "add a row for it to the list of people, or give somebody the role in `roles`; or say under \
                             [aliases] whom '{name}' means"
                        )
                    },
                    |near| format!("did you mean '{near}'?"),
                );
                Explanation::new(format!("no one holds the role '{name}', and it is no person, group or alias"), help)
            }
            M::Circle { names } => Explanation::new(
                format!("this name leads back to itself: {}", names.join(" -> ")),
                "name persons or roles instead",
            ),
            M::UnknownChannel { name, near } => Explanation::new(
                format!("there is no channel `{name}`"),
                meant(near.as_ref(), || format!("add [channel.{name}], or name one that there is")),
            ),
            M::NoUsualChannel { usual, other } => Explanation::new(
                format!("without `via` the channel `{usual}` is meant, which there is not"),
                format!("add `via = [\"{other}\"]`"),
            ),
            M::NoZaloChannel => Explanation::new(
                "conversations on Zalo stand in the list, and no channel has `kind = \"zalo\"`: nobody is told there",
                "add such a [channel.NAME] (docs/chat.md), or leave the column empty",
            ),
            M::NoFormOfAddress { written } => Explanation::new(
                format!("`{written}` is no form of address"),
                "write how messages address this person, as in \"Cô\"; where mail goes is `email`",
            ),
            M::NoNumber { written } => {
                Explanation::new(format!("`{written}` is no number to call"), "write it as \"0912 345 678\"")
            }
            M::SeveralRoles { written, roles } => Explanation::new(
                format!("'{written}' is read as {} roles", roles.len()),
                format!("write each of them by itself: {}", quoted(roles)),
            ),
            M::AwayEndsBeforeStart { from, to } => {
                Explanation::new(format!("{to} is before {from}"), "write the earlier date first")
            }
            M::OwnDeputy => Explanation::new("nobody can be their own deputy", "name somebody else"),
            M::NoAddress { name } => Explanation::new(
                format!("'{name}' has no address: nothing reaches them"),
                "write their address into the column of addresses",
            ),
            M::NearMiss { address, name, meant } => Explanation::new(
                format!("`{address}` of '{name}' is probably mistyped"),
                format!("did you mean `{meant}`?"),
            ),
            M::NoDot { address, name } => Explanation::new(
                format!("in `{address}` of '{name}' there is no dot behind the @"),
                "write the whole name of the mail server",
            ),
            M::SharedAddress { address, name, other } => Explanation::new(
                format!("'{name}' has the address of '{other}': `{address}`"),
                "give each of them an address of their own, or one of them all the roles",
            ),
        }
    }
}

fn kind_name(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Person => "person",
        NameKind::Group => "group",
        NameKind::Role => "role",
        NameKind::Alias => "alias",
    }
}

impl Explains<ListMistake> for English {
    fn explain(&self, mistake: &ListMistake) -> Explanation {
        use ListMistake as M;
        match mistake {
            M::NoHeadings { seen } => {
                let seen = if seen.is_empty() { String::new() } else { format!("; it has {}", quoted(seen)) };
                Explanation::new(
                    format!("no table of this file has the headings of a list of people{seen}"),
                    "write a row of headings above the people: Họ và tên, Chức vụ, Tổ, Email, Điện thoại, Zalo",
                )
            }
            M::UnannouncedAddresses => Explanation::new(
                "addresses stand in a column whose heading does not say so: they are not read",
                "call the column \"Email\"",
            ),
            M::SecondColumnOfAddresses { first } => Explanation::new(
                format!("there are two columns of addresses: the one called \"{first}\" counts, this one does not"),
                "call this column something else, or move what is to count into the other",
            ),
            M::UnreadColumns { columns } => unread_columns(columns),
            M::NobodyInRow => Explanation::new(
                "this row names nobody: neither a name nor what they do",
                "write who it is, or delete the row",
            ),
            M::DoubledName { name } => Explanation::new(
                format!("two people are called '{name}'"),
                "write behind each name what tells them apart, as \"(1A)\"; one person has one address",
            ),
            M::SeveralAddresses { first } => Explanation::new(
                format!("several addresses stand in one cell: mail goes to `{first}` alone"),
                "write one address; whoever is to be told as well gets a row of their own",
            ),
            M::NoAddress { written, meant: near } => Explanation::new(
                format!("`{written}` is no address of electronic mail"),
                meant(near.as_ref(), || {
                    "write it as name@school.example, without blanks or diacritics; leave the cell empty where there is \
                     none"
                        .to_owned()
                }),
            ),
            M::NoNumber { written } => {
                Explanation::new(format!("`{written}` is no number to call"), "write it as \"0912 345 678\"")
            }
            M::NoFormOfAddress { written } => Explanation::new(
                format!("`{written}` is no form of address"),
                "write how messages address this person: Thầy, Cô, Ông, Bà",
            ),
            M::NumberForConversation => Explanation::new(
                "this is a number to call: a bot on Zalo knows people by a conversation, so nobody is told there",
                "`nhacviec channel pair` shows the conversations; leave the cell empty until then",
            ),
        }
    }
}

fn unread_columns(columns: &[UnreadColumn]) -> Explanation {
    let names: Vec<String> = columns
        .iter()
        .map(|column| match column {
            UnreadColumn::Called(heading) => format!("\"{heading}\""),
            UnreadColumn::Numbered(number) => format!("column {number}"),
        })
        .collect();
    Explanation::new(
        format!("what stands here is not read: {}", names.join(", ")),
        "who is away stands in the configuration (`[[person]]` with `away`); take whoever has left off the list",
    )
}

use crate::language::{Explains, Explanation, Vietnamese};
use crate::people::mistake::PeopleMistake;
use crate::people::read::NameKind;
use crate::people_list::mistake::{ListMistake, UnreadColumn};

use super::{day, meant, quoted};

impl Explains<PeopleMistake> for Vietnamese {
    #[expect(clippy::too_many_lines, reason = "a table of words")]
    fn explain(&self, mistake: &PeopleMistake) -> Explanation {
        use PeopleMistake as M;
        match mistake {
            M::GroupWithoutMembers => {
                Explanation::new("nhóm không có ai", "viết `members = [\"…\"]`, hoặc kênh riêng của nhóm ở `via`")
            }
            M::NobodyNamed => Explanation::new("không nêu ai", "ghi ít nhất một người, nhóm hay vai trò"),
            M::DoubledName { name, kind } => Explanation::new(
                format!("đã có một {} tên là '{name}'", kind_name(*kind)),
                "đặt tên khác cho một trong hai",
            ),
            M::HiddenName { name, known, kind } => {
                let (known, kind) = (kind_name(*known), kind_name(*kind));
                Explanation::new(
                    format!("'{name}' được hiểu là {known} mang tên đó, không bao giờ là {kind} này"),
                    "đặt tên khác cho một trong hai, hoặc bỏ chỗ này",
                )
            }
            M::GroupLikeRole { name } => Explanation::new(
                format!("'{name}' cũng là một vai trò có người giữ: tên này chỉ nhóm, không chỉ những người đó"),
                "đặt tên khác cho nhóm, hoặc cho những người giữ vai trò vào nhóm",
            ),
            M::AlikeAliases { name, other } => Explanation::new(
                format!("hai cách gọi '{name}' và '{other}' chỉ khác nhau chữ hoa, chữ thường"),
                "bỏ một cách gọi, hoặc viết cho khác hẳn nhau",
            ),
            M::UnknownName { name, near } => {
                let help = near.as_ref().map_or_else(
                    || {
                        format!(
                            "thêm một dòng vào danh sách, hoặc ghi vai trò này vào `roles` của một người; hoặc cho biết ở \
                             [aliases] '{name}' là ai"
                        )
                    },
                    |near| format!("có phải là '{near}' không?"),
                );
                Explanation::new(
                    format!("không ai giữ vai trò '{name}', cũng không có người, nhóm hay cách gọi nào như vậy"),
                    help,
                )
            }
            M::Circle { names } => Explanation::new(
                format!("cách gọi này quay lại chính nó: {}", names.join(" -> ")),
                "ghi tên người hoặc vai trò",
            ),
            M::UnknownChannel { name, near } => Explanation::new(
                format!("không có kênh `{name}`"),
                meant(near.as_ref(), || format!("thêm [channel.{name}], hoặc ghi tên một kênh đang có")),
            ),
            M::NoUsualChannel { usual, other } => Explanation::new(
                format!("không ghi `via` thì là kênh `{usual}`, mà không có kênh đó"),
                format!("thêm `via = [\"{other}\"]`"),
            ),
            M::NoZaloChannel => Explanation::new(
                "danh sách có mã trò chuyện Zalo mà không kênh nào có `kind = \"zalo\"`: không ai được báo qua đó",
                "thêm một [channel.TÊN] như vậy (docs/kenh-chat.md), hoặc để trống cột đó",
            ),
            M::NoFormOfAddress { written } => Explanation::new(
                format!("`{written}` không phải là cách xưng hô"),
                "ghi thư gọi người này là gì, như \"Cô\"; địa chỉ email thì ghi ở `email`",
            ),
            M::NoNumber { written } => no_number(written),
            M::SeveralRoles { written, roles } => Explanation::new(
                format!("'{written}' được đọc là {} vai trò", roles.len()),
                format!("viết riêng từng vai trò: {}", quoted(roles)),
            ),
            M::AwayEndsBeforeStart { from, to } => {
                Explanation::new(format!("{} đứng trước {}", day(*to), day(*from)), "viết ngày sớm hơn trước")
            }
            M::OwnDeputy => Explanation::new("không ai tự thay chính mình", "ghi tên người khác"),
            M::NoAddress { name } => {
                Explanation::new(format!("'{name}' chưa có địa chỉ: không nhận được gì"), "ghi địa chỉ vào cột Email")
            }
            M::NearMiss { address, name, meant } => Explanation::new(
                format!("`{address}` của '{name}' có lẽ gõ nhầm"),
                format!("có phải là `{meant}` không?"),
            ),
            M::NoDot { address, name } => {
                Explanation::new(format!("`{address}` của '{name}' không có dấu chấm sau @"), "ghi đủ tên máy chủ thư")
            }
            M::SharedAddress { address, name, other } => Explanation::new(
                format!("'{name}' và '{other}' chung một địa chỉ: `{address}`"),
                "ghi cho mỗi người một địa chỉ riêng, hoặc ghi mọi vai trò cho một người",
            ),
        }
    }
}

fn kind_name(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Person => "người",
        NameKind::Group => "nhóm",
        NameKind::Role => "vai trò",
        NameKind::Alias => "cách gọi",
    }
}

fn no_number(written: &str) -> Explanation {
    Explanation::new(format!("`{written}` không phải là số điện thoại"), "viết như \"0912 345 678\"")
}

impl Explains<ListMistake> for Vietnamese {
    fn explain(&self, mistake: &ListMistake) -> Explanation {
        use ListMistake as M;
        match mistake {
            M::NoHeadings { seen } => {
                let seen = if seen.is_empty() { String::new() } else { format!("; tệp có {}", quoted(seen)) };
                Explanation::new(
                    format!("không bảng nào trong tệp có tiêu đề của danh sách cán bộ, giáo viên{seen}"),
                    "ghi một dòng tiêu đề phía trên: Họ và tên, Chức vụ, Tổ, Email, Điện thoại, Zalo",
                )
            }
            M::UnannouncedAddresses => Explanation::new(
                "cột này có địa chỉ mà tiêu đề không nói vậy, nên không được đọc",
                "gọi cột này là \"Email\"",
            ),
            M::SecondColumnOfAddresses { first } => Explanation::new(
                format!("có hai cột địa chỉ: chỉ dùng cột \"{first}\", không dùng cột này"),
                "gọi cột này bằng tên khác, hoặc chuyển địa chỉ cần dùng sang cột kia",
            ),
            M::UnreadColumns { columns } => unread_columns(columns),
            M::NobodyInRow => Explanation::new(
                "dòng này không nêu ai: không có họ tên, không có chức vụ",
                "ghi đó là ai, hoặc xóa dòng này",
            ),
            M::DoubledName { name } => Explanation::new(
                format!("hai người trùng họ tên '{name}'"),
                "ghi thêm sau mỗi tên cho khác nhau, như \"(1A)\"; mỗi người một địa chỉ",
            ),
            M::SeveralAddresses { first } => Explanation::new(
                format!("một ô có nhiều địa chỉ: chỉ gửi thư đến `{first}`"),
                "mỗi ô một địa chỉ; ai cũng cần nhận thì có dòng riêng",
            ),
            M::NoAddress { written, meant: near } => Explanation::new(
                format!("`{written}` không phải là địa chỉ email"),
                meant(near.as_ref(), || {
                    "viết như ten@truong.example, không có dấu cách, không có dấu tiếng Việt; chưa có thì để trống ô này"
                        .to_owned()
                }),
            ),
            M::NoNumber { written } => no_number(written),
            M::NoFormOfAddress { written } => Explanation::new(
                format!("`{written}` không phải là cách xưng hô"),
                "ghi thư gọi người này là gì: Thầy, Cô, Ông, Bà",
            ),
            M::NumberForConversation => Explanation::new(
                "đây là số điện thoại: bot Zalo nhận ra người qua mã trò chuyện, nên không ai được báo qua đó",
                "`nhacviec channel pair` cho biết các mã trò chuyện; chưa có thì để trống ô này",
            ),
        }
    }
}

fn unread_columns(columns: &[UnreadColumn]) -> Explanation {
    let names: Vec<String> = columns
        .iter()
        .map(|column| match column {
            UnreadColumn::Called(heading) => format!("\"{heading}\""),
            UnreadColumn::Numbered(number) => format!("cột thứ {number}"),
        })
        .collect();
    Explanation::new(
        format!("nội dung ở đây không được đọc: {}", names.join(", ")),
        "ai nghỉ thì ghi trong cấu hình (`[[person]]` có `away`); ai đã chuyển đi thì xóa dòng của người đó",
    )
}

//! What a team adds to the roles of its members: who answers for it, and what its head is called.

use std::collections::HashMap;

use crate::people::usual;
use crate::text;

use super::row::ListRow;

/// What the head and the deputy of a team are called where the team stands in a column of its own, and what they are in a
/// teaching team.
const HEADS: &[(&str, &str, &str)] =
    &[("to truong", "Tổ trưởng", "Tổ trưởng chuyên môn"), ("to pho", "Tổ phó", "Tổ phó chuyên môn")];
/// The team that teaches nothing.
const OFFICE: &str = "Tổ văn phòng";

/// Gives the members of teams the roles that follow: a team's name means its heads, or everybody in it where nobody
/// heads it; the head of a teaching team is "Tổ trưởng chuyên môn".
pub(super) fn settle(rows: &mut [ListRow]) {
    let mut headed: HashMap<String, bool> = HashMap::new();
    let teams: Vec<Option<String>> = rows.iter().map(|row| row.team.as_deref().map(team_name)).collect();
    for (row, team) in rows.iter().zip(&teams) {
        if let Some(team) = team {
            *headed.entry(text::fold(team)).or_default() |=
                row.positions.iter().any(|position| head(position).is_some());
        }
    }
    for (row, team) in rows.iter_mut().zip(teams) {
        let mut more: Vec<String> = Vec::new();
        for (position, (_, full, teaching)) in
            row.positions.iter().filter_map(|position| Some((position, head(position)?)))
        {
            let own = own_team(position).or_else(|| team.clone());
            let Some(own) = own else { continue };
            if own == OFFICE {
                more.push(format!("{full} văn phòng"));
            } else {
                more.extend([format!("{full} {}", text::with_small_initial(&own)), (*teaching).to_owned()]);
            }
            more.push(own);
        }
        if let Some(team) = team.filter(|team| !headed.get(&text::fold(team)).copied().unwrap_or_default()) {
            more.push(team);
        }
        for role in more {
            if !row.person.roles.contains(&role) {
                row.person.roles.push(role);
            }
        }
    }
}

/// What a head of a team is called, where a position says so.
fn head(position: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let folded = text::fold(position);
    HEADS.iter().find(|(word, ..)| {
        folded.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            && usual::of(position).is_none()
    })
}

/// The team that a position names itself: "Tổ trưởng tổ 4-5".
fn own_team(position: &str) -> Option<String> {
    let rest: Vec<&str> = position.split(' ').skip(2).collect();
    (!rest.is_empty()).then(|| team_name(&rest.join(" ")))
}

/// The name of a team as plans write it: "Tổ 1-3" for "1-3", "Tổ văn phòng" for "VP".
fn team_name(written: &str) -> String {
    let written = text::nfc(written);
    if let Some(usual) = usual::of(&written) {
        return usual.name.to_owned();
    }
    let folded = text::fold(&written);
    if !usual::begins_as_team(&folded) {
        return format!("Tổ {written}");
    }
    let is_loud = !written.chars().any(char::is_lowercase);
    text::with_capital_initial(&if is_loud { written.to_lowercase() } else { written })
}

//! Addresses of the web in an answer that prove something: of drives and albums, or in a line that says what they are.

use crate::text;

/// Hosts where people keep what they show to others; their subdomains too.
const DRIVES: &[&str] = &[
    "drive.google.com",
    "docs.google.com",
    "photos.google.com",
    "photos.app.goo.gl",
    "1drv.ms",
    "onedrive.live.com",
    "sharepoint.com",
    "dropbox.com",
    "box.com",
    "mega.nz",
    "icloud.com",
    "youtube.com",
    "youtu.be",
    "padlet.com",
];
/// Words of a line that say that its address proves something, folded.
const PROVE: &[&str] = &[
    "minh chung",
    "bang chung",
    "link",
    "duong dan",
    "hinh anh",
    "anh:",
    "file",
    "tep",
    "video",
    "san pham",
    "evidence",
];

/// The addresses in a text that prove something, and the text without them: an address is no word of an answer.
#[must_use]
pub fn proving(words: &str) -> (String, Vec<String>) {
    let mut links = Vec::new();
    let mut rest = Vec::new();
    for line in words.lines() {
        let folded = text::fold(line);
        let says_so = PROVE.iter().any(|word| folded.contains(word));
        let kept: Vec<&str> = line
            .split_whitespace()
            .filter(|word| {
                let address = address(word);
                let proves = address.filter(|address| says_so || is_of_drive(address));
                links.extend(proves.map(str::to_owned));
                proves.is_none()
            })
            .collect();
        // A line from which nothing was taken stays as it is.
        rest.push(if kept.len() == line.split_whitespace().count() { line.to_owned() } else { kept.join(" ") });
    }
    links.dedup();
    (rest.join("\n"), links)
}

/// The address that a word is, without the signs around it.
fn address(word: &str) -> Option<&str> {
    let bare = word
        .trim_start_matches(['(', '<', '[', '"', '“'])
        .trim_end_matches([')', '>', ']', '"', '”', '.', ',', ';', '!', '?']);
    let folded = bare.get(..8).map(str::to_lowercase).unwrap_or_default();
    (folded.starts_with("https://") || folded.starts_with("http://")).then_some(bare)
}

fn is_of_drive(address: &str) -> bool {
    let Ok(url) = url::Url::parse(address) else { return false };
    let host = url.host_str().unwrap_or_default().to_lowercase();
    DRIVES.iter().any(|drive| host == *drive || host.ends_with(&format!(".{drive}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_prove_something_are_taken_out_of_the_words() {
        let cases: [(&str, &str, &[&str]); 6] = [
            (
                "Đã xong. Minh chứng: https://truong.example/anh.",
                "Đã xong. Minh chứng:",
                &["https://truong.example/anh"],
            ),
            (
                "Đã xong (https://drive.google.com/drive/x?usp=sharing)",
                "Đã xong",
                &["https://drive.google.com/drive/x?usp=sharing"],
            ),
            ("xong\nHTTPS://truong-my.sharepoint.com/a", "xong\n", &["HTTPS://truong-my.sharepoint.com/a"]),
            // A school's own site below a signature is no evidence, and neither is a host that only sounds like a drive.
            ("xong\nTrường A  https://truong.example", "xong\nTrường A  https://truong.example", &[]),
            ("xong https://drive.google.com.evil.example/x", "xong https://drive.google.com.evil.example/x", &[]),
            ("không có gì", "không có gì", &[]),
        ];
        for (text, rest, links) in cases {
            assert_eq!(proving(text), (rest.to_owned(), links.iter().map(ToString::to_string).collect()), "{text}");
        }
    }
}

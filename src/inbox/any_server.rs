//! Whatever a server says, and in whatever pieces it comes: the conversation ends, nothing panics, and nothing is read that
//! was not said.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use proptest::prelude::*;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::*;

/// A server that says what it says, whatever it is told, and then is gone.
struct Monologue(VecDeque<Vec<u8>>);

impl AsyncRead for Monologue {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if let Some(mut piece) = self.0.pop_front() {
            let rest = piece.split_off(piece.len().min(buffer.remaining()));
            buffer.put_slice(&piece);
            if !rest.is_empty() {
                self.0.push_front(rest);
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Monologue {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// What a look into the mailbox comes to, step by step.
#[derive(Debug, PartialEq)]
struct Looked {
    greeting: Result<bool, String>,
    found: Result<Option<Vec<u32>>, InboxError>,
    size: Result<Option<u32>, InboxError>,
    mail: Result<FetchedMail, InboxError>,
    header: Result<Option<Vec<u8>>, InboxError>,
    envelope: Result<Option<MailSummary>, InboxError>,
    news: Result<(), InboxError>,
    put_away: Result<(), InboxError>,
}

fn look(pieces: VecDeque<Vec<u8>>) -> Looked {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    let stream = Monologue(pieces.into_iter().filter(|piece| !piece.is_empty()).collect());
    let mut mailbox = ImapMailbox {
        wire: ImapWire::new(Box::new(stream)),
        capabilities: Vec::new(),
        uid_validity: 1,
        uid_next: Some(10),
        exists: 0,
        folder: "INBOX".to_owned(),
        done_folder: Some("Xong".to_owned()),
    };
    let look = async {
        let greeting = mailbox.wire.greeting().await;
        Looked {
            greeting: greeting.map(|said| said.is_welcome()).map_err(|error| format!("{error:?}")),
            found: mailbox.range(1).await,
            size: mailbox.size(7).await,
            mail: mailbox.fetch(7, 300).await,
            header: mailbox.header(7).await,
            envelope: mailbox.envelope(7).await,
            news: mailbox.wait(Duration::from_secs(1)).await,
            put_away: mailbox.put_away(7).await,
        }
    };
    runtime.unwrap().block_on(look)
}

/// What stands before the end of an answer: what was asked for, what nobody asked for, or rubbish.
fn data() -> impl Strategy<Value = Vec<u8>> {
    let known = proptest::sample::select(vec![
        "* SEARCH 3 7 9\r\n",
        "* ESEARCH (TAG \"n1\") UID ALL 3:7,9\r\n",
        "* ESEARCH UID ALL 1:4294967295\r\n",
        "* 1 FETCH (UID 7 RFC822.SIZE 300)\r\n",
        "* 1 FETCH (FLAGS (\\Seen $[x) UID 7 BODY[] {12}\r\nFrom: a\r\n\r\nb)\r\n",
        "* 1 FETCH (BODY[] \"a\\\"b\" UID 7)\r\n",
        "* 1 FETCH (UID 7 BODY[] NIL)\r\n",
        "* 1 FETCH (UID 7 BODY[HEADER] {9+}\r\nFrom: a\r\n)\r\n",
        "* 1 FETCH (UID 7 ENVELOPE (\"d\" \"s\" ((NIL NIL \"a\" \"b\")) NIL NIL NIL NIL NIL NIL \"<i>\"))\r\n",
        "* 1 FETCH (UID 7 BODY[] {99999999999999999999}\r\n",
        "* 5 EXISTS\r\n",
        "+ go on\r\n",
        "* BYE gone\r\n",
        "\r\n",
        "((((((((\r\n",
    ]);
    prop_oneof![
        9 => known.prop_map(|text| text.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..60),
        1 => (0_usize..20_000).prop_map(|count| [&b"* ("[..], &vec![b'('; count]].concat()),
    ]
}

/// How an answer ends.
fn end() -> impl Strategy<Value = &'static str> {
    prop_oneof![8 => Just("OK done"), 1 => Just("NO [UNAVAILABLE] later"), 1 => Just("BAD what?"), 1 => Just("")]
}

fn monologue() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec((proptest::collection::vec(data(), 0..3), end()), 0..10).prop_map(|answers| {
        let mut said = b"* OK ready\r\n".to_vec();
        for (number, (data, end)) in (1..).zip(answers) {
            said.extend(data.concat());
            said.extend(format!("n{number} {end}\r\n").bytes());
        }
        said
    })
}

proptest! {
    #[test]
    fn whatever_a_server_says_there_is_an_end_and_nothing_is_read_that_was_not_said(
        said in prop_oneof![9 => monologue(), 1 => proptest::collection::vec(any::<u8>(), 0..400)],
        size in 1_usize..200,
    ) {
        let looked = look(VecDeque::from([said.clone()]));
        if let Ok(Some(found)) = &looked.found {
            prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]) && found.iter().all(|uid| *uid >= 1));
        }
        let is_said = |part: &[u8]| {
            let unescaped: Vec<u8> = said.iter().copied().filter(|byte| *byte != b'\\').collect();
            [&said, &unescaped].iter().any(|all| part.is_empty() || all.windows(part.len()).any(|some| some == part))
        };
        if let Ok(FetchedMail::Whole(mail)) = &looked.mail {
            prop_assert!(is_said(mail), "{mail:?}");
        }
        if let Ok(Some(header)) = &looked.header {
            prop_assert!(is_said(header), "{header:?}");
        }
        // However it comes.
        prop_assert_eq!(&look(said.chunks(size).map(<[u8]>::to_vec).collect()), &looked);
    }
}

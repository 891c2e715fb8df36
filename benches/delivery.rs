//! A morning's messages from decision to record: decided, stored, composed, sent over SMTP to a sink in this process
//! and marked as sent. `benches/whole-binary/loopback` does the same with the whole program and Debian's smtp-sink.
//!
//!     cargo bench --bench delivery
#![allow(clippy::unwrap_used, missing_docs)]

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use divan::Bencher;
use divan::counter::ItemsCount;
use nhacviec::app::load_school::load_school;
use nhacviec::clock::Clock;
use nhacviec::daemon::Daemon;
use nhacviec::files::Files;
use nhacviec::store::Store;
use tempfile::TempDir;

fn main() {
    divan::main();
}

/// Takes every mail as fast as it can; returns its port.
fn sink() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // A connection that ends in the middle is the client's choice.
            std::thread::spawn(move || converse(stream.unwrap()).unwrap_or_default());
        }
    });
    port
}

fn converse(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream.try_clone()?);
    stream.write_all(b"220 sink\r\n")?;
    let mut line = Vec::new();
    let mut in_message = false;
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if in_message {
            if line == b".\r\n" {
                in_message = false;
                stream.write_all(b"250 taken\r\n")?;
            }
        } else if line.starts_with(b"DATA") {
            in_message = true;
            stream.write_all(b"354 go on\r\n")?;
        } else {
            stream.write_all(b"250 ok\r\n")?;
        }
    }
}

/// A school of so many people, each with a task that begins on 2 October 2023.
fn school(folder: &Path, people: usize, port: u16) {
    let mut config = format!(
        "plan = \"plan.toml\"\nadmin = \"Giáo viên 1\"\n[organisation]\nname = \"Trường Tiểu học\"\n\
         [school_year]\nstart = 2023-09-05\nterms = [2024-01-14]\nend = 2024-05-31\n\
         [channel.email]\nkind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n\
         from = \"nhacviec@school.example\"\n"
    );
    let mut plan = "number = \"1/KH\"\ntitle = \"Kế hoạch\"\nissued = 2023-09-12\n".to_owned();
    for number in 1..=people {
        let name = format!("Giáo viên {number}");
        write!(config, "[[person]]\nname = \"{name}\"\nemail = \"gv{number}@school.example\"\n").unwrap();
        let remedy = "Rà soát, bổ sung hồ sơ, sổ sách và minh chứng theo từng tiêu chí";
        write!(plan, "[[task]]\nid = \"{number}\"\nremedy = \"{remedy}\"\nlead = [\"{name}\"]\n").unwrap();
        plan.push_str("start = 2023-10-02\ndue = 2023-11-30\n");
    }
    std::fs::write(folder.join("nhacviec.toml"), config).unwrap();
    std::fs::write(folder.join("plan.toml"), plan).unwrap();
}

#[divan::bench(args = [100, 1000, 5000], sample_count = 5, sample_size = 1)]
fn one_morning(bencher: Bencher<'_, '_>, people: usize) {
    let port = sink();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stage = || -> (TempDir, Daemon) {
        let folder = tempfile::tempdir().unwrap();
        school(folder.path(), people, port);
        let loaded = load_school(&Files::Disk, &folder.path().join("nhacviec.toml")).unwrap();
        let store = runtime.block_on(Store::open(&loaded.school.settings.store)).unwrap();
        let clock = Clock::standing_at("2023-10-02T07:00:00+07:00".parse().unwrap());
        (folder, Daemon::new(loaded, store, clock))
    };
    bencher.counter(ItemsCount::new(people)).with_inputs(stage).bench_local_values(|(folder, mut daemon)| {
        let pass = runtime.block_on(daemon.pass(&mut ())).unwrap();
        assert_eq!(pass.sent, people);
        (folder, daemon)
    });
}

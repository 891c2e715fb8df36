//! The manual pages and the completions of shells, made from the commands themselves, for a package:
//! `cargo run --example manual -- FOLDER`.

use std::io;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use nhacviec::cli::Cli;

fn main() -> io::Result<()> {
    let folder = std::env::args_os().nth(1).ok_or_else(|| io::Error::other("name the folder to write to"))?;
    let folder = Path::new(&folder);
    let (pages, completions) = (folder.join("man"), folder.join("completions"));
    std::fs::create_dir_all(&pages)?;
    std::fs::create_dir_all(&completions)?;
    let command = Cli::command();
    clap_mangen::generate_to(command.clone(), &pages)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut command.clone(), "nhacviec", &completions)?;
    }
    Ok(())
}

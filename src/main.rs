//! The program `nhacviec`: reads the command line and hands over to a command.

use std::process::ExitCode;

use clap::Parser;
use nhacviec::cli::Cli;

fn main() -> ExitCode {
    nhacviec::cli::main(&Cli::parse())
}

//! The program `nhacviec`: reads the command line and hands over to a command.

use std::process::ExitCode;

fn main() -> ExitCode {
    nhacviec::cli::main()
}

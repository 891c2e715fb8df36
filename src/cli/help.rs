//! The command line in the admin's language: the commands as they are defined, with the words of a catalogue.

use clap::builder::Styles;
use clap::error::ErrorKind;
use clap::{Arg, Command, CommandFactory, FromArgMatches};

use crate::language::{Language, Said};

use super::Cli;

/// The command that shows the help of others.
const HELP: &str = "help";

/// What a command does, or what one of its arguments means.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HelpText<'t> {
    /// The command with those above it: "outbox list"; empty for the program.
    pub(crate) command: &'t str,
    /// The argument by its id; `None` for the command itself.
    pub(crate) argument: Option<&'t str>,
    /// As it is defined.
    pub(crate) english: &'t str,
}

/// A word of every help.
#[derive(Clone, Copy, Debug)]
pub(crate) enum HelpWord<'t> {
    /// Before how a command is written.
    Usage,
    /// In it, for the options.
    OptionsInUsage,
    /// In it, for a command.
    CommandInUsage,
    /// The heading of the commands.
    Commands,
    /// The heading of arguments that have their place.
    Arguments,
    /// The heading of the options.
    Options,
    /// What an argument is where it is left out.
    Default(&'t str),
    /// What may be written.
    PossibleValues(&'t [String]),
    /// The variable that is read where an argument is left out.
    Variable(&'t str),
    /// What stands for the value of an argument: FILE.
    ValueName(&'t str),
}

/// Why a command line is not understood.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UsageMistake<'e>(pub(crate) &'e clap::Error);

/// Reads the command line. Help that was asked for is printed, and so are mistakes: the program ends then.
pub(super) fn parse(language: Language) -> Cli {
    let read = command(language).try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    read.unwrap_or_else(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            error.exit()
        }
        _ => {
            anstream::eprint!("{}", UsageMistake(&error).said_in(language));
            std::process::exit(error.exit_code())
        }
    })
}

/// The commands with their help in a language.
fn command(language: Language) -> Command {
    let mut command = Cli::command();
    // English is as they are defined.
    if language == Language::English {
        return command;
    }
    command.build();
    translated(command, "", language)
}

fn translated(command: Command, path: &str, language: Language) -> Command {
    let said = |word: HelpWord<'_>| word.said_in(language);
    let english = command.get_about().map(ToString::to_string).unwrap_or_default();
    let about = HelpText { command: path, argument: None, english: &english }.said_in(language);
    let mut command = command
        .about(about)
        .subcommand_help_heading(said(HelpWord::Commands))
        .subcommand_value_name(said(HelpWord::CommandInUsage))
        .mut_args(|argument| translated_argument(argument, path, language));
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim().replace("[OPTIONS]", &said(HelpWord::OptionsInUsage));
    let style = Styles::styled();
    let style = style.get_usage();
    let heading = format!("{style}{}{style:#}", said(HelpWord::Usage));
    let template = format!("{{about-with-newline}}\n{heading} {{usage}}\n\n{{all-args}}");
    command = command.override_usage(usage).help_template(template);
    let below: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    for name in below {
        let path = path_below(path, &name);
        command = command.mut_subcommand(name, |below| translated(below, &path, language));
    }
    command
}

/// What a command below another is called. To show the help of a command is the same command everywhere, and what stands
/// below it are the commands beside it.
fn path_below(path: &str, name: &str) -> String {
    let above = path.strip_suffix(HELP).map_or(path, str::trim_end);
    format!("{above} {name}").trim_start().to_owned()
}

fn translated_argument(argument: Arg, path: &str, language: Language) -> Arg {
    let said = |word: HelpWord<'_>| word.said_in(language);
    let english = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let text = HelpText { command: path, argument: Some(argument.get_id().as_str()), english: &english };
    let mut words = vec![text.said_in(language)];
    let takes_values = argument.get_action().takes_values();
    if takes_values && !argument.is_hide_default_value_set() {
        let defaults = argument.get_default_values().iter().map(|value| value.to_string_lossy());
        words.extend(defaults.map(|value| said(HelpWord::Default(&value))));
    }
    if let Some(variable) = argument.get_env() {
        words.push(said(HelpWord::Variable(&variable.to_string_lossy())));
    }
    let possible: Vec<String> =
        argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if takes_values && !possible.is_empty() {
        words.push(said(HelpWord::PossibleValues(&possible)));
    }
    let heading = if argument.is_positional() { HelpWord::Arguments } else { HelpWord::Options };
    let name = argument.get_value_names().and_then(|names| names.first()).map(ToString::to_string);
    let words = words.join(" ");
    let argument = argument
        .help(words.clone())
        .long_help(words)
        .help_heading(said(heading))
        .hide_default_value(true)
        .hide_env(true)
        .hide_possible_values(true);
    match name.filter(|_| takes_values) {
        Some(name) => argument.value_name(said(HelpWord::ValueName(&name))),
        None => argument,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::closed_set::ClosedSet;

    /// Every command and argument below one, as (command, argument, what is said of it in English).
    fn texts(command: &Command, path: &str, found: &mut Vec<(String, Option<String>, String)>) {
        let english = |text: Option<&clap::builder::StyledStr>| text.map(ToString::to_string).unwrap_or_default();
        found.push((path.to_owned(), None, english(command.get_about())));
        for argument in command.get_arguments() {
            found.push((path.to_owned(), Some(argument.get_id().to_string()), english(argument.get_help())));
        }
        for below in command.get_subcommands() {
            texts(below, &path_below(path, below.get_name()), found);
        }
    }

    #[test]
    fn every_command_and_argument_has_words_in_every_language() {
        let mut command = Cli::command();
        command.build();
        let mut found = Vec::new();
        texts(&command, "", &mut found);
        for language in Language::ALL.iter().filter(|language| **language != Language::English) {
            for (command, argument, english) in &found {
                let text = HelpText { command, argument: argument.as_deref(), english };
                assert_ne!(&text.said_in(*language), english, "{language}: {command} {argument:?}");
            }
        }
    }

    #[test]
    fn a_translated_command_line_is_read_as_the_other() {
        for language in Language::ALL {
            command(*language).debug_assert();
            let read =
                command(*language).try_get_matches_from(["nhacviec", "outbox", "retry", "--all", "--format", "json"]);
            let kind = command(*language).try_get_matches_from(["nhacviec", "statsu"]).map_err(|error| error.kind());
            assert!(read.is_ok(), "{language}");
            assert_eq!(kind.err(), Some(ErrorKind::InvalidSubcommand), "{language}");
        }
    }
}

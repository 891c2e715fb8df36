//! The templates of each language, built in, each replaceable by a file of the same name in the admin's folder.

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use sha2::{Digest, Sha256};

use crate::diagnostic::{Diagnostics, Place, Source, mistakes};
use crate::files::Files;

/// The largest template, in bytes.
const MAX_TEMPLATE_BYTES: u64 = 256 << 10;

/// The most instructions of a template for one message or page: the status page of the largest plan takes some millions, and
/// this many take about a second.
const MAX_WORK: u64 = 20_000_000;

/// The style of the pages, the same in every language.
const STYLE: (&str, &str) = ("web/style.css", include_str!("templates/style.css"));

/// A language of messages: its tag and its templates.
#[derive(Debug)]
pub struct Language {
    /// The IETF tag, which is also the name of the folder.
    pub(super) tag: &'static str,
    /// The form of dates, for `strftime`.
    date_form: &'static str,
    /// The form of dates whose year is known, for `strftime`.
    day_form: &'static str,
    /// The last line of a list that is cut short; `{}` stands for how many are left out.
    pub(super) more: &'static str,
    /// The name of a calendar for subscribing to; `{}` stands for the school.
    pub(super) calendar: &'static str,
    files: &'static [(&'static str, &'static str)],
}

macro_rules! language {
    ($tag:literal, $date_form:literal, $day_form:literal, $more:literal, $calendar:literal) => {
        Language {
            tag: $tag,
            date_form: $date_form,
            day_form: $day_form,
            more: $more,
            calendar: $calendar,
            files: &[
                ("mail.words.txt", include_str!(concat!("templates/", $tag, "/mail.words.txt"))),
                ("words.txt", include_str!(concat!("templates/", $tag, "/words.txt"))),
                ("frame.html", include_str!(concat!("templates/", $tag, "/frame.html"))),
                ("reminder.subject.txt", include_str!(concat!("templates/", $tag, "/reminder.subject.txt"))),
                ("reminder.txt", include_str!(concat!("templates/", $tag, "/reminder.txt"))),
                ("reminder.html", include_str!(concat!("templates/", $tag, "/reminder.html"))),
                ("review.subject.txt", include_str!(concat!("templates/", $tag, "/review.subject.txt"))),
                ("review.txt", include_str!(concat!("templates/", $tag, "/review.txt"))),
                ("review.html", include_str!(concat!("templates/", $tag, "/review.html"))),
                ("report.xml", include_str!(concat!("templates/", $tag, "/report.xml"))),
                ("note.words.txt", include_str!(concat!("templates/", $tag, "/note.words.txt"))),
                ("report.words.txt", include_str!(concat!("templates/", $tag, "/report.words.txt"))),
                ("report.html", include_str!("templates/report.html")),
                ("timeline.html", include_str!("templates/timeline.html")),
                ("mail.style.html", include_str!("templates/mail.style.html")),
                ("alert.subject.txt", include_str!(concat!("templates/", $tag, "/alert.subject.txt"))),
                ("alert.txt", include_str!(concat!("templates/", $tag, "/alert.txt"))),
                ("alert.html", include_str!(concat!("templates/", $tag, "/alert.html"))),
                ("note.subject.txt", include_str!(concat!("templates/", $tag, "/note.subject.txt"))),
                ("note.txt", include_str!(concat!("templates/", $tag, "/note.txt"))),
                ("note.html", include_str!(concat!("templates/", $tag, "/note.html"))),
                ("note.part.txt", include_str!(concat!("templates/", $tag, "/note.part.txt"))),
                ("note.part.html", include_str!(concat!("templates/", $tag, "/note.part.html"))),
                ("trial.subject.txt", include_str!(concat!("templates/", $tag, "/trial.subject.txt"))),
                ("trial.txt", include_str!(concat!("templates/", $tag, "/trial.txt"))),
                ("trial.html", include_str!(concat!("templates/", $tag, "/trial.html"))),
                ("item.txt", include_str!(concat!("templates/", $tag, "/item.txt"))),
                ("event.txt", include_str!(concat!("templates/", $tag, "/event.txt"))),
                ("web/words.txt", include_str!(concat!("templates/", $tag, "/web/words.txt"))),
                ("web/frame.html", include_str!(concat!("templates/", $tag, "/web/frame.html"))),
                ("web/task.html", include_str!(concat!("templates/", $tag, "/web/task.html"))),
                ("web/said.html", include_str!(concat!("templates/", $tag, "/web/said.html"))),
                ("web/answer.html", include_str!(concat!("templates/", $tag, "/web/answer.html"))),
                ("web/superior.html", include_str!(concat!("templates/", $tag, "/web/superior.html"))),
                ("web/taken.html", include_str!(concat!("templates/", $tag, "/web/taken.html"))),
                ("web/decide.html", include_str!(concat!("templates/", $tag, "/web/decide.html"))),
                ("web/overview.html", include_str!(concat!("templates/", $tag, "/web/overview.html"))),
                ("web/status.task.html", include_str!(concat!("templates/", $tag, "/web/status.task.html"))),
                ("web/status.html", include_str!(concat!("templates/", $tag, "/web/status.html"))),
            ],
        }
    };
}

/// Every language of messages.
const LANGUAGES: &[Language] = &[
    language!("vi", "%d/%m/%Y", "%d/%m", "… và {} việc khác", "Nhắc việc: {}"),
    language!("en", "%-d %B %Y", "%-d %B", "… and {} more", "Reminders: {}"),
];

/// The templates of a language, by its tag.
#[must_use]
pub fn language(tag: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| language.tag == tag)
}

/// The tags of all languages.
#[must_use]
pub fn tags() -> Vec<&'static str> {
    LANGUAGES.iter().map(|language| language.tag).collect()
}

/// A mistake in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// The file, or the name of a built-in template.
    pub path: PathBuf,
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// The message.
    pub message: String,
}

mistakes! {
    /// What is wrong with a template.
    pub(crate) enum TemplateMistake {
        /// In the words of the engine.
        "broken-template" => Broken { error: String },
    }
}

/// All mistakes in the templates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct TemplateErrors(pub Vec<TemplateError>);

impl fmt::Display for TemplateErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, error) in self.0.iter().enumerate() {
            let line = error.line.map(|line| format!(":{line}")).unwrap_or_default();
            let comma = if position == 0 { "" } else { "; " };
            write!(f, "{comma}{}{line}: {}", error.path.display(), error.message)?;
        }
        Ok(())
    }
}

impl TemplateError {
    /// Notes the mistake in `diagnostics`, with the line as it stands in one of `files`.
    pub fn note(&self, files: &Files, diagnostics: &mut Diagnostics) {
        let bytes = files.read(&self.path, MAX_TEMPLATE_BYTES).ok();
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        let place = match (text, self.line) {
            (Some(text), Some(line)) => {
                let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
                let length = text[start..].lines().next().map_or(0, str::len);
                Place::Span(Source::new(&self.path, text), start..start + length)
            }
            _ => Place::File(self.path.clone()),
        };
        diagnostics.error(place, TemplateMistake::Broken { error: self.message.clone() });
    }
}

/// Templates that an admin has written in the place of built-in ones: a folder with one for each language. By default there
/// are none.
#[derive(Clone, Debug, Default)]
pub struct OwnTemplates {
    files: Files,
    folder: Option<PathBuf>,
}

impl OwnTemplates {
    /// The templates in a folder of these files, where there is one.
    #[must_use]
    pub fn new(files: &Files, folder: Option<&Path>) -> Self {
        Self { files: files.clone(), folder: folder.map(Path::to_owned) }
    }

    /// Whether there is a folder of them.
    pub(super) fn is_any(&self) -> bool {
        self.folder.is_some()
    }

    fn path(&self, language: &Language, name: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(language.tag).join(name))
    }

    /// The template of this name; `None` where there is none.
    fn read(&self, language: &Language, name: &str) -> Result<Option<String>, TemplateError> {
        let Some(path) = self.path(language, name) else { return Ok(None) };
        let message = match self.files.read(&path, MAX_TEMPLATE_BYTES) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => return Ok(Some(text)),
                Err(error) => format!("cannot be read: {error}"),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == ErrorKind::FileTooLarge => {
                format!("the template is larger than {} KiB", MAX_TEMPLATE_BYTES >> 10)
            }
            Err(error) => format!("cannot be read: {error}"),
        };
        Err(TemplateError { path, line: None, message })
    }
}

/// The templates of a language, each replaced by the admin's own where there is one. A built-in template is compiled at its
/// first use.
pub(super) fn environment(
    language: &'static Language,
    own: &OwnTemplates,
) -> Result<(Environment<'static>, String), Vec<TemplateError>> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(MAX_WORK));
    let mut syntax = SyntaxConfig::builder();
    // Only clashing delimiters are refused, and the default ones do not clash.
    environment.set_syntax(syntax.trim_blocks(true).lstrip_blocks(true).build().unwrap_or_default());
    environment.set_auto_escape_callback(|name| {
        if Path::new(name).extension().is_some_and(|ending| ending == "html" || ending == "xml") {
            AutoEscape::Html
        } else {
            AutoEscape::None
        }
    });
    for (filter, form) in [("date", language.date_form), ("day", language.day_form)] {
        environment.add_filter(filter, move |date: String| match date.parse::<Date>() {
            Ok(date) => Ok(date.strftime(form).to_string()),
            Err(_) => {
                Err(minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, format!("`{date}` is no date")))
            }
        });
    }
    environment.add_filter("brief", |words: String, letters: usize| brief(&words, letters));
    let mut errors = Vec::new();
    let mut style_hash = String::new();
    match style(language, own) {
        Ok(style) => {
            style_hash = format!("sha256-{}", STANDARD.encode(Sha256::digest(&style)));
            // Safe: the style is this program's or the admin's, and closes no element.
            environment.add_global("style", Value::from_safe_string(style));
        }
        Err(error) => errors.push(error),
    }
    environment.set_loader(|name| {
        let built_in = language.files.iter().find(|(known, _)| *known == name);
        Ok(built_in.map(|(_, text)| *text))
    });
    for (name, _) in language.files {
        match own.read(language, name) {
            Ok(None) => {}
            Ok(Some(text)) => {
                if let Err(error) = environment.add_template_owned(*name, text) {
                    errors.push(explain(&error, name, language, own));
                }
            }
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok((environment, style_hash)) } else { Err(errors) }
}

/// The style of the pages: the built-in one, or the admin's own.
fn style(language: &Language, own: &OwnTemplates) -> Result<String, TemplateError> {
    let style = own.read(language, STYLE.0)?.unwrap_or_else(|| STYLE.1.to_owned());
    if style.to_ascii_lowercase().contains("</style") {
        return Err(complaint(STYLE.0, "a style must not hold `</style`".to_owned(), language, own));
    }
    // With line ends as a browser reads them, for the hash.
    Ok(style.replace("\r\n", "\n"))
}

/// The beginning of a text: whole words, at most `letters` letters, without the punctuation at its end.
fn brief(words: &str, letters: usize) -> String {
    let whole = words.trim_end_matches(['.', ';', ',', ' ']);
    if whole.chars().count() <= letters {
        return whole.to_owned();
    }
    let cut = whole.char_indices().nth(letters).map_or(whole, |(end, _)| &whole[..end]);
    let cut = cut.rfind(' ').filter(|end| *end > cut.len() / 2).map_or(cut, |end| &cut[..end]);
    format!("{}…", cut.trim_end_matches(['.', ';', ',', ' ', '-', '–']))
}

/// A mistake in what the template `name` wrote.
pub(super) fn complaint(name: &str, message: String, language: &Language, own: &OwnTemplates) -> TemplateError {
    let is_there = |path: &PathBuf| own.files.read(path, MAX_TEMPLATE_BYTES).is_ok();
    let path = own.path(language, name).filter(is_there);
    TemplateError { path: path.unwrap_or_else(|| Path::new(language.tag).join(name)), line: None, message }
}

/// A mistake that the template engine found, with the file that it is in.
pub(super) fn explain(error: &minijinja::Error, name: &str, language: &Language, own: &OwnTemplates) -> TemplateError {
    // The innermost error knows the place best.
    let mut innermost = error;
    while let Some(cause) = std::error::Error::source(innermost).and_then(|cause| cause.downcast_ref()) {
        innermost = cause;
    }
    let name = innermost.name().unwrap_or(name);
    let message = match innermost.detail() {
        Some(detail) => format!("{}: {detail}", innermost.kind()),
        None => innermost.kind().to_string(),
    };
    TemplateError { line: innermost.line(), ..complaint(name, message, language, own) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{LANGUAGES, OwnTemplates, brief, environment};

    #[test]
    fn every_built_in_template_compiles() {
        for language in LANGUAGES {
            let (environment, _) = environment(language, &OwnTemplates::default()).unwrap();
            for (name, _) in language.files {
                let template = environment.get_template(name);
                assert!(template.is_ok(), "{} {name}: {template:?}", language.tag);
            }
        }
    }

    #[test]
    fn long_texts_are_cut_between_words() {
        for (letters, expected) in
            [(40, "Mua mới đàn, phách"), (18, "Mua mới đàn, phách"), (15, "Mua mới đàn…"), (3, "Mua…")]
        {
            assert_eq!(brief("Mua mới đàn, phách.", letters), expected, "{letters}");
        }
    }
}

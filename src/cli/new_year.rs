//! `new-year`: the next school year. It first shows what is carried over, then asks; nothing is written before.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use crate::app::load_school::{Loaded, MAX_PLAN_SIZE};
use crate::app::new_year::{self, NewYear, NewYearError, YearEnd};
use crate::clock::Clock;
use crate::diagnostic;
use crate::language::Language;
use crate::private_files;
use crate::school::School;
use crate::store::Store;

use super::plan::in_force;
use super::{CommandError, Console, Findings, block_on, evidence, init, load, review};

/// How many tasks of a kind are named.
const MAX_NAMED: usize = 60;
/// How much of a task is shown, in letters.
const MAX_SHOWN: usize = 70;

#[derive(Debug, clap::Args)]
pub(super) struct NewYearArgs {
    /// The plan of the new school year (.docx, .xlsx, .csv, .toml)
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// Do it without asking
    #[arg(long)]
    yes: bool,
}

/// What is said, in a language.
struct NewYearTexts {
    language: Language,
    done_before: &'static str,
    head: &'static str,
    dates: &'static str,
    usual_dates: &'static str,
    not_over: &'static str,
    closed: &'static str,
    carried: &'static str,
    left: &'static str,
    unsettled: &'static str,
    days_off: &'static str,
    number: &'static str,
    files: &'static str,
    question: &'static str,
    yes: &'static [&'static str],
    not_done: &'static str,
    written: &'static str,
    kept: &'static str,
    no_review: &'static str,
    done: &'static str,
    next: &'static str,
    report_file: &'static str,
    evidence_folder: &'static str,
    note: &'static str,
}

const VIETNAMESE: NewYearTexts = NewYearTexts {
    language: Language::Vietnamese,
    done_before: "Cấu hình đã là của năm học này, với đúng kế hoạch này: không có gì phải làm.",
    head: "Chuyển từ năm học {old} sang năm học {new}",
    dates: "Khung thời gian",
    usual_dates: "theo lệ thường, sửa theo quyết định của tỉnh trong [school_year]",
    not_over: "CHÚ Ý: năm học {old} chưa kết thúc. Chuyển bây giờ thì mọi việc của năm ấy thôi được nhắc",
    closed: "Việc đã xong hoặc hủy, ở lại năm cũ",
    carried: "Việc chưa xong mà kế hoạch mới nêu lại, mang theo tiến độ",
    left: "Việc chưa xong mà kế hoạch mới không nêu lại, ở lại năm cũ",
    unsettled: "Bỏ các bảng [task] không còn đúng việc trong kế hoạch mới",
    days_off: "Ghi thêm ngày nghỉ của năm",
    number: "Số kế hoạch trùng một kế hoạch cũ, nên gọi là",
    files: "Năm cũ cất ở",
    question: "Làm như vậy? Gõ c rồi Enter để làm, Enter để thôi: ",
    yes: &["c", "có", "co", "y", "yes"],
    not_done: "Chưa làm gì. Xem kỹ rồi chạy lại lệnh này, thêm --yes.",
    written: "đã ghi",
    kept: "giữ nguyên",
    no_review: "cấu hình không có tổng kết năm học (period = \"year\"), nên không có báo cáo năm",
    done: "Xong. Người và cài đặt giữ như cũ; xem lại năm cũ bằng --year {old}, ví dụ: nhacviec --year {old} status",
    next: "Tiếp theo: sửa danh sách nếu có người đến, người đi; rồi nhacviec check và nhacviec rehearse.",
    report_file: "tong-ket-nam-hoc.docx",
    evidence_folder: "minh-chung",
    note: "chuyển từ năm học {old}",
};

const ENGLISH: NewYearTexts = NewYearTexts {
    language: Language::English,
    done_before: "The configuration is of this school year and has this plan already: there is nothing to do.",
    head: "From the school year {old} to the school year {new}",
    dates: "Dates",
    usual_dates: "the usual ones; put those of your province into [school_year]",
    not_over: "NOTE: the school year {old} is not over. From now on nobody is reminded of its tasks",
    closed: "Tasks done or cancelled, which stay in the old year",
    carried: "Unfinished tasks that the new plan names again, carried over as far as they are",
    left: "Unfinished tasks that the new plan does not name again, which stay in the old year",
    unsettled: "Tables [task] that fit no task of the new plan are left out",
    days_off: "Days off are added of the year",
    number: "The number of the plan is that of an earlier one, so it is called",
    files: "The old year is kept in",
    question: "Do this? y and Enter, or Enter to leave it: ",
    yes: &["y", "yes"],
    not_done: "Nothing was done. Look it over, then run the command again with --yes.",
    written: "written",
    kept: "kept as it is",
    no_review: "the configuration has no review of the year (period = \"year\"), so there is no report of it",
    done: "Done. People and settings are as before; look at the old year with --year {old}, as in: nhacviec --year {old} status",
    next: "Next: mend the list where people came or left; then nhacviec check and nhacviec rehearse.",
    report_file: "year-report.docx",
    evidence_folder: "evidence",
    note: "carried over from the school year {old}",
};

impl NewYearTexts {
    fn of(language: Language) -> &'static Self {
        match language {
            Language::Vietnamese => &VIETNAMESE,
            Language::English => &ENGLISH,
        }
    }
}

pub(super) fn run(config: &Path, args: &NewYearArgs, console: Console) -> Result<Findings, CommandError> {
    let old = load(config, console)?;
    let words = NewYearTexts::of(console.language);
    let told = |error| told(error, words);
    let plan = init::given(&args.plan, MAX_PLAN_SIZE)?;
    let mut out = anstream::stdout().lock();
    if new_year::is_done(config, &old, &plan) {
        writeln!(out, "{}", words.done_before)?;
        return Ok(Findings::Fine);
    }
    let today = old.school.settings.date_of(Clock::System.now());
    let prepare = |number| new_year::prepare(config, &old, &plan, number, today).map_err(told);
    let mut year = prepare(None)?;
    let is_known = block_on(is_known(&old.school, &year))?;
    if let Some(number) = year.other_number(&old.school.scope(), is_known).map_err(told)? {
        year = prepare(Some(number))?;
        year.other_number(&old.school.scope(), false).map_err(told)?;
    }
    let (school, end) = block_on(look(old.school.clone(), &year))?;
    show(&mut out, words, &year, &end, school.settings.school_year.end() >= today)?;
    if !args.yes && !agreed(&mut out, words)? {
        writeln!(out, "{}", words.not_done)?;
        return Ok(Findings::Problems);
    }
    carry_out(&mut out, words, (&old, &school), &year, &end)?;
    Ok(Findings::Fine)
}

/// Mistakes of what is going to be are printed like those of what is.
fn told(error: NewYearError, words: &NewYearTexts) -> CommandError {
    match error {
        NewYearError::Unreadable(found) => {
            anstream::eprint!("{}", diagnostic::text(&found.into_sorted(), words.language));
            CommandError::NewYear(Box::new(NewYearError::Unreadable(diagnostic::Diagnostics::default())))
        }
        error => CommandError::NewYear(Box::new(error)),
    }
}

/// Whether the store knows the number of the new plan as that of another plan.
async fn is_known(old: &School, year: &NewYear) -> Result<bool, CommandError> {
    let store = Store::open_to_read(&old.settings.store).await?;
    let seen = store.newest_plan_version(&year.next.school.scope()).await?;
    store.close().await;
    Ok(seen.is_some_and(|(_, hash)| hash != year.next.school.plan_hash))
}

/// The school as it is in force in the year that ends, and what becomes of its tasks.
async fn look(old: School, year: &NewYear) -> Result<(School, YearEnd), CommandError> {
    let store = Store::open_to_read(&old.settings.store).await?;
    let old = in_force(&store, old).await?;
    let progress = store.progress(&old).await?;
    store.close().await;
    let end = new_year::year_end(&old, &progress, &year.next.school);
    Ok((old, end))
}

fn show(
    out: &mut impl Write,
    words: &NewYearTexts,
    year: &NewYear,
    end: &YearEnd,
    is_going_on: bool,
) -> Result<(), CommandError> {
    let named = |text: &str| text.replace("{old}", &year.old_year).replace("{new}", &year.new_year);
    writeln!(out, "{}", named(words.head))?;
    let dates = year.dates;
    let source = dates.decision.unwrap_or(words.usual_dates);
    let [first, second] = dates.terms;
    writeln!(out, "{}: {} – {first} – {second} – {} ({source})", words.dates, dates.start, dates.end)?;
    if is_going_on {
        writeln!(out, "{}.", named(words.not_over))?;
    }
    writeln!(out, "\n{}: {}", words.closed, end.closed)?;
    writeln!(out, "{}: {}", words.carried, end.carried.len())?;
    for task in end.carried.iter().take(MAX_NAMED) {
        let name = if task.old == task.new { task.new.clone() } else { format!("{} → {}", task.old, task.new) };
        writeln!(out, "  {name}  {} %  {}", task.percent, short(&task.remedy))?;
    }
    more(out, end.carried.len())?;
    writeln!(out, "{}: {}", words.left, end.left.len())?;
    for (name, remedy) in end.left.iter().take(MAX_NAMED) {
        writeln!(out, "  {name}  {}", short(remedy))?;
    }
    more(out, end.left.len())?;
    if !year.unsettled.is_empty() {
        writeln!(out, "{}: {}", words.unsettled, year.unsettled.join(", "))?;
    }
    if !year.days_off.is_empty() {
        let years: Vec<String> = year.days_off.iter().map(ToString::to_string).collect();
        writeln!(out, "{}: {}", words.days_off, years.join(", "))?;
    }
    if let Some(number) = &year.number {
        writeln!(out, "{}: {number}", words.number)?;
    }
    writeln!(out, "{}: {}, {}\n", words.files, year.folder.display(), year.old_config.display())?;
    Ok(())
}

fn more(out: &mut impl Write, count: usize) -> io::Result<()> {
    if count > MAX_NAMED { writeln!(out, "  …") } else { Ok(()) }
}

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_SHOWN {
        return line;
    }
    line.chars().take(MAX_SHOWN).chain(['…']).collect()
}

/// Asks on a terminal; without one nobody has agreed.
fn agreed(out: &mut impl Write, words: &NewYearTexts) -> io::Result<bool> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    write!(out, "{}", words.question)?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    let answer = crate::text::nfc(answer.trim()).to_lowercase();
    Ok(words.yes.contains(&answer.as_str()))
}

/// Closes the year that ends and begins the next: the configuration last.
fn carry_out(
    out: &mut impl Write,
    words: &NewYearTexts,
    (old, in_force): (&Loaded, &School),
    year: &NewYear,
    end: &YearEnd,
) -> Result<(), CommandError> {
    let named = |text: &str| text.replace("{old}", &year.old_year).replace("{new}", &year.new_year);
    year.write_files().map_err(|error| told(error, words))?;
    for path in [&year.old_config, &year.plan] {
        writeln!(out, "{}: {}", words.written, path.display())?;
    }
    let report = year.folder.join(words.report_file);
    match block_on(review::year_report(in_force.clone(), &old.composer))? {
        Some(bytes) => {
            private_files::write_whole(&report, &bytes)
                .map_err(|source| CommandError::File { path: report.clone(), source })?;
            writeln!(out, "{}: {}", words.written, report.display())?;
        }
        None => writeln!(out, "{}", words.no_review)?,
    }
    let folder = year.folder.join(words.evidence_folder);
    let word = if block_on(evidence::export_whole(in_force, &folder))? { words.written } else { words.kept };
    writeln!(out, "{word}: {}", folder.display())?;
    block_on(async {
        let store = Store::open(&in_force.settings.store).await?;
        let next = year.next.school.clone();
        new_year::carry_over(&store, next, end, &named(words.note), Clock::System.now()).await?;
        store.close().await;
        Ok(())
    })?;
    year.begin().map_err(|error| told(error, words))?;
    writeln!(out, "\n{}\n{}", named(words.done), words.next)?;
    Ok(())
}

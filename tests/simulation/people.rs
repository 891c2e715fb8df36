//! People: whoever gets a message may answer it, in words that the program must understand.

use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use nhacviec::plan::Status;

use crate::edits::Edit;
use crate::events::Event;
use crate::mailbox::Letter;
use crate::school::{MAIL_SERVER, PRINCIPAL};
use crate::weather::Fault;
use crate::world::{World, local};

/// What a letter means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// How far a task is.
    Report { task: String, status: Status },
    /// More time is asked for.
    AskTime { task: String, due: Date },
}

/// Words for how far a task is; `{}` stands for the task.
const WORDS: &[(Status, &str)] = &[
    (Status::Done, "{}: đã xong ạ."),
    (Status::Done, "Việc {} đã hoàn thành."),
    (Status::InProgress, "{}: đang làm, được 60%."),
    (Status::InProgress, "{}: đang thực hiện ạ."),
    (Status::Blocked, "{}: vướng, chưa có kinh phí."),
];

/// Somebody has got a message, and may answer it.
pub fn got(world: &mut World, place: usize) {
    let got = world.post[place].clone();
    if got.class != "reminder" || !world.strikes(Fault::Answer, &got.id) {
        return;
    }
    let tasks: Vec<&str> = got.notices.iter().map(|notice| notice.subject.as_str()).collect();
    // Which number a task had in a message that was written while the plan changed nobody knows here.
    let lately = got.begun.saturating_sub(SignedDuration::from_mins(30)).unwrap_or_default();
    if tasks.is_empty() || world.rewritten.last().is_some_and(|at| *at > lately) {
        return;
    }
    let key = got.id.as_str();
    let draws = world.draws;
    let Some(task) = one_of(&tasks, draws.number("about", key)).map(|task| (*task).to_owned()) else { return };
    if draws.happens("is moved", key, 100_000) {
        move_task(world, &task, (key, 0));
        return;
    }
    // Those who only help report now and then; a superior who hears that something is late does not.
    let Some(number) = world.school.task(&task).map(|task| task.number.clone()) else { return };
    let leads = world.school.task(&task).is_some_and(|task| task.leads.contains(&got.to));
    if !leads && (got.to == PRINCIPAL || !draws.happens("helps", key, 250_000)) {
        return;
    }
    let is_prompt = draws.happens("promptly", key, 500_000);
    let wait =
        if is_prompt { draws.between("seconds", key, 1, 120) } else { draws.between("hours", key, 1, 72) * 3_600 };
    if is_prompt {
        world.mark("answered within two minutes");
    }
    let asks = draws.happens("asks for time", key, 150_000);
    let (meaning, text) = if asks { ask_time(world, key, task, &number) } else { report(world, key, task, &number) };
    let letter = Letter { by: got.to.clone(), answers: got.id.clone(), meaning, fetched: None, is_known: false };
    let Some(from) = world.school.person(&got.to).map(|person| person.email.clone()) else { return };
    let number = world.mailbox.letters.len();
    let bytes = mail(number, &from, &got.message_id, &text);
    world.mailbox.letters.push(letter);
    let after = |seconds: u64| SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(0));
    let arrives = world.now().saturating_add(after(wait)).unwrap_or_default();
    world.plan(arrives, Event::MailArrives { letter: number, bytes: bytes.clone() });
    if world.strikes(Fault::MailTwice, key) {
        world.mark("a mail comes twice");
        let again = arrives.saturating_add(after(draws.between("again after", key, 1, 172_800))).unwrap_or_default();
        world.plan(again, Event::MailArrives { letter: number, bytes });
    }
}

/// A server did not take a message, which waits: meanwhile somebody reports on what it is about, or the admin moves it.
pub fn waits(world: &mut World, place: usize, times: usize) {
    let waiting = world.post[place].clone();
    let key = (waiting.id.as_str(), times);
    let is_due = waiting.class == "reminder" && world.draws.happens("while it waits", key, 400_000);
    if !is_due || !world.strikes(Fault::Answer, ("waits", &waiting.id, times)) {
        return;
    }
    let draws = world.draws;
    let Some(told) = one_of(&waiting.notices, draws.number("about", key)) else { return };
    let task = told.subject.clone();
    if draws.happens("is moved", key, 200_000) {
        move_task(world, &task, key);
        return;
    }
    if !world.school_at(world.now()).task(&task).is_some_and(|task| task.leads.contains(&waiting.to)) {
        return;
    }
    let statuses = [Status::Blocked, Status::Blocked, Status::Done, Status::Done, Status::InProgress];
    let Some(status) = one_of(&statuses, draws.number("status", key)).copied() else { return };
    let (by, number) = (waiting.to, draws.number("form", key));
    world.mark("reported while a reminder waits");
    plan_soon(world, key, Event::ReportOn { task, by, status, number });
}

/// By what chances about a message that is handed over are drawn: its id, and how often it was before.
type HandOverKey<'k> = (&'k str, usize);

/// The admin, who edits at all this year, gives a task another date soon.
fn move_task(world: &mut World, task: &str, key: HandOverKey<'_>) {
    let place = world.school.tasks.iter().position(|known| known.name == task);
    let Some(place) = place.filter(|_| world.weather.edits > 0) else { return };
    let number = world.draws.number("edit", key);
    world.mark("a task that is told of is moved");
    plan_soon(world, key, Event::Edit(Edit::DueOf(place, number)));
}

/// Lets something happen within the hour.
fn plan_soon(world: &mut World, key: HandOverKey<'_>, event: Event) {
    let seconds = i64::try_from(world.draws.between("soon", key, 1, 3_600)).unwrap_or(1);
    let at = world.now().saturating_add(SignedDuration::from_secs(seconds)).unwrap_or_default();
    world.plan(at, event);
}

/// One of several, by a number that was drawn.
fn one_of<T>(several: &[T], drawn: u64) -> Option<&T> {
    let place = drawn.checked_rem(several.len() as u64)?;
    several.get(usize::try_from(place).ok()?)
}

fn report(world: &World, key: &str, task: String, number: &str) -> (Meaning, String) {
    let drawn = one_of(WORDS, world.draws.number("words", key));
    let (status, words) = drawn.copied().unwrap_or(WORDS[0]);
    let text = words.replace("{}", number);
    (Meaning::Report { task, status }, text)
}

fn ask_time(world: &World, key: &str, task: String, number: &str) -> (Meaning, String) {
    let days = i64::try_from(world.draws.between("days", key, 10, 40)).unwrap_or(10);
    let today = local(world.now()).date();
    let present = world.school_at(world.now()).task(&task).and_then(|task| task.due);
    let due = present.map_or(today, |due| due.max(today)).saturating_add(days.days());
    let text = format!("{number}: xin lùi đến {} vì chưa có kinh phí ạ.", due.strftime("%-d/%-m/%Y"));
    (Meaning::AskTime { task, due }, text)
}

/// A letter as it lies in the mailbox.
fn mail(number: usize, from: &str, answers: &str, text: &str) -> Vec<u8> {
    format!(
        "Authentication-Results: {MAIL_SERVER}; dmarc=pass header.from=school.example\r\nFrom: <{from}>\r\n\
         To: <inbox@school.example>\r\nSubject: Re: viec\r\nMessage-ID: <letter-{number}@phone.example>\r\n\
         In-Reply-To: {answers}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
    .into_bytes()
}

//! The plan's timeline in the measures of a drawing: where each month, bar and mark lies, in units of which the whole is
//! [`Chart::width`] wide. What is written beside and how it looks is a template's.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::review::timeline::{Bar, TaskState, Timeline};

/// No chart has more tasks: so many fit on a sheet of paper.
const MAX_LANES: usize = 36;

/// Below the last row: room for a word under today's line.
const FOOT_HEIGHT: i32 = 24;

/// How a chart is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// The width of the whole.
    width: i32,
    /// The columns between which the time runs.
    plot: (i32, i32),
    /// The height of the line of months.
    head: i32,
    /// The height of a standard's title.
    title: i32,
    /// The height of a task.
    row: i32,
    /// How far below the top of its row a bar begins.
    bar: i32,
}

impl Layout {
    /// Labels on the left, words on the right: for screens of some width, and for paper.
    pub const WIDE: Self = Self { width: 960, plot: (292, 786), head: 38, title: 30, row: 26, bar: 6 };
    /// Labels above the bars: for phones.
    pub const STACKED: Self = Self { width: 360, plot: (4, 352), head: 38, title: 34, row: 60, bar: 40 };
    /// The height of a bar.
    const BAR_HEIGHT: i32 = 14;
}

/// A drawing of the timeline.
#[derive(Clone, Debug, Serialize)]
pub struct Chart {
    /// Its width.
    pub width: i32,
    /// Its height.
    pub height: i32,
    /// Where the time begins.
    pub left: i32,
    /// Where it ends.
    pub right: i32,
    /// How high a bar is.
    pub bar_height: i32,
    /// The months from left to right.
    pub months: Vec<Month>,
    /// Where today is, where it is on the chart.
    pub today: Option<i32>,
    /// The standards from top to bottom.
    pub groups: Vec<ChartGroup>,
}

/// A month.
#[derive(Clone, Debug, Serialize)]
pub struct Month {
    /// Where it begins.
    pub x: i32,
    /// How wide it is.
    pub width: i32,
    /// Which, from 1.
    pub month: i8,
    /// Of which year.
    pub year: i16,
}

/// The tasks of a standard, or those of them that are on one chart.
#[derive(Clone, Debug, Serialize)]
pub struct ChartGroup {
    /// Which standard, by its place in the timeline.
    pub standard: usize,
    /// The top of its title.
    pub y: i32,
    /// Its tasks, in their order.
    pub lanes: Vec<Lane>,
}

/// A task.
#[derive(Clone, Debug, Serialize)]
pub struct Lane {
    /// Which task, by its place in the timeline.
    pub task: usize,
    /// The top of its row.
    pub y: i32,
    /// The top of its bar.
    pub bar: i32,
    /// How it stands, as `TaskState` calls it.
    pub state: &'static str,
    /// The bar of the plan: where it begins, and how wide it is; absent where the plan leaves the time open.
    pub planned: Option<ChartSpan>,
    /// From the due date of the plan to the one that was agreed since.
    pub moved: Option<ChartSpan>,
    /// The plan gives a due date and no start: the bar is a mark on that day.
    pub is_day: bool,
    /// How much of the bar is done.
    pub progress: i32,
    /// From the due date on: until it was reported done, or today.
    pub late: Option<ChartSpan>,
    /// Where it was reported done.
    pub done: Option<i32>,
}

/// A stretch of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ChartSpan {
    /// Where it begins.
    pub x: i32,
    /// How wide it is, at least 1.
    pub width: i32,
}

/// The timeline in a layout: one chart, or several where it would not fit on a sheet of paper.
#[must_use]
pub fn charts(timeline: &Timeline<'_>, layout: Layout) -> Vec<Chart> {
    let scale = Scale { from: timeline.from, days: (timeline.to - timeline.from).get_days() + 1, plot: layout.plot };
    let groups = timeline.groups.iter().enumerate();
    let tasks: Vec<(usize, &Bar<'_>)> =
        groups.flat_map(|(standard, (_, bars))| bars.iter().map(move |bar| (standard, bar))).collect();
    let numbered: Vec<(usize, usize, &Bar<'_>)> =
        tasks.into_iter().enumerate().map(|(task, (standard, bar))| (task, standard, bar)).collect();
    numbered.chunks(MAX_LANES).map(|part| sheet(part, timeline, &scale, layout)).collect()
}

/// One chart of tasks, each with its place in the timeline and that of its standard.
fn sheet(tasks: &[(usize, usize, &Bar<'_>)], timeline: &Timeline<'_>, scale: &Scale, layout: Layout) -> Chart {
    let mut y = layout.head;
    let mut groups = Vec::new();
    for own in tasks.chunk_by(|(_, one, _), (_, other, _)| one == other) {
        let Some((_, standard, _)) = own.first() else { continue };
        let top = y;
        y += layout.title;
        let lanes = own.iter().map(|(task, _, bar)| {
            let lane = lane(*task, bar, timeline.today, scale, y, layout);
            y += layout.row;
            lane
        });
        let lanes = lanes.collect();
        groups.push(ChartGroup { standard: *standard, y: top, lanes });
    }
    let months = timeline.from.series(1.month()).take_while(|month| *month <= timeline.to);
    Chart {
        width: layout.width,
        height: y + FOOT_HEIGHT,
        left: layout.plot.0,
        right: layout.plot.1,
        bar_height: Layout::BAR_HEIGHT,
        months: months.map(|month| scale.month(month)).collect(),
        today: (timeline.from..=timeline.to).contains(&timeline.today).then(|| scale.middle(timeline.today)),
        groups,
    }
}

fn lane(task: usize, bar: &Bar<'_>, today: Date, scale: &Scale, y: i32, layout: Layout) -> Lane {
    let period = bar.item.task.period();
    // As planned: until the due date of the plan, where that was moved to a later one.
    let due = period.map(|period| bar.written_due.map_or(period.due, |written| written.min(period.due)));
    let planned = period.zip(due).map(|(period, due)| scale.span(period.start.unwrap_or(due).min(due), due));
    let moved = period.zip(due).filter(|(period, due)| *due < period.due);
    let after = |day: Date| day.tomorrow().unwrap_or(day);
    let is_open = !matches!(bar.state, TaskState::Done | TaskState::Cancelled);
    // It ends when it was reported done; while it is open it goes on until today.
    let ends = bar.done_on.or_else(|| is_open.then_some(today));
    let late = period.zip(ends).filter(|(period, ends)| *ends > period.due);
    Lane {
        task,
        y,
        bar: y + layout.bar,
        state: bar.state.as_str(),
        planned,
        is_day: period.is_some_and(|period| period.start.is_none()),
        progress: planned.map_or(0, |planned| planned.width * i32::from(bar.item.percent) / 100),
        moved: moved.map(|(period, due)| scale.span(after(due), period.due)),
        late: late.map(|(period, ends)| scale.span(after(period.due), ends)),
        done: bar.done_on.map(|day| scale.middle(day)),
    }
}

/// From days to units.
struct Scale {
    from: Date,
    days: i32,
    plot: (i32, i32),
}

impl Scale {
    /// Where a day begins; days beyond the chart are at its edge.
    fn at(&self, day: Date) -> i32 {
        let days = (day - self.from).get_days().clamp(0, self.days);
        let width = i64::from(self.plot.1 - self.plot.0);
        let along = width * i64::from(days) / i64::from(self.days.max(1));
        self.plot.0 + i32::try_from(along).unwrap_or(0)
    }

    fn after(&self, day: Date) -> i32 {
        self.at(day.tomorrow().unwrap_or(day))
    }

    fn middle(&self, day: Date) -> i32 {
        i32::midpoint(self.at(day), self.after(day))
    }

    /// From the beginning of a day to the end of another.
    fn span(&self, first: Date, last: Date) -> ChartSpan {
        let x = self.at(first).min(self.plot.1 - 1);
        ChartSpan { x, width: (self.after(last) - x).max(1) }
    }

    fn month(&self, first: Date) -> Month {
        let ChartSpan { x, width } = self.span(first, first.last_of_month());
        Month { x, width, month: first.month(), year: first.year() }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_lie_on_the_line_and_those_beyond_it_at_its_edge() {
        let scale = Scale { from: date(2023, 9, 1), days: 30, plot: (100, 400) };
        assert_eq!(scale.span(date(2023, 9, 1), date(2023, 9, 30)), ChartSpan { x: 100, width: 300 });
        assert_eq!(scale.span(date(2023, 9, 11), date(2023, 9, 20)), ChartSpan { x: 200, width: 100 });
        assert_eq!(scale.span(date(1999, 1, 1), date(2023, 9, 1)), ChartSpan { x: 100, width: 10 });
        assert_eq!(scale.span(date(2030, 1, 1), date(2031, 1, 1)), ChartSpan { x: 399, width: 1 });
        assert_eq!(scale.middle(date(2023, 9, 1)), 105);
    }
}

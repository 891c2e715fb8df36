//! The plan's timeline in the measures of a drawing: the place of each month, bar and mark, in units of which the whole is
//! [`Chart::width`] wide. The words beside it and its look are a template's.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::review::TaskState;
use crate::review::timeline::{Bar, Timeline};

/// The most tasks of one chart: so many fit on a sheet of paper.
const MAX_LANES: usize = 36;

/// The height below the last row, with room for a word under today's line.
const FOOT_HEIGHT: i32 = 24;

/// The layout of a chart.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// The width of the whole.
    width: i32,
    /// The left and the right end of the time.
    plot: (i32, i32),
    /// The height of the line of months.
    head: i32,
    /// The height of a standard's title.
    title: i32,
    /// The height of a task.
    row: i32,
    /// The distance of a bar from the top of its row.
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
    /// The x at which the time begins.
    pub left: i32,
    /// The x at which it ends.
    pub right: i32,
    /// The height of a bar.
    pub bar_height: i32,
    /// The months from left to right.
    pub months: Vec<ChartMonth>,
    /// The x of today; `None` where that is not on the chart.
    pub today: Option<i32>,
    /// The standards from top to bottom.
    pub groups: Vec<ChartGroup>,
}

/// A month.
#[derive(Clone, Debug, Serialize)]
pub struct ChartMonth {
    /// Its left edge.
    pub x: i32,
    /// Its width.
    pub width: i32,
    /// The month, from 1.
    pub month: i8,
    /// The year.
    pub year: i16,
}

/// The tasks of a standard, or those of them that are on one chart.
#[derive(Clone, Debug, Serialize)]
pub struct ChartGroup {
    /// The standard, by its place in the timeline.
    pub standard: usize,
    /// The top of its title.
    pub y: i32,
    /// Its tasks, in their order.
    pub lanes: Vec<Lane>,
}

/// A task.
#[derive(Clone, Debug, Serialize)]
pub struct Lane {
    /// The task, by its place in the timeline.
    pub task: usize,
    /// The top of its row.
    pub y: i32,
    /// The top of its bar.
    pub bar: i32,
    /// Its state, as [`TaskState::as_str`] writes it.
    pub state: &'static str,
    /// The bar of the plan; `None` where the plan leaves the time open.
    pub planned: Option<ChartSpan>,
    /// From the due date of the plan to the one that was agreed since.
    pub moved: Option<ChartSpan>,
    /// Whether the plan gives no start: then the bar is a mark on the due date.
    pub is_day: bool,
    /// The width of what is done.
    pub progress: i32,
    /// From the due date on: until it was reported done, or today.
    pub late: Option<ChartSpan>,
    /// The x of the day on which it was reported done.
    pub done: Option<i32>,
}

/// A stretch of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ChartSpan {
    /// Its left edge.
    pub x: i32,
    /// Its width, at least 1.
    pub width: i32,
}

/// The timeline in a layout: one chart, or several where it would not fit on a sheet of paper.
#[must_use]
pub fn charts(timeline: &Timeline<'_>, layout: Layout) -> Vec<Chart> {
    let drawing = Drawing {
        timeline,
        layout,
        scale: Scale { from: timeline.from, days: (timeline.to - timeline.from).get_days() + 1, plot: layout.plot },
    };
    let groups = timeline.groups.iter().enumerate();
    let tasks: Vec<(usize, &Bar<'_>)> =
        groups.flat_map(|(standard, (_, bars))| bars.iter().map(move |bar| (standard, bar))).collect();
    let numbered: Vec<(usize, usize, &Bar<'_>)> =
        tasks.into_iter().enumerate().map(|(task, (standard, bar))| (task, standard, bar)).collect();
    numbered.chunks(MAX_LANES).map(|part| drawing.chart(part)).collect()
}

/// A timeline that is being drawn in a layout.
struct Drawing<'a> {
    timeline: &'a Timeline<'a>,
    layout: Layout,
    scale: Scale,
}

impl Drawing<'_> {
    /// One chart of tasks, each with its place in the timeline and that of its standard.
    fn chart(&self, tasks: &[(usize, usize, &Bar<'_>)]) -> Chart {
        let Self { timeline, layout, scale } = self;
        let mut y = layout.head;
        let mut groups = Vec::new();
        for own in tasks.chunk_by(|(_, one, _), (_, other, _)| one == other) {
            let Some((_, standard, _)) = own.first() else { continue };
            let top = y;
            y += layout.title;
            let lanes = own.iter().map(|(task, _, bar)| {
                let lane = self.lane(*task, bar, y);
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

    /// The row of a task whose top is at `y`.
    fn lane(&self, task: usize, bar: &Bar<'_>, y: i32) -> Lane {
        let Self { timeline, layout, scale } = self;
        let period = bar.item.task.period();
        // Until the due date of the plan, where another was agreed since.
        let due = period.map(|period| bar.written_due.map_or(period.due, |written| written.min(period.due)));
        let planned = period.zip(due).map(|(period, due)| scale.span(period.start.unwrap_or(due).min(due), due));
        let moved = period.zip(due).filter(|(period, due)| *due < period.due);
        let after = |day: Date| day.tomorrow().unwrap_or(day);
        let is_open = !matches!(bar.state, TaskState::Done | TaskState::Cancelled);
        // Until it was reported done; while it is open, until today.
        let ends = bar.done_on.or_else(|| is_open.then_some(timeline.today));
        // A date before the plan was issued makes nothing late.
        let can_be_late = bar.state != TaskState::Unresolved;
        let late = period.zip(ends).filter(|(period, ends)| can_be_late && *ends > period.due);
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
}

/// Converts days to units.
struct Scale {
    from: Date,
    days: i32,
    plot: (i32, i32),
}

impl Scale {
    /// The x at which a day begins; days beyond the chart are at its edge.
    fn at(&self, day: Date) -> i32 {
        let days = (day - self.from).get_days().clamp(0, self.days);
        let width = i64::from(self.plot.1 - self.plot.0);
        let along = width * i64::from(days) / i64::from(self.days.max(1));
        self.plot.0 + i32::try_from(along).unwrap_or(0)
    }

    /// The x at which a day ends.
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

    fn month(&self, first: Date) -> ChartMonth {
        let ChartSpan { x, width } = self.span(first, first.last_of_month());
        ChartMonth { x, width, month: first.month(), year: first.year() }
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

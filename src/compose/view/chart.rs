//! The plan as a timeline, as the template `timeline.html` sees it: in reports that are pages, and in the plan at a glance.

use jiff::ZonedDateTime;
use jiff::civil::Date;
use serde::Serialize;

use crate::compose::PlanState;
use crate::report::chart::{Chart, Layout, charts};
use crate::review::ReviewInput;
use crate::review::timeline::{Bar, timeline};

use super::TaskView;
use super::review::StandardView;

/// The plan as a timeline.
#[derive(Debug, Serialize)]
pub(in crate::compose) struct ChartView {
    /// The charts for wide screens and for paper.
    wide: Vec<Chart>,
    /// The charts for phones.
    stacked: Vec<Chart>,
    /// The standards of the charts.
    lane_groups: Vec<StandardView>,
    /// The tasks of the charts.
    lanes: Vec<LaneView>,
}

#[derive(Debug, Serialize)]
struct LaneView {
    #[serde(flatten)]
    task: TaskView,
    /// The state: a status, `overdue` or `unresolved`.
    state: &'static str,
    done_on: Option<Date>,
}

impl ChartView {
    pub(in crate::compose) fn new(facts: &ReviewInput<'_>, now: &ZonedDateTime) -> Self {
        let timeline = timeline(facts);
        let state = PlanState { school: facts.school, progress: facts.progress };
        let reader = facts.school.settings.impersonal_reader();
        let lane = |bar: &Bar<'_>| LaneView {
            task: TaskView::new(state, bar.item.task, "superior", reader, now),
            state: bar.state.as_str(),
            done_on: bar.done_on,
        };
        Self {
            wide: charts(&timeline, Layout::WIDE),
            stacked: charts(&timeline, Layout::STACKED),
            lanes: timeline.groups.iter().flat_map(|(_, bars)| bars).map(lane).collect(),
            lane_groups: timeline.groups.into_iter().map(|(standard, _)| standard.into()).collect(),
        }
    }
}

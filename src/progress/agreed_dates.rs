//! Due dates that were moved because somebody asked for time and was given it. What the plan says stays visible beside.

use crate::plan::{Period, Plan, Postponed, Timeframe};

use super::TimeRequest;

/// Moves the due dates of the tasks for which a request was accepted; `requests` in the order in which they were asked.
///
/// A request speaks of the due date at its time. Where the plan has another one since, the school has settled the
/// matter in its document, and the plan holds.
pub fn move_due_dates(plan: &mut Plan, requests: &[TimeRequest]) {
    for request in requests.iter().filter(|request| request.accepted().is_some()) {
        let Some(task) = plan.tasks.iter_mut().find(|task| task.id == request.task) else { continue };
        let period = task.period();
        if period.map(|period| period.due) != request.old {
            continue;
        }
        let written = task.postponed.take().map_or(period, |before| before.written);
        let start = period.and_then(|period| period.start).filter(|start| *start <= request.due);
        task.timeframe = Timeframe::Resolved(Period { start, due: request.due });
        task.postponed = Some(Postponed { written, why: request.why.clone() });
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::{Date, date};

    use super::*;
    use crate::plan::timeframe::Unresolved;
    use crate::plan::{Task, TaskId};
    use crate::progress::{How, RequestDecision, RequestState};

    fn plan(due: Option<Date>) -> Plan {
        let start = Some(date(2023, 10, 1));
        let timeframe =
            due.map_or(Timeframe::Unresolved(Unresolved::Empty), |due| Timeframe::Resolved(Period { start, due }));
        let task = Task::bare("1.4", String::new(), timeframe);
        Plan {
            number: "1".to_owned(),
            framework: None,
            title: String::new(),
            issued: date(2023, 9, 5),
            standards: [].into(),
            tasks: vec![task],
        }
    }

    fn request(old: Option<Date>, due: Date, is_accepted: bool) -> TimeRequest {
        let decision = RequestDecision { at: Timestamp::UNIX_EPOCH, by: None, note: None };
        TimeRequest {
            task: TaskId::new("1.4"),
            number: 1,
            at: Timestamp::UNIX_EPOCH,
            by: None,
            how: How::Link,
            old,
            due,
            why: format!("đến {due}"),
            outcome: if is_accepted { RequestState::Accepted(decision) } else { RequestState::Refused(decision) },
        }
    }

    #[test]
    fn what_was_accepted_moves_the_due_date_of_the_plan_that_it_speaks_of() {
        let (october, november, december) = (date(2023, 10, 31), date(2023, 11, 30), date(2023, 12, 31));
        let moved = |due: Option<Date>, requests: &[TimeRequest]| {
            let mut plan = plan(due);
            move_due_dates(&mut plan, requests);
            let task = &plan.tasks[0];
            let written = task.postponed.as_ref().map(|postponed| postponed.written.map(|period| period.due));
            (task.period().map(|period| period.due), written)
        };
        let once = request(Some(october), november, true);
        let again = request(Some(november), december, true);
        assert_eq!(moved(Some(october), std::slice::from_ref(&once)), (Some(november), Some(Some(october))));
        assert_eq!(moved(Some(october), &[once.clone(), again.clone()]), (Some(december), Some(Some(october))));
        assert_eq!(moved(Some(october), &[request(Some(october), november, false)]), (Some(october), None));
        // The school has written another date since.
        assert_eq!(moved(Some(december), &[once, again]), (Some(december), None));
        // The plan left the time open.
        assert_eq!(moved(None, &[request(None, november, true)]), (Some(november), Some(None)));
    }
}

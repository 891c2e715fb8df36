#![no_main]
//! Any text as a time expression, below any text as a band (the first line): there is an answer, and no period runs backwards.

use jiff::civil::date;
use nhacviec::calendar::SchoolYear;
use nhacviec::plan::timeframe::{self, Context, Frame, Unit};

libfuzzer_sys::fuzz_target!(|lines: &str| {
    let (band, text) = lines.split_once('\n').unwrap_or(("", lines));
    let terms = vec![date(2024, 1, 14), date(2024, 5, 25)];
    let Ok(year) = SchoolYear::new(date(2023, 9, 5), terms, date(2024, 5, 31)) else { return };
    let context = Context::of(&year).issued(Some(date(2023, 8, 25))).column(Some(Unit::Week));
    let context = context.within(Frame::find(band, &context));
    if let Ok(reading) = timeframe::read(text, &context) {
        assert!(!reading.periods.is_empty());
        assert!(reading.periods.iter().all(|period| period.start.is_none_or(|start| start <= period.due)));
    }
});

//! How words and numbers make moments, and moments periods.
//!
//! ```text
//! periods = period { (";" | "và" | "," | line end) period }
//! period  = "Bắt đầu" moment "hoàn thành" moment
//!         | ("Hoàn thành" | "Chậm nhất" | "Hạn" | "Đến" | …) period      the due date alone
//!         | "Trước" moment                                              the day before
//!         | ["Từ"] moment ("đến" | "-") moment | "Từ" moment            the latter to the end of the year
//!         | moment
//! ```

use jiff::civil::Date;

use crate::calendar::SchoolYear;

use super::moment::{Moment, Part, Week};
use super::token::Token;
use super::{Period, Unresolved};

type Read<T> = Result<T, Unresolved>;

/// Reads a whole expression.
pub(super) fn periods(tokens: &[Token], year: &SchoolYear) -> Read<Vec<Period>> {
    let mut reader = Reader { tokens, at: 0, year };
    let mut periods = reader.row()?;
    loop {
        while reader.take_separator() {}
        if reader.is_at_end() {
            break;
        }
        periods.extend(reader.row()?);
    }
    for period in &periods {
        if let Some(start) = period.start.filter(|start| *start > period.due) {
            return Err(Unresolved::EndsBeforeStart { start, due: period.due });
        }
    }
    Ok(periods)
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    year: &'a SchoolYear,
}

/// Words before a moment that leave its meaning as it is.
const FILLERS: [&[&str]; 11] = [
    &["nhan", "dip"],
    &["vao", "dip"],
    &["trong", "dip"],
    &["dip"],
    &["vao", "khoang", "thoi", "gian"],
    &["thoi", "gian"],
    &["trong"],
    &["vao"],
    &["du", "kien"],
    &["bat", "dau", "vao"],
    &["luc"],
];
/// Words after which only the due date counts.
const DUE_ONLY: [&[&str]; 13] = [
    &["hoan", "thanh"],
    &["thuc", "hien", "xong"],
    &["xong"],
    &["ket", "thuc", "vao"],
    &["cham", "nhat"],
    &["muon", "nhat"],
    &["tre", "nhat"],
    &["han", "cuoi"],
    &["han", "chot"],
    &["thoi", "han"],
    &["han"],
    &["den", "het"],
    &["den"],
];

impl Reader<'_> {
    /// One period, or the several that a row of months stands for.
    fn row(&mut self) -> Read<Vec<Period>> {
        self.skip_fillers();
        if self.take_words(&["bat", "dau"]) {
            return self.after_beginning().map(|period| vec![period]);
        }
        if DUE_ONLY.iter().any(|words| self.take_words(words)) {
            self.take(&Token::Colon);
            self.take_words(&["la"]);
            let periods = self.row()?;
            return Ok(periods.into_iter().map(|period| Period { start: None, due: period.due }).collect());
        }
        if self.take_words(&["truoc"]) {
            return self.before().map(|period| vec![period]);
        }
        if self.peek_from() {
            self.at += 1;
            return self.span_from().map(|period| vec![period]);
        }
        let moments = self.moments()?;
        if let [first] = moments[..]
            && self.take_until()
        {
            return self.until(first).map(|period| vec![period]);
        }
        moments.into_iter().map(|moment| moment.period(self.year)).collect::<Read<Vec<_>>>().map(joined)
    }

    /// After "Bắt đầu": "từ A", "A; hoàn thành B", or "A đến B".
    fn after_beginning(&mut self) -> Read<Period> {
        self.take(&Token::Colon);
        if self.peek_from() {
            self.at += 1;
        }
        self.skip_fillers();
        let first = self.moment()?;
        let mark = self.at;
        while self.take_separator() {}
        let ends: [&[&str]; 4] = [&["hoan", "thanh"], &["ket", "thuc"], &["den", "het"], &["xong"]];
        if ends.iter().any(|words| self.take_words(words)) {
            self.take(&Token::Colon);
            self.skip_fillers();
            return self.until(first);
        }
        self.at = mark;
        if self.take_until() { self.until(first) } else { self.open(first) }
    }

    /// After "Từ": "A đến B" or "A" to the end of the year.
    fn span_from(&mut self) -> Read<Period> {
        self.skip_fillers();
        // "Từ 05 - 31/8": the first day takes its month from the last.
        let first = self.moments()?;
        if let [Moment::Span { start, due }] = first[..] {
            return Ok(Period { start: Some(start), due });
        }
        if let [first] = first[..] {
            return if self.take_until() { self.until(first) } else { self.open(first) };
        }
        let periods = first.into_iter().map(|moment| moment.period(self.year)).collect::<Read<Vec<_>>>()?;
        match joined(periods)[..] {
            [period] => Ok(period),
            _ => Err(self.not_understood(0)),
        }
    }

    /// The span from `first` to the moment that follows.
    fn until(&mut self, first: Moment) -> Read<Period> {
        self.take_words(&["het"]);
        self.skip_fillers();
        let last = self.moment()?;
        let (first, last) = Moment::share_year(first, last);
        let (first, last) = (first.period(self.year)?, last.period(self.year)?);
        Ok(Period { start: Some(beginning(first)), due: last.due })
    }

    /// From `first` to the end of the school year.
    fn open(&mut self, first: Moment) -> Read<Period> {
        let first = first.period(self.year)?;
        Ok(Period { start: Some(beginning(first)), due: self.year.end() })
    }

    /// After "Trước": the day before a day or before what follows begins.
    fn before(&mut self) -> Read<Period> {
        self.skip_fillers();
        let period = self.moment()?.period(self.year)?;
        let first = period.start.unwrap_or(period.due);
        let due = first.yesterday().map_err(|_| Unresolved::NotInCalendar(first.to_string()))?;
        Ok(Period { start: None, due })
    }

    /// One moment, several of one row ("tháng 9, 10, 11/2023", "tuần 1 và 2 tháng 10"), or a span of numbers.
    fn moments(&mut self) -> Read<Vec<Moment>> {
        self.skip_time_of_day();
        let mark = self.at;
        if self.take_words(&["thang"]) {
            return self.months();
        }
        if self.take_words(&["tuan"]) {
            return self.weeks();
        }
        if self.take_words(&["quy"]) {
            return self.quarters();
        }
        if self.take_words(&["giai", "doan"]) {
            return self.years();
        }
        let after_day = self.take_words(&["ngay"]);
        if matches!(self.peek(0), Some(Token::Number { .. })) {
            return self.numbers(after_day);
        }
        match self.named_moment()? {
            Some(moment) if !after_day || moment == Moment::Opening => {
                self.school_year_behind()?;
                Ok(vec![moment])
            }
            _ => Err(self.not_understood(mark)),
        }
    }

    /// One moment.
    fn moment(&mut self) -> Read<Moment> {
        let start = self.at;
        match self.moments()?[..] {
            [moment] => Ok(moment),
            _ => Err(self.not_understood(start)),
        }
    }

    /// A moment that has a name of its own.
    fn named_moment(&mut self) -> Read<Option<Moment>> {
        if self.take_words(&["khai", "giang"]) {
            return Ok(Some(Moment::Opening));
        }
        let ends: [&[&str]; 6] =
            [&["so", "ket"], &["tong", "ket"], &["ket", "thuc"], &["cuoi"], &["het"], &["den", "het"]];
        for words in ends {
            let mark = self.at;
            if !self.take_words(words) {
                continue;
            }
            if let Some(term) = self.take_term() {
                return Ok(Some(Moment::TermEnd(term)));
            }
            if self.take_school_year()? {
                return Ok(Some(Moment::YearEnd));
            }
            if words == ["cuoi"] {
                return self.late().map(Some);
            }
            if words == ["het"] {
                return self.end_of().map(Some);
            }
            self.at = mark;
        }
        if self.take_words(&["dau"]) {
            return self.early().map(Some);
        }
        if self.take_words(&["giua"]) {
            if !self.take_words(&["thang"]) {
                return Err(self.not_understood(self.at - 1));
            }
            let (month, year) = self.month_and_year()?;
            return Ok(Some(Moment::PartOfMonth { part: Part::Mid, month, year }));
        }
        if self.take_words(&["he"]) {
            self.take_words(&["nam"]);
            return self.take_year().map(|year| Some(Moment::Summer(year))).ok_or(Unresolved::YearMissing);
        }
        if let Some(term) = self.take_term() {
            return Ok(Some(Moment::Term(term)));
        }
        let mark = self.at;
        let whole = self.take_words(&["ca"]) || self.take_words(&["suot"]);
        if self.take_school_year()? {
            return Ok(Some(Moment::SchoolYear));
        }
        if self.take_words(&["nam"]) {
            return match self.take_year() {
                Some(year) => Ok(Some(Moment::CalendarYear(year))),
                None if whole => Ok(Some(Moment::SchoolYear)),
                None => Err(Unresolved::YearMissing),
            };
        }
        self.at = mark;
        Ok(None)
    }

    /// After "Đầu": of the school year, a term, a month or a year.
    fn early(&mut self) -> Read<Moment> {
        if let Some(term) = self.take_term() {
            return Ok(Moment::TermBeginning(term));
        }
        if self.take_school_year()? {
            return Ok(Moment::YearBeginning);
        }
        if self.take_words(&["thang"]) {
            let (month, year) = self.month_and_year()?;
            return Ok(Moment::PartOfMonth { part: Part::Early, month, year });
        }
        if self.take_words(&["nam"]) {
            return self.take_year().map(Moment::FirstMonthOf).ok_or(Unresolved::YearMissing);
        }
        Err(self.not_understood(self.at - 1))
    }

    /// After "Cuối": of a month, a quarter or a year.
    fn late(&mut self) -> Read<Moment> {
        if self.take_words(&["thang"]) {
            let (month, year) = self.month_and_year()?;
            return Ok(Moment::PartOfMonth { part: Part::Late, month, year });
        }
        if self.take_words(&["quy"]) {
            let quarter = self.quarter()?;
            let year = self.year_behind();
            return Ok(Moment::LastMonthOfQuarter { quarter, year });
        }
        if self.take_words(&["nam"]) {
            return self.take_year().map(Moment::LastMonthOf).ok_or(Unresolved::YearMissing);
        }
        Err(self.not_understood(self.at - 1))
    }

    /// After "Hết": the last day of a month, a quarter or a year.
    fn end_of(&mut self) -> Read<Moment> {
        let start = self.at;
        let moments = self.moments()?;
        let [moment] = moments[..] else { return Err(self.not_understood(start)) };
        let last = moment.period(self.year)?.due;
        Ok(Moment::Day { day: last.day(), month: last.month(), year: Some(last.year()) })
    }

    /// After "Tháng": one month, or several of one year.
    fn months(&mut self) -> Read<Vec<Moment>> {
        let mut months = vec![self.month_number()?];
        let mut is_range = false;
        loop {
            let mark = self.at;
            let dash = self.take_until_number();
            let another = dash || self.take(&Token::Comma) || self.take_words(&["va"]);
            self.take(&Token::Comma);
            if !another || !self.number_is_month() {
                self.at = mark;
                break;
            }
            is_range |= dash;
            months.push(self.month_number()?);
        }
        let year = self.year_behind();
        self.school_year_behind()?;
        let with_years = years_for(&months, year);
        let moments = months.iter().zip(with_years).map(|(month, year)| Moment::Month { month: *month, year });
        let moments: Vec<Moment> = moments.collect();
        match moments[..] {
            [first, .., last] if is_range => self.span(first, last).map(|moment| vec![moment]),
            _ => Ok(moments),
        }
    }

    /// After "Tuần": weeks of a month, or of the school year where no month follows.
    fn weeks(&mut self) -> Read<Vec<Moment>> {
        self.take_words(&["thu"]);
        let mut weeks = vec![self.week()?];
        let mut is_range = false;
        loop {
            let mark = self.at;
            let dash = self.take_until_number();
            let another = dash || self.take(&Token::Comma) || self.take_words(&["va"]);
            self.take_words(&["tuan"]);
            self.take_words(&["thu"]);
            if !another || !matches!(self.peek(0), Some(Token::Number { digits: 1..=2, .. })) {
                self.at = mark;
                break;
            }
            is_range |= dash;
            weeks.push(self.week()?);
        }
        if is_range && let [Week::Number(first), Week::Number(last)] = weeks[..] {
            if first > last {
                return Err(Unresolved::NotInCalendar(format!("tuần {first}-{last}")));
            }
            weeks = (first..=last.min(first + 60)).map(Week::Number).collect();
        }
        self.take_words(&["cua"]);
        self.take(&Token::Comma);
        if self.take_words(&["thang"]) {
            let (month, year) = self.month_and_year()?;
            return Ok(weeks.into_iter().map(|week| Moment::WeekOfMonth { week, month, year }).collect());
        }
        let school_week = |week| match week {
            Week::Number(number) => Ok(Moment::SchoolWeek(number)),
            Week::Last => Err(Unresolved::MonthMissing),
        };
        let weeks = weeks.into_iter().map(school_week).collect::<Read<Vec<_>>>()?;
        self.school_year_behind()?;
        Ok(weeks)
    }

    fn week(&mut self) -> Read<Week> {
        if self.take_words(&["cuoi", "cung"]) || self.take_words(&["cuoi"]) {
            return Ok(Week::Last);
        }
        if self.take_words(&["dau", "tien"]) || self.take_words(&["dau"]) || self.take_words(&["nhat"]) {
            return Ok(Week::Number(1));
        }
        let start = self.at;
        if let Some(Token::Number { value, digits: 1..=2 } | Token::Roman(value)) = self.peek(0).cloned() {
            self.at += 1;
            return Ok(Week::Number(value));
        }
        self.number_in_words()
            .and_then(|number| u32::try_from(number).ok())
            .map(Week::Number)
            .ok_or_else(|| self.not_understood(start))
    }

    /// After "Quý": one quarter or several.
    fn quarters(&mut self) -> Read<Vec<Moment>> {
        let mut quarters = vec![self.quarter()?];
        let mut is_range = false;
        loop {
            let mark = self.at;
            let dash = self.take(&Token::Dash);
            let another = dash || self.take(&Token::Comma) || self.take_words(&["va"]);
            self.take_words(&["quy"]);
            let is_quarter =
                matches!(self.peek(0), Some(Token::Roman(1..=4) | Token::Number { value: 1..=4, digits: 1 }));
            if !another || !is_quarter {
                self.at = mark;
                break;
            }
            is_range |= dash;
            quarters.push(self.quarter()?);
        }
        let year = self.year_behind();
        if is_range && let [first, last] = quarters[..] {
            quarters = (first..=last).collect();
        }
        let months: Vec<i8> = quarters.iter().map(|quarter| quarter * 3 - 2).collect();
        let years = years_for(&months, year);
        Ok(quarters.into_iter().zip(years).map(|(quarter, year)| Moment::Quarter { quarter, year }).collect())
    }

    fn quarter(&mut self) -> Read<i8> {
        let start = self.at;
        let number = match self.peek(0) {
            Some(Token::Roman(value @ 1..=4) | Token::Number { value: value @ 1..=4, digits: 1 | 2 }) => {
                let value = i8::try_from(*value).ok();
                self.at += 1;
                value
            }
            _ => self.number_in_words().filter(|number| *number <= 4),
        };
        number.ok_or_else(|| self.not_understood(start))
    }

    /// After "Giai đoạn": from the first of January of one year to the end of another.
    fn years(&mut self) -> Read<Vec<Moment>> {
        let start = self.at;
        self.take_words(&["tu"]);
        self.take_words(&["nam"]);
        let first = self.take_year().ok_or_else(|| self.not_understood(start))?;
        if !self.take_until() {
            return Err(self.not_understood(start));
        }
        self.take_words(&["nam"]);
        let last = self.take_year().ok_or_else(|| self.not_understood(start))?;
        if last < first || last - first > 20 {
            return Err(self.not_understood(start));
        }
        self.span(Moment::CalendarYear(first), Moment::CalendarYear(last)).map(|moment| vec![moment])
    }

    /// Numbers with strokes between them: "15-10-2023", "01-15/9/2023", "9/2023-5/2024", "6 tháng đầu năm 2024".
    fn numbers(&mut self, after_day: bool) -> Read<Vec<Moment>> {
        let start = self.at;
        if let Some(moment) = self.half_year() {
            return Ok(vec![moment]);
        }
        let first = self.group();
        // "15-10-2023": dashes within one date.
        if let [day] = first[..]
            && let Some(whole) = self.dashed_date(day)
        {
            return self.checked(whole).map(|moment| vec![moment]);
        }
        let dash = self.at;
        if self.take(&Token::Dash) && matches!(self.peek(0), Some(Token::Number { .. })) {
            let last = self.group();
            if let Some(moment) = self.spanned(&first, &last, after_day)? {
                return Ok(vec![moment]);
            }
        }
        self.at = dash;
        let moment = match first[..] {
            [day] if self.take_words(&["thang"]) => {
                let (month, year) = self.month_and_year()?;
                Moment::Day { day: small(day), month, year }
            }
            _ => match self.date_of(&first, after_day) {
                Some(moment) => moment,
                None if after_day && first.len() == 1 => return Err(Unresolved::MonthMissing),
                None => return Err(self.not_understood(start)),
            },
        };
        self.school_year_behind()?;
        self.checked(moment).map(|moment| vec![moment])
    }

    /// "A - B" in numbers, where A may lack what B says.
    fn spanned(&mut self, first: &[Number], last: &[Number], after_day: bool) -> Read<Option<Moment>> {
        if let ([from], [to]) = (first, last) {
            if from.is_year() && to.is_year() {
                // "2023-2024" is a school year.
                return self.same_school_year(from.value, to.value).map(|()| Some(Moment::SchoolYear));
            }
            // "10-2023" is a month as "10/2023" is.
            if to.is_year() && !after_day {
                return self.checked(Moment::Month { month: small(*from), year: to.year() }).map(Some);
            }
            // "01-15 tháng 9 năm 2023"
            if self.take_words(&["thang"]) {
                let (month, year) = self.month_and_year()?;
                let day = |number: &Number| Moment::Day { day: small(*number), month, year };
                return self.span(day(from), day(to)).map(Some);
            }
        }
        let Some(end) = self.date_of(last, after_day) else { return Ok(None) };
        let begin = match (first, end) {
            ([day], Moment::Day { month, year, .. }) => Some(Moment::Day { day: small(*day), month, year }),
            ([month], Moment::Month { year, .. }) => {
                let months = [small(*month), end_month(end)];
                let years = years_for(&months, year);
                Some(Moment::Month { month: months[0], year: years[0] })
            }
            _ => self.date_of(first, after_day),
        };
        let Some(begin) = begin else { return Ok(None) };
        let (begin, end) = Moment::share_year(begin, end);
        self.span(begin, end).map(Some)
    }

    /// The span between two moments.
    fn span(&self, begin: Moment, end: Moment) -> Read<Moment> {
        let (start, due) = (beginning(begin.period(self.year)?), end.period(self.year)?.due);
        if start > due {
            return Err(Unresolved::EndsBeforeStart { start, due });
        }
        Ok(Moment::Span { start, due })
    }

    /// Numbers joined by `/` or `.`.
    fn group(&mut self) -> Vec<Number> {
        let mut numbers = Vec::new();
        while let Some(Token::Number { value, digits }) = self.peek(0) {
            numbers.push(Number { value: *value, digits: *digits });
            self.at += 1;
            if !(matches!(self.peek(0), Some(Token::Stroke)) && matches!(self.peek(1), Some(Token::Number { .. }))) {
                break;
            }
            self.at += 1;
        }
        numbers
    }

    /// The rest of "15-10-2023" behind its day.
    fn dashed_date(&mut self, day: Number) -> Option<Moment> {
        let (month, year) = match (self.peek(0)?, self.peek(1)?, self.peek(2)?, self.peek(3)?) {
            (
                Token::Dash,
                Token::Number { value: month, digits: 1..=2 },
                Token::Dash,
                Token::Number { value, digits: 4 },
            ) => (*month, *value),
            _ => return None,
        };
        self.at += 4;
        let month = small(Number { value: month, digits: 2 });
        Some(Moment::Day { day: small(day), month, year: i16::try_from(year).ok() })
    }

    /// What numbers joined by strokes mean: a month with its year, a day, a day with its year.
    fn date_of(&mut self, numbers: &[Number], after_day: bool) -> Option<Moment> {
        match *numbers {
            [month, year] if year.is_year() && !after_day => {
                Some(Moment::Month { month: small(month), year: year.year() })
            }
            [month, year] if year.digits == 2 && year.value > 12 && month.value <= 12 && !after_day => {
                Some(Moment::Month { month: small(month), year: year.short_year() })
            }
            [day, month] if !month.is_year() => {
                // "15/10 năm 2023"
                let year = if self.peek_is(0, "nam") { self.year_behind() } else { None };
                Some(Moment::Day { day: small(day), month: small(month), year })
            }
            [day, month, year] if year.is_year() => {
                Some(Moment::Day { day: small(day), month: small(month), year: year.year() })
            }
            [day, month, year] if year.digits == 2 => {
                Some(Moment::Day { day: small(day), month: small(month), year: year.short_year() })
            }
            _ => None,
        }
    }

    /// The moment, unless it is a day or month that there is not.
    fn checked(&self, moment: Moment) -> Read<Moment> {
        moment.period(self.year).map(|_| moment)
    }

    /// "6 tháng đầu năm 2024", "6 tháng cuối năm 2023"
    fn half_year(&mut self) -> Option<Moment> {
        let mark = self.at;
        let six = matches!(self.peek(0), Some(Token::Number { value: 6, .. }));
        self.at += 1;
        if six && self.take_words(&["thang"]) {
            let second = self.take_words(&["cuoi"]);
            if (second || self.take_words(&["dau"]))
                && self.take_words(&["nam"])
                && let Some(year) = self.take_year()
            {
                return Some(Moment::HalfYear { second, year });
            }
        }
        self.at = mark;
        None
    }

    fn month_and_year(&mut self) -> Read<(i8, Option<i16>)> {
        let month = self.month_number()?;
        let year = self.year_behind();
        self.school_year_behind()?;
        Ok((month, year))
    }

    /// A month's number after "tháng", in digits or in words.
    fn month_number(&mut self) -> Read<i8> {
        let start = self.at;
        match self.peek(0) {
            Some(Token::Number { value, digits: 1..=2 }) => {
                let month = small(Number { value: *value, digits: 2 });
                self.at += 1;
                if (1..=12).contains(&month) {
                    return Ok(month);
                }
                return Err(Unresolved::NotInCalendar(format!("tháng {month}")));
            }
            Some(Token::Roman(value)) => {
                let month = i8::try_from(*value).unwrap_or(0);
                self.at += 1;
                return Ok(month);
            }
            Some(Token::Word { .. }) => {
                if let Some(month) = self.number_in_words() {
                    return Ok(month);
                }
            }
            _ => {}
        }
        // "Tháng   năm 2023", "Tháng …/2023"
        let left_out = match self.peek(0) {
            None | Some(Token::Gap | Token::Stroke) => true,
            Some(token) => token.is("nam"),
        };
        if left_out { Err(Unresolved::MonthMissing) } else { Err(self.not_understood(start)) }
    }

    fn number_is_month(&self) -> bool {
        let after = self.peek(1);
        match self.peek(0) {
            // "tháng 9, 15/10": a day follows, not a month.
            Some(Token::Number { value: 1..=12, digits: 1..=2 }) => {
                let is_day = matches!((after, self.peek(2)), (Some(Token::Stroke), Some(Token::Number { digits: 1..=2, value })) if *value <= 12);
                !is_day && !after.is_some_and(|token| token.is("thang"))
            }
            _ => false,
        }
    }

    /// Months and quarters in words: "Mười", "mười một", "giêng". "năm" is five only where a year follows it.
    fn number_in_words(&mut self) -> Option<i8> {
        const WORDS: [(&[&str], i8); 16] = [
            (&["muoi", "mot"], 11),
            (&["muoi", "hai"], 12),
            (&["muoi"], 10),
            (&["mot"], 1),
            (&["gieng"], 1),
            (&["hai"], 2),
            (&["ba"], 3),
            (&["tu"], 4),
            (&["bon"], 4),
            (&["nam", "nam"], 5),
            (&["sau"], 6),
            (&["bay"], 7),
            (&["tam"], 8),
            (&["chin"], 9),
            (&["chap"], 12),
            (&["nhat"], 1),
        ];
        let (words, number) =
            WORDS.iter().find(|(words, _)| (0..).zip(*words).all(|(at, word)| self.peek_is(at, word)))?;
        if *words == ["tu"] && self.written(0) == Some("từ") {
            return None;
        }
        self.at += if *number == 5 { 1 } else { words.len() };
        Some(*number)
    }

    /// A year behind a month or quarter: "/2023", "năm 2023", "/23", " 2023", "- 2023" after a stroke.
    fn year_behind(&mut self) -> Option<i16> {
        let mark = self.at;
        let stroke = self.take(&Token::Stroke) || self.take(&Token::Dash) || self.take(&Token::Comma);
        self.take_words(&["nam"]);
        if let Some(year) = self.take_year() {
            return Some(year);
        }
        if stroke
            && let Some(Token::Number { value, digits: 2 }) = self.peek(0)
            && *value > 12
            && !matches!(self.peek(1), Some(Token::Stroke))
        {
            let year = Number { value: *value, digits: 2 }.short_year();
            self.at += 1;
            return year;
        }
        self.at = mark;
        None
    }

    /// A year of four digits that does not begin a school year.
    fn take_year(&mut self) -> Option<i16> {
        let Some(Token::Number { value, digits: 4 }) = self.peek(0) else { return None };
        let year = i16::try_from(*value).ok()?;
        self.at += 1;
        Some(year)
    }

    /// "học kỳ I", "HK1", "kỳ II"
    fn take_term(&mut self) -> Option<u32> {
        let mark = self.at;
        let named = self.take_words(&["hoc", "ky"]) || self.take_words(&["hk"]) || self.take_words(&["ky"]);
        if named {
            self.take_words(&["thu"]);
            match self.peek(0).cloned() {
                Some(Token::Roman(number) | Token::Number { value: number, digits: 1 }) => {
                    self.at += 1;
                    return Some(number);
                }
                _ => {
                    if let Some(number) = self.number_in_words().filter(|number| *number <= 3) {
                        return u32::try_from(number).ok();
                    }
                }
            }
        }
        self.at = mark;
        None
    }

    /// "năm học" with or without its years.
    fn take_school_year(&mut self) -> Read<bool> {
        if !self.take_words(&["nam", "hoc"]) {
            return Ok(false);
        }
        self.take(&Token::Colon);
        let mark = self.at;
        if let Some(Token::Number { value: from, digits: 4 }) = self.peek(0).cloned() {
            self.at += 1;
            if !(self.take(&Token::Dash) || self.take(&Token::Stroke)) {
                self.at = mark;
                return Err(self.not_understood(mark));
            }
            let to = match self.peek(0) {
                Some(Token::Number { value, digits: 4 }) => *value,
                Some(Token::Number { value, digits: 2 }) => 2000 + *value,
                _ => return Err(self.not_understood(mark)),
            };
            self.at += 1;
            self.same_school_year(from, to)?;
        }
        // "… và những năm tiếp theo"
        let further: [&[&str]; 3] = [
            &["va", "nhung", "nam", "tiep", "theo"],
            &["va", "cac", "nam", "tiep", "theo"],
            &["va", "cac", "nam", "hoc", "tiep", "theo"],
        ];
        let _ = further.iter().any(|words| self.take_words(words));
        Ok(true)
    }

    /// The school year that may stand behind any moment: "Học kỳ II năm học 2023-2024", "10/2023 (năm học 2023-2024)".
    fn school_year_behind(&mut self) -> Read<()> {
        let mark = self.at;
        self.take(&Token::Comma);
        self.take_words(&["cua"]);
        if self.peek_is(0, "nam") && self.peek_is(1, "hoc") {
            return self.take_school_year().map(|_| ());
        }
        self.at = mark;
        Ok(())
    }

    fn same_school_year(&self, from: u32, to: u32) -> Read<()> {
        let year = |number: u32| i16::try_from(number).unwrap_or(i16::MAX);
        let ours = (self.year.start().year(), self.year.end().year());
        if (year(from), year(to)) == ours {
            return Ok(());
        }
        Err(Unresolved::OtherSchoolYear { from: year(from), to: year(to) })
    }

    /// Words of occasion and hour: "Sáng 28/9", "8h00 ngày …", "thứ sáu, ngày …".
    fn skip_time_of_day(&mut self) {
        loop {
            let mark = self.at;
            let part = ["sang", "trua", "chieu", "toi"].iter().any(|word| self.take_words(&[word]));
            let hour = self.take_hour();
            let weekday = self.take_weekday();
            if part || hour || weekday {
                self.take(&Token::Comma);
                continue;
            }
            self.at = mark;
            return;
        }
    }

    fn take_hour(&mut self) -> bool {
        let hour = matches!(self.peek(0), Some(Token::Number { value: 0..=24, digits: 1..=2 }));
        let mark = self.at;
        self.at += 1;
        if hour && (self.take_words(&["h"]) || self.take_words(&["gio"]) || self.take_words(&["g"])) {
            if matches!(self.peek(0), Some(Token::Number { value: 0..=59, digits: 2 }))
                && !matches!(self.peek(1), Some(Token::Stroke | Token::Dash))
            {
                self.at += 1;
                self.take_words(&["phut"]);
            }
            return true;
        }
        self.at = mark;
        false
    }

    fn take_weekday(&mut self) -> bool {
        let mark = self.at;
        if self.take_words(&["chu", "nhat"]) {
            return true;
        }
        if self.take_words(&["thu"]) {
            if let Some(Token::Number { value: 2..=7, .. }) = self.peek(0) {
                self.at += 1;
                return true;
            }
            if ["hai", "ba", "tu", "nam", "sau", "bay"].iter().any(|day| self.take_words(&[day])) {
                return true;
            }
        }
        self.at = mark;
        false
    }

    fn skip_fillers(&mut self) {
        self.skip_time_of_day();
        while FILLERS.iter().any(|words| self.take_words(words)) {
            self.skip_time_of_day();
        }
    }

    /// "từ", but not "tư" (four).
    fn peek_from(&self) -> bool {
        self.peek_is(0, "tu") && self.written(0) != Some("tư")
    }

    /// "đến", "tới", "-" between two moments.
    fn take_until(&mut self) -> bool {
        let mark = self.at;
        let _ = self.take(&Token::Comma) || self.take(&Token::Other('\n'));
        let taken = self.take(&Token::Dash)
            || self.take_words(&["cho", "den"])
            || self.take_words(&["den"])
            || (self.written(0) != Some("tối") && self.take_words(&["toi"]));
        if !taken {
            self.at = mark;
        }
        taken
    }

    /// The same before a bare number: "tháng 9 - 12", "tuần 1 đến 4".
    fn take_until_number(&mut self) -> bool {
        let mark = self.at;
        if self.take_until() && matches!(self.peek(0), Some(Token::Number { digits: 1..=2, .. })) {
            return true;
        }
        self.at = mark;
        false
    }

    fn take_separator(&mut self) -> bool {
        self.take(&Token::Semicolon)
            || self.take(&Token::Comma)
            || self.take(&Token::Other('\n'))
            || self.take_words(&["va"])
    }

    fn take(&mut self, wanted: &Token) -> bool {
        let is_next = self.peek(0) == Some(wanted);
        self.at += usize::from(is_next);
        is_next
    }

    fn take_words(&mut self, words: &[&str]) -> bool {
        let taken = (0..).zip(words).all(|(at, word)| self.peek_is(at, word));
        self.at += if taken { words.len() } else { 0 };
        taken
    }

    fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    fn peek_is(&self, ahead: usize, word: &str) -> bool {
        self.peek(ahead).is_some_and(|token| token.is(word))
    }

    fn written(&self, ahead: usize) -> Option<&str> {
        match self.peek(ahead) {
            Some(Token::Word { written, .. }) => Some(written),
            _ => None,
        }
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// The error for what stands at `from`.
    fn not_understood(&self, from: usize) -> Unresolved {
        let rest = &self.tokens[from.min(self.tokens.len().saturating_sub(1))..];
        let words: Vec<String> = rest.iter().map(Token::show).filter(|word| word != "\n").collect();
        Unresolved::NotUnderstood(words.join(" "))
    }
}

/// When a span begins that begins with this: its start, or itself when it is a day.
fn beginning(period: Period) -> Date {
    period.start.unwrap_or(period.due)
}

/// A number of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Number {
    value: u32,
    digits: usize,
}

impl Number {
    fn is_year(self) -> bool {
        self.digits == 4
    }

    fn year(self) -> Option<i16> {
        i16::try_from(self.value).ok()
    }

    fn short_year(self) -> Option<i16> {
        i16::try_from(2000 + self.value).ok()
    }
}

/// A day or month; 0, which is neither, for numbers that are too large.
fn small(number: Number) -> i8 {
    i8::try_from(number.value).unwrap_or(0)
}

fn end_month(moment: Moment) -> i8 {
    match moment {
        Moment::Month { month, .. } => month,
        _ => 0,
    }
}

/// The years of months in a row of which the last has `year`: "11, 12/2023, 1/2024" never lacks one, "11, 12, 1/2024"
/// means that what comes before January is of the year before.
fn years_for(months: &[i8], year: Option<i16>) -> Vec<Option<i16>> {
    let Some(mut year) = year else { return vec![None; months.len()] };
    let mut years = vec![Some(year); months.len()];
    for at in (0..months.len().saturating_sub(1)).rev() {
        year -= i16::from(months[at] > months[at + 1]);
        years[at] = Some(year);
    }
    years
}

/// Periods of one row as one where each begins the day after the one before it or where they are the two ends of a
/// span; otherwise as they are.
fn joined(periods: Vec<Period>) -> Vec<Period> {
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else { return periods };
    let adjacent =
        periods.windows(2).all(|pair| pair[1].start.is_none_or(|start| pair[0].due.tomorrow().ok() == Some(start)));
    if periods.len() > 1 && adjacent {
        return vec![Period { start: Some(first.start.unwrap_or(first.due)), due: last.due }];
    }
    periods
}

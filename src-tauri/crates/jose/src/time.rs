//! Times in tokens: NumericDate (RFC 7519 §2), what is wrong with one, and how to say it in words.

use crate::{
    Code, Finding, Part, Repair, duration,
    json::{Kind, Node},
    text,
};

/// The times of a claims set, in seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Times {
    /// `iat`, when it was issued.
    pub issued: Option<i64>,
    /// `nbf`, from when it is valid.
    pub not_before: Option<i64>,
    /// `exp`, when it expires.
    pub expires: Option<i64>,
}

impl Times {
    /// Seconds from when the token begins (`nbf`, else `iat`) until it expires.
    pub fn lifetime(&self) -> Option<i64> {
        let start = self.not_before.or(self.issued)?;
        Some(self.expires?.saturating_sub(start))
    }
}

/// Seconds that clocks may differ when a token is judged, at most.
pub const MAX_LEEWAY: i64 = 60;

/// A token that lives less than this many seconds more is said to expire soon.
const SOON: i64 = 5;

/// Reads `iat`, `nbf` and `exp` of a claims set and judges them at `now` with `leeway` seconds of grace, which counts for
/// [`MAX_LEEWAY`] at the most.
pub fn check(claims: Node<'_, '_>, now: i64, leeway: i64, findings: &mut Vec<Finding>) -> Times {
    let leeway = leeway.clamp(0, MAX_LEEWAY);
    let mut date = |name: &'static str| claims.get(name).and_then(|node| numeric_date(name, node, now, findings));
    let times = Times { issued: date("iat"), not_before: date("nbf"), expires: date("exp") };
    let at = |name: &str, finding: Finding| match claims.get(name) {
        Some(node) => finding.at(Part::Payload, node.span()),
        None => finding,
    };
    if let Some(expires) = times.expires {
        if now >= expires.saturating_add(leeway) {
            let found = format!("expired {} ago, at {}", span(now.saturating_sub(expires)), utc(expires));
            let hint = "make a new token; if it was just made, compare the clocks";
            findings.push(at("exp", Finding::new(Code::Expired, found).hint(hint)));
        } else if expires.saturating_sub(now) <= SOON {
            let left = span(expires.saturating_sub(now).max(0));
            findings
                .push(at("exp", Finding::new(Code::ExpiresSoon, format!("expires in {left}, at {}", utc(expires)))));
        }
        let start = [("nbf", times.not_before), ("iat", times.issued)];
        if let Some((name, Some(start))) = start.into_iter().find(|(_, time)| time.is_some_and(|time| expires <= time))
        {
            let found = format!("\"exp\" ({}) is not after {name:?} ({})", utc(expires), utc(start));
            findings.push(at("exp", Finding::new(Code::ExpBeforeStart, found)));
        }
    } else if claims.get("exp").is_none() {
        let found = "\"exp\" is missing: the token never expires";
        let finding = Finding::new(Code::ExpMissing, found).hint("give it a short life");
        findings.push(finding.repair(Repair::Member("exp".to_owned())));
    }
    if let Some(start) = times.not_before
        && now < start.saturating_sub(leeway)
    {
        let found = format!("valid only in {}, from {}", span(start.saturating_sub(now)), utc(start));
        findings.push(at("nbf", Finding::new(Code::NotYetValid, found).hint("wait, or compare the clocks")));
    }
    if let Some(issued) = times.issued
        && now < issued.saturating_sub(leeway)
    {
        let found = format!("\"iat\" is {} ahead, at {}", span(issued.saturating_sub(now)), utc(issued));
        findings.push(at("iat", Finding::new(Code::IssuedAhead, found).hint("compare the clocks")));
    }
    times
}

/// An `exp` of up to ten years after 1970 is a time to live: nobody means a date of the seventies.
const LONGEST_DURATION: f64 = 10.0 * 365.0 * 86_400.0;

/// A NumericDate in whole seconds; a fraction is cut off towards the past. What is wrong becomes a finding.
fn numeric_date(name: &str, node: Node<'_, '_>, now: i64, findings: &mut Vec<Finding>) -> Option<i64> {
    let place = |finding: Finding| finding.at(Part::Payload, node.span());
    if node.kind() != Kind::Number {
        findings.push(place(not_a_number(name, node, now)));
        return None;
    }
    let value = node.as_f64()?;
    if name == "exp" && (0.0..=LONGEST_DURATION).contains(&value) {
        findings.push(place(duration_for_time(node.raw(), value.floor() as i64, now)));
        return None;
    }
    if node.raw().contains('.') && Unit::of(value) == Some(Unit::Seconds) && value >= 0.0 {
        let found = format!("{name:?} has a fraction of a second: found {}", text::elide(node.raw()));
        let hint = "RFC 7519 §2 allows it, and some servers take whole numbers alone";
        let whole = Repair::Value(format!("{:.0}", value.floor()));
        findings.push(place(Finding::new(Code::FractionalTime, found).hint(hint).repair(whole)));
    }
    match Unit::of(value) {
        Some(Unit::Seconds) if value < 0.0 => {
            let found = format!("{name:?} is not a NumericDate: found {}, before 1970", text::elide(node.raw()));
            findings.push(place(Finding::new(Code::NotNumericDate, found)));
            None
        }
        Some(Unit::Seconds) => Some(value.floor() as i64),
        None => {
            let found = format!("{name:?} is not a NumericDate: found {}, beyond any date", text::elide(node.raw()));
            findings.push(place(Finding::new(Code::NotNumericDate, found)));
            None
        }
        Some(unit) => {
            let seconds = (value / unit.per_second() as f64).floor() as i64;
            let found = format!("{name:?} is in {}: found {}, wanted seconds", unit.name(), text::elide(node.raw()));
            let hint = format!("drop the last {} digits: {seconds} is {}", unit.digits(), utc(seconds));
            let finding = Finding::new(Code::Milliseconds, found).hint(hint);
            findings.push(place(finding.repair(Repair::Value(seconds.to_string()))));
            None
        }
    }
}

/// What to say of a time that is not a number: the number in quotes, a duration in words, or something else.
fn not_a_number(name: &str, node: Node<'_, '_>, now: i64) -> Finding {
    let found = format!("{name:?} is not a NumericDate: found {}", text::elide(node.raw()));
    let finding = Finding::new(Code::NotNumericDate, found);
    let typed = node.as_str();
    let typed = typed.as_deref().map(str::trim).unwrap_or_default();
    if let Ok(seconds) = typed.parse::<i64>() {
        let (seconds, hint) = match seconds {
            0..=315_360_000 if name == "exp" => {
                let from_now = now.saturating_add(seconds);
                (from_now, format!("it is a duration, and wanted is a time: {from_now} is {} from now", span(seconds)))
            }
            seconds => (seconds, format!("write it as a number, without quotes: {seconds}")),
        };
        return finding.hint(hint).repair(Repair::Value(seconds.to_string()));
    }
    match duration::parse(typed).ok().and_then(|seconds| i64::try_from(seconds).ok()) {
        Some(seconds) => {
            let from_now = now.saturating_add(seconds);
            let hint = format!("it is a duration, and wanted is a time: {from_now} is {} from now", span(seconds));
            finding.hint(hint).repair(Repair::Value(from_now.to_string()))
        }
        None => finding.hint("wanted seconds since 1970-01-01T00:00:00Z, as a number"),
    }
}

/// What to say of an `exp` that counts from the signing on.
fn duration_for_time(typed: &str, seconds: i64, now: i64) -> Finding {
    let typed = text::elide(typed);
    if seconds == 0 {
        let found = format!("\"exp\" is {typed}, which is the beginning of 1970");
        let hint = "no number means never; give a time, or leave \"exp\" out";
        return Finding::new(Code::DurationForTime, found).hint(hint);
    }
    let found = format!("\"exp\" is {typed}, which looks like a duration ({})", span(seconds));
    let from_now = now.saturating_add(seconds);
    let hint = format!("\"exp\" is a point in time, in seconds since 1970: {from_now} is {} from now", span(seconds));
    Finding::new(Code::DurationForTime, found).hint(hint).repair(Repair::Value(from_now.to_string()))
}

/// What a number of a time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Microseconds.
    Microseconds,
    /// Nanoseconds.
    Nanoseconds,
}

impl Unit {
    /// The unit in which a number of this size is a time of our days: seconds have ten digits until the year 2286. `None`
    /// beyond all of them.
    pub fn of(value: f64) -> Option<Self> {
        match value.abs() {
            v if v < 1e11 => Some(Self::Seconds),
            v if v < 1e14 => Some(Self::Milliseconds),
            v if v < 1e17 => Some(Self::Microseconds),
            v if v < 1e20 => Some(Self::Nanoseconds),
            _ => None,
        }
    }

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::Microseconds => "microseconds",
            Self::Nanoseconds => "nanoseconds",
        }
    }

    /// How many digits its numbers have behind those of the seconds.
    pub const fn digits(self) -> u32 {
        match self {
            Self::Seconds => 0,
            Self::Milliseconds => 3,
            Self::Microseconds => 6,
            Self::Nanoseconds => 9,
        }
    }

    /// How many of it make a second.
    pub const fn per_second(self) -> i64 {
        10_i64.pow(self.digits())
    }
}

/// A span of seconds in words: seconds up to two minutes, then the two largest units: "94 s", "3 h 12 min", "12 d".
pub fn span(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    if seconds < 120 {
        return format!("{seconds} s");
    }
    let parts = [("d", seconds / 86_400), ("h", seconds / 3_600 % 24), ("min", seconds / 60 % 60), ("s", seconds % 60)];
    let first = parts.iter().position(|(_, n)| *n > 0).unwrap_or(3);
    // Weeks and more are said in days alone.
    let take = if first == 0 && parts[0].1 >= 14 { 1 } else { 2 };
    let words = parts[first..].iter().take(take).filter(|(_, n)| *n > 0).map(|(unit, n)| format!("{n} {unit}"));
    words.collect::<Vec<_>>().join(" ")
}

/// A time as UTC: "2026-11-22 14:06:40 UTC".
pub fn utc(seconds: i64) -> String {
    match chrono::DateTime::from_timestamp(seconds, 0) {
        Some(time) => time.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        None => format!("{seconds} s after 1970"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    const NOW: i64 = 1_767_225_600;

    fn said(claims: &str, leeway: i64) -> String {
        let document = Document::parse(claims).unwrap();
        let mut findings = Vec::new();
        check(document.root(), NOW, leeway, &mut findings);
        findings
            .iter()
            .map(|f| {
                format!("{}: {}{}\n", f.code, f.message, f.hint.as_ref().map(|h| format!(" ({h})")).unwrap_or_default())
            })
            .collect()
    }

    #[test]
    fn every_time_finding_says_what_was_found() {
        let cases = [
            r#"{"exp":1767225599}"#,
            r#"{"exp":1767139199,"iat":1767135599}"#,
            r#"{"exp":1767225603}"#,
            r#"{"exp":"1767229200"}"#,
            r#"{"exp":"tomorrow"}"#,
            r#"{"exp":1767229200000}"#,
            r#"{"exp":1767229200000000,"nbf":1767229200000000000}"#,
            r#"{"exp":-5}"#,
            r#"{"exp":1e400}"#,
            r#"{"exp":null}"#,
            r#"{"exp":600}"#,
            r#"{"exp":0}"#,
            r#"{"exp":"600"}"#,
            r#"{"exp":"10m"}"#,
            r#"{"exp":315360000,"iat":0,"nbf":600}"#,
            r#"{"exp":315360001}"#,
            r#"{"exp":1767229200.5,"iat":1767225599.0}"#,
            r#"{"nbf":1767225700,"iat":1767225700,"exp":1767225650}"#,
            r#"{}"#,
        ];
        let all: String = cases.iter().map(|case| format!("{case}\n{}\n", said(case, 0))).collect();
        insta::assert_snapshot!(all);
    }

    #[test]
    fn leeway_moves_both_ends() {
        assert_eq!(
            said(r#"{"exp":1767225590,"nbf":1767225620}"#, 60),
            "exp-before-start: \"exp\" (2025-12-31 23:59:50 UTC) is not after \"nbf\" (2026-01-01 00:00:20 UTC)\n"
                .to_owned()
                .replace(
                    "exp-before-start",
                    "expires-soon: expires in 0 s, at 2025-12-31 23:59:50 UTC\nexp-before-start"
                )
        );
    }

    #[test]
    fn spans_have_two_units() {
        let all: Vec<String> = [0, 1, 59, 60, 61, 3_600, 3_661, 86_400, 90_061, 1_300_000, -7_200].map(span).into();
        insta::assert_snapshot!(all.join(" | "), @"0 s | 1 s | 59 s | 60 s | 61 s | 1 h | 1 h 1 min | 1 d | 1 d 1 h | 15 d | 2 h");
    }
}

//! Times and amounts in words, as a person reads them beside a value.

use std::fmt::Display;

use chrono::{DateTime, Datelike, FixedOffset};
use jose::{json::Node, time::span, unseen::steers};

/// A clock on the person's wall.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wall {
    /// The time now, in seconds since 1970.
    pub(crate) now: i64,
    /// How far the wall is ahead of UTC, in seconds.
    pub(crate) offset: i64,
}

impl Wall {
    fn local(self, at: i64) -> Option<DateTime<FixedOffset>> {
        let zone = FixedOffset::east_opt(i32::try_from(self.offset).ok()?)?;
        Some(DateTime::from_timestamp(at, 0)?.with_timezone(&zone))
    }

    /// A time of today as `14:06:40`, another with its day: `yesterday 14:06:40`, `21 Nov 14:06:40`, `21 Nov 2025 14:06:40`.
    pub(crate) fn time(self, at: i64) -> String {
        let (Some(then), Some(today)) = (self.local(at), self.local(self.now)) else { return jose::time::utc(at) };
        let clock = then.format("%H:%M:%S");
        match then.date_naive().signed_duration_since(today.date_naive()).num_days() {
            0 => clock.to_string(),
            1 => format!("tomorrow {clock}"),
            -1 => format!("yesterday {clock}"),
            _ if then.year() == today.year() => format!("{} {clock}", then.format("%-d %b")),
            _ => format!("{} {clock}", then.format("%-d %b %Y")),
        }
    }

    /// The same, with `today` said.
    pub(crate) fn day_and_time(self, at: i64) -> String {
        let words = self.time(at);
        if words.len() == 8 { format!("today {words}") } else { words }
    }

    /// How far away a time is: `in 5 min`, `3 h 12 min ago`, `now`.
    pub(crate) fn distance(self, at: i64) -> String {
        match at.saturating_sub(self.now) {
            0 => "now".to_owned(),
            ahead if ahead > 0 => format!("in {}", span(ahead)),
            past => format!("{} ago", span(past)),
        }
    }
}

/// Signs of currencies that have one of their own.
const SIGNS: [(&str, &str); 5] = [("GBP", "£"), ("EUR", "€"), ("USD", "$"), ("JPY", "¥"), ("INR", "₹")];

/// Codes that people type most, for completion.
pub(crate) const CURRENCIES: [&str; 24] = [
    "GBP", "EUR", "USD", "AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "HKD", "INR", "JPY", "KRW", "MXN",
    "NOK", "NZD", "PLN", "SAR", "SEK", "SGD", "TRY", "ZAR",
];

/// How many digits the smaller unit of a currency has (ISO 4217); two for a code that is not there.
fn minor_digits(currency: &str) -> u32 {
    iso_currency::Currency::from_code(currency).and_then(|known| known.exponent()).map_or(2, u32::from)
}

/// An amount in the smallest unit of its currency: `£12.99, minor units`.
pub(crate) fn money(amount: i64, currency: &str) -> String {
    let sum = sum(amount, currency);
    if minor_digits(currency) == 0 {
        format!("{sum}, which has no smaller unit")
    } else {
        format!("{sum}, minor units")
    }
}

/// The same as people write it: `£12.99`.
pub(crate) fn sum(amount: i64, currency: &str) -> String {
    let digits = minor_digits(currency);
    let (minus, units) = (if amount < 0 { "−" } else { "" }, amount.unsigned_abs());
    let number = match digits {
        0 => units.to_string(),
        digits => {
            let one = 10_u64.pow(digits);
            format!("{}.{:0width$}", units / one, units % one, width = digits as usize)
        }
    };
    match SIGNS.iter().find(|(code, _)| *code == currency) {
        Some((_, sign)) => format!("{minus}{sign}{number}"),
        None => format!("{minus}{number} {currency}"),
    }
}

/// `one`, `one and two`, `one, two and three`.
pub(crate) fn list<S: AsRef<str>>(words: &[S]) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [rest @ .., last] => {
            let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", rest.join(", "), last.as_ref())
        }
    }
}

/// A number as a word where it is small, as sentences have it.
pub(crate) fn count(number: usize) -> String {
    const WORDS: [&str; 13] =
        ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// `1 member`, `2 members`.
pub(crate) fn plural(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A message as a sentence: a capital letter first, a full stop last. A name in quotes stays as it is.
pub(crate) fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let stop = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}

/// A text that is not longer than fits into a line.
pub(crate) fn short(text: &str) -> String {
    const MOST: usize = 60;
    let clean = |c: char| if steers(c) { ' ' } else { c };
    if text.chars().count() <= MOST {
        return text.chars().map(clean).collect();
    }
    text.chars().take(MOST).map(clean).chain(['…']).collect()
}

/// The beginning of a kid, by which people know a key.
pub(crate) fn short_kid(kid: &str) -> String {
    if kid.chars().count() <= 10 { kid.to_owned() } else { kid.chars().take(8).collect() }
}

/// A value as a person reads it: a text without quotes, a list with commas, anything else as it is written.
pub(crate) fn shown(node: Node<'_, '_>) -> String {
    if let Some(text) = node.as_str() {
        return text.into_owned();
    }
    let texts: Option<Vec<String>> = node.elements().map(|one| one.as_str().map(|text| text.into_owned())).collect();
    match texts.filter(|texts| !texts.is_empty()) {
        Some(texts) => texts.join(", "),
        None => node.raw().to_owned(),
    }
}

/// The first of several, and how many more there are.
pub(crate) fn first_and_more(mut all: impl ExactSizeIterator<Item = impl Display>) -> String {
    let Some(first) = all.next() else { return "a rule of the provider is broken".to_owned() };
    match all.len() {
        0 => first.to_string(),
        more => format!("{first} (and {more} more)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_with_the_day_they_need() {
        // 2026-11-22T00:30:00+01:00
        let wall = Wall { now: 1_795_303_800, offset: 3_600 };
        let said: Vec<String> =
            [0, 300, -1_800, -3_600, 86_400, -20 * 86_400, -400 * 86_400].map(|n| wall.time(wall.now + n)).into();
        insta::assert_snapshot!(said.join("\n"), @"
        00:30:00
        00:35:00
        00:00:00
        yesterday 23:30:00
        tomorrow 00:30:00
        2 Nov 00:30:00
        18 Oct 2025 00:30:00
        ");
        assert_eq!(wall.distance(wall.now + 300), "in 5 min");
        assert_eq!(wall.distance(wall.now - 11_520), "3 h 12 min ago");
        assert_eq!(wall.day_and_time(wall.now), "today 00:30:00");
        // Beyond any calendar.
        assert_eq!(wall.time(i64::MAX), "9223372036854775807 s after 1970");
    }

    #[test]
    fn money_has_the_digits_of_its_currency() {
        let said = [(1_299, "GBP"), (5, "EUR"), (-250, "USD"), (1_299, "JPY"), (1_299, "KWD"), (1_299, "CHF")]
            .map(|(amount, currency)| money(amount, currency));
        insta::assert_snapshot!(said.join("\n"), @"
        £12.99, minor units
        €0.05, minor units
        −$2.50, minor units
        ¥1299, which has no smaller unit
        1.299 KWD, minor units
        12.99 CHF, minor units
        ");
    }

    #[test]
    fn lists_and_counts() {
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(
            (count(2), count(14), plural(1, "scope"), plural(2, "scope")),
            ("two".into(), "14".into(), "1 scope".into(), "2 scopes".into())
        );
    }
}

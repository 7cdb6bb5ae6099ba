//! Minting: an API key asks for a token that may do less and does not live long.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::ladder::Caller;
use crate::{
    answer::Answer,
    api::{Call, Context},
    clock,
    issuer::Issuer,
    refusal::RequestRefusal,
    request_body::{self, text},
    rules::Rules,
    token::kind,
    words::shorten,
};

/// The header of a minted token. Not published; see the definition.
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
/// How long a client token of the newer reference lives, in seconds.
const CLIENT_TOKEN: i64 = 15 * 60;
/// The longest life that is minted, in seconds: a year. More than a day is against the page's advice, and a note.
const LONGEST: i64 = 366 * DAY;
const DAY: i64 = 86_400;

/// The claims of a minted token, in this order.
#[derive(Serialize)]
struct Claims<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<&'a Value>,
    #[serde(rename = "merchantId")]
    merchant_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
    iat: i64,
    exp: i64,
    jti: String,
}

/// Mints a token for the caller, who was let in with an API key.
pub(super) fn mint(
    call: &Call<'_>,
    caller: &Caller,
    issuer: &mut Issuer,
    context: &mut Context<'_>,
) -> Result<Answer, RequestRefusal> {
    let body = request_body::object(call)?;
    let newer = body.contains_key("scopes");
    let asked = asked(&body, if newer { "scopes" } else { "scope" }, call.rules)?;
    let sub = body.contains_key("customerId").then(|| text(&body, "customerId")).transpose()?;
    let lifetime = match body.get("expiresIn") {
        None if newer => CLIENT_TOKEN,
        None => call.rules.lifetime,
        Some(value) => lifetime(value)?,
    };
    if lifetime > DAY {
        context.note("the token lives for more than a day; the page advises 1 to 24 hours");
    }
    let exp = context.now.saturating_add(lifetime);
    let claims = Claims {
        scope: (!newer).then_some(asked),
        scopes: newer.then_some(asked),
        merchant_id: &caller.key,
        sub,
        iat: context.now,
        exp,
        jti: issuer.next_id().to_string(),
    };
    let token = issuer.sign(HEADER, &claims);
    Ok(Answer::json(
        200,
        &match newer {
            true => json!({ "token": token, "expiresAt": clock::rfc3339(exp) }),
            false => json!({ "jwt": token, "expiresIn": lifetime }),
        },
    ))
}

/// The scopes that are asked for, as they were written: a list, or words in one string. Each is one of the catalogue.
fn asked<'a>(body: &'a Map<String, Value>, member: &'static str, rules: &Rules) -> Result<&'a Value, RequestRefusal> {
    let value = body.get(member).ok_or(RequestRefusal::Missing { member })?;
    let wanted = || "scopes of the documented ones, in a list or in one string with spaces".to_owned();
    let wrong = |found: String| RequestRefusal::Member { member, found, wanted: wanted() };
    let words: Option<Vec<&str>> = match value {
        Value::String(words) => Some(words.split_whitespace().collect()),
        Value::Array(items) => items.iter().map(Value::as_str).collect(),
        other => return Err(wrong(kind(other).to_owned())),
    };
    let words = words.ok_or_else(|| wrong("a list with something else than strings".to_owned()))?;
    if words.is_empty() {
        return Err(wrong("empty".to_owned()));
    }
    match words.iter().find(|word| !rules.scopes.iter().any(|(scope, _)| scope == *word)) {
        None => Ok(value),
        Some(unknown) => Err(wrong(format!("{:?}", shorten(unknown)))),
    }
}

/// Seconds of a lifetime: a number of them, or a text such as `1h`, `30m`, `1h30m`, `900`.
fn lifetime(value: &Value) -> Result<i64, RequestRefusal> {
    let found = match value {
        Value::String(text) => format!("{:?}", shorten(text)),
        Value::Number(number) => number.to_string(),
        other => kind(other).to_owned(),
    };
    let wanted = "seconds, or a time such as \"1h\", above zero and at most a year".to_owned();
    let seconds = match value {
        Value::String(text) => seconds(text),
        other => other.as_i64(),
    };
    let fits = |seconds: &i64| (1..=LONGEST).contains(seconds);
    seconds.filter(fits).ok_or(RequestRefusal::Member { member: "expiresIn", found, wanted })
}

fn seconds(text: &str) -> Option<i64> {
    if let Ok(plain) = text.parse() {
        return Some(plain);
    }
    let (mut total, mut digits) = (0_i64, String::new());
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let unit = match c {
            'd' => DAY,
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        let count: i64 = digits.parse().ok()?;
        digits.clear();
        total = total.checked_add(count.checked_mul(unit)?)?;
    }
    (digits.is_empty() && !text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_read_as_people_write_them() {
        for (text, wanted) in [("1h", 3600), ("30m", 1800), ("24h", 86_400), ("1h30m", 5400), ("900", 900), ("1d", DAY)]
        {
            assert_eq!(seconds(text), Some(wanted), "{text}");
        }
        for text in ["", "h", "1", "-1h", "1w", "1h5", "99999999999999999999h", "9999999999999999h"] {
            assert_eq!(seconds(text).filter(|seconds| *seconds > 1), None, "{text}");
        }
    }
}

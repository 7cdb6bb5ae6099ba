//! Tokens, findings and answers as people read them in a terminal.

use jose::Code;
use jose::time::{span, utc};
use wire::{
    Certainty, ExecutionOutcome, Finding, Inspection, IssuedTokens, Passage, Sent, Severity, Verdict, WebhookCheck,
    WebhookDelivery, WebhookState,
};
use workbench::calls;

use crate::style;
use crate::{exit::Exit, flags};

/// One finding: severity, code, message, and the hint below.
pub fn finding(finding: &Finding) -> String {
    let tone = match finding.severity {
        Severity::Error => style::BAD,
        Severity::Warning => style::WARN,
        Severity::Info => style::QUIET,
    };
    let mut text = format!(
        "{tone}{:7}{tone:#} {} {}({}){:#}",
        finding.severity,
        finding.message,
        style::QUIET,
        finding.code,
        style::QUIET
    );
    if let Some(hint) = &finding.hint {
        let options = flags::for_finding(finding.code).map(|options| format!(" ({options})")).unwrap_or_default();
        text += &format!("\n        {}{hint}{options}{:#}", style::QUIET, style::QUIET);
    }
    text
}

/// Everything about a token, at `now`.
pub fn inspection(inspection: &Inspection, now: i64) -> String {
    let mut text = String::new();
    let mut row = |name: &str, value: String| text += &format!("{}{name:10}{:#} {value}\n", style::HEAD, style::HEAD);
    if let Some(header) = &inspection.header {
        row("Header", one_line(header));
    }
    if let Some(payload) = &inspection.payload {
        row("Claims", one_line(payload));
    }
    let times = &inspection.times;
    if let Some(issued) = times.issued {
        row("Issued", moment(issued, now));
    }
    if let Some(from) = times.not_before.filter(|from| Some(*from) != times.issued) {
        row("Valid from", moment(from, now));
    }
    if let Some(expires) = times.expires {
        row("Expires", moment(expires, now));
    }
    let verdicts = &inspection.verdicts;
    row("Structure", verdict(verdicts.structure));
    let by = match (&inspection.key, verdicts.signature) {
        (Some(key), Verdict::Good) => format!(", by {key}"),
        (None, Verdict::Unknown) => unjudged(inspection),
        _ => String::new(),
    };
    row("Signature", format!("{}{by}", verdict(verdicts.signature)));
    row("Policy", verdict(verdicts.policy));
    for one in &inspection.findings {
        text += &finding(one);
        text.push('\n');
    }
    text
}

/// Why a signature is not judged.
fn unjudged(inspection: &Inspection) -> String {
    let said = |code: Code| inspection.findings.iter().find(|finding| finding.code == code.name());
    match (said(Code::NotJudged), said(Code::NoKey), inspection.verdicts.structure) {
        (Some(reason), ..) => format!(", {}", clean(&reason.message)),
        (None, Some(_), _) => ": no key to judge with".to_owned(),
        (None, None, Verdict::Bad) if said(Code::Encrypted).is_some() => {
            ", not judged: the token is encrypted".to_owned()
        }
        (None, None, Verdict::Bad) => ", not judged: the structure is bad".to_owned(),
        _ => String::new(),
    }
}

/// What was found out about a delivery: each step, and what was noticed.
pub fn webhook(check: &WebhookCheck) -> String {
    let mut text = format!("{}\n", verdict(check.verdict));
    for step in &check.steps {
        let (mark, tone) = match step.state {
            WebhookState::Good => ("✓", style::GOOD),
            WebhookState::Bad => ("✕", style::BAD),
            WebhookState::Unknown | WebhookState::NotReached => ("·", style::QUIET),
        };
        text += &format!("{tone}{mark}{tone:#} {:10} {}\n", step.stage, step.words);
    }
    text += &format!("{}Body{:#}       {}\n", style::HEAD, style::HEAD, check.body);
    for one in &check.findings {
        text += &finding(one);
        text.push('\n');
    }
    text
}

/// A delivery that came: a line with what came of it, and its check.
pub fn delivery(delivery: &WebhookDelivery) -> String {
    let clock = &utc(delivery.at)[11..19];
    let path = clean(&delivery.path);
    let answered = delivery.answered;
    let mut text = format!("{}{clock}  {}  POST {path}  → {answered}{:#}\n", style::HEAD, delivery.number, style::HEAD);
    match &delivery.check {
        Some(check) => text += &webhook(check),
        None => text += &format!("{}\n", verdict(delivery.verdict)),
    }
    if let (None, Some(reason)) = (&delivery.check, &delivery.reason) {
        text += &format!("{reason}\n");
    }
    if let Some(earlier) = delivery.repeats {
        text += &format!("{}sent again: it has the id of delivery {earlier}{:#}\n", style::QUIET, style::QUIET);
    }
    text
}

/// What a call came to: the sentence, the next step, the gate ladder.
pub fn verdict_and_gates(sent: &Sent) -> String {
    let tone = if sent.as_wanted { style::GOOD } else { style::BAD };
    let mut text = format!("{tone}{}{tone:#}\n", sent.sentence);
    if let Some(next) = &sent.next {
        text += &format!("{next}\n");
    }
    text.push('\n');
    for gate in &sent.gates {
        let (mark, tone) = match (gate.passage, gate.certainty) {
            (_, Certainty::DoesNotApply) => ("–", style::QUIET),
            (Passage::Passed, _) => ("✓", style::GOOD),
            (Passage::Stopped, _) => ("✕", style::BAD),
            (Passage::Open, _) => ("·", style::QUIET),
        };
        let certainty = gate.certainty.to_string().replace('-', " ");
        text += &format!("{tone}{mark}{tone:#} {:10} {certainty:15} {}\n", gate.gate.replace('-', " "), gate.reason);
    }
    text
}

/// What was sent, what came back, and what it means.
pub fn sent(sent: &Sent) -> String {
    let mut text = verdict_and_gates(sent);
    text.push('\n');
    let request = &sent.request;
    text += &format!("{}{} {}{:#}\n", style::HEAD, request.method, request.url, style::HEAD);
    for header in &request.headers {
        text += &format!("{}: {}\n", header.name, clean(&header.value));
    }
    if !request.body.is_empty() {
        text += &format!("\n{}", set_in(&clean(request.body.trim_end())));
    }
    match (&sent.answer, &sent.no_answer) {
        (Some(answer), _) => {
            let cut = if answer.cut { ", cut" } else { "" };
            let status = answer.status;
            text += &format!("\n{}{status}{:#} in {} ms{cut}\n", style::HEAD, style::HEAD, sent.elapsed_ms);
            text += &set_in(&shortened(&clean(answer.body.trim_end())));
        }
        (None, Some(why)) => text += &format!("\nno answer: {why}\n"),
        (None, None) => {}
    }
    if let Some(skew) = sent.skew.as_ref().filter(|skew| skew.ahead.abs() > 1) {
        text += &format!("{}clock: {}{:#}\n", style::QUIET, skew.words, style::QUIET);
    }
    for note in &sent.notes {
        text += &format!("{}note: {note}{:#}\n", style::QUIET, style::QUIET);
    }
    text
}

/// What was done on the way, and what came of it.
pub fn outcome(outcome: &ExecutionOutcome, now: i64) -> String {
    let mut text = String::new();
    for row in &outcome.timeline {
        text += &format!("{}{}{:#}  {}\n", style::QUIET, &utc(row.at)[11..19], style::QUIET, clean(&row.words));
    }
    if let Some(sent) = &outcome.sent {
        text.push('\n');
        text += &self::sent(sent);
    }
    if let Some(issued) = &outcome.issued {
        text.push('\n');
        text += &self::issued(issued, now);
    }
    if let Some(failed) = &outcome.failed {
        text += &format!("{}{}{:#}\n", style::BAD, clean(failed), style::BAD);
    }
    text
}

/// The tokens of a credential at a target, as far as they are known.
pub fn issued(issued: &IssuedTokens, now: i64) -> String {
    let ends = |at: Option<i64>| match at {
        Some(at) if at > now => format!("expires in {}", span(at - now)),
        Some(at) => format!("expired {} ago", span(now - at)),
        None => "its end is not known".to_owned(),
    };
    let access =
        if issued.access { format!("access token, {}", ends(issued.expires)) } else { "no access token".to_owned() };
    let refresh =
        if issued.refresh { format!("; refresh token, {}", ends(issued.refresh_expires)) } else { String::new() };
    let may = issued.permissions.as_ref().map(|all| format!("; may {}", all.join(", "))).unwrap_or_default();
    format!("{}, {}, {}: {access}{refresh}{may}\n", issued.profile, issued.environment, issued.credential)
}

/// The exit code for what a call or a flow came to.
pub fn exit(outcome: &calls::Outcome) -> Exit {
    let answered =
        outcome.timeline.rows.iter().rev().find(|row| row.sent.is_some()).is_some_and(|row| row.came.is_some());
    match () {
        () if outcome.is_as_wanted() => Exit::Done,
        () if answered => Exit::Unexpected,
        () => Exit::NoAnswer,
    }
}

/// Text from outside without what could steer a terminal.
pub fn clean(text: &str) -> String {
    jose::unseen::visible_lines(text).into_owned()
}

/// A body, set in from what the program itself says, so that no line of it passes for one.
fn set_in(body: &str) -> String {
    body.lines().map(|line| format!("  {line}\n")).collect()
}

/// Lines of an answer that are shown in a terminal.
const MOST_LINES: usize = 60;
/// Characters of one line that are shown.
const LONGEST_LINE: usize = 2_000;

fn shortened(body: &str) -> String {
    let mut text = String::new();
    let total = body.lines().count();
    for line in body.lines().take(MOST_LINES) {
        let shown: String = line.chars().take(LONGEST_LINE).collect();
        let more = if shown.len() < line.len() { " …" } else { "" };
        text += &format!("{shown}{more}\n");
    }
    if total > MOST_LINES {
        text += &format!("… {} more lines (all of it with --json)\n", total - MOST_LINES);
    }
    text
}

/// Characters of a header or claims set that are shown on one line.
const LONGEST_PART: usize = 4_000;

fn one_line(part: &str) -> String {
    let flat = clean(part).replace('\n', " ");
    match flat.char_indices().nth(LONGEST_PART) {
        Some((at, _)) => format!("{} … ({} bytes)", &flat[..at], part.len()),
        None => flat,
    }
}

fn moment(time: i64, now: i64) -> String {
    let relative = if time > now { format!("in {}", span(time - now)) } else { format!("{} ago", span(now - time)) };
    format!("{} ({relative})", utc(time))
}

fn verdict(verdict: Verdict) -> String {
    let tone = match verdict {
        Verdict::Good => style::GOOD,
        Verdict::Bad => style::BAD,
        Verdict::Unknown => style::WARN,
    };
    format!("{tone}{verdict}{tone:#}")
}

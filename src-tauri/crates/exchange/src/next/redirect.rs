//! Redirects: where they lead, what goes along, and which are refused (RFC 9110 §15.4).

use provider::is_loopback;
use url::Url;

use super::{Situation, Step};
use crate::{
    Answer, Body, HeaderValue, PreparedRequest,
    answer::text::brief,
    request::address::{missing_slash, origin},
};

/// How many redirects one call follows.
const MOST_REDIRECTS: usize = 5;

/// The request goes to another address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// Where to.
    pub to: Url,
    /// The method there.
    pub method: String,
    /// Whether the body goes along.
    pub keeps_body: bool,
    /// Whether the credential goes along: only to the same scheme, host and port.
    pub keeps_credential: bool,
    /// What happens, a sentence or two.
    pub why: String,
}

/// The step after a redirect.
pub(super) fn after(situation: &Situation<'_>, answer: &Answer) -> Step {
    let request = situation.request;
    let Some(location) = answer.header("location") else {
        return Step::give_up(format!("A {} that names no address leads nowhere.", answer.status));
    };
    let to = match target(&request.url, location) {
        Ok(to) => to,
        Err(why) => return Step::give_up(why),
    };
    let method = method_there(answer.status, &request.method);
    let keeps_body = method == request.method;
    let keeps_credential = to.origin() == request.url.origin();
    let loses_body = !keeps_body && !request.body.is_empty();
    let slash =
        missing_slash(&request.url, &to).map(|path| format!(" The path only lacks a slash at its end: write {path}."));
    let slash = slash.unwrap_or_default();

    // A body that holds a password or a key is the credential of a flow: without it the GET would ask for nothing.
    if loses_body && request.body.has_secret() {
        return Step::give_up(format!(
            "A {} turns the {} into a GET without its body, and so without what it authenticates with: not followed.{slash}",
            answer.status, request.method
        ));
    }
    // The body was written for the host that is sealed with the credential. What a person typed there may hold what is
    // nobody else's business: names, card numbers, keys.
    if keeps_body && !keeps_credential && !request.body.is_empty() {
        let why = match request.body.has_secret() {
            true => "the body carries a secret that is not for it",
            false => "a body goes only where it was meant to go",
        };
        return Step::give_up(format!("The redirect leads to {}, and {why}: not followed.", origin(&to)));
    }
    let visited = |(m, url): &(String, Url)| *m == method && *url == to;
    let here = (request.method.clone(), request.url.clone());
    if visited(&here) || situation.history.redirects.iter().any(visited) {
        return Step::give_up(format!("The redirects run in a circle, back to {}.", shown(&to)));
    }
    if situation.history.redirects.len() >= MOST_REDIRECTS {
        return Step::give_up(format!("After {MOST_REDIRECTS} redirects the next one is not followed."));
    }
    let mut why = format!("A {} leads to {}.", answer.status, shown(&to));
    if loses_body {
        why += &format!(" The {} becomes a GET without its body, as in browsers.{slash}", request.method);
    } else if !keeps_body {
        why += &format!(" The {} becomes a GET.", request.method);
    }
    if !keeps_credential && request.carries_secret() {
        why += " That is another origin, so the credential is left behind.";
    }
    Step::Redirect(Redirect { to, method, keeps_body, keeps_credential, why })
}

/// The request as it goes to the other address.
pub fn redirected(mut request: PreparedRequest, redirect: &Redirect) -> PreparedRequest {
    if !redirect.keeps_credential {
        request.headers.retain(|header| {
            let secret = ["authorization", "proxy-authorization", "cookie"];
            let plain = matches!(header.value, HeaderValue::Plain(_));
            plain && !secret.iter().any(|name| header.name.eq_ignore_ascii_case(name))
        });
    }
    if !redirect.keeps_body {
        request.body = Body::default();
        let of_body = |name: &str| name.to_ascii_lowercase().starts_with("content-");
        request.headers.retain(|header| !of_body(&header.name));
    }
    request.method.clone_from(&redirect.method);
    request.url = redirect.to.clone();
    request
}

/// Where a `Location` leads, if one may go there.
fn target(from: &Url, location: &str) -> Result<Url, String> {
    let mut to = from
        .join(location)
        .map_err(|error| format!("The redirect leads to {}, which is not an address: {error}.", brief(location)))?;
    if !matches!(to.scheme(), "http" | "https") || to.host_str().is_none() {
        return Err(format!("The redirect leads to {}, wanted an https address.", brief(location)));
    }
    // A user name there would go out as Basic authentication that nobody chose.
    if !to.username().is_empty() || to.password().is_some() {
        return Err(format!("The redirect to {} brings a user name along, and is not followed.", origin(&to)));
    }
    if to.scheme() == "http" && !is_loopback(&to) {
        return Err(format!(
            "The redirect leads to {}, which is plain HTTP to another computer: not followed.",
            origin(&to)
        ));
    }
    // A server elsewhere that sends its callers to this computer reaches what only this computer can (SSRF).
    if is_loopback(&to) && !is_loopback(from) {
        return Err(format!("{} points to this computer, {}: not followed.", origin(from), origin(&to)));
    }
    to.set_fragment(None);
    Ok(to)
}

/// 303 asks for a GET; after 301 and 302 a POST becomes one as in browsers; 307 and 308 change nothing.
fn method_there(status: u16, method: &str) -> String {
    match (status, method) {
        (303, "HEAD") => "HEAD",
        (303, _) | (301 | 302, "POST") => "GET",
        (_, method) => method,
    }
    .to_owned()
}

/// An address as it may stand in a sentence: without its query, which may hold what is nobody else's business.
fn shown(url: &Url) -> String {
    let mut bare = url.clone();
    bare.set_query(None);
    let rest = if url.query().is_some() { "?…" } else { "" };
    let text: String = bare.as_str().chars().take(200).collect();
    format!("{text}{rest}")
}

//! From the libraries' errors to the reasons why there is no answer.

use std::{error::Error, io, time::Duration};

use exchange::{NoAnswer, PreparedRequest, Transport};

use super::names::Unresolved;

/// What the reasons need to know about a call.
pub(super) struct Failure {
    host: String,
    port: u16,
    connect: Duration,
    total: Duration,
    /// The proxy that was chosen, as it is named in the settings.
    proxy: Option<String>,
}

impl Failure {
    pub(super) fn new(request: &PreparedRequest, transport: &Transport) -> Self {
        Self {
            host: request.url.host_str().unwrap_or_default().to_owned(),
            port: request.url.port_or_known_default().unwrap_or_default(),
            connect: transport.connect,
            total: transport.total,
            proxy: transport.proxy.as_ref().filter(|_| !provider::is_loopback(&request.url)).map(|url| url.to_string()),
        }
    }

    /// The request never left.
    pub(super) fn unsent(&self, reason: String) -> NoAnswer {
        NoAnswer::Unsent { reason }
    }

    /// The whole call took too long.
    pub(super) fn too_long(&self) -> NoAnswer {
        NoAnswer::Timeout { host: self.host.clone(), after: self.total }
    }

    /// A reason that may be the proxy's.
    fn through(&self, reason: String) -> String {
        match &self.proxy {
            Some(proxy) => format!("through the proxy {proxy}: {reason}"),
            None if reason.starts_with("tunnel") => format!("through the proxy of the environment: {reason}"),
            None => reason,
        }
    }

    /// Finds the cause in the chain. Only causes are put into words, never the outermost error: that one repeats the
    /// address, and a query may hold a token.
    pub(super) fn classify(&self, error: &reqwest::Error) -> NoAnswer {
        let (host, port) = (self.host.clone(), self.port);
        // Also while the client is made: then the system has nothing that it trusts.
        if let Some(reason) = causes(error).find_map(tls) {
            return NoAnswer::Tls { host, reason };
        }
        if error.is_builder() {
            return self.unsent(innermost(error));
        }
        if causes(error).any(|cause| cause.is::<Unresolved>()) {
            return NoAnswer::Dns { host };
        }
        match (error.is_connect(), error.is_timeout()) {
            (true, true) => NoAnswer::Timeout { host, after: self.connect },
            (true, false) => NoAnswer::Connect { host, port, reason: self.through(innermost(error)) },
            (false, true) => NoAnswer::Timeout { host, after: self.total },
            (false, false) => NoAnswer::Broken { host, reason: innermost(error) },
        }
    }
}

/// The errors below `error`, outermost first. An `io::Error` that wraps another counts as both.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(below(error), |cause| below(*cause))
}

fn below<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

/// What TLS said, if this is an error of its own.
fn tls(cause: &(dyn Error + 'static)) -> Option<String> {
    let said = cause.downcast_ref::<rustls::Error>()?.to_string();
    if said.contains("No CA certificates were loaded") {
        let reason = "this system trusts no certificate authority; on Linux they come with the package ca-certificates";
        return Some(reason.to_owned());
    }
    Some(said)
}

/// The innermost cause in words.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    causes(error).last().map_or_else(|| "no reason is known".to_owned(), ToString::to_string)
}

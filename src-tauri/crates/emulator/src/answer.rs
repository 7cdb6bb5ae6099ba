//! An answer before it becomes HTTP. What stands in it is each API's own.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{clock, fail::RetryForm};

/// A status with a body and the header fields beyond the usual ones.
pub(crate) struct Answer {
    pub(crate) status: u16,
    media_type: &'static str,
    body: String,
    fields: Vec<(HeaderName, HeaderValue)>,
}

impl Answer {
    /// `body` as JSON.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        let body = serde_json::to_string(body).unwrap_or_default();
        Self { status, media_type: "application/json", body, fields: Vec::new() }
    }

    /// Nothing but the status: 204.
    pub(crate) fn empty() -> Self {
        Self { status: 204, media_type: "", body: String::new(), fields: Vec::new() }
    }

    /// What a gateway says that stands before an API: the status and its name, as text.
    pub(crate) fn of_a_gateway(status: u16) -> Self {
        let name = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
        Self { status, media_type: "text/plain", body: format!("{status} {name}\n"), fields: Vec::new() }
    }

    /// Its body, read again.
    #[cfg(test)]
    pub(crate) fn body(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The same with a header field more. A value that HTTP cannot carry leaves it out.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.fields.push((name, value));
        }
        self
    }

    /// The same with the field `Allow` (RFC 9110 §10.2.1).
    pub(crate) fn allow(self, methods: &[&str]) -> Self {
        self.with(header::ALLOW, &methods.join(", "))
    }

    /// The same with the seconds after which to ask again, in this form.
    pub(crate) fn retry_after(mut self, seconds: u32, form: RetryForm, now: i64) -> Self {
        match form {
            RetryForm::Seconds => self.with(header::RETRY_AFTER, &seconds.to_string()),
            RetryForm::Date => self.with(header::RETRY_AFTER, &clock::http_date(now.saturating_add(seconds.into()))),
            RetryForm::Body => {
                // Written into the text, since a parsed object would lose the order of its members.
                if self.body.ends_with('}') && self.body.len() > 2 {
                    self.body.pop();
                    self.body.push_str(&format!(",\"retry_after\":{seconds}}}"));
                }
                self
            }
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, self.body).into_response();
        match self.media_type {
            "" => drop(response.headers_mut().remove(header::CONTENT_TYPE)),
            media_type => {
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
            }
        }
        response.headers_mut().extend(self.fields);
        response
    }
}

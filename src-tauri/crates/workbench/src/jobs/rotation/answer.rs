//! Answers of a rotation's calls: what is accepted, what is refused for good or for now, and where nobody knows.

use keyset::{Answer, Span};

use crate::requests::SentCall;

/// How a call went. A time-out, a broken connection and a 5xx say nothing of whether it was done; the next look does.
pub(super) fn of(sent: &SentCall) -> Answer {
    match &sent.exchange.outcome {
        Ok(answer) => {
            let asked = sent.verdict.wait.map(|wait| Span(wait.as_secs()));
            of_status(answer.status, asked)
        }
        Err(_) => Answer::NotKnown,
    }
}

fn of_status(status: u16, retry_after: Option<Span>) -> Answer {
    match status {
        200..=299 => Answer::Accepted,
        409 => Answer::Duplicate,
        429 => Answer::Busy { retry_after },
        // The server gave up waiting (408), or did not want to take the risk of a repeat yet (425): as good as none.
        408 | 425 | 500..=599 => Answer::NotKnown,
        status => Answer::Refused { status },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_knows_is_not_refused() {
        let told = |status| of_status(status, Some(Span(7)));
        assert_eq!([200, 201, 204].map(told), [Answer::Accepted; 3]);
        assert_eq!(told(409), Answer::Duplicate);
        assert_eq!(told(429), Answer::Busy { retry_after: Some(Span(7)) });
        assert_eq!([408, 425, 500, 502, 503, 504].map(told), [Answer::NotKnown; 6]);
        for status in [301, 400, 401, 403, 404, 422] {
            assert_eq!(told(status), Answer::Refused { status });
        }
    }
}

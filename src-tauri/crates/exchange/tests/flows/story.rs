//! Drives a whole call against a server of paper, as a job above this room does: send, decide, do, remember.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use jose::time::utc;
use keywright_exchange::{
    After, Answer, AtHand, Attempt, Authentication, Call, Destination, Event, Exchange, FlowCall, Happening, History,
    Means, Method, PreparedRequest, Refresh, RefreshToken, Situation, Step, Timeline, next, obtained, prepare,
    prepare_flow, redirected, with_token,
};
use provider::{
    Definition,
    definition::{Flow, FlowKind},
};
use url::Url;

use crate::{decided::NOW, wire::flow};

/// One person's call, and the server it meets.
pub struct Story<'s> {
    pub definition: &'static Definition,
    pub base: &'static str,
    pub hosts: Vec<String>,
    pub access: String,
    pub refresh: Option<String>,
    pub now: i64,
    pub server: Box<dyn FnMut(&PreparedRequest) -> Answer + 's>,
    pub timeline: Timeline,
}

impl<'s> Story<'s> {
    pub fn new(
        definition: &'static Definition,
        base: &'static str,
        server: impl FnMut(&PreparedRequest) -> Answer + 's,
    ) -> Self {
        Self {
            definition,
            base,
            hosts: vec![Url::parse(base).unwrap().host_str().unwrap().to_owned()],
            access: token("access", 1),
            refresh: Some(token("refresh", 1)),
            now: NOW,
            server: Box::new(server),
            timeline: Timeline::default(),
        }
    }

    /// Calls an endpoint and follows. Gives the status that stands in the end.
    pub fn call(&mut self, endpoint: &str) -> u16 {
        let definition = self.definition;
        let endpoint = definition.endpoint(endpoint).unwrap();
        let mut request = self.prepared(Destination::Endpoint(endpoint));
        let mut history = History::default();
        loop {
            let sent_at = self.now;
            let exchange = self.send(&request);
            self.timeline.sent(sent_at, &request, &exchange);
            let attempt = Attempt::Call { endpoint: Some(endpoint), auth: Authentication::SignedToken };
            let step = self.decide(attempt, &request, &exchange, &history);
            history = history.and(&step, &request);
            let status = exchange.outcome.as_ref().map_or(0, |answer| answer.status);
            match step {
                Step::Done | Step::GiveUp { .. } | Step::LogIn { .. } => return status,
                Step::Wait(wait) => self.now += i64::try_from(wait.milliseconds.div_ceil(1000)).unwrap(),
                Step::Redirect(to) => request = redirected(request, &to),
                Step::Renew(renewal) => {
                    if !self.renew(&renewal.by) || renewal.then == After::Ask {
                        return status;
                    }
                    request = with_token(request, definition, &self.access, &self.hosts).unwrap();
                }
            }
        }
    }

    /// Renews the access token; false where that failed.
    fn renew(&mut self, by: &Method) -> bool {
        match by {
            Method::SignAgain => {
                self.access = token("signed", 2);
                self.timeline.signed(self.now, "A token was signed with partner-2026.");
                true
            }
            Method::Refresh { flow: id } | Method::Mint { flow: id } | Method::LogIn { flow: id } => {
                self.run(flow(self.definition, id))
            }
        }
    }

    /// Runs a flow to its end; false where it gave nothing.
    pub fn run(&mut self, flow: &Flow) -> bool {
        let base = Url::parse(self.base).unwrap();
        let request = prepare_flow(
            &FlowCall {
                definition: self.definition,
                flow,
                base: &base,
                variables: &BTreeMap::new(),
                means: Means {
                    key: Some("sk_test_51H8xgq2eZvKYlo2C4f2a"),
                    access_token: Some(&self.access),
                    refresh_token: self.refresh.as_deref(),
                    ..Means::default()
                },
                scopes: None,
                ttl: None,
                now: self.now,
                hosts: &self.hosts,
                version: "0.1.0",
            },
            &mut |bytes| bytes.fill(7),
        );
        let sent_at = self.now;
        let request = request.unwrap();
        let exchange = self.send(&request);
        self.timeline.flow(sent_at, flow, None, &request, &exchange);
        if self.decide(Attempt::Flow { flow, then: None }, &request, &exchange, &History::default()) != Step::Done {
            return false;
        }
        let answer = exchange.outcome.as_ref().unwrap();
        match obtained(flow, answer, self.now) {
            Ok(given) => {
                given.words(self.now).iter().for_each(|words| self.timeline.note(words));
                if let Some(access) = &given.access {
                    self.access = access.reveal().to_owned();
                }
                if let Refresh::New { token, .. } = &given.refresh {
                    self.refresh = Some(token.reveal().to_owned());
                }
                given.access.is_some() || flow.kind == FlowKind::LogOut
            }
            Err(error) => {
                self.timeline.note(&format!("It gave nothing: {error}."));
                false
            }
        }
    }

    fn decide(
        &mut self,
        attempt: Attempt<'_>,
        request: &PreparedRequest,
        exchange: &Exchange,
        history: &History,
    ) -> Step {
        let situation = Situation {
            definition: self.definition,
            attempt,
            request,
            outcome: &exchange.outcome,
            arrived: self.now,
            history,
            at_hand: AtHand {
                refresh: match self.refresh {
                    Some(_) => RefreshToken::Present { expires: None },
                    None => RefreshToken::Absent,
                },
                first: None,
            },
            follow: true,
        };
        let step = next(&situation, &mut |bytes| bytes.fill(0x80));
        self.timeline.decided(self.now, &step);
        step
    }

    fn prepared(&self, target: Destination<'_>) -> PreparedRequest {
        let call = Call {
            fields: &[],
            now: 1_795_183_600,
            definition: self.definition,
            base: &Url::parse(self.base).unwrap(),
            target,
            variables: &BTreeMap::new(),
            body: None,
            token: Some(&self.access),
            hosts: &self.hosts,
            version: "0.1.0",
        };
        prepare(&call, &mut |bytes| bytes.fill(7)).unwrap()
    }

    fn send(&mut self, request: &PreparedRequest) -> Exchange {
        let answer = (self.server)(request);
        self.now += 1;
        let at = Duration::from_millis(120);
        let timeline = vec![Event { at, what: Happening::Body { bytes: answer.body.len() } }];
        Exchange { outcome: Ok(answer), timeline }
    }

    /// The timeline as a page: a line for each row, and below it what was sent and what came.
    pub fn page(&self) -> String {
        let mut out = String::new();
        for row in &self.timeline.rows {
            let _ = writeln!(out, "{}  {}  {}", &utc(row.at)[11..19], row.kind.id(), row.words);
            if let Some(sent) = &row.sent {
                let credential = sent.headers.iter().find(|(name, _)| name == "Authorization");
                let credential = credential.map_or("no credential", |(_, value)| value);
                let _ = writeln!(out, "    → {} {} [{credential}] {}", sent.method, sent.url, sent.body);
            }
            if let Some(came) = &row.came {
                let _ = writeln!(out, "    ← {} {}", came.status, came.body.replace('\n', " ").trim());
            }
        }
        out
    }
}

/// A token of a paper server: which one it is stands in its claims.
pub fn token(kind: &str, number: u32) -> String {
    let part = |json: String| data_encoding::BASE64URL_NOPAD.encode(json.as_bytes());
    let header = part(r#"{"alg":"HS256","typ":"JWT"}"#.to_owned());
    let claims = part(format!(r#"{{"token_type":"{kind}","n":{number},"exp":{}}}"#, NOW + 86_400));
    format!("{header}.{claims}.c2lnbmF0dXJlLW9m{number}")
}

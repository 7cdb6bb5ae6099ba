//! Webhook deliveries to the receiver on this computer: judged, answered, and the last of them kept.

use std::collections::VecDeque;

use jose::{
    verify::Verdict,
    webhook::{Check, Delivery, Stage, State, Step},
};

use crate::{
    ground::{
        Error,
        ports::{Arrived, Ports, Reply},
    },
    jobs::webhooks::{self, Judging, Trusted},
};

/// How many deliveries are kept.
pub const KEPT: usize = 100;

/// Bytes of bodies that are kept, all together: the oldest go first.
const KEPT_BYTES: usize = 32 * 1024 * 1024;

/// How what comes is judged and answered.
#[derive(Debug, Clone, Default)]
pub struct Handling {
    /// How it is judged.
    pub judging: Judging,
    /// The status that each is answered with; what its check says unless given.
    pub always: Option<u16>,
    /// The address as the provider knows it, in front of the path; that of the receiver unless given.
    pub url: Option<String>,
}

/// A delivery that came, and what was found out about it.
pub struct Received {
    /// Counts from 1.
    pub number: u64,
    /// When it came, in seconds since 1970.
    pub at: i64,
    /// What came.
    pub arrived: Arrived,
    /// What was found out; nothing where the body was cut, since it is all of it that is signed.
    pub check: Option<Check>,
    /// The names of the secrets that were tried, in their order.
    pub secrets: Vec<String>,
    /// The status that it was answered with.
    pub answered: u16,
    /// The number of an earlier delivery with the same id: it was sent again.
    pub repeats: Option<u64>,
}

impl Received {
    /// Whether it is the provider's work and fresh.
    pub fn verdict(&self) -> Verdict {
        self.check.as_ref().map_or(Verdict::Unknown, |check| check.verdict)
    }

    /// Why it is not good, in words; nothing where it is.
    pub fn reason(&self) -> Option<String> {
        match &self.check {
            Some(check) => failed(check).map(|step| step.words.clone()),
            None => Some(cut(&self.arrived)),
        }
    }
}

/// The last deliveries, the oldest first.
#[derive(Default)]
pub struct Deliveries {
    kept: VecDeque<Received>,
    count: u64,
}

impl Deliveries {
    /// Judges a delivery, says what it is answered, and keeps it.
    pub fn take(
        &mut self,
        arrived: Arrived,
        trusted: &Trusted,
        handling: &Handling,
        ports: &Ports,
    ) -> Result<(&Received, Reply), Error> {
        let check = match arrived.is_cut() {
            true => None,
            false => Some(judge(&arrived, trusted, handling, ports)?),
        };
        let mut reply = reply(&arrived, check.as_ref());
        reply.status = handling.always.unwrap_or(reply.status);
        self.count += 1;
        let received = Received {
            number: self.count,
            at: ports.clock.now(),
            // Anybody can write an id; only what is the provider's work was sent again by it.
            repeats: (check.as_ref().filter(|check| check.verdict == Verdict::Good))
                .and_then(|check| self.with_id(check.id.as_deref()?)),
            check,
            secrets: trusted.names().into_iter().map(str::to_owned).collect(),
            answered: reply.status,
            arrived,
        };
        Ok((self.keep(received), reply))
    }

    /// The delivery of this number, if it is still kept.
    pub fn get(&self, number: u64) -> Option<&Received> {
        self.kept.iter().find(|received| received.number == number)
    }

    /// All that are kept, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Received> {
        self.kept.iter()
    }

    /// Forgets the bodies and the header fields; ids stay known.
    pub fn forget_contents(&mut self) {
        for received in &mut self.kept {
            received.arrived.body = Vec::new();
            received.arrived.headers = Vec::new();
        }
    }

    fn with_id(&self, id: &str) -> Option<u64> {
        let same = |received: &&Received| received.check.as_ref().is_some_and(|check| check.id.as_deref() == Some(id));
        self.kept.iter().find(same).map(|received| received.number)
    }

    fn keep(&mut self, mut received: Received) -> &Received {
        if let Some(check) = &mut received.check {
            // It holds the body once more.
            check.input = None;
        }
        let mut bytes: usize = self.kept.iter().map(|kept| kept.arrived.body.len()).sum();
        bytes += received.arrived.body.len();
        while self.kept.len() >= KEPT || bytes > KEPT_BYTES {
            let Some(oldest) = self.kept.pop_front() else { break };
            bytes -= oldest.arrived.body.len();
        }
        self.kept.push_back(received);
        self.kept.back().expect("it was put there in the line above")
    }
}

fn judge(arrived: &Arrived, trusted: &Trusted, handling: &Handling, ports: &Ports) -> Result<Check, Error> {
    let base = match &handling.url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", arrived.header("host").unwrap_or_default()),
    };
    let url = format!("{base}{}", arrived.target);
    let delivery =
        Delivery { body: &arrived.body, headers: &arrived.headers, url: Some(&url), method: Some(&arrived.method) };
    webhooks::check(trusted, &delivery, handling.judging, ports)
}

/// What the sender is told: enough to mend what it sends, and nothing of the secrets, not even their names.
fn reply(arrived: &Arrived, check: Option<&Check>) -> Reply {
    let Some(check) = check else { return Reply { status: 413, text: cut(arrived) } };
    let text = match failed(check) {
        None => return Reply { status: 200, text: "good".to_owned() },
        Some(step) => match step.stage {
            Stage::Compare => "the signature does not match these bytes".to_owned(),
            Stage::Secret => "no secret here can be used".to_owned(),
            Stage::Present | Stage::Form | Stage::Timestamp | Stage::Input => step.words.clone(),
        },
    };
    Reply { status: 401, text }
}

/// The first step that is not good.
fn failed(check: &Check) -> Option<&Step> {
    check.steps.iter().find(|step| step.state != State::Good)
}

fn cut(arrived: &Arrived) -> String {
    let Arrived { body, length, .. } = arrived;
    format!("the body has {length} bytes; the first {} were kept, and it was not checked", body.len())
}

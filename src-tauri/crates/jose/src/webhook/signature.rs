//! The check of a signature that stands beside what it covers: a MAC under a shared secret, or Ed25519.

use super::{
    Check, Comparison, Computed, Covered, Delivery, FieldList, Match, Slot, Stage, Timestamp, TimestampPlace,
    TrustedSecret,
    attempt::{Attempt, Signed, Usable},
    check::Halt,
    extract::{Extractor, sources},
    near_miss,
    signature_format::{self, Candidate},
    signed_content::{self, Filling, signed_content},
    timestamp,
};
use crate::{Code, Finding, engine::Signer, pointer::Pointer};

/// What must be there before anything can be judged.
struct Present {
    signatures: Vec<(String, String)>,
    timestamp: String,
    id: String,
}

impl Signed<'_> {
    /// Takes every step that can be taken.
    pub(super) fn check(&self, secrets: &[TrustedSecret<'_>], delivery: &Delivery<'_>, now: i64) -> Check {
        let parts = Extractor::new(self.scheme, delivery);
        let mut check = Check::begin(delivery);
        let present = check.step(Stage::Present, self.present(&parts));
        check.id = present.as_ref().map(|present| present.id.clone()).filter(|id| !id.is_empty());

        let mut notes = Vec::new();
        let mut meant = Vec::new();
        let form = match &present {
            Some(present) => self.form(present, &mut notes, &mut meant),
            None => Err(Halt::NotReached),
        };
        let candidates = check.step(Stage::Form, form);
        check.findings.append(&mut notes);

        self.timestamp(present.as_ref(), now, &mut check);
        let filling = present.as_ref().map(|present| Filling {
            body: delivery.body,
            timestamp: &present.timestamp,
            id: &present.id,
        });
        let input = match &filling {
            Some(filling) => signed_content(self.covers, filling, &parts),
            None => Err(Halt::NotReached),
        };
        check.input = check.step(Stage::Input, input);
        check.findings.extend(self.uncovered(&parts));

        let usable = self.secrets(secrets, &mut notes);
        let usable = check.step(Stage::Secret, usable);
        check.findings.append(&mut notes);
        self.compare(secrets, candidates.as_deref(), usable.as_deref(), &mut check);

        if let (Some(filling), Some(input), true) = (filling, &check.input, check.matches.is_empty()) {
            let candidates = candidates.as_deref().unwrap_or(&meant);
            let usable = usable.as_deref().unwrap_or_default();
            let attempt = Attempt { signed: self, parts: &parts, filling, input, candidates, usable, secrets };
            let comparison = self.comparison(&attempt);
            let misses = near_miss::misses(&attempt);
            (check.comparison, check.reserialised) = (comparison, misses.reserialised);
            check.findings.extend(misses.findings);
        }
        check.finish()
    }

    /// The signature, and what else of the delivery is signed or judged.
    fn present(&self, parts: &Extractor<'_>) -> Result<(Present, String), Halt> {
        let signatures = parts.signatures()?;
        let timestamp = self.scheme.timestamp.as_ref().map(|timestamp| parts.timestamp(timestamp)).transpose()?;
        let signs_id = matches!(self.covers, Covered::Text(template) if template.has(&Slot::Id));
        if let Covered::Text(template) = self.covers {
            for slot in template.slots() {
                if let Slot::Header(name) = slot {
                    parts.header(name)?;
                }
            }
        }
        let id = match &self.scheme.id_header {
            Some(name) if signs_id => parts.header(name)?.to_owned(),
            Some(name) => parts.delivery.header(name).next().unwrap_or_default().to_owned(),
            None => String::new(),
        };
        let names: Vec<&str> = signatures.iter().map(|(name, _)| name.as_str()).collect();
        let words = match timestamp {
            Some(_) => format!("{} and the timestamp are there", names.join(" and ")),
            None => format!("{} is there", names.join(" and ")),
        };
        Ok((Present { signatures, timestamp: timestamp.unwrap_or_default(), id }, words))
    }

    /// The signatures that are well written. What is wrong with others is a note, as long as there is one.
    fn form(
        &self,
        present: &Present,
        notes: &mut Vec<Finding>,
        meant: &mut Vec<Candidate>,
    ) -> Result<(Vec<Candidate>, String), Halt> {
        let length = self.method.signature_len();
        let (candidates, findings) = signature_format::read(self.written, length, &sources(&present.signatures));
        let good = candidates.iter().filter(|candidate| candidate.bytes.is_some()).count();
        if good == 0 {
            *meant = candidates;
            return Err(Halt::Bad(findings));
        }
        notes.extend(findings);
        let noun = if good == 1 { "signature" } else { "signatures" };
        let words = format!("{good} {noun} of {length} bytes in {}", self.written.encoding.name());
        Ok((candidates, words))
    }

    fn timestamp(&self, present: Option<&Present>, now: i64, check: &mut Check) {
        let Some(timestamp) = &self.scheme.timestamp else {
            check.findings.push(replay());
            return;
        };
        let read = present.ok_or(Halt::NotReached).and_then(|present| {
            let value = timestamp::read(&present.timestamp, timestamp.unit)?;
            let (at, judged) = timestamp::judge(value, timestamp, now);
            check.signed_at = Some(at);
            Ok(((), judged?))
        });
        check.step(Stage::Timestamp, read);
    }

    /// What is relied on and not signed.
    fn uncovered(&self, parts: &Extractor<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(timestamp) = self.scheme.timestamp.as_ref().filter(|timestamp| !self.covers(timestamp, parts)) {
            let found = "the signature does not cover the timestamp";
            let hint = format!(
                "whoever sends a delivery again can write a new one: {} s protect against nothing",
                timestamp.past
            );
            findings.push(Finding::new(Code::WebhookUncovered, found).hint(hint));
        }
        if let Covered::Fields { list, .. } = self.covers
            && let Ok(pointers) = signed_content::pointers(list, parts)
        {
            if let FieldList::Named { names, .. } = list {
                let found =
                    format!("the body names the members that are signed at \"{names}\", and the names are not signed");
                let hint = "take no member that is not among them, and none whose name could have been exchanged";
                findings.push(Finding::new(Code::WebhookUncovered, found).hint(hint));
            }
            findings.extend(parts.uncovered(&pointers.iter().collect::<Vec<&Pointer>>()));
        }
        findings
    }

    fn covers(&self, timestamp: &Timestamp, parts: &Extractor<'_>) -> bool {
        match (self.covers, &timestamp.place) {
            (Covered::Text(template), TimestampPlace::Header { name, .. }) => template.slots().any(|slot| match slot {
                Slot::Timestamp => true,
                Slot::Header(field) => field.eq_ignore_ascii_case(name),
                _ => false,
            }),
            (Covered::Text(template), _) => template.has(&Slot::Timestamp) || template.has(&Slot::Body),
            (Covered::Fields { list, .. }, TimestampPlace::Body(place)) => {
                signed_content::pointers(list, parts).is_ok_and(|pointers| pointers.contains(place))
            }
            (Covered::Fields { .. }, _) => false,
        }
    }

    /// The secrets that can be used. What is wrong with others is a note, as long as there is one.
    fn secrets(&self, secrets: &[TrustedSecret<'_>], notes: &mut Vec<Finding>) -> Result<(Vec<Usable>, String), Halt> {
        if secrets.is_empty() {
            let found = format!("there is no {} to judge with", self.noun());
            notes.push(
                Finding::new(Code::NoKey, found.clone()).hint("add the one that the provider's webhook settings show"),
            );
            return Err(Halt::Unknown(found));
        }
        let form = &self.scheme.secret;
        let mut usable = Vec::new();
        let mut refused = Vec::new();
        for (index, secret) in secrets.iter().enumerate() {
            match secret.verifier(self.method, form) {
                Ok(verifier) => usable.push(Usable { index, verifier }),
                Err(finding) => refused.push(finding),
            }
        }
        for secret in usable.iter().map(|usable| &secrets[usable.index]) {
            notes.extend(secret.findings(self.method, form));
        }
        if usable.is_empty() {
            return Err(Halt::Bad(refused));
        }
        notes.extend(refused);
        let names: Vec<String> = usable.iter().map(|usable| format!("{:?}", secrets[usable.index].name)).collect();
        Ok((usable, names.join(", ")))
    }

    fn noun(&self) -> &'static str {
        if self.method.hash().is_some() { "secret" } else { "public key" }
    }

    /// Every signature with every secret, each compared in constant time.
    fn compare(
        &self,
        secrets: &[TrustedSecret<'_>],
        candidates: Option<&[Candidate]>,
        usable: Option<&[Usable]>,
        check: &mut Check,
    ) {
        let (Some(candidates), Some(usable), Some(input)) = (candidates, usable, &check.input) else {
            check.step::<()>(Stage::Compare, Err(Halt::NotReached));
            return;
        };
        let mut matches = Vec::new();
        for (signature, candidate) in candidates.iter().enumerate() {
            let Some(bytes) = &candidate.bytes else { continue };
            let good = usable.iter().filter(|usable| usable.verifier.verify(input, bytes));
            matches.extend(good.map(|usable| Match { secret: usable.index, signature }));
        }
        let outcome = match matches.first() {
            Some(first) => {
                let which = match candidates.len() {
                    1 => "the signature".to_owned(),
                    count => format!("signature {} of {count}", first.signature + 1),
                };
                Ok(((), format!("{which} is good with {:?}", secrets[first.secret].name)))
            }
            None => Err(Halt::from(self.mismatch(candidates, usable, secrets))),
        };
        check.matches = matches;
        check.step(Stage::Compare, outcome);
    }

    /// What is given beside what would be good, where something is and a secret can tell.
    fn comparison(&self, attempt: &Attempt<'_>) -> Option<Comparison> {
        let hash = self.method.hash()?;
        let encoding = self.written.encoding;
        let given: Vec<String> =
            attempt.candidates.iter().filter_map(|one| Some(encoding.encode(one.bytes.as_ref()?))).collect();
        let computed = |usable: &Usable| {
            let secret = attempt.secrets[usable.index].shared(self.method, &self.scheme.secret).ok()?;
            let bytes = Signer::mac(hash, &secret).sign(attempt.input).ok()?;
            Some(Computed { secret: usable.index, text: Some(encoding.encode(&bytes)) })
        };
        let computed: Vec<Computed> = attempt.usable.iter().filter_map(computed).collect();
        (!given.is_empty() && !computed.is_empty()).then_some(Comparison { given, computed })
    }

    fn mismatch(&self, candidates: &[Candidate], usable: &[Usable], secrets: &[TrustedSecret<'_>]) -> Finding {
        let with = match usable {
            [only] => format!("{:?}", secrets[only.index].name),
            many => format!("any of the {} {}s", many.len(), self.noun()),
        };
        let found = match candidates.len() {
            1 => format!("the signature is not the work of {with} over these bytes"),
            count => format!("none of the {count} signatures is the work of {with} over these bytes"),
        };
        let hint = format!(
            "the body was changed on its way, another {} made it, or it is of another environment or endpoint",
            self.noun()
        );
        Finding::new(Code::WebhookMismatch, found).hint(hint)
    }
}

/// What is to be said of a scheme that signs no time.
pub(super) fn replay() -> Finding {
    let hint = "remember the ids of what was handled and pass repetitions over, or ask the provider for the state of what \
                it speaks of";
    let found = "the scheme has no timestamp: whoever has a delivery can send it again at any time";
    Finding::new(Code::WebhookReplay, found).hint(hint)
}

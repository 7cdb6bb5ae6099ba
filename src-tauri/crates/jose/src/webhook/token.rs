//! The check of a token that carries a hash of the body (Plaid's way): a JWS in compact serialization, its `iat`, and SHA-256
//! of the body in a claim.

use sha2::{Digest, Sha256};

use super::{
    Check, Delivery, Encoding, Match, Scheme, Stage, TimestampPlace, TrustedSecret, body_variants::body_variants,
    check::Halt, extract::Extractor, secret::Keys, signature::replay, timestamp,
};
use crate::{
    Alg, Code, Finding, engine,
    json::{Document, Kind},
    text::elide,
    time,
    verify::{Keyring, Trust, TrustedKey, UnverifiedJws, Verdict},
};

/// What this kind of proof is made of.
pub(super) struct Carried<'a> {
    pub(super) scheme: &'a Scheme,
    pub(super) algs: &'a [Alg],
    pub(super) claim: &'a str,
    pub(super) encoding: Encoding,
}

impl Carried<'_> {
    /// Takes every step that can be taken.
    pub(super) fn check(&self, secrets: &[TrustedSecret<'_>], delivery: &Delivery<'_>, now: i64) -> Check {
        let parts = Extractor::new(self.scheme, delivery);
        let mut check = Check::begin(delivery);
        check.id = self.scheme.id_header.as_ref().and_then(|name| delivery.header(name).next()).map(str::to_owned);
        let present = parts.signatures().map(|mut sources| {
            let (name, token) = sources.swap_remove(0);
            (token, format!("{name} is there"))
        });
        let token = check.step(Stage::Present, present);

        let form = token.as_deref().ok_or(Halt::NotReached).and_then(form);
        let jws = check.step(Stage::Form, form);
        let claims = jws.as_ref().and_then(|jws| std::str::from_utf8(jws.payload()).ok());
        let claims = claims.and_then(|text| Document::parse(text).ok());

        self.timestamp(claims.as_ref(), &parts, now, &mut check);
        let input = claims.as_ref().ok_or(Halt::NotReached).and_then(|claims| self.body_hash(claims, delivery.body));
        check.step(Stage::Input, input);

        let keys = self.keys(secrets, &mut check);
        self.compare(jws.as_ref(), secrets, keys.as_deref(), &mut check);
        check.finish()
    }

    /// The time of the scheme, and the bounds that the token itself names.
    fn timestamp(&self, claims: Option<&Document<'_>>, parts: &Extractor<'_>, now: i64, check: &mut Check) {
        let bounds = claims.map(|claims| bounds(claims, now)).unwrap_or_default();
        let Some(timestamp) = &self.scheme.timestamp else {
            if claims.is_some_and(|claims| claims.root().get("exp").is_some()) {
                let words = "the token has not expired".to_owned();
                let outcome = if bounds.is_empty() { Ok(((), words)) } else { Err(Halt::Bad(bounds)) };
                check.step(Stage::Timestamp, outcome);
            } else {
                check.findings.push(replay());
            }
            return;
        };
        let value = match &timestamp.place {
            TimestampPlace::Claim(name) => {
                let claims = claims.ok_or(Halt::NotReached);
                claims.and_then(|claims| Ok(claim_time(claims, name)?))
            }
            _ => {
                (parts.timestamp(timestamp).and_then(|text| timestamp::read(&text, timestamp.unit))).map_err(Halt::from)
            }
        };
        let outcome = value.and_then(|value| {
            let (at, judged) = timestamp::judge(value, timestamp, now);
            check.signed_at = Some(at);
            match (judged, bounds.is_empty()) {
                (Ok(words), true) => Ok(((), words)),
                (judged, _) => Err(Halt::Bad(judged.err().into_iter().chain(bounds).collect())),
            }
        });
        check.step(Stage::Timestamp, outcome);
        if !matches!(timestamp.place, TimestampPlace::Claim(_)) {
            let found = "the token does not cover the timestamp";
            check.findings.push(Finding::new(Code::WebhookUncovered, found));
        }
    }

    /// The hash in the token is that of the body.
    fn body_hash(&self, claims: &Document<'_>, body: &[u8]) -> Result<((), String), Halt> {
        let missing = |found: String| Finding::new(Code::WebhookPartMissing, found);
        let Some(node) = claims.root().get(self.claim) else {
            let hint = "is this token one for webhooks?";
            return Err(missing(format!("the token has no claim {:?}", self.claim)).hint(hint).into());
        };
        let text = node
            .as_str()
            .ok_or_else(|| missing(format!("the claim {:?} is {}; wanted a text", self.claim, node.kind().name())))?;
        let hash = Sha256::digest(body);
        let wanted = self.encoding.decode(&text).map_err(|stray| {
            let found = format!("the claim {:?} {}", self.claim, stray.words(&text, 0));
            let hint = format!("wanted SHA-256 of the body in {}", self.encoding.name());
            Finding::new(Code::WebhookMalformed, found).hint(hint)
        })?;
        if engine::same(&wanted, &hash) {
            return Ok(((), format!("the token carries the hash of these {} bytes", body.len())));
        }
        let found = format!("SHA-256 of the body is not what the claim {:?} says", self.claim);
        let hint = "the body was changed on its way, white space counts; or the token is that of another delivery";
        let mut findings = vec![Finding::new(Code::WebhookBodyChanged, found).hint(hint)];
        let other = body_variants(body).into_iter().find(|other| engine::same(&wanted, &Sha256::digest(&other.bytes)));
        findings.extend(other.map(|other| {
            Finding::new(Code::NearMiss, format!("the hash would be that of the body if {}", other.what))
                .hint(other.cure)
        }));
        Err(Halt::Bad(findings))
    }

    /// The keys that could be read.
    fn keys<'s>(&self, secrets: &[TrustedSecret<'s>], check: &mut Check) -> Option<Vec<(usize, Keys<'s>)>> {
        let mut refused = Vec::new();
        let mut keys = Vec::new();
        for (index, secret) in secrets.iter().enumerate() {
            match secret.token_keys(self.algs, &self.scheme.secret) {
                Ok(read) => keys.push((index, read)),
                Err(finding) => refused.push(finding),
            }
        }
        let count: usize = keys.iter().map(|(_, keys)| keys.all().len()).sum();
        let outcome = match (secrets.is_empty(), count) {
            (true, _) => {
                let found = "there is no key to judge with";
                let hint = "get the key of this kid from the provider, and add it";
                refused.push(Finding::new(Code::NoKey, found).hint(hint));
                Err(Halt::Unknown(found.to_owned()))
            }
            (false, 0) => Err(Halt::Bad(std::mem::take(&mut refused))),
            (false, 1) => Ok((keys, "1 key".to_owned())),
            (false, count) => Ok((keys, format!("{count} keys"))),
        };
        check.findings.append(&mut refused);
        check.step(Stage::Secret, outcome)
    }

    /// The token is the work of one of the keys.
    fn compare(
        &self,
        jws: Option<&UnverifiedJws<'_>>,
        secrets: &[TrustedSecret<'_>],
        keys: Option<&[(usize, Keys<'_>)]>,
        check: &mut Check,
    ) {
        let (Some(jws), Some(keys)) = (jws, keys) else {
            check.step::<()>(Stage::Compare, Err(Halt::NotReached));
            return;
        };
        let all: Vec<(usize, TrustedKey<'_>)> = keys
            .iter()
            .flat_map(|(index, keys)| {
                keys.all().iter().map(|jwk| (*index, TrustedKey { name: secrets[*index].name, jwk }))
            })
            .collect();
        let trusted: Vec<TrustedKey<'_>> = all.iter().map(|(_, key)| *key).collect();
        let judgement = jws.judge_with(&Keyring::new(&Trust { keys: &trusted, named: true, allowed: self.algs }));
        let mut findings: Vec<Finding> = jws.findings().iter().cloned().chain(judgement.findings).collect();
        let good = judgement.key.filter(|_| judgement.verdict == Verdict::Good).and_then(|key| all.get(key));
        let outcome = match good {
            Some((secret, key)) => {
                check.matches.push(Match { secret: *secret, signature: 0 });
                check.findings.append(&mut findings);
                Ok(((), format!("the token is good with {:?}", key.name)))
            }
            None => {
                findings.sort_by_key(|finding| !finding.is_error());
                if !findings.iter().any(Finding::is_error) {
                    findings.insert(0, Finding::new(Code::WebhookMismatch, "the token is not the work of a known key"));
                }
                Err(Halt::Bad(findings))
            }
        };
        check.step(Stage::Compare, outcome);
    }
}

/// The token in its parts, its payload a claims set.
fn form(token: &str) -> Result<(UnverifiedJws<'_>, String), Halt> {
    let jws = UnverifiedJws::parse(token).map_err(|mut findings| {
        // What ends the reading comes first.
        findings.sort_by_key(|finding| !finding.is_error());
        Halt::Bad(findings)
    })?;
    let not_claims = |found: String| Halt::from(Finding::new(Code::NotObject, found));
    let text = std::str::from_utf8(jws.payload())
        .map_err(|_| not_claims("the payload of the token is not UTF-8".to_owned()))?;
    let claims =
        Document::parse(text).map_err(|error| not_claims(format!("the payload of the token is not JSON: {error}")))?;
    if claims.root().kind() != Kind::Object {
        return Err(not_claims(format!(
            "the payload of the token is {}; wanted an object",
            claims.root().kind().name()
        )));
    }
    if let Some(twice) = claims.duplicates().first() {
        let found = format!("\"{}\" stands twice in the payload of the token", elide(&twice.path));
        return Err(Finding::new(Code::DuplicateMember, found).into());
    }
    Ok((jws, "a token in three parts".to_owned()))
}

/// What keeps the token from being valid now by its own words.
fn bounds(claims: &Document<'_>, now: i64) -> Vec<Finding> {
    let mut findings = Vec::new();
    time::check(claims.root(), now, 0, &mut findings);
    findings.retain(|finding| matches!(finding.code, Code::Expired | Code::NotYetValid | Code::DurationForTime));
    findings
}

/// The whole seconds of a NumericDate.
fn claim_time(claims: &Document<'_>, name: &str) -> Result<i64, Finding> {
    let Some(node) = claims.root().get(name) else {
        return Err(Finding::new(Code::WebhookPartMissing, format!("the token has no claim {name:?}")));
    };
    match node.as_f64() {
        Some(seconds) => Ok(seconds.floor() as i64),
        None => {
            let found = format!("the claim {name:?} is {}; wanted a number", elide(node.raw()));
            Err(Finding::new(Code::WebhookTimeMalformed, found))
        }
    }
}

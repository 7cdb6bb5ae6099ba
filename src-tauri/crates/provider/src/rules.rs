//! The rules for a token's claims and header, whoever made the token. One rule set: a recipe's result is judged by it too.
//!
//! What every JWT must keep (types of registered claims, how times stand to now) is judged by `jose::inspect` and not
//! again here.

use jose::{
    Alg, Code, Finding, Part, Place, Repair,
    json::{Document, Kind, Node, quote},
    unseen::steers,
};

use crate::{
    address::{is_uuid, parse_base},
    definition::{
        Claim, ClaimForm, ClaimType, Counted, Definition, KeyCase, Lifetime, OtherClaims, Presence, SignedBy, Token,
    },
    duration::Seconds,
    key::{KeyFacts, check_key},
    near::nearest,
    template::Slot,
    values::fits,
};

/// The claims of RFC 7519 §4.1, whose types `jose` judges.
const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// Judges a claims set by the provider's rules. `now` is in seconds since 1970.
///
/// Text that is not a JSON object gets no finding here; `jose::inspect` says what is wrong with it.
pub fn check_claims(definition: &Definition, claims: &str, now: i64) -> Vec<Finding> {
    let Some(token) = &definition.token else { return Vec::new() };
    let Ok(document) = Document::parse(claims) else { return Vec::new() };
    let root = document.root();
    if root.kind() != Kind::Object {
        return Vec::new();
    }
    let mut judge = Judge { definition, token, findings: Vec::new() };
    judge.presence(root);
    judge.members(root, &token.claims, "", None, token.other_claims);
    judge.scopes(root);
    judge.lifetime(root, now);
    judge.findings
}

/// Judges a header by the provider's rules.
///
/// As with claims, what is wrong with any header is said by `jose::inspect`.
pub fn check_header(definition: &Definition, header: &str, key: Option<&KeyFacts>) -> Vec<Finding> {
    let mut findings = key.map(|key| check_key(definition, key)).unwrap_or_default();
    let (Some(token), Ok(document)) = (&definition.token, Document::parse(header)) else { return findings };
    let root = document.root();
    for member in &token.header {
        let name = &member.name;
        match root.get(name) {
            None if member.required => {
                let code = if name == "kid" { Code::KidMissing } else { Code::HeaderFixed };
                findings.push(Finding::new(code, format!("{name:?} is missing; {} requires it", definition.name)));
            }
            Some(node) if member.fixed && member.value.slots().next().is_none() => {
                let wanted = member.value.text();
                if node.as_str().as_deref() != Some(wanted) {
                    let message = format!("{name:?} is {}, and {} takes {wanted:?} only", node.raw(), definition.name);
                    findings.push(Finding::new(Code::HeaderFixed, message).at(Part::Header, node.span()));
                }
            }
            Some(_) if name == "kid" => findings.extend(key.and_then(|key| check_kid(definition, header, key))),
            _ => {}
        }
    }
    if let Some(node) = root.get("alg").filter(|_| key.is_none()) {
        findings.extend(check_alg(definition, node));
    }
    findings
}

/// Whether the kid of a header names the key that signs, where the provider finds keys by what the key itself tells: the kid under
/// which it is known, or its thumbprint. A provider that gives keys names of its own can be told nothing here.
pub fn check_kid(definition: &Definition, header: &str, key: &KeyFacts) -> Option<Finding> {
    let member = definition.token.as_ref()?.header.iter().find(|member| member.name == "kid")?;
    let wanted = match member.value.only_slot()? {
        Slot::Kid => key.kid.as_ref().or(key.thumbprint.as_ref())?,
        Slot::Thumbprint => key.thumbprint.as_ref()?,
        _ => return None,
    };
    let document = Document::parse(header).ok()?;
    let node = document.root().get("kid")?;
    (node.as_str().as_deref() != Some(wanted)).then(|| {
        let message = format!("\"kid\" is {}, and this key is {wanted:?}", brief(node));
        let hint = "use the key's kid, or sign with the key that the kid names";
        Finding::new(Code::KidOther, message).at(Part::Header, node.span()).hint(hint)
    })
}

/// Without a key at hand: whether any key of this provider signs with the algorithm the header names.
fn check_alg(definition: &Definition, node: Node<'_, '_>) -> Option<Finding> {
    let alg: Alg = node.as_str()?.parse().ok()?;
    let algs = definition.algs();
    if algs.is_empty() {
        return None;
    }
    (!algs.contains(&alg)).then(|| {
        let names: Vec<&str> = algs.iter().map(|alg| alg.name()).collect();
        let message = format!("{} does not take {alg}, wanted {}", definition.name, names.join(" or "));
        Finding::new(Code::AlgNotAllowed, message).at(Part::Header, node.span())
    })
}

struct Judge<'d> {
    definition: &'d Definition,
    token: &'d Token,
    findings: Vec<Finding>,
}

impl Judge<'_> {
    fn say(
        &mut self,
        code: Code,
        node: Option<Node<'_, '_>>,
        message: String,
        hint: Option<String>,
        repairs: impl IntoIterator<Item = Repair>,
    ) {
        let place = node.map(|node| Place { part: Part::Payload, span: node.span() });
        self.findings.push(Finding { code, place, message, hint, repairs: repairs.into_iter().collect() });
    }

    /// What must be there and is not.
    fn presence(&mut self, root: Node<'_, '_>) {
        for claim in &self.token.claims {
            if claim.presence == Presence::Required && root.get(&claim.name).is_none() {
                let message = format!("{:?} is missing; {} requires it", claim.name, self.definition.name);
                self.say(Code::ClaimMissing, None, message, claim.title.clone(), [Repair::Member(claim.name.clone())]);
            }
        }
    }

    /// The members of an object, against those that are known. `path` is empty for the claims set itself.
    fn members(
        &mut self,
        object: Node<'_, '_>,
        known: &[Claim],
        path: &str,
        case: Option<KeyCase>,
        others: OtherClaims,
    ) {
        for node in object.members() {
            let Some(name) = node.name() else { continue };
            let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
            match known.iter().find(|claim| claim.name == name) {
                Some(claim) => self.member(node, claim, &path),
                None if others == OtherClaims::Allow || (path == name && REGISTERED.contains(&&*name)) => {}
                None => self.unknown(node, known, &path, &name, case, others),
            }
        }
    }

    fn unknown(
        &mut self,
        node: Node<'_, '_>,
        known: &[Claim],
        path: &str,
        name: &str,
        case: Option<KeyCase>,
        others: OtherClaims,
    ) {
        let names = || known.iter().map(|claim| claim.name.as_str());
        let recased = case.map(|case| case.write(name)).filter(|recased| names().any(|known| known == recased));
        let near = recased.or_else(|| nearest(name, names()).map(str::to_owned));
        let code = if others == OtherClaims::Refuse { Code::ClaimForbidden } else { Code::ClaimUnknown };
        let message = format!("{path:?} is not a claim that {} names", self.definition.name);
        let repairs = near.clone().map(Repair::Name).into_iter().chain([Repair::Remove]);
        self.say(code, Some(node), message, near.as_ref().map(|near| format!("did you mean {near:?}?")), repairs);
    }

    /// One member that is known.
    fn member(&mut self, node: Node<'_, '_>, claim: &Claim, path: &str) {
        if claim.presence == Presence::Forbidden {
            let message = format!("{path:?} must not be there; {} refuses it", self.definition.name);
            self.say(Code::ClaimForbidden, Some(node), message, claim.note.clone(), [Repair::Remove]);
            return;
        }
        // The provider's own packages write null for a member that is not given.
        if node.kind() == Kind::Null && claim.presence == Presence::Optional && path != claim.name {
            return;
        }
        if !fits(node, claim.kind) {
            // A fraction of a second is a time by RFC 7519, and none where the provider wants whole ones.
            let fraction = claim.kind == ClaimType::Time && node.as_f64().is_some_and(|at| at.fract() != 0.0);
            if fraction || path != claim.name || !REGISTERED.contains(&path) {
                let message = format!("{path:?} is not {}: found {}", claim.kind.words(), brief(node));
                self.say(Code::ClaimType, Some(node), message, claim.note.clone(), retyped(node, claim.kind));
            }
            return;
        }
        if let Some(wrong) = claim.form.and_then(|form| misformed(node, form)) {
            let message = format!("{path:?} is not {wrong}: found {}", brief(node));
            self.say(Code::ClaimValue, Some(node), message, claim.title.clone(), reformed(node, claim.form));
        }
        if !claim.one_of.is_empty() && !node.as_str().is_some_and(|text| claim.one_of.iter().any(|v| *v == text)) {
            let message = format!("{path:?} is {}, wanted {}", brief(node), claim.one_of.join(" or "));
            let found = node.as_str().unwrap_or_default();
            let near = nearest(&found, claim.one_of.iter().map(String::as_str));
            self.say(Code::ClaimValue, Some(node), message, claim.note.clone(), near.map(|v| Repair::Value(quote(v))));
        }
        let others = if claim.open || claim.members.is_empty() { OtherClaims::Allow } else { OtherClaims::Warn };
        let objects: Vec<Node<'_, '_>> = match claim.kind {
            ClaimType::Object => vec![node],
            ClaimType::Objects => node.elements().collect(),
            _ => Vec::new(),
        };
        for object in objects {
            for member in claim.members.iter().filter(|member| member.presence == Presence::Required) {
                if object.get(&member.name).is_none() {
                    let message = format!("{:?} is missing from {path:?}", member.name);
                    let repair = Repair::Member(member.name.clone());
                    self.say(Code::ClaimMissing, Some(object), message, member.title.clone(), [repair]);
                }
            }
            self.members(object, &claim.members, path, claim.key_case, others);
        }
    }

    /// The scopes, and the claims that have an effect only with one.
    fn scopes(&mut self, root: Node<'_, '_>) {
        let Some(scopes) = &self.definition.scopes else { return };
        let Some((name, node)) = scopes.claims().find_map(|name| Some((name, root.get(name)?))) else { return };
        let (set, places) = scope_list(node);
        let kind = self.token.claims.iter().find(|claim| claim.name == name).map(|claim| claim.kind);
        if kind.is_none_or(|kind| fits(node, kind)) {
            let place = |index: Option<usize>| {
                let at = index.and_then(|index| places.get(index).copied()).unwrap_or(node);
                Some(Place { part: Part::Payload, span: at.span() })
            };
            self.findings.extend(scopes.findings(&set, place));
        }
        for claim in &self.token.claims {
            if let (Some(scope), Some(node)) = (&claim.only_with_scope, root.get(&claim.name))
                && !scopes.allows(&set, scope)
            {
                let message = format!("{:?} has no effect without the scope {scope}", claim.name);
                let hint = format!("add the scope {scope}, or leave {:?} out", claim.name);
                let add = Repair::Scopes { out: Vec::new(), add: vec![scope.clone()] };
                self.say(Code::ScopeDataUnused, Some(node), message, Some(hint), [add, Repair::Remove]);
            }
        }
    }

    /// How long the token lives, against the bounds that are known, counted as the provider counts. Where it does not say when it
    /// began, the time left is taken: its life is not shorter.
    fn lifetime(&mut self, root: Node<'_, '_>, now: i64) {
        let Some(lifetime) = &self.token.lifetime else { return };
        let Some(exp) = root.get("exp") else { return };
        let at = |name: &str| root.get(name).and_then(seconds);
        let start = match lifetime.counted {
            Counted::FromIssue => at("iat").or_else(|| at("nbf")).unwrap_or(now),
            Counted::FromNow => now,
        };
        let Some(end) = seconds(exp) else { return };
        let Some(life) = end.checked_sub(start).and_then(|life| u64::try_from(life).ok()) else { return };
        // A time in milliseconds is another finding, and its life would only distract from it.
        if end < 100_000_000_000
            && let Some((code, message, hint)) = judge_lifetime(&self.definition.name, lifetime, Seconds(life))
        {
            self.say(code, Some(exp), message, hint, None);
        }
    }
}

/// What there is to say about a life of that length.
fn judge_lifetime(provider: &str, bounds: &Lifetime, life: Seconds) -> Option<(Code, String, Option<String>)> {
    let hint = Some(format!("{} is usual", bounds.default));
    let from = match bounds.counted {
        Counted::FromIssue => "",
        Counted::FromNow => " from now on",
    };
    if let Some(max) = bounds.max.filter(|max| life > *max) {
        let message = format!("the token lives {life}{from}, and {provider} takes no more than {max}");
        return Some((Code::LifetimeTooLong, message, hint));
    }
    if let Some(most) = bounds.warn_over.filter(|most| life > *most) {
        return Some((
            Code::LifetimeUnusual,
            format!("the token lives {life}{from}, advised are at most {most}"),
            hint,
        ));
    }
    let least = bounds.warn_under.filter(|least| life < *least)?;
    Some((Code::LifetimeUnusual, format!("the token lives {life}, advised are at least {least}"), hint))
}

impl KeyCase {
    /// A name in this case.
    fn write(self, name: &str) -> String {
        let mut out = String::with_capacity(name.len() + 2);
        let mut upper = false;
        for c in name.chars() {
            match self {
                Self::SnakeCase if c.is_uppercase() => {
                    if !out.is_empty() {
                        out.push('_');
                    }
                    out.extend(c.to_lowercase());
                }
                Self::CamelCase if c == '_' => upper = true,
                _ if upper => {
                    out.extend(c.to_uppercase());
                    upper = false;
                }
                _ => out.push(c),
            }
        }
        out
    }
}

/// What a text is not, if it is not of a form.
fn misformed(node: Node<'_, '_>, form: ClaimForm) -> Option<&'static str> {
    let text = node.as_str()?;
    let what = match form {
        ClaimForm::Uuid => "a UUID",
        ClaimForm::UuidHex => "a UUID without hyphens",
        ClaimForm::Currency => "an ISO 4217 currency code",
        ClaimForm::Url => "an https address",
    };
    (!has_form(&text, form)).then_some(what)
}

/// Whether a text is of a form.
pub(crate) fn has_form(text: &str, form: ClaimForm) -> bool {
    match form {
        ClaimForm::Uuid => is_uuid(text),
        ClaimForm::UuidHex => text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit()),
        ClaimForm::Currency => text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()),
        ClaimForm::Url => parse_base(text).is_ok(),
    }
}

/// The value that was most likely meant, as JSON of the type that is wanted.
fn retyped(node: Node<'_, '_>, wanted: ClaimType) -> Option<Repair> {
    let text = node.as_str();
    let scalar = matches!(node.kind(), Kind::Number | Kind::Bool);
    let json = match wanted {
        ClaimType::String | ClaimType::SpaceString | ClaimType::StringOrInteger if scalar => quote(node.raw()),
        ClaimType::SpaceString => {
            let words: Option<Vec<String>> =
                node.elements().map(|e| e.as_str().map(|word| word.into_owned())).collect();
            quote(&words.filter(|words| !words.is_empty())?.join(" "))
        }
        ClaimType::Strings if node.kind() == Kind::String => {
            let words: Vec<String> = scope_list(node).0.iter().map(|word| quote(word)).collect();
            format!("[{}]", words.join(","))
        }
        // 12.99 in a currency is 1299 of its smallest unit.
        ClaimType::Integer if node.kind() == Kind::Number => {
            let (whole, cents) = node.raw().split_once('.')?;
            let digits = format!("{whole}{cents}");
            let digits = digits.trim_start_matches('0');
            (cents.len() == 2 && digits.parse::<u64>().is_ok()).then(|| digits.to_owned())?
        }
        ClaimType::Integer | ClaimType::Time | ClaimType::Number | ClaimType::Boolean => {
            let text = text.as_deref()?.trim();
            let document = Document::parse(text).ok()?;
            fits(document.root(), wanted).then(|| text.to_owned())?
        }
        ClaimType::Objects if node.kind() == Kind::Object => format!("[{}]", node.raw()),
        _ => return None,
    };
    Some(Repair::Value(json))
}

/// The text that was most likely meant, in the form that is wanted.
fn reformed(node: Node<'_, '_>, form: Option<ClaimForm>) -> Option<Repair> {
    let text = node.as_str()?;
    let meant = match form? {
        ClaimForm::Currency => text.trim().to_ascii_uppercase(),
        ClaimForm::Uuid => {
            let hex: String = text.chars().filter(|c| c.is_ascii_hexdigit()).collect::<String>().to_ascii_lowercase();
            (hex.len() == 32).then(|| [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"))?
        }
        ClaimForm::UuidHex => text.replace('-', ""),
        ClaimForm::Url => format!("https://{}", text.trim().trim_start_matches("http://")),
    };
    let json = quote(&meant);
    let fits = Document::parse(&json)
        .is_ok_and(|document| form.is_some_and(|form| misformed(document.root(), form).is_none()));
    fits.then_some(Repair::Value(json))
}

/// The scopes a claim holds, as a list or as words in one string, and where each stands.
pub(crate) fn scope_list<'d, 't>(node: Node<'d, 't>) -> (Vec<String>, Vec<Node<'d, 't>>) {
    if let Some(words) = node.as_str() {
        let set: Vec<String> = words.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let places = vec![node; set.len()];
        return (set, places);
    }
    node.elements().filter_map(|element| Some((element.as_str()?.into_owned(), element))).unzip()
}

/// A time in whole seconds.
fn seconds(node: Node<'_, '_>) -> Option<i64> {
    node.as_i64().or_else(|| node.as_f64().filter(|value| value.abs() < 1e15).map(|value| value as i64))
}

/// A value as it may stand in a message: its beginning, in one line.
fn brief(node: Node<'_, '_>) -> String {
    const MOST: usize = 60;
    let raw = node.raw();
    let line: String = raw.chars().map(|c| if steers(c) { ' ' } else { c }).take(MOST).collect();
    if line.len() < raw.len() { format!("{line}…") } else { line }
}

impl Definition {
    /// The scopes that a claims set carries, in order.
    pub fn scopes_in(&self, claims: &str) -> Vec<String> {
        let (Some(scopes), Ok(document)) = (&self.scopes, Document::parse(claims)) else { return Vec::new() };
        let node = scopes.claims().find_map(|name| document.root().get(name));
        node.map(|node| scope_list(node).0).unwrap_or_default()
    }

    /// Whether tokens of this provider are signed here.
    pub fn signs_here(&self) -> bool {
        self.token.as_ref().is_some_and(|token| token.signed_by == SignedBy::Us)
    }
}

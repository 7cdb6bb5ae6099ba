//! Rotations can be gone through as they are written: each leads from a credential that there is to one that works.

use std::collections::{BTreeMap, BTreeSet};

use jose::{json::Document, pointer::Pointer};
use keyset::{Brings, Call, Hand, List, Method, Paste, Way, fill, is_slot_of_calls, slots};
use toml::de::DeValue;

use super::{
    Checker,
    place::{self, Step},
};
use crate::{
    address::parse_absolute,
    definition::{Credential, FlowAuth, KeyRule},
    fields::is_token,
};

/// Methods of a call that changes something.
const CHANGING: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

impl Checker<'_> {
    pub(super) fn rotation(&mut self) {
        let definition = self.definition;
        // The key types of each credential for which an earlier section is meant; none of them stands for any.
        let mut taken: BTreeMap<&str, BTreeSet<Option<&str>>> = BTreeMap::new();
        for (i, method) in definition.rotation.iter().enumerate() {
            let here = [Step::Key("rotation"), Step::Index(i)];
            self.rotated(&here, method);
            self.next_keys(&here, method, taken.entry(&method.credential).or_default());
            self.spans(&here);
            self.proof(&here, method);
            for fault in method.check() {
                self.method_fault(&here, &fault);
            }
            if let Some(list) = &method.list {
                self.list(&below(&here, &["list"]), list);
            }
            for (j, grant) in method.grants.iter().enumerate() {
                let at = |key| [&here[..], &[Step::Key("grants"), Step::Index(j), Step::Key(key)]].concat();
                self.pointer(&at("read"), &grant.read);
                if let Some(id) = &grant.id {
                    self.pointer(&at("id"), id);
                }
            }
            self.ways(&here, method);
        }
    }

    /// What a section says that is wrong by itself.
    fn method_fault(&mut self, here: &[Step<'_>], fault: &keyset::MethodFault) {
        let member = fault.member();
        let steps = member.split('.').map(|step| step.parse().map_or(Step::Key(step), Step::Index));
        let at: Vec<Step<'_>> = here.iter().copied().chain(steps).collect();
        match fault.hint() {
            Some(hint) => self.fault_because(&at, fault.found(), fault.wanted(), hint),
            None => self.fault(&at, fault.found(), fault.wanted()),
        }
    }

    /// What is rotated is a credential: a text that goes with one is not.
    fn rotated(&mut self, here: &[Step<'_>], method: &Method) {
        let (at, id) = (below(here, &["credential"]), &method.credential);
        self.known_credential(&at, id);
        if matches!(self.definition.credentials.get(id), Some(Credential::Text(_))) {
            let found = format!("{id:?}, a text that goes with a credential");
            self.fault(&at, found, "the id of a credential itself");
        }
    }

    /// The next keys are such as the credential takes, and none has a section already.
    fn next_keys<'d>(&mut self, here: &[Step<'_>], method: &'d Method, taken: &mut BTreeSet<Option<&'d str>>) {
        let any_is_taken = taken.contains(&None);
        if any_is_taken {
            let found = format!("a section for {:?} behind one that is meant for any key", method.credential);
            let hint = "the first section that fits is taken";
            self.fault_because(&below(here, &["credential"]), found, "the one with \"keys\" first", hint);
        }
        let credential = self.definition.credentials.get(&method.credential);
        for (j, name) in method.keys.iter().enumerate() {
            let at = [here, &[Step::Key("keys"), Step::Index(j)]].concat();
            match credential {
                Some(Credential::PrivateKey(key)) => {
                    let known: Vec<String> = key.keys.iter().flat_map(KeyRule::key_types).collect();
                    if !known.contains(name) {
                        let wanted = self.wanted(name, known.iter().map(String::as_str), known.join(" or "));
                        self.fault(&at, format!("{name:?}, a key that {:?} does not take", key.id), wanted);
                    }
                }
                None => {}
                Some(_) => {
                    let found = format!("a type of key for {:?}, which is no private key", method.credential);
                    self.fault(&at, found, "a section without \"keys\"");
                }
            }
            if !taken.insert(Some(name)) && !any_is_taken {
                let hint = "the first section that fits is taken";
                self.fault_because(&at, format!("{name:?} a second time"), "each type of key once", hint);
            }
        }
        if method.keys.is_empty() {
            taken.insert(None);
        }
    }

    /// Lengths of time are written as elsewhere: a bare number would not say of what.
    fn spans(&mut self, here: &[Step<'_>]) {
        for key in ["seen-after", "key-set-cache"] {
            let at = below(here, &[key]);
            if let Some(DeValue::Integer(number)) = place::value(self.tree, &at) {
                self.fault(&at, format!("the number {number}"), "a duration such as \"30s\"");
            }
        }
    }

    /// A key is proved by a call that changes nothing and that carries what is proved.
    fn proof(&mut self, here: &[Step<'_>], method: &Method) {
        let Some(id) = &method.prove else { return };
        let (at, definition) = (below(here, &["prove"]), self.definition);
        let Some(endpoint) = definition.endpoint(id) else {
            let known = definition.endpoints.iter().map(|endpoint| endpoint.id.as_str());
            let wanted = self.wanted(id, known, "the id of one from [[endpoints]]");
            return self.fault(&at, format!("the endpoint {id:?}, which is not listed"), wanted);
        };
        if endpoint.side_effects || !["GET", "HEAD"].contains(&endpoint.method.as_str()) {
            let found = format!("the endpoint {id:?}, which is {} and may change something", endpoint.method);
            let hint = "the proof of a key is sent before anybody relies on it, and perhaps more than once";
            self.fault_because(&at, found, "an endpoint that reads", hint);
        }
        if endpoint.auth == Some(FlowAuth::None) {
            let found = format!("the endpoint {id:?}, which carries no credential");
            self.fault(&at, found, "an endpoint whose call carries one");
        }
        if definition.credentials.get(&method.credential).is_some() && !definition.authenticates(&method.credential) {
            let found = format!("an endpoint, but no call is made with {:?}", method.credential);
            self.fault(&at, found, "a section without \"prove\"");
        }
    }

    fn list(&mut self, here: &[Step<'_>], list: &List) {
        let path = below(here, &["path"]);
        self.slots(&path, &list.path, &[]);
        self.rotation_path(&path, &list.path);
        if let Some(cursor) = &list.cursor {
            let at = below(here, &["cursor"]);
            let query = list.path.split_once('?').map_or("", |(_, query)| query);
            if !is_token(cursor) {
                self.fault(&at, format!("{cursor:?}"), "the name of a parameter");
            } else if query.split('&').any(|pair| pair.split('=').next() == Some(cursor)) {
                let found = format!("{cursor:?}, which the path gives already");
                self.fault(&at, found, "a path without it: the first page has no cursor");
            }
        }
        self.scopes_of(here, &list.scopes);
        let whole = list.items.is_empty();
        let members = [
            ("items", Some(&list.items).filter(|_| !whole)),
            ("next-cursor", list.next_cursor.as_ref()),
            ("id", Some(&list.id)),
            ("thumbprint", list.thumbprint.as_ref()),
            ("label", list.label.as_ref()),
            ("active", list.active.as_ref()),
            ("last-used", list.last_used.as_ref()),
        ];
        for (key, pointer) in members.into_iter().filter_map(|(key, pointer)| Some((key, pointer?))) {
            self.pointer(&below(here, &[key]), pointer);
        }
    }

    fn ways(&mut self, here: &[Step<'_>], method: &Method) {
        let ways = [
            ("publish", Some(&method.publish)),
            ("activate", method.activate.as_ref()),
            ("deactivate", method.deactivate.as_ref()),
            ("delete", method.delete.as_ref()),
        ];
        let grants: Vec<String> = method.grants.iter().map(|grant| format!("grant.{}", grant.name)).collect();
        for (member, way) in ways.into_iter().filter_map(|(member, way)| Some((member, way?))) {
            let Way { call, hand } = way;
            if let Some(call) = call {
                let known: Vec<&str> = match member {
                    "publish" => {
                        ["label", "active", "public_pem", "secret"].into_iter().chain(grants.iter().map(String::as_str)).collect()
                    }
                    _ => vec!["pair"],
                };
                self.call(&below(here, &[member, "call"]), call, &known, method);
            }
            if let Some(hand) = hand {
                self.hand(&below(here, &[member, "hand"]), hand, method);
            }
        }
    }

    fn call(&mut self, here: &[Step<'_>], call: &Call, known: &[&str], method: &Method) {
        let at = |key| [here, &[Step::Key(key)]].concat();
        if !CHANGING.contains(&call.method.as_str()) {
            self.fault(&at("method"), format!("{:?}", call.method), format!("one of {}", CHANGING.join(", ")));
        }
        self.slots(&at("path"), &call.path, known);
        self.rotation_path(&at("path"), &call.path);
        self.scopes_of(here, &call.scopes);
        if let Some(pointer) = &call.secret {
            self.pointer(&at("secret"), pointer);
        }
        if let Some(body) = &call.body {
            self.slots(&at("body"), body, known);
            self.body(&at("body"), body);
            self.gives(&at("body"), body, method);
        }
    }

    /// Names in braces that no call gives a value to are variables.
    fn slots(&mut self, at: &[Step<'_>], text: &str, known: &[&str]) {
        let declared = || self.definition.variables.iter().map(|variable| variable.id.as_str());
        let mut seen = BTreeSet::new();
        for slot in slots(text).filter(|slot| !is_slot_of_calls(slot)) {
            if declared().all(|id| id != slot) && seen.insert(slot) {
                let names = known.iter().copied().chain(self.definition.variables.iter().map(|v| v.id.as_str()));
                let near = self.nearest(slot, names);
                let wanted = near.map_or("one from [[variables]]".to_owned(), |near| format!("{{{near}}} perhaps"));
                self.fault(at, format!("the variable {{{slot}}}, which is not declared"), wanted);
            }
        }
    }

    /// A path below the base address. What is filled in is one segment of it, or a value of its query.
    fn rotation_path(&mut self, at: &[Step<'_>], path: &str) {
        if !path.starts_with('/') || path.starts_with("//") {
            self.fault(at, format!("{path:?}"), "a path that begins with one /");
        } else if path.contains('#') {
            self.fault(at, format!("{path:?}, with a fragment"), "a path without one: it is not sent (RFC 9110 §4.2.5)");
        }
    }

    /// A body is JSON once its slots are filled in: lists and `{active}` as they are, texts within quotes.
    fn body(&mut self, at: &[Step<'_>], body: &str) {
        let sample = |slot: &str| {
            let value = match slot {
                "active" => "true",
                _ if slot.starts_with("grant.") => "[]",
                _ => "text",
            };
            Ok::<_, std::convert::Infallible>(value.to_owned())
        };
        let Ok(filled) = fill(body, sample);
        let problem = match Document::parse(&filled) {
            Err(error) => Some(format!("a body that is not JSON when it is filled in ({error})")),
            Ok(_) => quoted_list(body).map(|slot| format!("{{{slot}}} in quotes")),
        };
        if let Some(problem) = problem {
            let wanted = "JSON, with {active} and grants as they are, and all other slots in quotes";
            self.fault(at, problem, wanted);
        }
    }

    /// A key pair gives its public half, and everything else itself.
    fn gives(&mut self, at: &[Step<'_>], body: &str, method: &Method) {
        let is_pair = matches!(self.definition.credentials.get(&method.credential), Some(Credential::PrivateKey(_)));
        let has = |wanted: &str| slots(body).any(|slot| slot == wanted);
        if self.definition.credentials.get(&method.credential).is_none() {
        } else if is_pair && has("secret") {
            let hint = "a private half goes nowhere";
            self.fault_because(at, "{secret} of a key pair", "{public_pem}", hint);
        } else if !is_pair && has("public_pem") {
            self.fault(at, format!("{{public_pem}}, but {:?} is no key pair", method.credential), "{secret}");
        }
    }

    fn hand(&mut self, here: &[Step<'_>], hand: &Hand, method: &Method) {
        let at = |key| [here, &[Step::Key(key)]].concat();
        if hand.words.trim().is_empty() {
            self.fault(&at("words"), "no words", "what a person does there");
        }
        if let Some(open) = &hand.open {
            let found = match parse_absolute(open) {
                Ok(url) if url.scheme() == "https" => None,
                Ok(_) => Some(format!("{open:?}")),
                Err(error) => Some(format!("{open:?} ({error})")),
            };
            if let Some(found) = found {
                self.fault(&at("open"), found, "the https address of a page");
            }
        }
        let Some(credential) = self.definition.credentials.get(&method.credential) else { return };
        let is_pair = matches!(credential, Credential::PrivateKey(_));
        let id = credential.id();
        match hand.paste {
            Some(Paste::Secret) if is_pair => {
                let hint = "a private half goes nowhere";
                let wanted = "\"public-pem\", \"certificate\" or \"public-jwk\"";
                self.fault_because(&at("paste"), "\"secret\" of a key pair", wanted, hint);
            }
            Some(Paste::PublicPem | Paste::Certificate | Paste::PublicJwk) if !is_pair => {
                self.fault(&at("paste"), format!("a public half, but {id:?} is no key pair"), "\"secret\"");
            }
            _ => {}
        }
        match hand.brings {
            Some(Brings::Secret) if is_pair => {
                self.fault(&at("brings"), format!("\"secret\", but {id:?} is a key pair"), "\"key-file\"");
            }
            Some(Brings::KeyFile) if !is_pair => {
                self.fault(&at("brings"), format!("\"key-file\", but {id:?} is no key pair"), "\"secret\"");
            }
            _ => {}
        }
    }

    fn scopes_of(&mut self, here: &[Step<'_>], scopes: &[String]) {
        for (i, scope) in scopes.iter().enumerate() {
            self.known_scope(&[here, &[Step::Key("scopes"), Step::Index(i)]].concat(), scope);
        }
    }

    fn pointer(&mut self, at: &[Step<'_>], pointer: &str) {
        match Pointer::parse(pointer) {
            Ok(_) if !pointer.is_empty() => {}
            Ok(_) => self.fault(at, "an empty pointer, which is the whole document", "a pointer to a member of it"),
            Err(error) => self.fault(at, error.to_string(), "one such as \"/id\" (RFC 6901)"),
        }
    }
}

fn below<'a>(here: &[Step<'a>], keys: &[&'a str]) -> Vec<Step<'a>> {
    here.iter().copied().chain(keys.iter().map(|key| Step::Key(key))).collect()
}

/// The first slot that is JSON of its own and stands within quotes, where it would become a part of a text.
fn quoted_list(body: &str) -> Option<&str> {
    slots(body).find(|slot| {
        (*slot == "active" || slot.starts_with("grant.")) && body.contains(&format!("\"{{{slot}}}\""))
    })
}

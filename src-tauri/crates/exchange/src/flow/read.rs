//! Reads the answer to a flow by the pointers of its `gives`.

use jose::json::{Document, Kind, Node};
use provider::definition::{Flow, FlowKind};

use super::{
    expiry::{Expiry, ExpirySource, at_time, in_seconds, of_token},
    obtained::{NotObtained, Obtained, Refresh, SecretText},
};
use crate::{
    Answer,
    answer::{page::html, pointer::point, text::brief},
};

/// Reads the answer of `flow` by the pointers of its `gives`. `arrived` is when it came, in seconds since 1970.
pub fn obtained(flow: &Flow, answer: &Answer, arrived: i64) -> Result<Obtained, NotObtained> {
    if !(200..300).contains(&answer.status) {
        return Err(NotObtained::Status { status: answer.status });
    }
    if flow.gives.is_empty() {
        return Ok(Obtained::nothing());
    }
    if let Some(page) = html(answer) {
        return Err(NotObtained::Html { title: page.title });
    }
    if answer.cut {
        return Err(NotObtained::Cut { bytes: answer.body.len() });
    }
    let text = std::str::from_utf8(&answer.body).map_err(|_| not_json("it is not UTF-8"))?;
    let document = Document::parse(text).map_err(|error| not_json(&error.to_string()))?;
    FlowReading { flow, root: document.root(), arrived, notes: Vec::new() }.read()
}

/// The names under which a flow gives things.
mod names {
    pub(super) const ACCESS: &str = "access";
    pub(super) const REFRESH: &str = "refresh";
    pub(super) const TOKEN_TYPE: &str = "token-type";
    pub(super) const EXPIRES_IN: &str = "expires-in";
    pub(super) const EXPIRES_AT: &str = "expires-at";
    pub(super) const SCOPE: &str = "scope";
    pub(super) const USER: &str = "user";
    pub(super) const PERMISSIONS: &str = "permissions";
    pub(super) const VALID: &str = "valid";
}

struct FlowReading<'a, 'd, 't> {
    flow: &'a Flow,
    root: Node<'d, 't>,
    arrived: i64,
    notes: Vec<String>,
}

impl<'d, 't> FlowReading<'_, 'd, 't> {
    fn read(mut self) -> Result<Obtained, NotObtained> {
        let access = self.token(names::ACCESS, "access token")?;
        let fetches =
            matches!(self.flow.kind, FlowKind::LogIn | FlowKind::Mint | FlowKind::Exchange | FlowKind::Refresh);
        if let (None, true, Some(tried)) = (&access, fetches, self.flow.gives.get(names::ACCESS)) {
            let found = self.root.members().filter_map(|m| m.name()).map(|name| name.into_owned()).collect();
            return Err(NotObtained::Missing { what: "access token", tried: tried.clone(), found });
        }
        let refresh = match self.token(names::REFRESH, "refresh token")? {
            Some(token) => {
                let expires = self.expiry_of(&token);
                Refresh::New { token, expires }
            }
            None if self.flow.keeps.iter().any(|name| name == names::REFRESH) => Refresh::Kept,
            None => Refresh::None,
        };
        self.check_type();
        let expires = self.expires(access.as_ref());
        Ok(Obtained {
            access,
            expires,
            refresh,
            user: self.at(names::USER).map(|(_, node)| node.raw().to_owned()),
            permissions: self.list(names::PERMISSIONS),
            scopes: self.list(names::SCOPE),
            valid: self.at(names::VALID).and_then(|(_, node)| node.as_bool()),
            notes: self.notes,
        })
    }

    /// What the first pointer leads to that leads somewhere. `null` and an empty text are nowhere.
    fn at(&self, name: &str) -> Option<(&str, Node<'d, 't>)> {
        let something = |node: &Node<'_, '_>| node.kind() != Kind::Null && node.raw() != "\"\"";
        let pointers = self.flow.gives.get(name)?;
        pointers.iter().find_map(|p| Some((p.as_str(), point(self.root, p).filter(something)?)))
    }

    fn token(&self, name: &str, what: &'static str) -> Result<Option<SecretText>, NotObtained> {
        let Some((pointer, node)) = self.at(name) else { return Ok(None) };
        match node.as_str() {
            // RFC 6749 §A.12 and §A.17; a line break would end the header field that carries it.
            Some(text) => match text.chars().position(|c| !matches!(c, ' '..='~')) {
                None => Ok(Some(SecretText(text.into_owned().into()))),
                Some(at) => Err(NotObtained::NotAToken { what, pointer: pointer.to_owned(), at: at + 1 }),
            },
            None => Err(NotObtained::NotText { what, pointer: pointer.to_owned(), found: node.kind().name() }),
        }
    }

    /// A list of texts, words in one text, or an object whose members each allow something.
    fn list(&self, name: &str) -> Option<Vec<String>> {
        let (_, node) = self.at(name)?;
        match node.as_str() {
            Some(text) => Some(text.split_whitespace().map(str::to_owned).collect()),
            None if node.kind() == Kind::Array => {
                Some(node.elements().filter_map(|element| element.as_str().map(|text| text.into_owned())).collect())
            }
            None if node.kind() == Kind::Object => Some(
                node.members().filter_map(|member| Some(format!("{}:{}", member.name()?, member.as_str()?))).collect(),
            ),
            None => None,
        }
    }

    /// A token of another type than `bearer` wants more than to be sent (RFC 6749 §7.1).
    fn check_type(&mut self) {
        let kind = self.at(names::TOKEN_TYPE).and_then(|(_, node)| node.as_str());
        if let Some(kind) = kind.filter(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            let kind = brief(&kind);
            self.notes.push(format!("The token is of type {kind}, and is sent as a bearer token all the same."));
        }
    }

    fn expiry_of(&mut self, token: &SecretText) -> Expiry {
        match of_token(token.reveal(), self.arrived, &mut self.notes) {
            Some(at) => Expiry { at: Some(at), source: ExpirySource::Claim },
            None => Expiry::UNKNOWN,
        }
    }

    /// The `exp` claim, else what the answer says.
    fn expires(&mut self, access: Option<&SecretText>) -> Expiry {
        let claim = access.map_or(Expiry::UNKNOWN, |token| self.expiry_of(token));
        let seconds = self.at(names::EXPIRES_IN).map(|(_, node)| in_seconds(node, self.arrived));
        let seconds = self.noted(seconds, ExpirySource::ExpiresIn);
        let time = self.at(names::EXPIRES_AT).map(|(_, node)| at_time(node));
        let time = self.noted(time, ExpirySource::ExpiresAt);
        [claim, seconds, time].into_iter().find(|expiry| expiry.at.is_some()).unwrap_or(Expiry::UNKNOWN)
    }

    fn noted(&mut self, found: Option<Result<i64, String>>, source: ExpirySource) -> Expiry {
        match found {
            Some(Ok(at)) => Expiry { at: Some(at), source },
            Some(Err(note)) => {
                self.notes.push(note);
                Expiry::UNKNOWN
            }
            None => Expiry::UNKNOWN,
        }
    }
}

fn not_json(reason: &str) -> NotObtained {
    NotObtained::NotJson { reason: reason.to_owned() }
}

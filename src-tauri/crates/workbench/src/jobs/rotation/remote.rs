//! Calls of a rotation in HTTP: the method, the path and the body of what a definition says, with its slots filled in.
//!
//! Nothing is sent here. What goes out goes the way of every call: to the hosts that are sealed with the credential, and with
//! consent where that is live.

use std::convert::Infallible;

use exchange::{Body, Piece};
use jose::json::quote;
use keyset::{Grants, List, Method, Remote, fill, is_slot_of_calls};
use zeroize::Zeroizing;

/// A call that is ready to be given its credential.
pub(super) struct Wanted {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) body: Option<Body>,
    pub(super) scopes: Vec<String>,
}

/// What a provider is told of our key.
#[derive(Default)]
pub(super) struct OurHalf {
    pub(super) public_pem: Option<String>,
    pub(super) secret: Option<Zeroizing<String>>,
}

/// The values of the provider's variables, which may stand in a path or a body as well.
pub(super) type Variables<'v> = &'v dyn Fn(&str) -> Option<String>;

/// Stands for a secret in a body until its text is whole. JSON has no such character in it: inside of a string it is escaped.
const SECRET: char = '\0';

/// The call that lists the keys: its first page, or the one of a cursor.
pub(super) fn list(list: &List, cursor: Option<&str>, variables: Variables<'_>) -> Wanted {
    let mut path = filled(&list.path, |slot| variables(slot).map(|value| encoded(&value)));
    if let (Some(cursor), Some(name)) = (cursor, &list.cursor) {
        path.push(if path.contains('?') { '&' } else { '?' });
        path.extend([name.as_str(), "=", &encoded(cursor)]);
    }
    Wanted { method: "GET".to_owned(), path, body: None, scopes: list.scopes.clone() }
}

/// The call by which something is done there; none where the definition has no call for it, since a person does it.
pub(super) fn change(method: &Method, remote: &Remote, ours: &OurHalf, variables: Variables<'_>) -> Option<Wanted> {
    let way = match remote {
        Remote::Create { .. } => Some(&method.publish),
        Remote::Activate { .. } => method.activate.as_ref(),
        Remote::Deactivate { .. } => method.deactivate.as_ref(),
        Remote::Delete { .. } => method.delete.as_ref(),
    };
    let call = way?.call.as_ref()?;
    let body = call.body.as_deref().map(|body| filled(body, |slot| in_body(slot, remote, ours, variables)));
    Some(Wanted {
        method: call.method.clone(),
        path: filled(&call.path, |slot| in_path(slot, remote, variables)),
        body: body.map(|text| whole(&text, ours)),
        scopes: call.scopes.clone(),
    })
}

/// A template with its slots filled in. One without a value is left as it is: what is missing, the provider says.
fn filled(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let filled = fill(template, |slot| Ok::<_, Infallible>(value(slot).unwrap_or_else(|| format!("{{{slot}}}"))));
    filled.unwrap_or_else(|never| match never {})
}

/// The value of a slot as a path spells it: a segment, or the value of a parameter.
fn in_path(slot: &str, remote: &Remote, variables: Variables<'_>) -> Option<String> {
    match (slot, remote) {
        ("pair", Remote::Activate { pair } | Remote::Deactivate { pair } | Remote::Delete { pair }) => {
            Some(encoded(pair))
        }
        ("label", Remote::Create { label, .. }) => Some(encoded(label)),
        (slot, _) if is_slot_of_calls(slot) => None,
        (slot, _) => variables(slot).map(|value| encoded(&value)),
    }
}

/// The value of a slot as a JSON body spells it. Texts stand inside of a JSON string, the others in place of a value.
fn in_body(slot: &str, remote: &Remote, ours: &OurHalf, variables: Variables<'_>) -> Option<String> {
    match (slot, remote) {
        ("label", Remote::Create { label, .. }) => Some(inside(label)),
        ("active", Remote::Create { active, .. }) => Some(active.to_string()),
        ("public_pem", _) => Some(inside(ours.public_pem.as_deref()?)),
        ("secret", _) => ours.secret.as_ref().map(|_| SECRET.to_string()),
        ("pair", Remote::Activate { pair } | Remote::Deactivate { pair } | Remote::Delete { pair }) => {
            Some(inside(pair))
        }
        (slot, Remote::Create { grants, .. }) if slot.starts_with("grant.") => {
            Some(granted(grants, &slot["grant.".len()..]))
        }
        (slot, _) if is_slot_of_calls(slot) => None,
        (slot, _) => variables(slot).map(|value| inside(&value)),
    }
}

/// The body, with its secret apart where it has one.
fn whole(text: &str, ours: &OurHalf) -> Body {
    let Some(secret) = ours.secret.as_ref().filter(|_| text.contains(SECRET)) else {
        return Body::Plain(text.as_bytes().to_vec());
    };
    let quoted = Zeroizing::new(quote(secret));
    let masked = || Piece::Masked {
        name: "secret".to_owned(),
        clear: Zeroizing::new(quoted[1..quoted.len() - 1].to_owned()),
        shown: "•••".to_owned(),
    };
    let mut pieces = Vec::new();
    for (index, plain) in text.split(SECRET).enumerate() {
        pieces.extend((index > 0).then(masked));
        pieces.push(Piece::Plain(plain.to_owned()));
    }
    Body::Secret(pieces)
}

/// The ids of a grant as a JSON array.
fn granted(grants: &Grants, name: &str) -> String {
    let ids = grants.get(name).map(Vec::as_slice).unwrap_or_default();
    format!("[{}]", ids.iter().map(|id| quote(id)).collect::<Vec<_>>().join(","))
}

/// A text as it stands between the quotes of a JSON string.
fn inside(text: &str) -> String {
    let quoted = quote(text);
    quoted[1..quoted.len() - 1].to_owned()
}

/// A text as it stands in a segment of a path, or in the value of a parameter (RFC 3986 §2.3).
fn encoded(text: &str) -> String {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let one = |byte: u8| if unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use keyset::{Brings, Call, Grant, Hand, MadeBy, Overlap, Span, Way};

    use super::*;

    const NONE: Variables<'static> = &|_| None;

    fn method() -> Method {
        let call = |method: &str, path: &str, body: Option<&str>| Way {
            call: Some(Call {
                method: method.to_owned(),
                path: path.to_owned(),
                body: body.map(str::to_owned),
                scopes: vec!["keys.write".to_owned()],
                secret: None,
            }),
            hand: Some(Hand {
                words: "Do it.".to_owned(),
                open: None,
                paste: None,
                brings: Some(Brings::Secret),
                from: None,
            }),
        };
        let body = r#"{ "name": "{label}", "on": {active}, "key": "{public_pem}", "word": "{secret}", "roles": {grant.roles}, "else": {grant.else}, "empty": {} }"#;
        Method {
            credential: "key".to_owned(),
            keys: Vec::new(),
            made: MadeBy::Here,
            overlap: Overlap::Both,
            seen_after: Span(30),
            key_set_cache: None,
            prove: None,
            list: None,
            grants: Vec::<Grant>::new(),
            publish: call("POST", "/keys", Some(body)),
            activate: Some(call("PUT", "/keys/{pair}", Some(r#"{"on":true,"of":"{pair}"}"#))),
            deactivate: None,
            delete: Some(call("DELETE", "/keys/{pair}?now=1", None)),
            note: None,
            from: None,
        }
    }

    #[test]
    fn slots_are_filled_in_as_json_and_paths_spell_them() {
        let create = Remote::Create {
            label: "a \"b\"\n".to_owned(),
            thumbprint: None,
            active: false,
            grants: [("roles".to_owned(), vec!["r1".to_owned(), "r\"2".to_owned()])].into(),
        };
        let ours = OurHalf {
            public_pem: Some("-----BEGIN\nAA\n".to_owned()),
            secret: Some(Zeroizing::new("hunter\"2".to_owned())),
        };
        let wanted = change(&method(), &create, &ours, NONE).unwrap();
        let body = wanted.body.unwrap();
        assert_eq!(
            String::from_utf8(body.clear().to_vec()).unwrap(),
            r#"{ "name": "a \"b\"\n", "on": false, "key": "-----BEGIN\nAA\n", "word": "hunter\"2", "roles": ["r1","r\"2"], "else": [], "empty": {} }"#
        );
        assert!(body.has_secret());
        assert!(!format!("{body:?}").contains("hunter"));

        let pair = "a/b ?é".to_owned();
        let wanted = change(&method(), &Remote::Delete { pair: pair.clone() }, &OurHalf::default(), NONE).unwrap();
        assert_eq!((wanted.method.as_str(), wanted.path.as_str()), ("DELETE", "/keys/a%2Fb%20%3F%C3%A9?now=1"));
        assert!(wanted.body.is_none() && wanted.scopes == ["keys.write"]);
        let wanted = change(&method(), &Remote::Activate { pair: pair.clone() }, &OurHalf::default(), NONE).unwrap();
        assert_eq!(wanted.body.unwrap().shown().as_ref(), r#"{"on":true,"of":"a/b ?é"}"#.as_bytes());
        // What the definition has no call for, a person does.
        assert!(change(&method(), &Remote::Deactivate { pair }, &OurHalf::default(), NONE).is_none());
    }

    #[test]
    fn a_cursor_is_a_parameter_of_its_own() {
        let mut keys = List {
            path: "/keys?limit=2".to_owned(),
            scopes: vec!["keys.read".to_owned()],
            items: "/items".to_owned(),
            next_cursor: Some("/next".to_owned()),
            cursor: Some("cursor".to_owned()),
            id: "/id".to_owned(),
            thumbprint: None,
            label: None,
            active: None,
            last_used: None,
        };
        assert_eq!(list(&keys, None, NONE).path, "/keys?limit=2");
        assert_eq!(list(&keys, Some("a&b="), NONE).path, "/keys?limit=2&cursor=a%26b%3D");
        keys.path = "/{account}/keys".to_owned();
        assert_eq!(list(&keys, None, &|_| Some("a/b".to_owned())).path, "/a%2Fb/keys");
        keys.path = "/keys".to_owned();
        assert_eq!(list(&keys, Some("2"), NONE).path, "/keys?cursor=2");
    }
}

//! A page of the provider's list of keys, read by the pointers of its definition. What cannot be read is an error and never an
//! empty list: from that it would follow that our key is gone.

use exchange::{Answer, point};
use jose::json::{Document, Kind, Node};
use keyset::{Grant, Grants, LastUse, List, Method, Pair};

use crate::ground::{ListFault, words};

/// The keys of a page, and the cursor of the next; none on the last.
pub(super) fn page(method: &Method, list: &List, answer: &Answer) -> Result<(Vec<Pair>, Option<String>), ListFault> {
    if answer.cut {
        return Err(ListFault::Cut { bytes: answer.body.len() });
    }
    let text =
        std::str::from_utf8(&answer.body).map_err(|_| ListFault::NotJson { why: "it is not UTF-8".to_owned() })?;
    let document = Document::parse(text).map_err(|error| ListFault::NotJson { why: error.to_string() })?;
    let items = point(document.root(), &list.items).filter(|items| items.kind() == Kind::Array);
    let items = items.ok_or_else(|| {
        let found = point(document.root(), &list.items);
        ListFault::Member { at: list.items.clone(), found: shown(found), wanted: "the list of keys" }
    })?;
    let pairs = items.elements().enumerate().map(|(index, item)| pair(method, list, index, item));
    let cursor = list.next_cursor.as_deref().and_then(|pointer| point(document.root(), pointer));
    Ok((pairs.collect::<Result<_, _>>()?, cursor.and_then(text_of).filter(|cursor| !cursor.is_empty())))
}

fn pair(method: &Method, list: &List, index: usize, item: Node<'_, '_>) -> Result<Pair, ListFault> {
    let fault = |pointer: &str, wanted| ListFault::Member {
        at: format!("{}/{index}{pointer}", list.items),
        found: shown(point(item, pointer)),
        wanted,
    };
    let optional = |pointer: &Option<String>| text_of(point(item, pointer.as_deref()?)?);
    let id = point(item, &list.id).and_then(text_of).filter(|id| !id.is_empty());
    let active = match &list.active {
        // Where the provider has no such switch, a key that is shown works.
        None => true,
        Some(pointer) => {
            let switch = point(item, pointer).and_then(Node::as_bool);
            switch.ok_or_else(|| fault(pointer, "true or false"))?
        }
    };
    Ok(Pair {
        id: id.ok_or_else(|| fault(&list.id, "the key's id there"))?,
        thumbprint: optional(&list.thumbprint),
        label: optional(&list.label),
        active,
        last_used: list.last_used.as_deref().map_or(LastUse::NotTold, |pointer| last_used(point(item, pointer))),
        grants: grants(&method.grants, item),
    })
}

/// When a key was last used. A time that cannot be read tells nothing; least of all that there was none.
fn last_used(node: Option<Node<'_, '_>>) -> LastUse {
    match node {
        Some(node) if node.kind() == Kind::Null => LastUse::Never,
        Some(node) => {
            let at = node.as_str().and_then(|text| moment(&text)).or_else(|| node.as_i64());
            at.map_or(LastUse::NotTold, |at| LastUse::At(keyset::At(at)))
        }
        None => LastUse::NotTold,
    }
}

/// What a key may do. A grant that is not shown, or not in full, is left out: it is not an empty one.
fn grants(wanted: &[Grant], item: Node<'_, '_>) -> Grants {
    let ids = |grant: &Grant| -> Option<Vec<String>> {
        let all = point(item, &grant.read).filter(|list| list.kind() == Kind::Array)?;
        let id = |member: Node<'_, '_>| match &grant.id {
            Some(pointer) => text_of(point(member, pointer)?),
            None => text_of(member),
        };
        all.elements().map(id).collect()
    };
    wanted.iter().filter_map(|grant| Some((grant.name.clone(), ids(grant)?))).collect()
}

/// A text, or a number as it is written: some ids are.
fn text_of(node: Node<'_, '_>) -> Option<String> {
    match node.kind() {
        Kind::String => node.as_str().map(|text| text.into_owned()),
        Kind::Number => Some(node.raw().to_owned()),
        _ => None,
    }
}

fn shown(node: Option<Node<'_, '_>>) -> String {
    node.map_or("nothing".to_owned(), words::shown)
}

/// A time as RFC 3339 writes it, or as a number of seconds.
fn moment(text: &str) -> Option<i64> {
    let seconds = text.trim().parse().ok();
    seconds.or_else(|| Some(chrono::DateTime::parse_from_rfc3339(text.trim()).ok()?.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<(Vec<Pair>, Option<String>), String> {
        let definition = crate::definitions::built_in("gr4vy").unwrap();
        let method = definition.rotation_of("private_key", Some("EC/P-521")).unwrap();
        let answer = Answer { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec(), cut: false };
        page(method, method.list.as_ref().unwrap(), &answer).map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_page_is_read_by_the_pointers_of_the_definition() {
        let (pairs, cursor) = read(
            r#"{"items":[{"id":"p-1","thumbprint":"abc","display_name":"a","active":true,"last_used_at":"2026-11-30T10:00:00Z",
            "roles":[{"id":"r-1"}],"merchant_accounts":[]},{"id":"p-2","active":false,"last_used_at":null,"roles":[{}]},
            {"id":"p-3","active":true,"last_used_at":"soon"}],"next_cursor":"ZXhhbXBsZTE"}"#,
        )
        .unwrap();
        assert_eq!(cursor.as_deref(), Some("ZXhhbXBsZTE"));
        let [first, second, third] = pairs.as_slice() else { panic!("{pairs:?}") };
        assert_eq!((first.id.as_str(), first.thumbprint.as_deref(), first.active), ("p-1", Some("abc"), true));
        assert_eq!(first.last_used, LastUse::At(keyset::At(1_796_032_800)));
        assert_eq!(
            (first.grants["roles"].as_slice(), first.grants["merchant_accounts"].len()),
            (&["r-1".to_owned()][..], 0)
        );
        // What is not shown in full is not shown, and what cannot be read tells of no use.
        assert_eq!((second.last_used, second.grants.len()), (LastUse::Never, 0));
        assert_eq!(third.last_used, LastUse::NotTold);
        assert_eq!(read(r#"{"items":[],"next_cursor":null}"#).unwrap(), (Vec::new(), None));
    }

    #[test]
    fn what_cannot_be_read_is_no_empty_list() {
        let told = |body| read(body).unwrap_err();
        for body in ["", "<html>"] {
            assert!(told(body).starts_with("the list of keys is not JSON: "), "{}", told(body));
        }
        assert_eq!(told("[]"), "the list of keys has nothing at /items; wanted the list of keys");
        let without_id = r#"{"items":[{"active":true}]}"#;
        assert_eq!(told(without_id), "the list of keys has nothing at /items/0/id; wanted the key's id there");
        let no_switch = told(r#"{"items":[{"id":"p-1","active":true},{"id":"p-2","active":"yes"}]}"#);
        assert!(no_switch.ends_with(" at /items/1/active; wanted true or false"), "{no_switch}");
        assert!(told(r#"{"items":{}}"#).ends_with(" at /items; wanted the list of keys"));
    }
}

//! Outline of a claims text: members and elements, each with the rule that speaks of it.

use jose::json::{Document, Kind, Node};
use provider::definition::{Claim, ClaimType};

/// One member or element.
#[derive(Clone, Copy)]
pub(super) struct Item<'d, 't, 'r> {
    /// The value.
    pub(super) node: Node<'d, 't>,
    /// The object or list that it stands in, as an index of the outline; none for members of the claims set itself.
    pub(super) inside: Option<usize>,
    /// What the provider says of it; for an element, of its list.
    pub(super) claim: Option<&'r Claim>,
}

/// Every member and element in the order in which they are typed.
pub(super) fn outline<'d, 't, 'r>(document: &'d Document<'t>, claims: &'r [Claim]) -> Vec<Item<'d, 't, 'r>> {
    let mut items = Vec::new();
    below(document.root(), None, claims, None, &mut items);
    items
}

fn below<'d, 't, 'r>(
    container: Node<'d, 't>,
    inside: Option<usize>,
    claims: &'r [Claim],
    list: Option<&'r Claim>,
    items: &mut Vec<Item<'d, 't, 'r>>,
) {
    for node in container.members() {
        let claim = claims.iter().find(|claim| node.is_named(&claim.name));
        into(node, inside, claim, items);
    }
    for node in container.elements() {
        into(node, inside, list, items);
    }
}

fn into<'d, 't, 'r>(
    node: Node<'d, 't>,
    inside: Option<usize>,
    claim: Option<&'r Claim>,
    items: &mut Vec<Item<'d, 't, 'r>>,
) {
    items.push(Item { node, inside, claim });
    let here = Some(items.len() - 1);
    let members = match (node.kind(), claim) {
        (Kind::Object, Some(claim)) => claim.members.as_slice(),
        _ => &[],
    };
    below(node, here, members, claim.filter(|claim| is_list(claim)), items);
}

fn is_list(claim: &Claim) -> bool {
    matches!(claim.kind, ClaimType::Strings | ClaimType::Objects)
}

//! JSON pointers: where in an answer something stands.

use jose::json::{Kind, Node};

/// The value that a JSON pointer leads to (RFC 6901); none where nothing stands there.
pub fn point<'d, 't>(root: Node<'d, 't>, pointer: &str) -> Option<Node<'d, 't>> {
    let mut node = root;
    for step in pointer.split('/').skip(1) {
        let name = step.replace("~1", "/").replace("~0", "~");
        node = match node.kind() {
            Kind::Array => node.elements().nth(name.parse().ok()?)?,
            _ => node.get(&name)?,
        };
    }
    Some(node)
}

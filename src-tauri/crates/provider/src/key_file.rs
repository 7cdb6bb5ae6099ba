//! The JSON files in which providers hand out keys: the key, and what goes with it.

use std::{borrow::Cow, collections::BTreeMap};

use jose::{
    json::{Document, Node},
    key::read::undisguised,
    pointer::Pointer,
};
use zeroize::Zeroizing;

use crate::definition::PrivateKey;

/// What a key file holds. It has a private key in it, so it cannot be shown.
pub struct KeyFile {
    /// The text of the key, in any of the forms that the provider knows.
    pub key: Zeroizing<String>,
    /// What goes with it and is not secret, by the names that templates use.
    pub fields: BTreeMap<String, String>,
}

impl PrivateKey {
    /// Takes the key out of a JSON file, by the pointers of the definition; base64 of the whole, an environment file or UTF-16 around it
    /// are taken off. `None` if this is another file.
    pub fn open_file(&self, file: &[u8]) -> Option<KeyFile> {
        let places = self.file.as_ref()?;
        let text = undisguised(file)?;
        let document = Document::parse(&text).ok()?;
        let at = |place: &str| Pointer::parse(place).ok()?.find(document.root());
        let key = at(&places.key)?.as_str()?;
        let first = |all: &Vec<String>| all.iter().find_map(|place| written(at(place)?));
        let fields = places.fields.iter().filter_map(|(name, all)| Some((name.clone(), first(all)?)));
        Some(KeyFile { key: Zeroizing::new(key.into_owned()), fields: fields.collect() })
    }
}

/// A text, or a number as it stands there.
fn written(node: Node<'_, '_>) -> Option<String> {
    let number = || node.as_f64().map(|_| Cow::Borrowed(node.raw()));
    node.as_str().or_else(number).map(Cow::into_owned).filter(|text| !text.is_empty())
}

//! Slots of a call: names in braces in its path or its JSON body.

/// The slots that a call to publish a key fills in, beside `grant.NAME`.
pub(crate) const PUBLISHED: [&str; 4] = ["label", "active", "public_pem", "secret"];

/// The slot of every other call: the id of the key at the provider.
pub(crate) const PAIR: &str = "pair";

/// Whether some call of a rotation gives this slot a value. Every other slot is a variable of the definition.
pub fn is_slot_of_calls(slot: &str) -> bool {
    slot == PAIR || PUBLISHED.contains(&slot) || slot.starts_with("grant.")
}

/// The slots of a path or a body, in order. JSON's own braces are none: what stands in them begins with neither letter nor
/// digit.
pub fn slots(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).filter_map(|(_, slot)| slot)
}

/// `text` with each slot replaced by its value as it is; the first one without a value ends it. Who fills in makes sure that
/// a value fits where it stands: of a path it is a segment, percent-encoded; in a body `{active}` and `{grant.NAME}` are JSON,
/// and all others stand in quotes, so that they are escaped like the inside of a JSON string.
pub fn fill<E>(text: &str, mut value: impl FnMut(&str) -> Result<String, E>) -> Result<String, E> {
    let mut filled = String::with_capacity(text.len());
    for (before, slot) in pieces(text) {
        filled.push_str(before);
        if let Some(slot) = slot {
            filled.push_str(&value(slot)?);
        }
    }
    Ok(filled)
}

/// The text in pieces, each with the slot behind it; the last one has none.
fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut from = 0;
        while let Some(open) = text[from..].find('{').map(|at| from + at) {
            let inner = &text[open + 1..];
            let end = inner.find(|c: char| !is_of_name(c)).unwrap_or(inner.len());
            if end > 0 && inner[end..].starts_with('}') {
                rest = Some(&inner[end + 1..]);
                return Some((&text[..open], Some(&inner[..end])));
            }
            from = open + 1;
        }
        rest = None;
        Some((text, None))
    })
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

/// Letters, digits and `_`, a letter first, as elsewhere in a definition.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        slots(text).collect()
    }

    #[test]
    fn braces_of_json_are_no_slots() {
        assert_eq!(found(r#"{ "a": { "b": {active}, "c": {}, "d": [{grant.roles}, {"e":1}] } }"#), ["active", "grant.roles"]);
        assert_eq!(found("/keys/{pair}"), ["pair"]);
        assert_eq!(found("{{pair}}"), ["pair"]);
        assert_eq!(found("{pa ir} {pair"), [""; 0]);
        assert_eq!(found("{ä}{x}"), ["x"]);
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        let filled = fill(r#"{"a":"{label}","b":{active}}"#, |slot| {
            Ok::<_, ()>(if slot == "label" { "{active}".to_owned() } else { "true".to_owned() })
        });
        assert_eq!(filled.as_deref(), Ok(r#"{"a":"{active}","b":true}"#));
        assert_eq!(fill("x{label}", |_| Err("gone")), Err("gone"));
    }
}

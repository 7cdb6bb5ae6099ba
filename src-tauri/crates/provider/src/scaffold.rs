//! A definition to begin with.

use jose::{json::quote, unseen::steers};

/// A commented definition file for an API of this name, which passes the check as it stands.
///
/// ```
/// # use keywright_provider::{Definition, scaffold};
/// let definition = Definition::parse(&scaffold("Acme Pay")).unwrap();
/// assert_eq!((definition.id.as_str(), definition.name.as_str()), ("acme-pay", "Acme Pay"));
/// ```
pub fn scaffold(name: &str) -> String {
    let line: String = name.chars().map(|c| if steers(c) { ' ' } else { c }).collect();
    let name = if line.trim().is_empty() { "My API" } else { line.trim() };
    let id = id_of(name);
    include_str!("scaffold.toml")
        .replace("@NAME@", &quote(name))
        .replace("@ID@", &id)
        .replace("@ENV@", &variable_of(&id))
}

/// The short name: `Acme Pay` is `acme-pay`.
fn id_of(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let id = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    if id.is_empty() { "my-api".to_owned() } else { id }
}

/// The beginning of environment variables: a digit cannot be the first character of one.
fn variable_of(id: &str) -> String {
    let upper = id.replace('-', "_").to_ascii_uppercase();
    if upper.starts_with(|c: char| c.is_ascii_digit()) { format!("API_{upper}") } else { upper }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Definition;

    #[test]
    fn it_passes_the_check_whatever_the_name() {
        for name in ["Acme Pay", "", "  ", "3D Secure", "Zahlung & \"Söhne\"", "a\nb\\c", "支払い", "\u{7f}x", "@ID@"]
        {
            let file = scaffold(name);
            let definition = Definition::check(&file).unwrap_or_else(|errors| panic!("{name:?}: {}", errors[0]));
            assert!(!file.contains("@ENV@"), "{name:?}");
            assert!(definition.signs_here() && !definition.endpoints.is_empty() && !definition.errors.known.is_empty());
        }
        assert_eq!(Definition::parse(&scaffold("3D Secure")).map(|d| d.id).as_deref(), Ok("3d-secure"));
        assert_eq!(
            Definition::parse(&scaffold("支払い")).map(|d| (d.id, d.name)),
            Ok(("my-api".into(), "支払い".into()))
        );
    }

    #[test]
    fn it_is_commented() {
        insta::assert_snapshot!(scaffold("Acme Pay"));
    }
}

//! Texts with names between braces, `{timestamp}.{body}`: where the names stand. What may be named is for others to say.

/// A part of such a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<'t> {
    /// Stands as written, doubled braces made single.
    Text(String),
    /// What stands between two braces.
    Name(&'t str),
}

/// A brace that opens no name or closes none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a lone {brace:?}, wanted {{name}}, or {brace}{brace} for the brace itself")]
pub struct LoneBrace {
    /// Which of the two.
    pub brace: char,
}

/// The parts of a text in order. A doubled brace stands for itself.
pub fn split(text: &str) -> Result<Vec<Part<'_>>, LoneBrace> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        plain.push_str(&rest[..at]);
        let tail = &rest[at..];
        if let Some(after) = tail.strip_prefix("{{") {
            plain.push('{');
            rest = after;
        } else if let Some(after) = tail.strip_prefix("}}") {
            plain.push('}');
            rest = after;
        } else if let Some(inside) = tail.strip_prefix('{') {
            let (name, after) = inside.split_once('}').ok_or(LoneBrace { brace: '{' })?;
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            parts.push(Part::Name(name));
            rest = after;
        } else {
            return Err(LoneBrace { brace: '}' });
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_braces_are_told_apart() {
        let text = |text: &str| Part::Text(text.to_owned());
        assert_eq!(split("a{b}{c}d"), Ok(vec![text("a"), Part::Name("b"), Part::Name("c"), text("d")]));
        assert_eq!(split("{{{x}}}"), Ok(vec![text("{"), Part::Name("x"), text("}")]));
        assert_eq!(split(""), Ok(Vec::new()));
        assert_eq!(split("{}"), Ok(vec![Part::Name("")]));
        assert_eq!(split("a{b"), Err(LoneBrace { brace: '{' }));
        insta::assert_snapshot!(split("a}b").unwrap_err(), @"a lone '}', wanted {name}, or }} for the brace itself");
    }
}

//! Values of a sheet's fields: which texts a field takes, and the JSON that they become.

use jose::json::{Document, Kind, quote};

use crate::{
    definition::{ClaimForm, FieldKind},
    rules::has_form,
};

/// The most digits of a whole number: more than that and a double no longer tells its neighbours apart (RFC 8259 §6).
const MOST_DIGITS: usize = 15;

impl FieldKind<'_> {
    /// What this field wants where it does not take the text, in a few words. An empty text is neither a value nor a fault.
    pub fn wanted_instead(&self, text: &str) -> Option<&'static str> {
        let text = text.trim();
        let (fits, wanted) = match self {
            Self::Text(None) | Self::Pairs => return None,
            Self::Text(Some(form)) => (has_form(text, *form), form_words(*form)),
            Self::Whole => (is_whole(text.strip_prefix('-').unwrap_or(text)), "a whole number, as 12"),
            Self::Amount(_) => (is_whole(text), "whole digits only, as 1299 for 12.99"),
            Self::Number => (is_number(text), "a number, as 12.5"),
            Self::Boolean => (["true", "false"].contains(&text), "true or false"),
            Self::Choice(one_of) => (one_of.iter().any(|one| one == text), "one of those in the list"),
        };
        (!text.is_empty() && !fits).then_some(wanted)
    }

    /// The JSON of a text that this field takes. Pairs are not one text.
    pub fn json(&self, text: &str) -> String {
        let text = text.trim();
        match self {
            Self::Text(_) | Self::Choice(_) | Self::Pairs => quote(text),
            Self::Number | Self::Boolean => text.to_owned(),
            Self::Whole | Self::Amount(_) => without_zeros(text),
        }
    }
}

fn form_words(form: ClaimForm) -> &'static str {
    match form {
        ClaimForm::Uuid => "a UUID, as 4137b1cf-39ac-42a8-bad6-1c680d5dab6b",
        ClaimForm::UuidHex => "a UUID without hyphens, as 4137b1cf39ac42a8bad61c680d5dab6b",
        ClaimForm::Currency => "three capital letters, as GBP",
        ClaimForm::Url => "an address that begins with https://",
    }
}

fn is_whole(text: &str) -> bool {
    (1..=MOST_DIGITS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_number(text: &str) -> bool {
    Document::parse(text).is_ok_and(|document| document.root().kind() == Kind::Number)
}

/// JSON has no number that begins with a zero (RFC 8259 §6).
fn without_zeros(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    match digits.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => format!("{sign}{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_takes_its_texts_and_no_others() {
        let kinds = [
            ("text", FieldKind::Text(None), "anything"),
            ("uuid", FieldKind::Text(Some(ClaimForm::Uuid)), "4137b1cf39ac42a8bad61c680d5dab6b"),
            ("uuid-hex", FieldKind::Text(Some(ClaimForm::UuidHex)), "4137b1cf-39ac-42a8-bad6-1c680d5dab6b"),
            ("currency", FieldKind::Text(Some(ClaimForm::Currency)), "gbp"),
            ("url", FieldKind::Text(Some(ClaimForm::Url)), "http://example.com"),
            ("whole", FieldKind::Whole, "12.5"),
            ("amount", FieldKind::Amount("currency"), "12.99"),
            ("a negative amount", FieldKind::Amount("currency"), "-1"),
            ("an amount with too many digits", FieldKind::Amount("currency"), "1234567890123456"),
            ("number", FieldKind::Number, "1,5"),
            ("boolean", FieldKind::Boolean, "yes"),
        ];
        let said: String = kinds
            .iter()
            .map(|(name, kind, text)| format!("{name}: {text:?}: {:?}\n", kind.wanted_instead(text)))
            .collect();
        insta::assert_snapshot!(said);
        let fits = |kind: &FieldKind<'_>, text: &str| kind.wanted_instead(text).is_none();
        assert!(kinds.iter().all(|(_, kind, _)| fits(kind, "") && fits(kind, "  ")), "an empty field is not a fault");
        let session = FieldKind::Text(Some(ClaimForm::Uuid));
        assert!(fits(&session, " 4137b1cf-39ac-42a8-bad6-1c680d5dab6b "));
        assert!(fits(&session, "4137B1CF-39AC-42A8-BAD6-1C680D5DAB6B"), "in either case");
        assert!(fits(&FieldKind::Whole, "-12") && fits(&FieldKind::Number, "-1.5e3"));
        let one_of = ["once".to_owned()];
        assert!(fits(&FieldKind::Choice(&one_of), "once") && !fits(&FieldKind::Choice(&one_of), "twice"));
    }

    #[test]
    fn a_text_becomes_the_json_of_its_kind() {
        assert_eq!(FieldKind::Amount("currency").json(" 0012 "), "12");
        assert_eq!(FieldKind::Whole.json("-007"), "-7");
        assert_eq!(FieldKind::Whole.json("-0"), "0");
        assert_eq!(FieldKind::Number.json("1.50"), "1.50");
        assert_eq!(FieldKind::Boolean.json("true"), "true");
        assert_eq!(FieldKind::Text(None).json("a \"b\""), r#""a \"b\"""#);
    }
}

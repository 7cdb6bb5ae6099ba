//! C19: keys that stand in a text.

use keywright_exchange::{HardCoded, Kept, find_hard_coded};
use proptest::prelude::*;
use provider::built_in;

fn find(text: &str) -> Vec<HardCoded> {
    find_hard_coded(text, built_in())
}

fn told(text: &str) -> String {
    let lines = find(text).into_iter().map(|found| {
        let what = match found.what {
            Kept::ApiKey { provider, label, environments } => {
                format!("{label} of {provider} for {}", environments.join(" or "))
            }
            Kept::PrivateKey => "private key".to_owned(),
            Kept::Jwt => "token".to_owned(),
        };
        format!("{}:{}: {what}: {}", found.line, found.column, found.excerpt)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The published examples of what not to do, and the other forms in which a key is left behind.
const LEFT_BEHIND: &str = r#"// Never hardcode keys
const apiKey = 'cp_live_abc123def456';
const config = {
  apiKey: "cp_test_9aZ8bY7cX6" // in git history
};
HEDGE_KEY=sk_live_51H8xgq2eZvKYlo2C4f2a
curl -H "Authorization: Bearer test_4eC39HqLyjWDarjtT1zdp7dc"
é = "live_4eC39HqLyjWDarjtT1zdp7dc"
token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJjbGllbnRJZCI6ImEifQ.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw"
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIBkg4LVWM9nuwNSk3yByxZpYRTBnVJk5oEpWgDpzYkd1oAoGCCqGSM49
-----END EC PRIVATE KEY-----
key: "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----"
"#;

#[test]
fn c19_keys_are_found_where_they_stand() {
    insta::assert_snapshot!(told(LEFT_BEHIND));
}

#[test]
fn what_is_no_key_is_left_alone() {
    for text in [
        "",
        "process.env.CRYPTOPAY_API_KEY",
        "cp_live_",
        "cp_live_…",
        "keys begin with cp_live_ or cp_test_",
        "cp_live_your_key_here",
        "cp_live_xxxxxxxxxxxxxxxx",
        "keys begin with sk_live_ or live_",
        "def test_payment_v2_is_refused(): pass",
        "latest_4eC39HqLyjWDarjtT1zdp7dc",
        "mysk_live_51H8xgq2eZvKYlo2C4f2a",
        "-----BEGIN PUBLIC KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg",
        "if text.startswith('-----BEGIN PRIVATE KEY-----'):",
        "-----BEGIN PRIVATE KEY-----",
        "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.",
        "Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9...",
        "eyJhbGci",
    ] {
        assert_eq!(told(text), "", "{text}");
    }
}

#[test]
fn an_excerpt_shows_the_kind_and_no_more() {
    for found in find(LEFT_BEHIND) {
        for secret in ["abc123", "8bY7", "51H8", "4eC3", "c2lnbm", "MHcC", "MIGH"] {
            assert!(!found.excerpt.contains(secret), "{}", found.excerpt);
        }
    }
}

/// Texts in which each character could begin something. A scan that looked back from each would not come to an end.
#[test]
fn long_texts_are_passed_once() {
    for piece in
        ["test_", "-test_", "eyJ", "eyJ.", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "A", "\n", "é", ".eyJ-"]
    {
        let text = piece.repeat(200_000 / piece.len());
        assert_eq!(find(&text), [], "{piece}");
    }
}

proptest! {
    #[test]
    fn any_text_is_taken(text in ".{0,400}") {
        find(&text);
    }

    #[test]
    fn a_key_is_found_wherever_it_stands(before in "[a-z \n\"'=(]{0,40}[\n\"'=( ]", key in "[A-Za-z]{6}[0-9][A-Za-z0-9]{5,20}", after in "[\"');\n ]{1,5}") {
        let text = format!("{before}cp_live_{key}{after}");
        let found = find(&text);
        prop_assert_eq!(found.len(), 1, "{}", text);
        let lines: Vec<&str> = text.split('\n').collect();
        let line = lines[found[0].line - 1];
        prop_assert!(line.chars().skip(found[0].column - 1).collect::<String>().starts_with("cp_live_"), "{}", text);
    }
}

//! What changed between two definitions, in words, and what of it a live credential may not follow unasked.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use keywright_provider::{Change, Edit, built_in, built_in_text, diff, scaffold};

/// The changes from a built-in definition to the same with texts in the place of others, a line each. Those that want
/// consent say what they touch.
fn changed(id: &str, edits: &[(&str, &str)]) -> String {
    let old = built_in_text(id).unwrap();
    let mut new = old.to_owned();
    for (from, to) in edits {
        assert!(new.contains(from), "{from}");
        new = new.replacen(from, to, 1);
    }
    let line = |change: &Change| match change.touches {
        Some(touch) => format!("! {change} ({touch})\n"),
        None => format!("  {change}\n"),
    };
    diff(old, &new).unwrap_or_else(|error| panic!("{error}")).iter().map(line).collect()
}

#[test]
fn nothing_changed_is_nothing_told() {
    for d in built_in() {
        let text = built_in_text(&d.id).unwrap();
        assert_eq!(diff(text, text), Ok(Vec::new()), "{}", d.id);
        let rewritten = text.replace("\n\n", "\n\n# a remark\n\n");
        assert_eq!(diff(text, &rewritten), Ok(Vec::new()), "{}: remarks do not count", d.id);
    }
    // What was meant before, said at length.
    let old =
        scaffold("Acme").replace("[placement]\nin = \"header\"\nname = \"Authorization\"\nscheme = \"Bearer\"\n", "");
    assert_eq!(diff(&old, &scaffold("Acme")), Ok(Vec::new()));
}

#[test]
fn what_people_read_changes_without_consent() {
    let told = changed(
        "hedge",
        &[
            ("name = \"Hedge Payments\"", "name = \"Hedge\""),
            ("label = \"Live\"", "label = \"Production\""),
            ("The same host as Test: the key alone decides which it is.", "Here."),
            ("meaning = \"The JWT has expired.\"", "meaning = \"Expired.\""),
            ("title = \"View account balance\"", "title = \"See the balance\""),
            ("calls = 100", "calls = 200"),
        ],
    );
    assert!(!told.contains('!'), "{told}");
    insta::assert_snapshot!(told);
}

#[test]
fn hosts_flows_algorithms_scopes_and_places_want_consent() {
    let told = [
        changed(
            "hedge",
            &[
                (
                    "tier = \"live\"\nbase-url = \"https://api.hedgepayments.com\"",
                    "tier = \"test\"\nbase-url = \"https://api.evil.example\"",
                ),
                ("credential-prefixes = [\"live_\", \"sk_live_\"]", "credential-prefixes = [\"live_\", \"test_\"]"),
                ("default = \"/v1/auth/client-token\"", "default = \"/elsewhere\""),
                ("default = [\"payments:read\"]", "default = [\"payments:read\", \"payouts:create\"]"),
                ("scheme = \"Bearer\"", "scheme = \"Token\""),
                ("takes = [\"api_key\", \"token\"]", "takes = [\"token\", \"api_key\"]"),
            ],
        ),
        changed(
            "cryptopay",
            &[
                ("path = \"/api/auth/token/refresh/\"", "path = \"https://collect.example/refresh\""),
                ("otherwise = \"log-in\"\n", ""),
                ("implies = [\"read\", \"create_payments\", \"manage_webhooks\"]", "implies = [\"read\"]"),
                ("side-effects = true\n", ""),
            ],
        ),
        changed(
            "partner",
            &[
                ("algs = [\"HS256\"]", "algs = [\"HS256\", \"HS512\"]"),
                ("value = \"{credential.client_id}\"", "value = \"root\""),
                ("[[headers]]\n", "[[headers]]\nname = \"X-Key\"\nvalue = \"{credential.client_id}\"\n\n[[headers]]\n"),
                ("warn-over = \"1h\"", "warn-over = \"9d\""),
                (
                    "name = \"iat\"\ntype = \"time\"\npresence = \"required\"",
                    "name = \"note\"\ntype = \"string\"\npresence = \"required\"\nvalue = \"x\"\ntitle = \"x\"\nfrom = \"document\"\n\n[[token.claims]]\nname = \"iat\"\ntype = \"time\"\npresence = \"required\"",
                ),
            ],
        ),
        changed(
            "gr4vy",
            &[
                (
                    "shape = { first = \"a-z0-9\", chars = \"a-z0-9-\", last = \"a-z0-9\", max = 63 }",
                    "shape = { chars = \"!-~\" }",
                ),
                ("algs = [\"RS512\", \"RS256\"]", "algs = [\"RS512\", \"RS256\", \"PS512\"]"),
                ("\"all.read\" = \"*.read\"", "\"all.read\" = \"*.write\""),
                ("resources = [\"reports\", \"api-logs\"]", "resources = [\"reports\", \"api-logs\", \"charts\"]"),
            ],
        ),
    ];
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn parts_that_come_and_go_are_told_by_name() {
    let told = changed(
        "partner",
        &[
            ("[[endpoints]]\nid = \"portfolio-properties\"", "[[endpoints]]\nid = \"properties\""),
            (
                "[[environments]]\nid = \"own\"",
                "[[environments]]\nid = \"sandbox\"\nlabel = \"Sandbox\"\ntier = \"test\"\nbase-url = \"https://sandbox.example\"\n\n[[environments]]\nid = \"own\"",
            ),
            (
                "[token.lifetime]\ndefault = \"15m\"",
                "[token.refresh]\nlifetime = \"1d\"\n\n[token.lifetime]\ndefault = \"15m\"",
            ),
        ],
    );
    insta::assert_snapshot!(told);
}

#[test]
fn another_order_is_told_where_it_counts() {
    let old = built_in_text("partner").unwrap();
    let swapped = old
        .replacen("name = \"alg\"\nvalue = \"HS256\"", "name = \"x\"\nvalue = \"x\"", 1)
        .replacen("name = \"typ\"\nvalue = \"JWT\"", "name = \"alg\"\nvalue = \"HS256\"", 1)
        .replacen("name = \"x\"\nvalue = \"x\"", "name = \"typ\"\nvalue = \"JWT\"", 1);
    let changes = diff(old, &swapped).unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].edit.clone(), changes[0].needs_consent()), (Edit::Moved, true));
    insta::assert_snapshot!(changes[0].to_string(), @"token.header stand in another order");
}

#[test]
fn what_is_no_definition_is_not_compared() {
    let good = built_in_text("partner").unwrap();
    insta::assert_snapshot!(diff("x = 1", good).unwrap_err().to_string(), @r#"the old definition: line 1, column 1: the key "keywright-provider" is missing"#);
    let error = diff(good, &good.replacen("base-url", "base-ulr", 1)).unwrap_err();
    assert!(error.to_string().starts_with("the new definition: line "));
    assert_eq!(error.hint().as_deref(), Some("did you mean \"base-url\"?"));
}

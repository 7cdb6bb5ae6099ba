//! The page says itself what a screen reader is told, where an engine would guess.

use crate::hold;
use crate::workspace::{files, text};

/// The lines on which a list begins that does not say what it is. The page's lists have no markers (ui/src/styles/base.css),
/// and WebKit then guesses whether they are lists.
fn silent_lists(source: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for tag in ["<ul", "<ol", "<menu"] {
        for (at, _) in source.match_indices(tag) {
            let rest = &source[at + tag.len()..];
            let begins = rest.starts_with(|next: char| next.is_whitespace() || "/>{".contains(next));
            if begins && !attributes(rest).split_whitespace().any(|attribute| attribute.starts_with("role=")) {
                found.push(source[..at].matches('\n').count() + 1);
            }
        }
    }
    found.sort_unstable();
    found
}

/// What stands in an opening tag, without its values: they may hold anything, also `>` and words like attributes.
fn attributes(rest: &str) -> String {
    let (mut kept, mut braces, mut quote) = (String::new(), 0_u32, None);
    for next in rest.chars() {
        match (next, quote) {
            ('{', None) => braces += 1,
            ('}', None) => braces = braces.saturating_sub(1),
            ('"' | '\'' | '`', None) => quote = Some(next),
            (_, Some(open)) if next == open => quote = None,
            ('>', None) if braces == 0 => break,
            (_, None) if braces == 0 => kept.push(next),
            _ => {}
        }
    }
    kept
}

#[test]
fn every_list_of_the_page_says_that_it_is_one() {
    let mut broken = Vec::new();
    for file in files().iter().filter(|file| file.starts_with("ui/")) {
        let Some(source) = text(file) else { continue };
        if file.ends_with(".svelte") || file.ends_with(".html") {
            broken.extend(silent_lists(&source).iter().map(|line| format!("{file}:{line}: no role")));
        }
        let makes = ["createElement(\"ul\")", "createElement(\"ol\")", "createElement(\"menu\")"];
        if file.ends_with(".ts") && makes.iter().any(|it| source.contains(it)) {
            broken.push(format!("{file}: makes a list outside of a component"));
        }
    }
    hold(
        "a list has a role of its own, as in <ul role=\"list\">: without markers an engine may take it for none",
        &broken,
    );
}

#[test]
fn a_list_without_a_role_is_found() {
    let silent = "<p>\n<ul>\n<ol class=\"a\">\n<ul class={{ role: a > b }} aria-label=\"role=list\">\n<menu\n  id=\"x\"\n>\n<ul {...role}>";
    assert_eq!(silent_lists(silent), [2, 3, 4, 5, 8]);
    let said = "<ul role=\"list\">\n<ol\n  class={{ a: b > c }}\n  role=\"list\"\n>\n<ul role={kind} class=\"x\">\n<ulx> <olive> <menuitem>";
    assert_eq!(silent_lists(said), [0; 0]);
}

/// Where the built-in definitions lie.
const DEFINITIONS: &str = "src-tauri/crates/provider/providers/";

/// Names that are no provider's own: registered claims (RFC 7519 §4.1), scopes (RFC 8693 §4.2), and kinds of fields.
const ANYBODYS: [&str; 11] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "scope", "scopes", "amount", "currency"];

/// The claims of a definition and their members that are its provider's own.
fn own_claims(definition: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_claim = false;
    for line in definition.lines() {
        if line.starts_with('[') {
            in_claim = line.starts_with("[[token.claims");
        }
        let name = line.strip_prefix("name = \"").and_then(|rest| rest.strip_suffix('"')).filter(|_| in_claim);
        found.extend(name.filter(|name| !ANYBODYS.contains(name)).map(str::to_owned));
    }
    found
}

/// The lines in which one of `names` stands as a word of its own.
fn named(source: &str, names: &[String]) -> Vec<(usize, String)> {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for (index, line) in source.lines().enumerate() {
        let mut words = line.split(|c| !is_letter(c));
        found.extend(words.find(|word| names.iter().any(|name| name == word)).map(|word| (index + 1, word.to_owned())));
    }
    found
}

/// Programs in memory and tests have a provider to speak of; all else shows any provider's sheets from its definition.
#[test]
fn the_page_names_no_claim_of_a_provider() {
    let definitions = files().iter().filter(|file| file.starts_with(DEFINITIONS) && file.ends_with(".toml"));
    let claims: Vec<String> = definitions.filter_map(|file| text(file)).flat_map(|it| own_claims(&it)).collect();
    assert!(claims.iter().any(|claim| claim == "embed"), "the definitions were read: {claims:?}");
    let is_page = |file: &&String| {
        file.starts_with("ui/src/")
            && (file.ends_with(".ts") || file.ends_with(".svelte"))
            && !file.ends_with(".test.ts")
    };
    let mut broken = Vec::new();
    for file in files().iter().filter(is_page).filter(|file| !file.starts_with("ui/src/host/fake/")) {
        let found = named(&text(file).unwrap_or_default(), &claims);
        broken.extend(found.iter().map(|(line, claim)| format!("{file}:{line}: {claim}")));
    }
    hold(
        "what a provider calls its claims stands in its definition, and the page shows any (docs/formats/provider-v1.md)",
        &broken,
    );
}

#[test]
fn a_claim_that_the_page_names_is_found() {
    let definition = "[[token.claims]]\nname = \"order\"\n\n[[token.claims.members]]\nname = \"buyer_id\"\n\n[[token.claims]]\nname = \"exp\"\n\n[[headers]]\nname = \"X\"\n";
    let claims = own_claims(definition);
    assert_eq!(claims, ["order", "buyer_id"]);
    let source = "const a = claims[\"order\"];\nreorder(border, order_id);\nput(buyer_id)\n";
    assert_eq!(named(source, &claims), [(1, "order".to_owned()), (3, "buyer_id".to_owned())]);
}

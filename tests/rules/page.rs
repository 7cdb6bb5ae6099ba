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

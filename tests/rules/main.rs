//! The repository's own rules, as tests: what nobody should have to remember in a review.
//!
//! Each test collects everything that breaks its rule and says all of it at once. This package depends on no room, so
//! it runs, and judges, also while one of them does not compile.

mod arrows;
mod circles;
mod graph;
mod layers;
mod modules;
mod packages;
mod page;
mod purity;
mod shell;
mod supply;
mod text;
mod tree;
mod workspace;

/// Fails with all `broken` ones, one a line, under the rule they break.
#[track_caller]
fn hold(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}\n  {}\n", broken.join("\n  "));
}

//! Module graph of a crate: which module names an item of which other module, outside of tests.
//!
//! A name leads to the module that defines it: a re-export is followed. Tokens are read, so that a path inside of a
//! macro counts as one outside does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Ident, Item, ItemUse, UseTree};

use crate::graph::Graph;

/// A module with what it defines and what it asks for.
struct Module {
    /// Its path from the top of the crate, which is empty for the top itself.
    path: Vec<String>,
    parent: usize,
    /// The module whose file this is: itself, but for a module between braces.
    home: usize,
    children: BTreeMap<String, usize>,
    items: BTreeMap<String, Kind>,
    uses: Vec<Use>,
    /// Every path that stands in its tokens.
    paths: Vec<Vec<String>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// What a `mod.rs` may define for its children: types, traits, constants.
    Type,
    Code,
}

struct Use {
    path: Vec<String>,
    /// Nothing for a glob.
    name: Option<String>,
}

/// Where a path leads.
struct Found {
    module: usize,
    /// The item with its kind, or nothing where the path ends at the module.
    item: Option<(String, Kind)>,
}

/// The modules of one crate.
pub struct Modules(Vec<Module>);

impl Modules {
    /// Reads a crate from its first file on. `read` gives a file's text: the tests below plant some.
    pub fn read(first: &Path, read: &dyn Fn(&Path) -> Option<String>) -> Self {
        let mut modules = Self(Vec::new());
        let top = modules.add(Vec::new(), 0, 0);
        let folder = first.parent().unwrap_or(Path::new("")).to_owned();
        modules.file(top, first, &folder, read);
        modules
    }

    /// Who asks whom for what.
    pub fn graph(&self) -> Graph {
        let mut graph = Graph::default();
        for (from, module) in self.0.iter().enumerate() {
            let used = module.uses.iter().map(|it| (&it.path, it.name.is_none()));
            for (path, glob) in used.chain(module.paths.iter().map(|path| (path, false))) {
                let Some(found) = self.find(from, path, 0) else { continue };
                let (from, to) = (module.home, self.0[found.module].home);
                let name = match &found.item {
                    // A type in `mod.rs` that its children use.
                    Some((_, Kind::Type)) if self.is_above(to, from) => continue,
                    Some((name, _)) => name,
                    None if glob => "*",
                    // The module alone is named: what is taken from it stands in another path.
                    None => continue,
                };
                graph.add(&self.name(from), &self.name(to), name);
            }
        }
        graph
    }

    fn name(&self, module: usize) -> String {
        let path = &self.0[module].path;
        if path.is_empty() { "the top".to_owned() } else { path.join("::") }
    }

    fn is_above(&self, upper: usize, lower: usize) -> bool {
        let (upper, lower) = (&self.0[upper].path, &self.0[lower].path);
        upper.len() < lower.len() && lower.starts_with(upper)
    }

    fn add(&mut self, path: Vec<String>, parent: usize, home: usize) -> usize {
        self.0.push(Module {
            path,
            parent,
            home,
            children: BTreeMap::new(),
            items: BTreeMap::new(),
            uses: Vec::new(),
            paths: Vec::new(),
        });
        self.0.len() - 1
    }

    fn file(&mut self, module: usize, file: &Path, folder: &Path, read: &dyn Fn(&Path) -> Option<String>) {
        let Some(source) = read(file) else { return };
        let parsed = syn::parse_file(&source).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.items(module, parsed.items, folder, read);
    }

    fn items(&mut self, module: usize, items: Vec<Item>, folder: &Path, read: &dyn Fn(&Path) -> Option<String>) {
        for item in items {
            match item {
                Item::Mod(it) if !for_tests(&it.attrs) => {
                    let name = it.ident.to_string();
                    let mut path = self.0[module].path.clone();
                    path.push(name.clone());
                    let (inside, home) = (folder.join(&name), self.0[module].home);
                    let child = self.0.len();
                    let home = if it.content.is_some() { home } else { child };
                    self.add(path, module, home);
                    self.0[module].children.insert(name, child);
                    match it.content {
                        Some((_, items)) => self.items(child, items, &inside, read),
                        None => self.file(child, &file_of(&inside, read), &inside, read),
                    }
                }
                Item::Use(it) if !for_tests(&it.attrs) => flatten(&it, &mut self.0[module].uses),
                item => self.item(module, &item),
            }
        }
    }

    fn item(&mut self, module: usize, item: &Item) {
        let (name, kind, attributes): (Option<&Ident>, _, &[Attribute]) = match item {
            Item::Const(it) => (Some(&it.ident), Kind::Type, &it.attrs),
            Item::Static(it) => (Some(&it.ident), Kind::Type, &it.attrs),
            Item::Enum(it) => (Some(&it.ident), Kind::Type, &it.attrs),
            Item::Struct(it) => (Some(&it.ident), Kind::Type, &it.attrs),
            Item::Trait(it) => (Some(&it.ident), Kind::Type, &it.attrs),
            Item::Type(it) => (Some(&it.ident), Kind::Type, &it.attrs),
            Item::Union(it) => (Some(&it.ident), Kind::Type, &it.attrs),
            Item::Fn(it) => (Some(&it.sig.ident), Kind::Code, &it.attrs),
            Item::Macro(it) => (it.ident.as_ref(), Kind::Code, &it.attrs),
            Item::Impl(it) => (None, Kind::Code, &it.attrs),
            // Only those for tests come here.
            Item::Mod(_) | Item::Use(_) => return,
            _ => (None, Kind::Code, &[]),
        };
        if for_tests(attributes) {
            return;
        }
        if let Some(name) = name {
            self.0[module].items.insert(name.to_string(), kind);
        }
        paths(item.to_token_stream(), &mut self.0[module].paths);
    }

    /// Where `path` leads, as seen in `from`, or nothing for what lies outside of the crate.
    fn find(&self, from: usize, path: &[String], depth: usize) -> Option<Found> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.down(0, rest, depth),
            "self" => self.down(from, rest, depth),
            "super" => {
                let mut here = self.0[from].parent;
                let mut rest = rest;
                while let Some(("super", further)) = rest.split_first().map(|(it, further)| (it.as_str(), further)) {
                    (here, rest) = (self.0[here].parent, further);
                }
                self.down(here, rest, depth)
            }
            name if self.defines(from, name) => self.down(from, path, depth),
            _ => None,
        }
    }

    fn defines(&self, module: usize, name: &str) -> bool {
        let module = &self.0[module];
        module.children.contains_key(name) || module.uses.iter().any(|it| it.name.as_deref() == Some(name))
    }

    fn down(&self, start: usize, path: &[String], depth: usize) -> Option<Found> {
        let mut here = start;
        for (at, name) in path.iter().enumerate() {
            if let Some(child) = self.0[here].children.get(name) {
                here = *child;
                continue;
            }
            if let Some(kind) = self.0[here].items.get(name) {
                return Some(Found { module: here, item: Some((name.clone(), *kind)) });
            }
            return match self.imported(here, name, depth)? {
                Found { module, item: None } => self.down(module, &path[at + 1..], depth),
                found => Some(found),
            };
        }
        Some(Found { module: here, item: None })
    }

    /// What `name` is in a module that does not define it: re-exported, or made by a macro.
    fn imported(&self, module: usize, name: &str, depth: usize) -> Option<Found> {
        // Two globs may name each other.
        if depth > 12 {
            return None;
        }
        let uses = &self.0[module].uses;
        if let Some(used) = uses.iter().find(|it| it.name.as_deref() == Some(name)) {
            return self.find(module, &used.path, depth + 1);
        }
        for glob in uses.iter().filter(|it| it.name.is_none()) {
            let Some(Found { module: other, item: None }) = self.find(module, &glob.path, depth + 1) else { continue };
            if self.0[other].items.contains_key(name) || self.0[other].children.contains_key(name) {
                return self.down(other, &[name.to_owned()], depth + 1);
            }
        }
        let kind = if name.starts_with(char::is_uppercase) { Kind::Type } else { Kind::Code };
        Some(Found { module, item: Some((name.to_owned(), kind)) })
    }
}

fn file_of(inside: &Path, read: &dyn Fn(&Path) -> Option<String>) -> PathBuf {
    let beside = inside.with_extension("rs");
    if read(&beside).is_some() { beside } else { inside.join("mod.rs") }
}

fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|it| {
        let said: String = it.meta.to_token_stream().to_string().split_whitespace().collect();
        said.starts_with("cfg(test)") || said.starts_with("cfg(all(test,")
    })
}

fn flatten(item: &ItemUse, uses: &mut Vec<Use>) {
    fn walk(tree: &UseTree, path: &[String], uses: &mut Vec<Use>) {
        let with = |ident: &Ident| [path, &[ident.to_string()]].concat();
        match tree {
            UseTree::Path(it) => walk(&it.tree, &with(&it.ident), uses),
            UseTree::Group(it) => it.items.iter().for_each(|tree| walk(tree, path, uses)),
            UseTree::Glob(_) => uses.push(Use { path: path.to_vec(), name: None }),
            UseTree::Name(it) if it.ident == "self" => {
                uses.push(Use { path: path.to_vec(), name: path.last().cloned() });
            }
            UseTree::Name(it) => uses.push(Use { path: with(&it.ident), name: Some(it.ident.to_string()) }),
            UseTree::Rename(it) if it.ident == "self" => {
                uses.push(Use { path: path.to_vec(), name: Some(it.rename.to_string()) });
            }
            UseTree::Rename(it) => uses.push(Use { path: with(&it.ident), name: Some(it.rename.to_string()) }),
        }
    }
    walk(&item.tree, &[], uses);
}

/// Collects every `a::b::c` of `tokens`.
fn paths(tokens: TokenStream, found: &mut Vec<Vec<String>>) {
    let mut path: Vec<String> = Vec::new();
    let mut colons = 0;
    let mut end = |path: &mut Vec<String>| {
        let whole = std::mem::take(path);
        if whole.len() > 1 {
            found.push(whole);
        }
    };
    let mut groups = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(it) => {
                if colons != 2 {
                    end(&mut path);
                }
                path.push(it.to_string());
                colons = 0;
            }
            TokenTree::Punct(it) if it.as_char() == ':' && colons < 2 => colons += 1,
            other => {
                end(&mut path);
                colons = 0;
                if let TokenTree::Group(it) = other {
                    groups.push(it.stream());
                }
            }
        }
    }
    end(&mut path);
    groups.into_iter().for_each(|it| paths(it, found));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        let read = |path: &Path| {
            let named = |(name, _): &&(&str, &str)| Path::new(name) == path;
            files.iter().find(named).map(|(_, source)| (*source).to_owned())
        };
        Modules::read(Path::new("lib.rs"), &read).graph().circles()
    }

    #[test]
    fn a_planted_circle_is_found() {
        let found = circles(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::f; pub fn g() { f() }"),
            ("b.rs", "pub fn f() { crate::a::g() }"),
        ]);
        assert_eq!(found, ["a →(f) b →(g) a, one way around 2 that know each other"]);
    }

    #[test]
    fn a_re_export_and_a_macro_hide_no_circle() {
        let found = circles(&[
            ("lib.rs", "mod a; mod b; pub use b::f as h; pub use a::*;"),
            ("a.rs", "use crate::{b, h}; pub fn g() { h(); b::f() }"),
            ("b.rs", "use super::g; pub fn f() { format!(\"{}\", g::<u8>()) }"),
        ]);
        assert_eq!(found, ["a →(f) b →(g) a, one way around 2 that know each other"]);
    }

    #[test]
    fn a_child_uses_the_types_of_its_mod_rs_and_not_its_functions() {
        let parent = ("a/mod.rs", "mod c; pub struct T; pub fn g() { c::f(&T) }");
        let types = ("a/c.rs", "use super::T; pub fn f(_: &T) {}");
        assert_eq!(circles(&[("lib.rs", "mod a;"), parent, types]), [""; 0]);
        let code = ("a/c.rs", "pub fn f(_: &super::T) { super::g() }");
        let found = circles(&[("lib.rs", "mod a;"), parent, code]);
        assert_eq!(found, ["a →(f) a::c →(g) a, one way around 2 that know each other"]);
    }

    #[test]
    fn tests_do_not_count() {
        let found = circles(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::f; pub fn g() { f() }"),
            ("b.rs", "pub fn f() {}\n#[cfg(test)]\nmod tests { use crate::a::g; }\n#[cfg(test)]\nuse crate::a;"),
        ]);
        assert_eq!(found, [""; 0]);
    }
}

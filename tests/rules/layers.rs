//! Layers of the page: what a file of `ui/src` may import, and that no two import each other in a circle.

use std::path::{Component, Path, PathBuf};

use crate::graph::Graph;
use crate::hold;
use crate::workspace::{files, text};

const PAGE: &str = "ui/src/";

/// Folders and files directly under `ui/src`, from the ground up. A file imports from its own layer or a lower one.
const LAYERS: &[&[&str]] = &[
    &["time.ts", "icon.ts"],
    &["host"],
    // What the page says, in words: about values of host, for everything above.
    &["messages", "messages.ts", "errors.ts", "unseen.ts"],
    &["state"],
    &["parts"],
    &["features"],
    &["views"],
    &["App.svelte", "main.ts", "testing", "setup-tests.ts"],
];

#[test]
fn the_page_imports_downwards() {
    let graph = page();
    let mut broken = Vec::new();
    for (from, to, _) in graph.arrows() {
        broken.extend(fault(from, to).map(|fault| format!("{from} → {to}: {fault}")));
    }
    hold("host → state → parts → features → views: a file of the page imports from below", &broken);
}

#[test]
fn no_file_of_the_page_leads_back_to_itself() {
    hold("the files of the page import each other in no circle", &page().circles());
}

/// What is wrong with an import, if anything is.
fn fault(from: &str, to: &str) -> Option<&'static str> {
    let layer =
        |file: &str| LAYERS.iter().position(|layer| layer.contains(&file.split('/').next().unwrap_or_default()));
    let (Some(lower), Some(upper)) = (layer(to), layer(from)) else { return Some("has no layer in LAYERS") };
    let feature =
        |file: &str| file.strip_prefix("features/").and_then(|rest| rest.split('/').next().map(str::to_owned));
    match (feature(from), feature(to)) {
        _ if lower > upper => Some("imports from above"),
        (Some(one), Some(other)) if one != other => Some("a feature imports another"),
        _ => None,
    }
}

/// Which file of `ui/src` imports which other one, outside of tests.
fn page() -> Graph {
    let ours: Vec<&str> =
        files().iter().filter_map(|file| file.strip_prefix(PAGE)).filter(|file| is_program(file)).collect();
    let mut graph = Graph::default();
    for from in &ours {
        for import in imports(&text(&format!("{PAGE}{from}")).unwrap_or_default()) {
            if let Some(to) = resolved(from, import, &ours) {
                graph.add(from, &to, import);
            }
        }
    }
    graph
}

fn is_program(file: &str) -> bool {
    (file.ends_with(".ts") || file.ends_with(".svelte")) && !file.ends_with(".test.ts")
}

/// The relative files that a source imports, exports from, or loads later.
fn imports(source: &str) -> Vec<&str> {
    let begins = ["from \"", "import \"", "import(\""];
    let mut found = Vec::new();
    for begin in begins {
        let after = source.split(begin).skip(1);
        found.extend(
            after.filter_map(|rest| rest.split_once('"').map(|(path, _)| path)).filter(|it| it.starts_with('.')),
        );
    }
    found
}

/// The file that `import` means in `from`: the ending may be left out, and a folder means its `index.ts`.
fn resolved(from: &str, import: &str, ours: &[&str]) -> Option<String> {
    let mut path = PathBuf::new();
    for part in Path::new(from).parent()?.join(import).components() {
        match part {
            Component::ParentDir => drop(path.pop()),
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    let path = path.to_str()?.replace('\\', "/");
    let endings = ["", ".ts", ".svelte.ts", ".svelte", "/index.ts"];
    endings.iter().map(|ending| format!("{path}{ending}")).find(|file| ours.contains(&file.as_str()))
}

#[test]
fn a_planted_layer_break_is_found() {
    assert_eq!(fault("views/Keys.svelte", "features/keys/List.svelte"), None);
    assert_eq!(fault("features/keys/List.svelte", "features/keys/row.ts"), None);
    assert_eq!(fault("state/keys.ts", "parts/Button.svelte"), Some("imports from above"));
    assert_eq!(fault("host/wire.ts", "state/keys.ts"), Some("imports from above"));
    assert_eq!(fault("features/keys/List.svelte", "features/vault/lock.ts"), Some("a feature imports another"));
    assert_eq!(fault("odd/a.ts", "host/wire.ts"), Some("has no layer in LAYERS"));
}

#[test]
fn every_form_of_an_import_is_read() {
    let source = "import { a } from \"./a\";\nimport \"../b.css\";\nexport * from \"./c.svelte\";\nawait import(\"./d\");\nimport x from \"svelte\";";
    assert_eq!(imports(source), ["./a", "./c.svelte", "../b.css", "./d"]);
    let ours = ["host/a.ts", "host/b/index.ts", "host/c.svelte.ts"];
    assert_eq!(resolved("state/x.ts", "../host/a", &ours).as_deref(), Some("host/a.ts"));
    assert_eq!(resolved("host/b/x.ts", ".", &ours).as_deref(), Some("host/b/index.ts"));
    assert_eq!(resolved("host/a.ts", "./c.svelte", &ours).as_deref(), Some("host/c.svelte.ts"));
}

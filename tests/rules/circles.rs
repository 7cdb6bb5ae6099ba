//! Import circles: no module of a crate, and no file of the page, leads back to itself.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use cargo_metadata::TargetKind;

use crate::graph::Graph;
use crate::hold;
use crate::modules::Modules;
use crate::workspace::{metadata, room};

/// Storeys of a crate, its folders from the top down: a module names nothing that lies in a storey above its own.
const STOREYS: &[(&str, &[&str])] = &[("workbench", &["jobs", "policy", "resolve", "store", "ground"])];

/// The module graph of each library and program here, with its crate's name.
fn graphs() -> &'static [(&'static str, Graph)] {
    static GRAPHS: OnceLock<Vec<(&str, Graph)>> = OnceLock::new();
    GRAPHS.get_or_init(read)
}

fn read() -> Vec<(&'static str, Graph)> {
    let mut found = Vec::new();
    for package in metadata().workspace_packages() {
        for target in &package.targets {
            let ours = |kind: &TargetKind| matches!(kind, TargetKind::Lib | TargetKind::RLib | TargetKind::Bin);
            if target.kind.iter().any(ours) {
                let read = |path: &Path| fs::read_to_string(path).ok();
                found.push((room(package), Modules::read(target.src_path.as_std_path(), &read).graph()));
            }
        }
    }
    found
}

#[test]
fn no_module_leads_back_to_itself() {
    let mut broken = Vec::new();
    for (name, graph) in graphs() {
        broken.extend(graph.circles().iter().map(|circle| format!("{name}: {circle}")));
    }
    hold("the modules of a crate import each other in no circle", &broken);
}

#[test]
fn arrows_go_down_the_storeys() {
    let mut broken = Vec::new();
    for (name, graph) in graphs() {
        for (_, storeys) in STOREYS.iter().filter(|(of, _)| of == name) {
            broken.extend(upward(graph, storeys).iter().map(|arrow| format!("{name}: {arrow}")));
        }
    }
    hold("a module names what lies in its own storey or below", &broken);
}

/// The arrows that lead into a storey above their own. A module outside of the storeys may be named from anywhere.
fn upward(graph: &Graph, storeys: &[&str]) -> Vec<String> {
    let storey = |module: &str| storeys.iter().position(|it| Some(*it) == module.split("::").next());
    let up =
        |(from, to, _): &(&str, &str, &str)| matches!((storey(from), storey(to)), (Some(from), Some(to)) if to < from);
    graph.arrows().filter(up).map(|(from, to, name)| format!("{from} →({name}) {to}")).collect()
}

#[test]
fn a_planted_arrow_upwards_is_found() {
    let mut graph = Graph::default();
    graph.add("jobs::keys", "ground::error", "Error");
    graph.add("jobs", "jobs::keys", "list");
    graph.add("store::index", "lone", "f");
    assert_eq!(upward(&graph, &["jobs", "store", "ground"]), [""; 0]);
    graph.add("ground::error", "store::index", "Index");
    assert_eq!(upward(&graph, &["jobs", "store", "ground"]), ["ground::error →(Index) store::index"]);
}

//! Import graph: who names whom, and the circles in it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// From each file or module to those that it names, with one of the names that it asks for.
#[derive(Default)]
pub struct Graph {
    arrows: BTreeMap<String, BTreeMap<String, String>>,
}

impl Graph {
    /// Adds the arrow `from → to`. The first name stays: one is enough to find the line.
    pub fn add(&mut self, from: &str, to: &str, name: &str) {
        if from != to {
            self.arrows.entry(from.to_owned()).or_default().entry(to.to_owned()).or_insert_with(|| name.to_owned());
        }
    }

    /// Every arrow: from, to, and a name that `from` asks `to` for.
    pub fn arrows(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.arrows
            .iter()
            .flat_map(|(from, to)| to.iter().map(move |(to, name)| (from.as_str(), to.as_str(), name.as_str())))
    }

    /// One shortest way around each circle, as a line of text.
    pub fn circles(&self) -> Vec<String> {
        let mut told = BTreeSet::new();
        let mut found = Vec::new();
        for start in self.arrows.keys() {
            if told.contains(start.as_str()) {
                continue;
            }
            if let Some(way) = self.way_around(start) {
                told.extend(self.knot(start));
                found.push(self.line(&way));
            }
        }
        found
    }

    fn next(&self, from: &str) -> impl Iterator<Item = &str> {
        self.arrows.get(from).into_iter().flat_map(|to| to.keys().map(String::as_str))
    }

    fn reached(&self, start: &str) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<&str> = self.next(start).collect();
        while let Some(here) = waiting.pop() {
            if seen.insert(here) {
                waiting.extend(self.next(here));
            }
        }
        seen
    }

    /// Everything that `start` reaches and that reaches it.
    fn knot(&self, start: &str) -> Vec<&str> {
        self.reached(start).into_iter().filter(|other| self.reached(other).contains(start)).collect()
    }

    fn way_around<'a>(&'a self, start: &'a str) -> Option<Vec<&'a str>> {
        let mut before: BTreeMap<&str, &str> = BTreeMap::new();
        let mut waiting = VecDeque::from([start]);
        while let Some(here) = waiting.pop_front() {
            for next in self.next(here) {
                if next == start {
                    let mut way = vec![start, here];
                    while let Some(earlier) = way.last().and_then(|it| before.get(it)) {
                        way.push(earlier);
                    }
                    if here == start {
                        way.pop();
                    }
                    way.reverse();
                    return Some(way);
                }
                if !before.contains_key(next) {
                    before.insert(next, here);
                    waiting.push_back(next);
                }
            }
        }
        None
    }

    fn line(&self, way: &[&str]) -> String {
        let mut line = String::new();
        for step in way.windows(2) {
            let name = &self.arrows[step[0]][step[1]];
            line.push_str(&format!("{} →({name}) ", step[0]));
        }
        let knot = self.knot(way[0]).len();
        format!("{line}{}, one way around {knot} that know each other", way[0])
    }
}

#[test]
fn a_circle_is_found_and_a_stair_is_none() {
    let mut graph = Graph::default();
    for (from, to) in [("a", "b"), ("b", "c"), ("a", "c"), ("a", "a")] {
        graph.add(from, to, "x");
    }
    assert_eq!(graph.circles(), [""; 0]);
    graph.add("c", "b", "y");
    assert_eq!(graph.circles(), ["b →(x) c →(y) b, one way around 2 that know each other"]);
    graph.add("c", "a", "z");
    assert_eq!(graph.circles(), ["a →(x) c →(z) a, one way around 3 that know each other"]);
}

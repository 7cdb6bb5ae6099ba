//! The fault matrix of a rotation: every call that it makes, each fault of a provider, and a kill right before or after. In a planned
//! rotation one key that works is active at every moment, it goes on after a kill at any point, and each key there is known or listed.

use crate::world::{Kill, NEXT, OLD, World};

/// The calls of a rotation at Gr4vy, in their order, with the step at which each is made for the first time.
const CALLS: [(&str, &str); 6] = [
    ("GET", "/api-key-pairs"),
    ("POST", "/api-key-pairs"),
    ("PUT", "/api-key-pairs/{id}"),
    ("GET", "/transactions"),
    ("PUT", "/api-key-pairs/{id}#2"),
    ("DELETE", "/api-key-pairs/{id}"),
];

/// What a provider does wrong with one call.
const FAULTS: [&str; 11] = [
    "none",
    "fail 500x1",
    "fail 500x1 applied",
    "hang 2x1",
    "hang 2x1 applied",
    "fail 401x1",
    "fail 403x1",
    "fail 429x1:3",
    "twice x1",
    "lag 30x3",
    "deleted by hand",
];

/// Whether a fault can happen to a call.
fn fits((method, path): (&str, &str), fault: &str) -> bool {
    match fault {
        "twice x1" => method == "POST",
        "lag 30x3" => (method, path) == CALLS[0],
        // What reads is not applied.
        "fail 500x1 applied" | "hang 2x1 applied" => method != "GET",
        _ => true,
    }
}

/// Runs one cell of the matrix.
fn cell(call: (&str, &str), fault: &str, kill: Kill) -> Vec<String> {
    let mut world = World::new();
    let (method, path) = (call.0, call.1.trim_end_matches("#2"));
    let prefix = format!("{method} /gr4vy{}", path.split('{').next().unwrap());
    // The second call of this kind retires the old key, long after the first activated the next.
    let late = call.1.ends_with("#2") || method == "DELETE";
    if late {
        let told = until(&mut world, "retire the old key");
        assert_eq!(told, [""; 0]);
    }
    let planned = format!("{method} /gr4vy{path} {fault}");
    match fault {
        "none" => {}
        "deleted by hand" => {
            until_call(&mut world, &prefix);
            world.delete_there(if late { OLD } else { NEXT });
        }
        _ => world.plan(&[&planned]),
    }
    let killed = match kill {
        Kill::Never => false,
        _ => until_killed(&mut world, kill, &prefix),
    };
    let mut told = world.go_on(|_| {});
    let name = format!("{method} {path}, {fault}, {kill:?}");
    // What a person ended there already is seen to be gone, and nobody asks to end it once more.
    let is_asked_for = !(late && fault == "deleted by hand");
    assert!(killed || kill == Kill::Never || !is_asked_for, "{name}: it was never killed");
    ends_well(&mut world, &name);
    told.dedup();
    told
}

/// The next key is the active one here and there, the old one is gone, and every other key there is listed.
fn ends_well(world: &mut World, name: &str) {
    let view = world.view();
    assert_eq!(view.next, keyset::Next::Done, "{name}\n{}", view.rotation.runbook());
    let (line, next) = view.keyset.key(view.rotation.next_key().unwrap()).unwrap();
    assert_eq!(next.state, keyset::State::Active, "{name}");
    assert_eq!(line.active().unwrap().id(), next.id(), "{name}");
    let (_, old) = view.keyset.key(view.rotation.old()).unwrap();
    assert_eq!(old.state, keyset::State::DestroyScheduled, "{name}");
    assert_eq!(world.calls(), Some(200), "{name}");
    let ours = next.facts.thumbprint.clone().unwrap();
    let pairs = world.pairs();
    assert_eq!(pairs.iter().filter(|(_, print, active)| *print == ours && *active).count(), 1, "{name}: {pairs:?}");
    let listed: Vec<&str> = view.rotation.orphans().iter().map(|orphan| orphan.pair.as_str()).collect();
    for (id, print, _) in &pairs {
        let is_next = *print == ours;
        assert!(is_next || listed.contains(&id.as_str()), "{name}: {id} is neither known nor listed: {pairs:?}");
    }
}

/// Goes on until the step of these words is the present one, with a key that works at every moment.
fn until(world: &mut World, step: &str) -> Vec<String> {
    let mut told = Vec::new();
    while world.view().rotation.current().map(keyset::Step::words) != Some(step) {
        told.extend(once(world));
        assert_eq!(world.calls(), Some(200));
    }
    told
}

/// Goes on until a request of this kind is the next that goes out.
fn until_call(world: &mut World, prefix: &str) {
    for _ in 0..40 {
        let killed = world.advance(Kill::Before, prefix).unwrap().is_none();
        if killed {
            return;
        }
        pass(world);
    }
    panic!("it never asks {prefix}");
}

/// Goes on until the program is killed at a request of this kind. A key that works is active whenever it is.
fn until_killed(world: &mut World, kill: Kill, prefix: &str) -> bool {
    for _ in 0..40 {
        if let Ok(None) = world.advance(kill, prefix) {
            assert_eq!(world.calls(), Some(200), "killed at {prefix}");
            return true;
        }
        if world.view().rotation.current().is_none() {
            return false;
        }
        pass(world);
    }
    false
}

fn once(world: &mut World) -> Vec<String> {
    let ended = world.advance(Kill::Never, "");
    pass(world);
    ended.err().map(|error| error.to_string()).into_iter().collect()
}

/// A person does what is wanted of them: waits, or lets it go on.
fn pass(world: &mut World) {
    use keyset::{At, Next, Silence};
    let view = world.view();
    match &view.next {
        Next::Wait(earliest) => world.wait_until(earliest.at(At(view.now))),
        Next::Pause { until, .. } => world.wait_until(*until),
        Next::Watch { silence: Some(Silence::Used { silent_from, .. }), .. } => world.wait_until(*silent_from),
        Next::Stopped(_) => world.tell(workbench::rotation::Told::Again).unwrap(),
        _ => {}
    }
}

fn matrix(is_tried: impl Fn(usize) -> bool) -> (usize, usize) {
    let (mut all, mut tried) = (0, 0);
    for call in CALLS {
        for fault in FAULTS.into_iter().filter(|fault| fits(call, fault)) {
            for kill in Kill::ALL {
                all += 1;
                if is_tried(all) {
                    tried += 1;
                    cell(call, fault, kill);
                }
            }
        }
    }
    (tried, all)
}

/// Every seventh cell; another day's run is the whole matrix, `make faults`.
#[test]
fn a_planned_rotation_survives_a_sample_of_faults_and_kills() {
    let (tried, all) = matrix(|number| number % 7 == 3);
    assert!(tried > 15 && all > 150, "{tried} of {all}");
}

#[test]
#[ignore = "takes minutes; make faults runs it"]
fn a_planned_rotation_survives_every_fault_and_kill() {
    let (tried, all) = matrix(|_| true);
    #[allow(clippy::print_stdout, reason = "the figure that RELIABILITY.md tells")]
    let () = println!(
        "{tried} of {all} cells of a rotation: one key that works at every moment, every key there known or listed"
    );
}

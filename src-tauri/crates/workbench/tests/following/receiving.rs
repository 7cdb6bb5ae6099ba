//! Deliveries that come to the receiver: judged, answered in few words, and the last of them kept.

use jose::webhook::Sample;
use keywright_workbench::{
    deliveries::{Deliveries, Handling},
    ports::Arrived,
    profiles,
    webhooks::{self, Trusted},
};
use zeroize::Zeroizing;

use crate::world::{NOW, World, json};

const SECRET: &[u8] = b"a secret of Gr4vy, which has 34 bytes";

fn trusted() -> Trusted {
    let mut trusted = Trusted::new(profiles::definition("gr4vy").unwrap());
    trusted.add("the secret's name".to_owned(), Zeroizing::new(SECRET.to_vec()));
    trusted
}

fn arrived(headers: Vec<(String, String)>, body: &[u8]) -> Arrived {
    let (method, target) = ("POST".to_owned(), "/hooks?a=b".to_owned());
    Arrived { method, target, headers, body: body.to_vec(), length: body.len() }
}

fn signed(id: &str, at: i64, body: &[u8], world: &World) -> Arrived {
    let sample = Sample { body, timestamp: at, id, ..Sample::default() };
    arrived(webhooks::sample(&trusted(), &sample, &world.ports).unwrap().headers, body)
}

#[test]
fn each_is_answered_in_few_words_that_tell_nothing_of_the_secret() {
    let world = World::new(|_| json(200, "{}"));
    let (trusted, mut deliveries) = (trusted(), Deliveries::default());
    let mut other = signed("id 1", NOW, b"{}", &world);
    other.body = b"{ }".to_vec();
    let mut long = signed("id 4", NOW, b"{}", &world);
    long.length = 20_000_000;
    let mut told = String::new();
    for arrived in [
        signed("id 1", NOW, b"{}", &world),
        other,
        signed("id 1", NOW, b"{}", &world),
        signed("id 2", NOW - 3_600, b"{}", &world),
        arrived(Vec::new(), b"{}"),
        long,
    ] {
        let (received, reply) = deliveries.take(arrived, &trusted, &Handling::default(), &world.ports).unwrap();
        let repeats = received.repeats.map(|number| format!(", as {number}")).unwrap_or_default();
        let verdict = received.verdict().name();
        told += &format!("{} {verdict}{repeats} → {} {}\n", received.number, reply.status, reply.text);
        told += &received.reason().map(|reason| format!("    {reason}\n")).unwrap_or_default();
        assert!(!reply.text.contains("name"), "{}", reply.text);
    }
    insta::assert_snapshot!(told);

    let handling = Handling { always: Some(204), ..Handling::default() };
    let bad = arrived(Vec::new(), b"{}");
    assert_eq!(deliveries.take(bad, &trusted, &handling, &world.ports).unwrap().1.status, 204);
}

#[test]
fn a_thousand_deliveries_take_no_more_room_than_the_last_hundred() {
    let world = World::new(|_| json(200, "{}"));
    let (trusted, mut deliveries) = (trusted(), Deliveries::default());
    let mut take = |body: &[u8]| {
        let taken = deliveries.take(arrived(Vec::new(), body), &trusted, &Handling::default(), &world.ports);
        taken.unwrap().0.number
    };
    assert_eq!((0..1_000).map(|_| take(b"{}")).last(), Some(1_000));
    let large = vec![b' '; 10 * 1024 * 1024];
    assert_eq!((0..5).map(|_| take(&large)).last(), Some(1_005));
    assert_eq!(deliveries.iter().map(|received| received.number).collect::<Vec<_>>(), [1_003, 1_004, 1_005]);
    assert!(deliveries.get(1_000).is_none() && deliveries.get(1_004).is_some());
    deliveries.forget_contents();
    assert_eq!(deliveries.iter().map(|received| received.arrived.body.len()).sum::<usize>(), 0);
}

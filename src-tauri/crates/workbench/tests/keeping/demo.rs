//! The first vault: something to try at once.

use keywright_workbench::{demo, keys, profiles, signer::SignRequest, tokens};

use crate::world::World;

#[test]
fn a_first_vault_signs_a_token_at_once() {
    let mut world = World::empty();
    let at = demo::prepare(&mut world.session, &world.ports).unwrap();
    assert_eq!((at.profile.as_str(), at.environment.as_str()), ("Demo", "local"));
    let request =
        SignRequest { profile: at.profile.clone(), environment: at.environment.clone(), ..Default::default() };
    let signed = tokens::sign(&world.session, &request, &world.ports).unwrap();
    assert_eq!(signed.alg, jose::Alg::ES512);
    let profile = profiles::show(&world.session, "Demo").unwrap();
    assert!(!profiles::readiness(&world.session, &profile).unwrap().missing.contains_key("local"));
    assert_eq!(profile.variables["gr4vy_id"], "acme");
    // Again changes nothing.
    demo::prepare(&mut world.session, &world.ports).unwrap();
    assert_eq!(keys::list(&world.session).unwrap().len(), 1);
}

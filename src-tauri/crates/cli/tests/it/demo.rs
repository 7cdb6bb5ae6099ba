//! `keywright demo`, the whole job.

use crate::story::Story;

#[test]
fn the_demo_goes_through() {
    let ran = Story::new().run("demo").ends(0);
    assert_eq!(ran.stderr, "");
    let told = ran.told();
    // The name of the temporary folder is chosen at random.
    let told: Vec<String> = told
        .lines()
        .map(|line| match line.split_once("keywright-demo-") {
            Some((_, rest)) => format!("   [folder]{}", &rest[rest.find(['/', '\\']).unwrap_or(0)..]),
            None => line.to_owned(),
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn the_demo_leaves_nothing_behind() {
    let story = Story::new();
    std::fs::create_dir(story.path("tmp")).unwrap();
    let tmp = story.path("tmp").display().to_string();
    story.call("demo").variable("TMPDIR", &tmp).variable("TEMP", &tmp).variable("TMP", &tmp).run().ends(0);
    assert_eq!(std::fs::read_dir(story.path("tmp")).unwrap().count(), 0);
}

#[test]
fn the_demo_keeps_its_vault_where_it_is_told() {
    let story = Story::new();
    story.run("demo --keep kept").ends(0);
    story.write("pw", "correct horse battery staple");
    let keys = story.open("key list --vault kept/vault.kwv").result();
    assert!(keys.starts_with("checkout-2026-11  ES512"), "{keys}");
    // The folder is there now, and nothing in it is touched.
    story.run("demo --keep kept").ends(1);
}

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

/// Everything is on this computer, so a bare system without certificates will do.
#[test]
#[cfg(target_os = "linux")]
fn the_demo_needs_no_certificates() {
    let bare =
        Story::new().call("demo").variable("SSL_CERT_FILE", "/dev/null").variable("SSL_CERT_DIR", "/dev/null").run();
    bare.ends(0);
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

#[cfg(target_os = "linux")]
#[test]
fn a_demo_that_a_signal_ends_leaves_nothing_behind() {
    use std::{
        io::Write,
        os::unix::process::ExitStatusExt,
        process::{Command, Stdio},
    };

    // A pipe that is almost full holds the demo up: before its first step, and after the one that makes the vault.
    for (signal, room) in [(2, 0), (2, 600), (15, 600), (1, 600), (3, 0)] {
        let story = Story::new();
        let tmp = story.path("tmp");
        std::fs::create_dir(&tmp).unwrap();
        let (_reader, mut writer) = std::io::pipe().unwrap();
        let size = rustix::pipe::fcntl_setpipe_size(&writer, 4096).unwrap();
        writer.write_all(&vec![b'.'; size - room]).unwrap();

        let program = story.program();
        let mut command = Command::new("env");
        command.env_clear().arg("--default-signal=INT,TERM,HUP,QUIT").arg(program.get_program()).arg("demo");
        command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.env("TMPDIR", &tmp).current_dir(program.get_current_dir().unwrap());
        let mut child = command.stdout(writer).stderr(Stdio::null()).spawn().unwrap();
        let there = || {
            let mut folders = std::fs::read_dir(&tmp).unwrap().map(|folder| folder.unwrap().path());
            folders.any(|folder| room == 0 || folder.join("vault.kwv").exists())
        };
        while !there() {
            std::thread::yield_now();
        }
        assert!(
            Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap().success()
        );
        let ended = child.wait().unwrap();
        assert_eq!(ended.signal(), Some(signal), "{ended}");
        let left: Vec<_> = std::fs::read_dir(&tmp).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert!(left.is_empty(), "signal {signal} leaves {left:?}");
    }
}

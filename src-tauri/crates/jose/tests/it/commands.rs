//! Commands that errors print, run by a shell on the input that caused the error: what comes out is read, and is the same key.

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

use keywright_jose::key::read;

use crate::{
    skipped::skipped,
    sources,
    support::{key_file, text, vector},
};

const PASSPHRASE: &str = "correct horse";

/// Every command that the sources print, by its beginning. Each test below runs one of them.
const PRINTED: [&str; 5] =
    ["keytool -importkeystore", "openssl pkcs12 -legacy", "openssl pkcs8 -topk8", "puttygen FILE", "ssh-keygen -p -Z"];

/// A command that is printed without a test would not be in the list.
#[test]
fn the_sources_print_no_other_command() {
    let mut found = BTreeSet::new();
    for (path, source) in sources::of(env!("CARGO_MANIFEST_DIR")) {
        for program in ["openssl ", "ssh-keygen ", "puttygen ", "keytool ", "gpg ", "base64 -"] {
            // A hint has its command behind a colon.
            for (at, _) in source.match_indices(&format!(": {program}")) {
                let command = &source[at + 2..];
                let known = PRINTED.into_iter().find(|printed| command.starts_with(printed));
                found.insert(known.unwrap_or_else(|| panic!("{}: {:.60}", path.display(), command)));
            }
        }
    }
    assert_eq!(found, PRINTED.into_iter().collect());
}

/// Runs the command in the hint for this input, as a person would who answers its questions, and gives what it wrote.
fn run(name: &str, input: &[u8], answers: &str) -> Option<Vec<u8>> {
    let error = read::read(input, Some(PASSPHRASE.as_bytes())).unwrap_err();
    let hint = error.hint().unwrap_or_else(|| panic!("{name}: {error} has no hint"));
    let (_, command) = hint.split_once(": ").unwrap_or_else(|| panic!("{name}: no command in {hint:?}"));
    assert!(PRINTED.iter().any(|printed| command.starts_with(printed)), "{name}: {command}");
    let program = command.split(' ').next().unwrap();
    if Command::new("sh").args(["-c", &format!("command -v {program}")]).output().unwrap().stdout.is_empty() {
        skipped(name, &format!("there is no {program} on this machine"));
        return None;
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("commands").join(name);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    let place = |word: &&str| command.split(' ').any(|part| part == *word);
    let from = ["FILE", "OLD", "COPY"].into_iter().find(place).unwrap();
    let to = ["NEW", "KEY", "NEW.p12"].into_iter().find(place).unwrap_or(from);
    fs::write(folder.join(from), input).unwrap();
    #[cfg(unix)]
    fs::set_permissions(folder.join(from), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let ran = Command::new("sh").arg("-c").arg(format!("{command} {answers}")).current_dir(&folder).output().unwrap();
    assert!(ran.status.success(), "{name}: {command}: {}", String::from_utf8_lossy(&ran.stderr));
    Some(fs::read(folder.join(to)).unwrap())
}

fn is_the_key(name: &str, written: Option<Vec<u8>>, of: &str) {
    let Some(written) = written else { return };
    let found = read::read(&written, Some(PASSPHRASE.as_bytes())).unwrap_or_else(|error| panic!("{name}: {error}"));
    let kid = key_file(&format!("{of}.pkcs8.pem")).key.public().unwrap().thumbprint();
    assert_eq!(found.keys[0].key.public().unwrap().thumbprint(), kid, "{name}");
    assert!(found.keys[0].key.private().is_some(), "{name}");
}

#[test]
fn an_encryption_that_is_not_read_is_converted() {
    let answers = format!("-passin 'pass:{PASSPHRASE}' -passout 'pass:{PASSPHRASE}'");
    for name in ["proc-type-camellia-256-cbc", "pbes2-camellia-256-cbc", "pbes2-des-cbc", "pbes2-rc2-cbc"] {
        let input = vector(&format!("forms/p256.{name}.pem"));
        is_the_key(name, run(name, &input, &answers), "p256");
    }
}

#[test]
fn a_cipher_of_openssh_that_is_not_read_is_changed() {
    let answers = format!("-q -P '{PASSPHRASE}' -N '{PASSPHRASE}'");
    for name in ["aes256-gcm", "chacha20-poly1305"] {
        let input = text(&format!("forms/p521-xzero.{name}.openssh"));
        is_the_key(name, run(name, input.as_bytes(), &answers), "p521-xzero");
    }
}

/// Browsers and Windows write lengths that are open.
#[test]
fn a_container_in_ber_is_taken_apart() {
    let der = vector("forms/p256.legacy.p12");
    assert_eq!(der[..2], [0x30, 0x82]);
    let ber = [&[0x30, 0x80], &der[4..], &[0, 0]].concat();
    let answers = format!("-passin 'pass:{PASSPHRASE}' -passout 'pass:{PASSPHRASE}'");
    is_the_key("ber", run("ber", &ber, &answers), "p256");
}

#[test]
fn keys_of_other_programs_are_converted() {
    let answers = format!("-srcstorepass '{PASSPHRASE}' -deststorepass '{PASSPHRASE}' -noprompt");
    for store in ["jks", "jceks"] {
        is_the_key(store, run(store, &vector(&format!("bad/p256.{store}")), &answers), "p256");
    }
    for version in ["2", "3"] {
        let name = format!("putty-{version}");
        is_the_key(&name, run(&name, &vector(&format!("bad/p256-v{version}.ppk")), ""), "p256");
    }
}

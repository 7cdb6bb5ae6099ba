//! Hostile key files: nothing panics on them, and the work that they ask for is bounded before it is done.

use std::time::Duration;

use keywright_jose::key::{
    Key, Secret,
    check::check,
    read::{self, ReadError},
};

use crate::{
    support::{Noise, vector, vectors},
    worked::worked,
};

const PASSPHRASE: Option<&[u8]> = Some(b"correct horse");

/// Every file of the forms with bytes changed, cut and doubled.
#[test]
fn a_damaged_file_of_any_form_is_read_or_refused() {
    let mut noise = Noise(11);
    let mut read = 0;
    for folder in ["forms", "reported", "bad"] {
        for entry in std::fs::read_dir(vectors().join(folder)).unwrap() {
            let whole = std::fs::read(entry.unwrap().path()).unwrap();
            for _ in 0..30 {
                let mut damaged = whole.clone();
                for _ in 0..=noise.below(3) {
                    let at = noise.below(damaged.len().max(1)).min(damaged.len().saturating_sub(1));
                    match noise.below(6) {
                        0 => damaged.truncate(at),
                        1 => drop(damaged.drain(..at)),
                        2 => damaged.extend_from_within(at..),
                        3 => damaged.insert(at, noise.next() as u8),
                        _ if damaged.is_empty() => damaged.push(0x30),
                        _ => damaged[at] = noise.next() as u8,
                    }
                }
                read += usize::from(read::read(&damaged, None).is_ok_and(|found| !found.keys.is_empty()));
                check(&Key::Secret(Secret::new(damaged.clone())));
                read::undisguised(&damaged);
                read::holds_private_key(&damaged);
            }
        }
    }
    assert!(read > 50, "{read}");
}

/// DER of containers and OpenSSH keys with one byte changed, opened with the passphrase where that takes no time.
#[test]
fn a_damaged_container_is_read_or_refused() {
    for file in ["p256.plain.p12", "p256.openssh.pub", "p256.compressed.pub.pem"] {
        let whole = vector(&format!("forms/{file}"));
        for at in 0..whole.len() {
            for change in [0x01, 0x80] {
                let mut damaged = whole.clone();
                damaged[at] ^= change;
                drop(read::read(&damaged, None));
            }
        }
    }
}

/// The work that files ask for: rounds of each way to make a key from a passphrase.
#[test]
fn rounds_are_bounded() {
    let patched = |file: &str, from: &[u8], to: &[u8]| {
        let mut bytes = match vector(&format!("forms/{file}")) {
            pem if pem.starts_with(b"-----") => {
                let body: String = String::from_utf8(pem).unwrap().lines().filter(|l| !l.starts_with('-')).collect();
                data_encoding::BASE64.decode(body.as_bytes()).unwrap()
            }
            der => der,
        };
        let at = bytes.windows(from.len()).position(|window| window == from).unwrap_or_else(|| panic!("{file}"));
        bytes[at..at + to.len()].copy_from_slice(to);
        bytes
    };
    // bcrypt with 2^31 rounds: the number stands behind a salt of 16 bytes.
    let openssh = patched("p521-xzero.aes256-ctr.openssh", b"openssh-key", b"openssh-key");
    let salt = openssh.windows(4).position(|window| window == [0, 0, 0, 16]).unwrap();
    let mut many = openssh;
    many[salt + 20..salt + 24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff]);
    let refused = |bytes: &[u8]| matches!(read::read(bytes, PASSPHRASE), Err(ReadError::TooMuchWork { .. }));
    let ((), took) = worked(|| {
        assert!(refused(&many));
        // 2048 rounds become 63 million, with salts that are a byte shorter to make room.
        for file in ["p256.pbe-sha1-3des.pem", "p256.pbe-md5-des.pem"] {
            let bytes = patched(file, &[0x02, 0x02, 0x08, 0x00], &[0x02, 0x02, 0x08, 0x00]);
            let at = bytes.windows(4).position(|window| window == [0x02, 0x02, 0x08, 0x00]).unwrap();
            let mut more = bytes.clone();
            let salt = (0..at).rev().find(|at| bytes[*at] == 0x04).unwrap();
            more.splice(at..at + 4, [0x02, 0x04, 0x03, 0xc0, 0x00, 0x00]);
            more.splice(salt..at, [&[0x04, bytes[salt + 1] - 2][..], &bytes[salt + 2..at - 2]].concat());
            assert!(refused(&more), "{file}: {:?}", read::read(&more, PASSPHRASE).err());
        }
    });
    assert!(took < Duration::from_secs(5), "{took:?}");
}

/// A text of the largest size in which each search begins again and again.
#[test]
fn the_largest_texts_take_no_long() {
    let filled = |text: &str| text.repeat(read::MAX_BYTES / text.len());
    let nested = {
        let mut text = b"-----BEGIN PRIVATE KEY-----".to_vec();
        while text.len() * 4 / 3 + 4 < read::MAX_BYTES {
            text = data_encoding::BASE64.encode(&text).into_bytes();
        }
        String::from_utf8(text).unwrap()
    };
    for text in [
        filled("BEGIN "),
        filled("-----BEGIN "),
        filled("-----BEGIN PRIVATE KEY-----"),
        filled("-----BEGIN X KEY-----\n-----END X KEY-----\n"),
        filled("-----END X KEY-----"),
        filled("-"),
        filled("LS0tLS1CRUdJTi\n"),
        filled("LS0tLS1CRUdJTi"),
        filled("A="),
        filled("'"),
        filled("\\"),
        filled("\\u00"),
        format!("BEGIN%20{}", filled("%2").split_off(16)),
        filled("<RSAKeyValue>"),
        filled("ssh-rsa AAAA "),
        filled("n"),
        filled("A"),
        filled("30"),
        format!("\"{}\"", "\\\"".repeat(read::MAX_BYTES / 2 - 8)),
        format!("{{\"keys\":[{}0]}}", "0,".repeat(read::MAX_BYTES / 2 - 16)),
        format!("{{\"a\":[{}\"\"]}}", "\"LS0tLS1CRUdJTiA\",".repeat(read::MAX_BYTES / 20)),
        nested,
    ] {
        let begins: String = text.chars().take(30).collect();
        let (_, took) = worked(|| {
            drop(read::read(text.as_bytes(), None));
            check(&Key::Secret(Secret::new(text.clone().into_bytes())));
        });
        assert!(took < Duration::from_secs(20), "{begins}: {took:?}");
    }
}

/// RSA keys of which all numbers are to be computed, and a modulus for which none are.
#[test]
fn computing_rsa_numbers_is_bounded() {
    let mut noise = Noise(5);
    let mut number = |bytes: usize| data_encoding::BASE64URL_NOPAD.encode(&noise.bytes(bytes));
    let ((), took) = worked(|| {
        for bytes in [256, 1024, 40_000] {
            let keys: Vec<String> = (0..8)
                .map(|_| format!(r#"{{"kty":"RSA","n":"{}","e":"AQAB","d":"{}"}}"#, number(bytes), number(bytes)))
                .collect();
            assert!(read::read(format!("{{\"keys\":[{}]}}", keys.join(",")).as_bytes(), None).is_err());
        }
    });
    assert!(took < Duration::from_secs(20), "{took:?}");
}

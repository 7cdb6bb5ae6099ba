//! The keys of a vault, derived by what docs/formats/vault-v1.md says and nothing else: what tests look for in memory.

use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;

/// Each key by its name.
pub fn of_vault(path: &Path, passphrase: &str) -> Vec<(&'static str, Vec<u8>)> {
    let db = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let vault: Vec<u8> = db.query_row("SELECT vault_id FROM header", [], |row| row.get(0)).unwrap();
    type Slot = (u8, u8, i64, Vec<u8>, Vec<u8>, Vec<u8>, u8, Vec<u8>);
    let slot = "SELECT id, type, created, params, salt, commitment, alg, wrapped FROM slot WHERE type = 1";
    let (id, kind, created, params, salt, commitment, alg, wrapped): Slot = db
        .query_row(slot, [], |row| {
            let at = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok((at.0, at.1, at.2, at.3, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?))
        })
        .unwrap();

    let word = |at: usize| u32::from_le_bytes(params[at..at + 4].try_into().unwrap());
    let costs = Params::new(word(1), word(5), word(9), Some(32)).unwrap();
    let mut slot_key = vec![0; 32];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, costs);
    argon2.hash_password_into(passphrase.as_bytes(), &salt, &mut slot_key).unwrap();

    let hkdf = |key: &[u8], label: &str| {
        let mut out = vec![0; 32];
        Hkdf::<Sha256>::new(Some(&vault), key).expand(label.as_bytes(), &mut out).unwrap();
        out
    };
    let slot_text = fields(
        "keywright vault slot",
        &[&1_u32.to_le_bytes(), &vault, &[id], &[kind], &created.to_le_bytes(), &params, &salt, &commitment, &[alg]],
    );
    let wrap = hkdf(&slot_key, "keywright vault v1 slot wrap");
    let (nonce, sealed) = wrapped.split_at(24);
    let master = XChaCha20Poly1305::new(wrap.as_slice().into())
        .decrypt(XNonce::from_slice(nonce), Payload { msg: sealed, aad: &slot_text })
        .unwrap();
    vec![
        ("record wrap key", hkdf(&master, "keywright vault v1 record wrap")),
        ("manifest key", hkdf(&master, "keywright vault v1 manifest")),
        ("master key", master),
        ("slot wrap key", wrap),
        ("slot key", slot_key),
    ]
}

fn fields(label: &str, values: &[&[u8]]) -> Vec<u8> {
    let field = |value: &[u8]| [&u32::try_from(value.len()).unwrap().to_le_bytes(), value].concat();
    let mut text = field(label.as_bytes());
    values.iter().for_each(|value| text.extend(field(value)));
    text
}

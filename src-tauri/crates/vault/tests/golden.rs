//! The vault that the first release of the format wrote: it opens for ever, here and in another language.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod common;
#[path = "golden/recipe.rs"]
mod recipe;
#[path = "../../../../tests/skipped.rs"]
mod skipped;

use std::path::{Path, PathBuf};
use std::process::Command;

use keywright_vault::*;
use rusqlite::types::Value;
use serde_json::json;
use skipped::skipped;

fn golden(extension: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/vault-v1").with_extension(extension)
}

/// A copy to work on: a vault is never opened where a slip could change it.
fn copy() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("golden.kwv");
    std::fs::copy(golden("kwv"), &path).unwrap();
    (folder, path)
}

fn wanted() -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(golden("json")).unwrap()).unwrap()
}

#[test]
fn the_golden_vault_opens() {
    let (_folder, path) = copy();
    let locked = open(&path).unwrap();
    let status = locked.status().unwrap();
    let vault = locked.unlock(&Passphrase::new(recipe::PASSPHRASE.to_owned()).unwrap()).unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let records = vault.records().map(|record| {
        let secret = record.has_secret.then(|| text(&vault.open_secret(record.id).unwrap()));
        let Record { id, revision, kind, metadata, .. } = record;
        json!({"id": id.to_string(), "revision": revision.0, "kind": kind.0, "metadata": text(metadata), "secret": secret})
    });
    let records: Vec<_> = records.collect();
    let tombstones: Vec<_> = vault
        .tombstones()
        .map(|dead| json!({"id": dead.id.to_string(), "kind": dead.kind.0, "text": text(dead.text)}))
        .collect();
    let found = json!({
        "vault": status.vault.to_string(),
        "created": status.created,
        "epoch": vault.epoch().0,
        "records": records,
        "tombstones": tombstones,
    });
    assert_eq!(found, wanted(), "found:\n{found:#}");
}

/// The same recipe writes the same rows today.
#[test]
fn the_golden_vault_is_what_would_be_written_now() {
    let (folder, path) = copy();
    let now = folder.path().join("now.kwv");
    recipe::write(&now).unwrap();
    for table in ["header", "slot", "record", "secret", "manifest"] {
        assert_eq!(rows(&now, table), rows(&path, table), "{table}");
    }
}

fn rows(path: &Path, table: &str) -> Vec<Vec<Value>> {
    let db = common::raw(path);
    let mut statement = db.prepare(&format!("SELECT * FROM {table} ORDER BY 1")).unwrap();
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
    let rows = statement.query_map([], row).unwrap();
    rows.map(Result::unwrap).collect()
}

/// The reader in Python was written from docs/formats/vault-v1.md alone. It needs `argon2-cffi` and `PyNaCl`, from the
/// interpreter in `KEYWRIGHT_PYTHON` or the tests' own environment; where neither is there, this test says so.
#[test]
fn another_languages_reader_agrees() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).unwrap();
    let own = root.join("tests/.venv/bin/python");
    let chosen = std::env::var_os("KEYWRIGHT_PYTHON").map(PathBuf::from);
    let Some(python) = chosen.clone().or_else(|| Some(own).filter(|python| can_read(python))) else {
        let why = "no Python with argon2-cffi and PyNaCl; set KEYWRIGHT_PYTHON to one";
        return skipped("another_languages_reader_agrees", why);
    };
    assert!(can_read(&python), "{} lacks argon2-cffi or PyNaCl", python.display());

    let (folder, path) = copy();
    let passphrase = folder.path().join("passphrase");
    std::fs::write(&passphrase, recipe::PASSPHRASE).unwrap();
    let read = |path: &Path| {
        let reader = root.join("tests/readers/vault_v1.py");
        Command::new(&python).arg(reader).arg(path).arg("--passphrase-file").arg(&passphrase).output().unwrap()
    };
    let output = read(&path);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found, wanted());

    // And it refuses what we refuse.
    common::raw(&path).execute_batch("UPDATE manifest SET epoch = epoch + 1").unwrap();
    let output = read(&path);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("manifest"));
}

fn can_read(python: &Path) -> bool {
    Command::new(python).args(["-c", "import argon2, nacl"]).output().is_ok_and(|output| output.status.success())
}

//! Writes the golden vault, always the same one. A format gets one golden vault, and it is kept for ever:
//!
//! ```sh
//! cargo run -p keywright-vault --example golden -- src-tauri/crates/vault/tests/golden/vault-v1.kwv
//! ```

use std::path::PathBuf;

#[path = "../tests/golden/recipe.rs"]
mod recipe;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).map(PathBuf::from).ok_or("give the path of the vault to write")?;
    recipe::write(&path)?;
    std::fs::remove_file(path.with_extension("kwv.lock"))?;
    Ok(())
}

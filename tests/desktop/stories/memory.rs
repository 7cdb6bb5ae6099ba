//! The memory of the window's process after the lock: nothing of a passphrase, a vault key, a private key or an API key.
//!
//! WebKit's own processes are not looked at: SECURITY.md says what they may keep.

use std::path::Path;
use std::time::{Duration, Instant};

use data_encoding::BASE64;
use memory::scan::find_each;
use workbench::profiles::{self, NewProfile, ProfileChange};

use crate::home;
use crate::page::Page;
use crate::vault_keys;

const API_KEY: &str = "test_51H8xgq2eZvKYlo2C4f2a";
const WRONG: &str = "tram.quarry.linen.obo";
/// Of the new file that a key is exported to.
const FILE_PASSPHRASE: &str = "quince.lattice.5530.harbour";
const PRIVATE_KEY: &str = "p521-none.pkcs8.pem";

#[test]
fn no_secret_is_in_memory_after_the_lock() {
    let made = home::with(|session, ports| {
        home::import(session, PRIVATE_KEY, "checkout", ports);
        for (name, provider, variable) in [("Acme", "hedge", None), ("Shop", "gr4vy", Some("gr4vy_id"))] {
            let variables = variable.map(|it| (it.to_owned(), "shop".to_owned())).into_iter().collect();
            profiles::add(
                session,
                NewProfile { name: name.to_owned(), provider: provider.to_owned(), variables },
                ports,
            )
            .unwrap();
        }
        let keys = [("local".to_owned(), "checkout".to_owned())].into();
        profiles::change(session, "Shop", &ProfileChange { keys, ..ProfileChange::default() }, ports).unwrap();
    });
    let page = Page::open_in(made);
    let needles = needles(&home::vault_in(page.home()));
    let window = page.process();
    let found = |names: &[&str]| -> Vec<String> {
        let wanted = needles.iter().filter(|(name, _)| names.iter().any(|it| name.contains(it)));
        let (names, bytes): (Vec<_>, Vec<_>) = wanted.map(|(name, bytes)| (name, bytes.as_slice())).unzip();
        let places = names.into_iter().zip(find_each(window, &bytes).unwrap());
        places
            .flat_map(|(name, places)| places.into_iter().map(|at| format!("{name} at {at}")).collect::<Vec<_>>())
            .collect()
    };

    page.type_by_keys("Passphrase", WRONG);
    page.keys("Enter");
    page.sees("That passphrase does not open this vault.");
    assert_eq!(found(&["passphrase", "slot key"]), [""; 0], "after a wrong passphrase");
    page.type_by_keys("Passphrase", home::PASSPHRASE);
    page.keys("Enter");
    page.sees("Acme");
    // The control: what is looked for would be found.
    for key in ["master key", "record wrap key", "manifest key"] {
        assert_eq!(found(&[key]).len(), 1, "{key}: {:?}", found(&[key]));
    }

    if !page.text().contains("Local local") {
        page.keys("Mod+k");
        page.type_text("Acme Local");
        page.keys("Enter");
        page.sees("Local local");
    }
    page.keys("Mod+3");
    page.press("Add a credential");
    page.sees("Seal it");
    page.type_by_keys("API key", API_KEY);
    page.press("Seal it");
    page.sees("test_•••4f2a");
    page.keys("Mod+1");
    page.send();
    page.sees("Accepted by Local");

    page.keys("Mod+3");
    page.press("checkout");
    page.press("Open");
    page.press("Export private key…");
    page.sees("You are asked once more");
    page.type_by_keys("Passphrase of the file", FILE_PASSPHRASE);
    page.type_by_keys("The same again", FILE_PASSPHRASE);
    page.press("Export…");
    let exported = page.home().join("exported.pem");
    page.answer(1, "yes");
    page.answer(2, exported.to_str().unwrap());
    page.until("the exported key", || exported.exists().then_some(()));

    page.keys("Mod+Shift+L");
    page.sees("Unlock");
    // What was on its way when it was locked comes to its end first.
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut left = found(&[""]);
    while !left.is_empty() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(200));
        left = found(&[""]);
    }
    assert_eq!(left, [""; 0], "after the lock");
}

/// Every secret in the forms in which programs hold it.
fn needles(vault: &Path) -> Vec<(String, Vec<u8>)> {
    let mut needles: Vec<(String, Vec<u8>)> = vault_keys::of_vault(vault, home::PASSPHRASE)
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect();
    for (name, text) in [
        ("passphrase", home::PASSPHRASE),
        ("wrong passphrase", WRONG),
        ("file passphrase", FILE_PASSPHRASE),
        ("API key", API_KEY),
    ] {
        needles.push((name.to_owned(), text.as_bytes().to_vec()));
        // As WebKit and GTK hold it.
        needles.push((format!("{name} in UTF-16"), text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
    }
    let pem = std::fs::read_to_string(Path::new(home::VECTORS).join("keys").join(PRIVATE_KEY)).unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = BASE64.decode(body.as_bytes()).unwrap();
    // The scalar of P-521 is the OCTET STRING of 66 bytes (RFC 5915 §3). Its middle stands in every form.
    let at = der.windows(2).position(|it| it == [0x04, 0x42]).unwrap() + 2;
    let scalar = &der[at + 8..at + 56];
    needles.push(("private key".to_owned(), scalar.to_vec()));
    needles.push(("private key as limbs".to_owned(), scalar.iter().rev().copied().collect()));
    needles.push(("private key as PEM".to_owned(), body.as_bytes()[60..100].to_vec()));
    needles
}

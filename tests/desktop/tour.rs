//! A walk through the main job in the real window, with a picture of every screen: `make tour`.

use std::fmt::Write as _;
use std::path::Path;

use crate::page::Page;
use crate::{home, indexed};

/// Where the pictures and their page go; git ignores it.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.cache/tour");

/// Those that README and docs show, as light pictures in docs/tour.
const SHOWN: [&str; 5] = ["accepted", "refused", "finding", "inspect", "key"];

/// Takes numbered pictures of one walk in one theme.
struct Tour<'a> {
    page: &'a Page,
    theme: &'static str,
    number: usize,
    taken: Vec<(String, &'static str)>,
}

impl Tour<'_> {
    fn picture(&mut self, name: &str, words: &'static str) {
        self.number += 1;
        self.page.drawn();
        let file = format!("{:02}-{name}-{}.png", self.number, self.theme);
        self.page.picture(&Path::new(FOLDER).join(&file));
        self.taken.push((file, words));
    }
}

#[test]
#[ignore = "writes .cache/tour and docs/tour: run `make tour`"]
fn tour() {
    std::fs::create_dir_all(FOLDER).unwrap();
    for old in std::fs::read_dir(FOLDER).unwrap().flatten() {
        if old.path().extension().is_some_and(|it| it == "png") {
            std::fs::remove_file(old.path()).unwrap();
        }
    }
    let light = walk("light");
    let dark = walk("dark");
    let mut index = String::from(
        "# A tour of the window\n\nEvery picture is the real window on a display without a screen, made by `make tour`. \
         Light on the left, dark on the right.\n",
    );
    for ((light, words), (dark, _)) in light.iter().zip(&dark) {
        write!(index, "\n{words}\n\n| light | dark |\n| --- | --- |\n| ![]({light}) | ![]({dark}) |\n").unwrap();
    }
    std::fs::write(Path::new(FOLDER).join("README.md"), index).unwrap();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tour");
    for shown in SHOWN {
        let (file, _) = light.iter().find(|(file, _)| file.ends_with(&format!("-{shown}-light.png"))).unwrap();
        indexed::write(&Path::new(FOLDER).join(file), &docs.join(format!("{shown}.png")));
    }
}

fn walk(theme: &'static str) -> Vec<(String, &'static str)> {
    let page = Page::open_in(home::dressed(theme));
    let mut tour = Tour { page: &page, theme, number: 0, taken: Vec::new() };
    page.sees("Create your vault");
    page.fill("Passphrase", home::PASSPHRASE);
    page.sees("Strong");
    tour.picture("create", "The first start: a passphrase makes a vault. No account, no network.");
    page.press("Create vault");
    page.until("a token", || page.token());
    tour.picture("build", "Build, a moment later: a demo key has signed a token already, and says what it says.");
    page.send();
    page.sees("Accepted by Local");
    tour.picture(
        "accepted",
        "Sent to the emulator on this computer: what is proved here and what the server said stand apart.",
    );
    page.keys("Mod+Shift+S");
    page.sees("Arrows move");
    tour.picture("scopes", "Scopes by resource, with the smallest set that serves the call.");
    page.type_text("buyers");
    tour.picture("scopes-filter", "Two keys and a filter choose one.");
    page.keys("Escape");
    page.sees_no("Arrows move");
    page.write_claims(&BUYERS.replace("EXP", "\"$now+5m\""));
    page.until("a token", || page.token_holds("buyers.read"));
    page.send();
    page.sees("lacks transactions.read");
    tour.picture(
        "refused",
        "A refusal is explained: which gate stopped it, who says so, and one button that mends it.",
    );
    page.write_claims(&BUYERS.replace("EXP", "\"tomorrow\""));
    page.sees("\"exp\" is not a NumericDate");
    tour.picture("finding", "What is wrong with a claim is said at its place while one types, with a cure to press.");
    page.keys("Mod+k");
    page.sees(" results");
    tour.picture("palette", "Everything by keyboard: what can be done here comes first.");
    page.keys("Escape");
    page.sees_no(" results");

    // As the command line would, beside the window.
    home::import(&mut home::session_in(page.home()), "p521-xzero.pkcs8.pem", "checkout-2026-11", &home::ports());
    page.keys("Mod+3");
    page.sees("checkout-2026-11");
    page.keys("Mod+2");
    page.sees("Paste anywhere");
    let token = home::expired("p521-xzero.pkcs8.pem", r#"["transactions.read","transactions.write"]"#, 11_520);
    page.insert_into("Pasted text", &format!("Authorization: Bearer {token}"));
    page.sees("Expired");
    tour.picture("inspect", "Inspect: three verdicts with their reasons, and times in words.");
    page.keys("Mod+3");
    page.sees("checkout-2026-11");
    tour.picture("keys", "Keys, each known by its name and thumbprint.");
    page.press("demo");
    page.press("Open");
    page.sees("Export private key");
    tour.picture(
        "key",
        "One key: its picture is cut from its thumbprint; the private half leaves only by a dialog of the system.",
    );
    page.keys("Mod+4");
    page.sees("Demo");
    tour.picture("profiles", "Profiles: who signs, where, and with which key.");
    page.keys("Mod+,");
    page.sees("Change passphrase");
    tour.picture("settings", "Settings.");
    page.keys("Mod+Shift+L");
    page.sees("Inspect a token");
    tour.picture("unlock", "Locked. Inspect works without unlocking.");
    page.unlock();

    page.resize(960, 600);
    page.keys("Mod+1");
    page.write_claims(&BUYERS.replace("EXP", "\"$now+5m\"").replace("buyers", "transactions"));
    page.until("a token", || page.token_holds("transactions.read"));
    page.send();
    page.sees("Accepted by Local");
    tour.picture("build-960", "The smallest window.");
    tour.taken
}

const BUYERS: &str = r#"{
  "scopes": ["buyers.read"],
  "iat": "$now",
  "nbf": "$now",
  "exp": EXP,
  "iss": "checkout-worker/3.2",
  "jti": "$uuid"
}"#;

//! Foreign text is shown and never run: claims, labels and file names that are markup, and a policy that would stop them.

use serde_json::{Value, json};

use crate::home;
use crate::page::Page;

/// Elements that run something when it fails, loads, opens or is focused.
const ELEMENTS: [&str; 15] = [
    "img src=x",
    "svg",
    "video src=x",
    "audio src=x",
    "iframe src=x",
    "object data=x",
    "embed src=x",
    "body",
    "input autofocus",
    "details open",
    "marquee",
    "select autofocus",
    "textarea autofocus",
    "button autofocus",
    "math",
];
const HANDLERS: [&str; 6] = ["onerror", "onload", "onfocus", "ontoggle", "onstart", "onanimationstart"];

/// What does not follow that pattern: scripts, addresses, ways out of attributes, templates, and broken parsers' favourites.
const OTHERS: [&str; 24] = [
    "<script>window.ran=1</script>",
    "</script><script>window.ran=1</script>",
    "<SCRIPT SRC=data:,window.ran=1></SCRIPT>",
    "\"><script>window.ran=1</script>",
    "'><img src=x onerror='window.ran=1'>",
    "\" onmouseover=\"window.ran=1\" x=\"",
    "<a href=\"javascript:window.ran=1\">press</a>",
    "<form action=javascript:window.ran=1><button>press</button></form>",
    "<meta http-equiv=refresh content=\"0;url=javascript:window.ran=1\">",
    "<base href=javascript:window.ran=1//>",
    "<link rel=stylesheet href=data:text/css,*{display:none}>",
    "<style>*{display:none}</style>",
    "<style>@import 'javascript:window.ran=1';</style>",
    "<svg><script>window.ran=1</script></svg>",
    "<svg><animate onbegin=window.ran=1 attributeName=x dur=1s>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=window.ran=1>",
    "<noscript><p title=\"</noscript><img src=x onerror=window.ran=1>\">",
    "<template><img src=x onerror=window.ran=1></template>",
    "<iframe srcdoc=\"<script>parent.ran=1</script>\"></iframe>",
    "{@html '<img src=x onerror=window.ran=1>'}",
    "{{constructor.constructor('window.ran=1')()}}",
    "`${window.ran=1}`",
    "<!--><img src=x onerror=window.ran=1>-->",
    "&lt;img src=x onerror=window.ran=1&gt;",
];

fn corpus() -> Vec<String> {
    let events = ELEMENTS
        .iter()
        .flat_map(|element| HANDLERS.iter().map(move |handler| format!("<{element} {handler}=\"window.ran=1\">")));
    events.chain(OTHERS.iter().map(|one| (*one).to_owned())).collect()
}

/// Counts what the policy stopped: nothing should get as far.
fn watch(page: &Page) {
    page.script(
        "window.stopped = []; document.addEventListener('securitypolicyviolation', (it) => window.stopped.push(it.violatedDirective + ' ' + it.blockedURI))",
        &[],
    );
}

/// A picture that is not there, begun after everything that the page shows: once its error is heard, so is theirs.
const WITNESS: &str = r#"
const done = arguments[arguments.length - 1];
const picture = document.createElement('img');
picture.addEventListener('error', () => { picture.remove(); requestAnimationFrame(() => setTimeout(() => done('heard'))); });
picture.src = 'none-of-this-name';
document.body.append(picture);
"#;

#[track_caller]
fn nothing_ran(page: &Page, shown_in: &str) {
    assert_eq!(page.script_later(WITNESS, &[]), "heard", "{shown_in}");
    assert_eq!(page.script("return [typeof window.ran, window.stopped]", &[]), json!(["undefined", []]), "{shown_in}");
    let made = "return [...document.querySelectorAll('[onerror], [onload], [onfocus], iframe, marquee, object, embed, base, #app script')].map((it) => it.outerHTML)";
    assert_eq!(page.script(made, &[]), json!([]), "{shown_in}");
}

#[test]
fn claims_of_markup_are_text() {
    let corpus = corpus();
    assert!(corpus.len() >= 100, "{}", corpus.len());
    let page = Page::unlocked(home::with_demo());
    watch(&page);
    let mut claims = serde_json::Map::new();
    for (index, one) in corpus.iter().enumerate() {
        claims.insert(one.clone(), json!(one));
        claims.insert(format!("list{index}"), json!([one]));
    }
    claims.insert("iss".to_owned(), json!(corpus[0]));
    claims.insert("scopes".to_owned(), json!(corpus));
    claims.insert("__proto__".to_owned(), json!({ "polluted": corpus[1] }));
    page.write_claims(&serde_json::to_string_pretty(&Value::Object(claims)).unwrap());
    page.until("a token", || page.token_holds("onanimationstart"));
    nothing_ran(&page, "Build");
    assert_eq!(page.script("return ({}).polluted ?? null", &[]), Value::Null);

    // The same text in every part of Inspect.
    let token = page.token().unwrap();
    page.keys("Mod+2");
    page.insert_into("Pasted text", &token);
    page.sees("onanimationstart");
    nothing_ran(&page, "Inspect");

    // Each one alone as what is pasted, which is then no token.
    for one in OTHERS {
        page.press("Clear");
        page.sees("Paste anywhere");
        page.insert_into("Pasted text", one);
        page.sees("not a token");
    }
    nothing_ran(&page, "Inspect, no token");
}

#[test]
fn labels_of_markup_are_text() {
    let names: Vec<String> = corpus().into_iter().filter(|one| one.len() <= 100).collect();
    let home = home::with(|session, ports| {
        workbench::demo::prepare(session, ports).unwrap();
        for name in &names {
            workbench::keys::generate(session, jose::Alg::ES256, 2048, name, None, ports).unwrap();
            let variables = [("gr4vy_id".to_owned(), "acme".to_owned())].into();
            let new = workbench::profiles::NewProfile { name: name.clone(), provider: "gr4vy".to_owned(), variables };
            workbench::profiles::add(session, new, ports).unwrap();
        }
    });
    let page = Page::open_in(home);
    page.fill("Passphrase", home::PASSPHRASE);
    page.keys("Enter");
    page.sees("Build a token");
    watch(&page);
    for (chord, screen, shown) in [
        ("Mod+3", "Keys", " keys listed"),
        ("Mod+4", "Profiles", "onanimationstart"),
        ("Mod+1", "Build", "Claims"),
        ("Mod+k", "the palette", " results"),
    ] {
        page.keys(chord);
        page.sees(shown);
        if screen == "the palette" {
            page.type_text("onerror");
            let first = "return document.querySelector('[role=option]')?.textContent.includes('onerror')";
            page.until("a name that holds it", || (page.script(first, &[]) == json!(true)).then_some(()));
        }
        nothing_ran(&page, screen);
    }
}

#[test]
fn an_inline_script_is_stopped_by_the_policy() {
    let page = Page::open_in(home::with_demo());
    page.sees("Unlock");
    watch(&page);
    page.script(
        "const it = document.createElement('script'); it.textContent = 'window.ran = 1'; document.body.append(it);
         const there = document.createElement('img'); there.setAttribute('onerror', 'window.ran = 1'); there.src = 'tauri://localhost/none'; document.body.append(there);
         const far = document.createElement('script'); far.src = 'https://example.com/x.js'; document.body.append(far)",
        &[],
    );
    page.until("the policy's word", || {
        (page.script("return window.stopped.length >= 2", &[]) == json!(true)).then_some(())
    });
    assert_eq!(page.script("return typeof window.ran", &[]), "undefined");
    let asked = page.script_later(
        "const done = arguments[arguments.length - 1]; fetch('https://example.com/').then(() => done('reached'), () => done('stopped'))",
        &[],
    );
    assert_eq!(asked, "stopped");
}

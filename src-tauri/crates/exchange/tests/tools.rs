//! How other tools get a token.

use keywright_exchange::tools::{TOOLS, TokenSource, in_words, tool};
use provider::{Definition, built_in_named, built_in_text};

fn told(definition: &Definition, variable: &str) -> String {
    let source = TokenSource {
        definition,
        variable,
        sign: &["keywright", "token", "sign", "--profile", "Acme \"UK\"", "--env", "sandbox"],
        run: &["keywright", "run", "--profile", "Acme \"UK\"", "--env", "sandbox"],
    };
    let texts = TOOLS.iter().map(|tool| format!("──── {}\n{}", tool.label, in_words(&tool.steps(&source))));
    texts.collect::<Vec<_>>().join("\n")
}

#[test]
fn each_tool_has_its_steps() {
    let gr4vy = built_in_named("gr4vy").expect("it comes with Keywright");
    insta::assert_snapshot!(told(gr4vy, "GR4VY_SANDBOX_TOKEN"));
}

#[test]
fn a_token_stands_where_the_provider_wants_it() {
    let text = built_in_text("cryptopay").expect("it comes with Keywright");
    let cookie = text.replace("[placement]\nin = \"header\"", "[placement]\nin = \"cookie\"");
    let cookie = cookie.replace("name = \"Authorization\"\nscheme = \"Bearer\"", "name = \"session\"");
    let told = told(&Definition::parse(&cookie).expect("it is a definition"), "no name");
    assert!(told.contains("set the header field Cookie to session={{TOKEN}}"), "{told}");
    assert!(told.contains("Set the header field Cookie to session={{process.env.TOKEN}}."), "{told}");
    assert!(told.contains("Set the header field Cookie to session=${[ keywright.token() ]}."), "{told}");
    assert!(tool("insomnia").is_none());
}

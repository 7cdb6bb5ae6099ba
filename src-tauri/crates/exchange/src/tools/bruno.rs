//! Bruno: requests read the environment of its process, over which a `.env` file of the collection wins; scripts run
//! commands in developer mode only (bruno#1540, #7209).

use super::{Step, Way};
use crate::copy_as::javascript_string;

pub(super) fn steps(way: &Way<'_>) -> Vec<Step> {
    let Way { variable, field, before, run_typed, .. } = way;
    let script = SCRIPT
        .replace("VARIABLE", variable)
        .replace("COMMAND", &javascript_string(way.sign.first().copied().unwrap_or_default()))
        .replace("WORDS", &way.sign.iter().skip(1).map(|word| javascript_string(word)).collect::<Vec<_>>().join(", "));
    vec![
        Step::says(format!("Set the header field {field} to {before}{{{{process.env.{variable}}}}}.")),
        Step::says(format!("Take {variable} out of the collection's .env file, if it is there: that file wins.")),
        Step::says("Run the collection with a fresh token.").typed(format!("{run_typed} -- bru run")),
        Step::says("Or start Bruno with one, which works until it expires.").typed(format!("{run_typed} -- bruno")),
        Step::says(format!(
            "For a fresh token before each request, switch the collection to developer mode, write {before}{{{{{variable}}}}} \
             instead, and make this its pre-request script. Nobody can type a passphrase there, so the \
             command must not ask for one."
        ))
        .file("pre-request script", script),
    ]
}

const SCRIPT: &str = r#"const { execFileSync } = require("child_process");

const token = execFileSync(COMMAND, [WORDS], { encoding: "utf8" });
bru.setVar("VARIABLE", token.trim());
"#;

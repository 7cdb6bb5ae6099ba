//! Postman: its scripts can neither run a command nor read the environment (postman-app-support#3180), and Newman takes
//! variables only as arguments, which the list of processes shows (newman#856). Newman as a library takes them in memory.

use super::{Step, Way};

pub(super) fn steps(way: &Way<'_>) -> Vec<Step> {
    let Way { variable, field, before, sign_typed, run_typed, .. } = way;
    vec![
        Step::says(format!("In the collection, set the header field {field} to {before}{{{{{variable}}}}}, and export it.")),
        Step::says("A script in Postman can neither run a command nor read the environment. Newman runs the collection instead; as a \
              library it takes the token without showing it in the list of processes.")
        .typed("npm install newman"),
        Step::says("Save this beside the collection.").file("collection.mjs", RUN.replace("VARIABLE", variable)),
        Step::says("Run it with a fresh token.").typed(format!("{run_typed} -- node collection.mjs collection.json")),
        Step::says(format!(
            "In Postman itself, paste a token into a secret of your local vault, and write {{{{vault:{variable}}}}} instead; it \
             stays on this computer, and the token works until it expires."
        ))
        .typed(sign_typed),
    ]
}

const RUN: &str = r#"import newman from "newman";

const token = process.env.VARIABLE;
if (!token) {
  console.error("VARIABLE is not set");
  process.exit(1);
}

const options = {
  collection: process.argv[2],
  envVar: [{ key: "VARIABLE", value: token }],
  reporters: "cli",
};
newman.run(options, (error, summary) => {
  if (error) {
    throw error;
  }
  process.exitCode = summary.run.failures.length > 0 ? 1 : 0;
});
"#;

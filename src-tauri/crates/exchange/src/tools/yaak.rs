//! Yaak: templates read neither the environment nor commands, and there are no scripts; a plugin runs in Node and adds a
//! template function that does.

use super::{Step, Way};
use crate::copy_as::javascript_string;

pub(super) fn steps(way: &Way<'_>) -> Vec<Step> {
    let Way { field, before, .. } = way;
    let words: Vec<String> = way.sign.iter().skip(1).map(|word| javascript_string(word)).collect();
    let plugin = PLUGIN
        .replace("COMMAND", &javascript_string(way.sign.first().copied().unwrap_or_default()))
        .replace("WORDS", &words.join(", "));
    vec![
        Step::says("Yaak reads neither the environment nor commands. A plugin adds what is missing.")
            .typed("npm install --global @yaakapp/cli\nyaak plugin generate --name keywright --dir keywright"),
        Step::says("Make this the plugin. Nobody can type a passphrase there, so the command must not ask for one.")
            .file("keywright/src/index.ts", plugin),
        Step::says("Build it, and add its folder in Yaak's settings under Plugins.")
            .typed("cd keywright\nnpm install\nyaak plugin build"),
        Step::says(format!("Set the header field {field} to {before}${{[ keywright.token() ]}}.")),
    ]
}

const PLUGIN: &str = r#"import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { PluginDefinition } from "@yaakapp/api";

const run = promisify(execFile);

export const plugin: PluginDefinition = {
  templateFunctions: [
    {
      name: "keywright.token",
      description: "A fresh token from Keywright",
      args: [],
      async onRender(_context, { purpose }) {
        if (purpose !== "send") {
          return null;
        }
        const { stdout } = await run(COMMAND, [WORDS]);
        return stdout.trim();
      },
    },
  ],
};
"#;

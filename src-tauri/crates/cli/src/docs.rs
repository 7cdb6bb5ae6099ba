//! `docs/cli.md` and `docs/findings.md`, written from the program's own tables, so that they cannot say anything else.
//!
//! `KEYWRIGHT_UPDATE=1 cargo test -p keywright-cli docs` writes them anew; without it the test compares.

use std::{fmt::Write, fs, path::Path};

use clap::{Arg, ArgAction, Command, CommandFactory};
use jose::finding::{Group, TABLE};

use crate::{commands::Arguments, exit};

/// What each command prints with `--json`: a type of `wire`, `[]` behind it for a list.
const ANSWERS: &[(&str, &str)] = &[
    ("demo", "DemoSteps"),
    ("vault create", "VaultStatus"),
    ("vault status", "VaultStatus"),
    ("vault passwd", "VaultStatus"),
    ("vault path", "VaultPath"),
    ("profile add", "Profile"),
    ("profile list", "Profile[]"),
    ("profile show", "Profile"),
    ("profile set", "Profile"),
    ("profile export", ""),
    ("profile import", "Profile"),
    ("profile rename", "Profile"),
    ("profile remove", "Profile"),
    ("key generate", "Key"),
    ("key import", "Key"),
    ("key list", "Key[]"),
    ("key show", "Key"),
    ("key export", "KeyText"),
    ("key rename", "Key"),
    ("key choose", "Key"),
    ("key history", "KeyEvent[]"),
    ("key delete", "Key"),
    ("key restore", "Key"),
    ("key destroy", "Key"),
    ("key thumbprint", "KeyText"),
    ("key set", "KeyText"),
    ("key convert", "KeyText"),
    ("credential add", "Key"),
    ("credential set", "Key"),
    ("rotate start", "Rotation"),
    ("rotate status", "Rotation"),
    ("rotate next", "Rotation"),
    ("rotate paste", ""),
    ("rotate hand-over", "Rotation"),
    ("rotate back", "Rotation"),
    ("rotate abort", "Rotation"),
    ("rotate list", "Rotation[]"),
    ("rotate due", "LineDue[]"),
    ("rotate incident", "Incident"),
    ("check", "CheckOutcome[]"),
    ("token sign", "SignedToken"),
    ("token get", "ReadyToken"),
    ("token inspect", "Inspection"),
    ("token verify", "Inspection"),
    ("flow run", "ExecutionOutcome"),
    ("flow list", "FlowRow[]"),
    ("flow tokens", "IssuedTokens[]"),
    ("flow forget", "Forgotten"),
    ("request send", "Sent"),
    ("run", ""),
    ("webhook verify", "WebhookCheck"),
    ("webhook sign", "WebhookSample"),
    ("webhook code", "HandlerCode"),
    ("webhook listen", "WebhookDelivery"),
    ("emulator", "EmulatorStarted"),
    ("provider list", "Provider[]"),
    ("provider show", "Provider"),
    ("provider new", "StartingFile"),
    ("provider check", "DefinitionCheck"),
    ("provider diff", "DefinitionChange[]"),
    ("provider add", "DefinitionTaken"),
    ("provider own", "OwnDefinition[]"),
    ("provider update", "DefinitionTaken"),
    ("provider remove", "DefinitionForgotten"),
    ("settings show", "Settings"),
    ("settings set", "Settings"),
    ("doctor", "Diagnosis"),
    ("completions", ""),
    ("man", ""),
];

const INTRODUCTION: &str = "\
# The command line

Written from the program's own tables; change those, then run `KEYWRIGHT_UPDATE=1 cargo test -p keywright-cli docs`.

stdout holds the result alone; findings, questions and progress go to stderr. Colours appear on a terminal only, and not
where `NO_COLOR` is set. A file named `-` is standard input, which one option of a call may read, or for `--output`
standard output.

A vault is looked for at `--vault`, else at `KEYWRIGHT_VAULT`, else in the application's data folder. Its passphrase is
asked for at the terminal, or read with `--passphrase-file` or `--passphrase-fd`; it is never an argument. What is typed
for a question is not shown, and what was typed before it is dropped.

`keywright run` becomes its command, on Unix: signals and the exit code are the command's own. The command inherits
standard input, output and error and no other open file; its standard input is empty where the passphrase came from there.
On Windows it waits for the command, which ends with it.

A token may stand in any text: `Bearer …`, a header line, a curl command, JSON.

In `--claims` and `--claim`, the texts `\"$now\"`, `\"$now+15m\"`, `\"$now-30s\"` and `\"$uuid\"` stand for times and random
ids; a text that begins with a dollar is written with two.
";

#[test]
fn the_commands_are_documented_as_they_are() {
    let mut text = format!(
        "{INTRODUCTION}\n## Exit codes\n\n```\n{}\n```\n\n## Commands\n",
        exit::TABLE.trim_start_matches("Exit codes:\n")
    );
    let mut answers = ANSWERS.iter();
    for (name, command) in leaves(&Arguments::command()) {
        let (documented, answer) = answers.next().unwrap();
        assert_eq!(*documented, name, "ANSWERS holds each command in the order of the help");
        text += &section(&name, &command, answer);
    }
    assert_eq!(answers.next(), None);
    text += JSON;
    text += &types();
    for (at, _) in text.match_indices("](#") {
        let link = text[at + 3..].split(')').next().unwrap_or_default();
        let heading = text.lines().any(|line| line.starts_with('#') && anchor(line) == link);
        assert!(heading, "the document links to #{link}, which is not a heading of it");
    }
    keep("cli.md", &text);
}

/// A heading's anchor.
fn anchor(heading: &str) -> String {
    let name = heading.trim_start_matches('#').trim().to_lowercase();
    name.replace(' ', "-").chars().filter(|c| c.is_alphanumeric() || *c == '-').collect()
}

#[test]
fn the_findings_are_documented_as_they_are() {
    let mut text = "# Findings\n\nEverything that Keywright can say about a token, a key or a webhook. Written from the table in \
        `jose::finding`; run `KEYWRIGHT_UPDATE=1 cargo test -p keywright-cli docs` after a change \
        there.\n\nAn error is what a careful verifier refuses; a warning is what some verifier refuses, or what weakens \
        the token; information\nis worth knowing. `token inspect --strict` ends with 5 where there is an error.\n"
        .to_owned();
    for group in Group::ALL {
        writeln!(
            text,
            "\n## {}\n\n| code | severity | what it means | source |\n| --- | --- | --- | --- |",
            group.name()
        )
        .unwrap();
        for row in TABLE.iter().filter(|row| row.group == group) {
            let (name, severity) = (row.name, row.severity);
            writeln!(text, "| `{name}` | {severity} | {} | {} |", row.title, row.source).unwrap();
        }
    }
    keep("findings.md", &text);
}

/// Compares a file of `docs/` with what it should hold, or writes it.
fn keep(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs").join(name);
    if std::env::var_os("KEYWRIGHT_UPDATE").is_some() {
        fs::write(&path, text).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == text, "docs/{name} is not up to date: KEYWRIGHT_UPDATE=1 cargo test -p keywright-cli docs");
}

/// Every command that does something, with its name: `token sign`.
fn leaves(root: &Command) -> Vec<(String, Command)> {
    let mut found = Vec::new();
    for command in root.get_subcommands().filter(|command| command.get_name() != "help") {
        let name = command.get_name();
        match command.has_subcommands() {
            true => {
                found.extend(leaves(command).into_iter().map(|(leaf, command)| (format!("{name} {leaf}"), command)))
            }
            false => found.push((name.to_owned(), command.clone())),
        }
    }
    found
}

fn section(name: &str, command: &Command, answer: &str) -> String {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let mut text = format!("\n### keywright {name}\n\n{about}.");
    match answer {
        "" => {}
        answer => write!(text, " With `--json`: {}.", link(answer)).unwrap(),
    }
    let arguments: Vec<&Arg> = command.get_arguments().filter(|arg| arg.get_id() != "help").collect();
    if arguments.is_empty() {
        return text + "\n";
    }
    text += "\n\n| | |\n| --- | --- |\n";
    for arg in arguments {
        writeln!(text, "| `{}` | {} |", spelling(arg), meaning(arg)).unwrap();
    }
    text
}

/// `-o, --output <FILE>`.
fn spelling(arg: &Arg) -> String {
    let short = arg.get_short().map(|short| format!("-{short}, ")).unwrap_or_default();
    let long = arg.get_long().map(|long| format!("--{long}")).unwrap_or_default();
    let takes_value = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
    let value = arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string);
    let value = value.unwrap_or_else(|| arg.get_id().as_str().to_uppercase());
    match (long.is_empty(), takes_value) {
        (true, _) => value,
        (false, true) => format!("{short}{long} {value}"),
        (false, false) => format!("{short}{long}"),
    }
    .replace('|', "\\|")
}

/// The help, and what it leaves to others: needed or not, several times, the choice, the default.
fn meaning(arg: &Arg) -> String {
    let mut text = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let choices: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let takes_value = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
    if takes_value && !choices.is_empty() {
        write!(text, ": {}", choices.join(", ")).unwrap();
    }
    if let Some(variable) = arg.get_env() {
        write!(text, "; else {}", variable.display()).unwrap();
    }
    let default: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if takes_value && !default.is_empty() {
        write!(text, " (default {})", default.join(" ")).unwrap();
    }
    if arg.is_required_set() {
        text += " (required)";
    }
    text.replace('|', "\\|")
}

fn link(answer: &str) -> String {
    let name = answer.trim_end_matches("[]");
    let list = if answer.ends_with("[]") { "a list of " } else { "" };
    format!("{list}[{name}](#{})", name.to_lowercase())
}

const JSON: &str = "
## JSON

Names are camelCase, times are seconds since 1970, header and claims are texts as they were signed. `request send --curl`
prints a [CurlCommand](#curlcommand), and `rotate start --dry-run` a [RotationPlan](#rotationplan). `profile export` prints its file as it is; `rotate paste` what is pasted; `key export` and `key convert` print private keys and DER as they are, also with
`--json`. An error stands on stderr as `{\"error\": …}`, an [ErrorBody](#errorbody).
";

/// The types of `wire`, from its sources.
fn types() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wire/src");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "rs"));
    files.sort();
    let mut types: Vec<(String, String)> = Vec::new();
    for file in files {
        types.extend(types_of(&fs::read_to_string(file).unwrap()));
    }
    types.sort();
    let names: Vec<String> = types.iter().map(|(name, _)| name.clone()).collect();
    for (_, answer) in ANSWERS.iter().filter(|(_, answer)| !answer.is_empty()) {
        assert!(names.iter().any(|name| name == answer.trim_end_matches("[]")), "wire has no {answer}");
    }
    let reached = reached(&types);
    types.into_iter().filter(|(name, _)| reached.contains(name)).map(|(_, text)| text).collect()
}

/// The types that an answer of a command holds, or an error. The others are the window's own.
fn reached(types: &[(String, String)]) -> Vec<String> {
    let mut reached: Vec<String> = ANSWERS.iter().map(|(_, answer)| answer.trim_end_matches("[]").to_owned()).collect();
    // Those that the text before the types names.
    reached.extend(["CurlCommand", "ErrorBody", "RotationPlan"].map(str::to_owned));
    let mut index = 0;
    while index < reached.len() {
        if let Some((_, text)) = types.iter().find(|(name, _)| *name == reached[index]) {
            let links = text.split("](#").skip(1).filter_map(|link| link.split(')').next());
            let linked = links.filter_map(|link| types.iter().find(|(name, _)| name.to_lowercase() == link));
            let new: Vec<String> =
                linked.map(|(name, _)| name.clone()).filter(|name| !reached.contains(name)).collect();
            reached.extend(new);
        }
        index += 1;
    }
    reached
}

/// The public structs and enums of one source: their documentation and that of their members.
fn types_of(source: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let (mut doc, mut optional, mut inside) = (String::new(), false, "");
    for line in source.lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("/// ") {
            doc = format!("{doc} {words}").trim().to_owned();
        } else if line.starts_with("#[") {
            optional |= line.contains("skip_serializing_if");
        } else if let Some((kind, name)) = begins(line) {
            inside = kind;
            let head = if inside == "enum" { "| value | |" } else { "| member | type | |" };
            let rule = if inside == "enum" { "| --- | --- |" } else { "| --- | --- | --- |" };
            found.push((name.clone(), format!("\n### {name}\n\n{doc}\n\n{head}\n{rule}\n")));
            doc.clear();
        } else if line == "}" {
            (inside, doc) = ("", String::new());
        } else if let (Some((_, text)), false) = (found.last_mut(), inside.is_empty()) {
            if let Some((name, kind)) = line.strip_prefix("pub ").and_then(|member| member.split_once(": ")) {
                let kind = json_type(kind.trim_end_matches(','));
                let kind = if optional { kind.replace(" or null", "") + ", or absent" } else { kind };
                writeln!(text, "| `{}` | {kind} | {doc} |", camel(name)).unwrap();
            } else if let ("enum", Some(variant)) = (inside, line.strip_suffix(',')) {
                writeln!(text, "| `{}` | {doc} |", kebab(variant)).unwrap();
            }
            (optional, doc) = (false, String::new());
        } else {
            doc.clear();
        }
    }
    found
}

/// Whether a type begins here, and its name. A vocabulary is an enum: `Tier: provider::Tier {`.
fn begins(line: &str) -> Option<(&'static str, String)> {
    let line = line.strip_suffix(" {")?;
    let vocabulary =
        || line.split_once(": ").filter(|(name, below)| is_type(name) && below.contains("::")).map(|it| it.0);
    let (kind, name) = match (line.strip_prefix("pub struct "), line.strip_prefix("pub enum ")) {
        (Some(name), _) => ("struct", name),
        (_, Some(name)) => ("enum", name),
        _ => ("enum", vocabulary()?),
    };
    is_type(name).then(|| (kind, name.to_owned()))
}

fn is_type(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}

fn json_type(rust: &str) -> String {
    let inner = |prefix: &str| rust.strip_prefix(prefix).and_then(|rest| rest.strip_suffix('>'));
    if let Some(inner) = inner("Option<") {
        return format!("{} or null", json_type(inner));
    }
    if let Some(inner) = inner("Vec<") {
        return format!("list of {}", json_type(inner));
    }
    if rust.starts_with("BTreeMap<") {
        return "object of strings".to_owned();
    }
    match rust {
        "String" | "&'static str" => "string".to_owned(),
        "bool" => "boolean".to_owned(),
        "[usize; 2]" => "list of two numbers".to_owned(),
        "usize" => "number".to_owned(),
        number if number.starts_with(['i', 'u']) && number[1..].bytes().all(|b| b.is_ascii_digit()) => {
            "number".to_owned()
        }
        name => format!("[{name}](#{})", name.to_lowercase()),
    }
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| text + &word[..1].to_uppercase() + &word[1..])
}

fn kebab(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.extend(c.to_lowercase());
    }
    text
}

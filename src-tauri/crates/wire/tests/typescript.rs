//! `ui/src/host/wire.ts` is written from the types and the table of this crate, so the page cannot speak of anything
//! else. `KEYWRIGHT_UPDATE=1 cargo test -p keywright-wire` writes it; without, the test compares.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use std::{
    any::type_name,
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
};

use keywright_wire as wire;
use ts_rs::{Config, TS, TypeVisitor};

const HEAD: &str = "\
// What crosses between Rust and the window. Times are seconds since 1970; offsets are UTF-16 code units of the text they
// speak of, as JavaScript counts.
//
// Written from src-tauri/crates/wire by its tests: KEYWRIGHT_UPDATE=1 cargo test -p keywright-wire
";

/// What stands for a type that ts-rs has no word for.
const SECRET: &str = "
/** A text that Rust answers in no form. The request that holds it is sealed on its way there. */
export type Secret = string;
";

const TAIL: &str = "\
}

export type Command = keyof Commands;
export type Request<C extends Command> = Commands[C][0];
export type Answer<C extends Command> = Commands[C][1];
";

#[test]
fn the_page_knows_exactly_these_types() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/host/wire.ts");
    let wanted = typescript();
    if std::env::var_os("KEYWRIGHT_UPDATE").is_some() {
        fs::write(&file, &wanted).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap();
    let differs = found.lines().zip(wanted.lines()).position(|(found, wanted)| found != wanted);
    assert!(
        found == wanted,
        "ui/src/host/wire.ts is not what the types say, from line {}: KEYWRIGHT_UPDATE=1 cargo test -p keywright-wire",
        differs.unwrap_or_else(|| found.lines().count().min(wanted.lines().count())) + 1
    );
}

fn typescript() -> String {
    let mut types =
        Types { config: Config::new().with_large_int("number"), seen: BTreeSet::new(), declared: BTreeMap::new() };
    let (mut commands, mut requests) = (String::new(), Vec::new());
    macro_rules! row {
        ($( $(#[doc = $doc:literal])* $name:ident: $request:ty => $answer:ty; )*) => {$(
            $( writeln!(commands, "  /**{} */", $doc).unwrap(); )*
            let (request, answer) = (types.named::<$request>(), types.named::<$answer>());
            writeln!(commands, "  {}: [{request}, {answer}];", stringify!($name)).unwrap();
            requests.push((stringify!($name), request));
        )*};
    }
    wire::for_each_command!(row);
    types.declare::<wire::Event>();
    types.declare::<wire::ErrorBody>();
    types.declare::<wire::Algorithm>();

    let table = "/** Every command: what it takes and what it answers. One that fails rejects with an `ErrorBody`. */\n\
                 export interface Commands {\n";
    let secret: Vec<_> = requests.iter().filter(|(_, request)| types.holds_secret(request)).collect();
    let secret: String = secret.iter().map(|(name, _)| format!("  \"{name}\",\n")).collect();
    let secret = format!(
        "\n/** Commands whose requests hold a secret. */\n\
         export const HOLD_SECRETS: ReadonlySet<Command> = new Set<Command>([\n{secret}]);\n"
    );
    let declared: String = types.declared.into_values().collect();
    format!("{HEAD}\n{table}{commands}{TAIL}{secret}{}{SECRET}{declared}", values())
}

/// What the page knows beside the types: tables and numbers that Rust has.
fn values() -> String {
    let algorithms = wire::Algorithm::all();
    let algorithms: String = algorithms.iter().map(|algorithm| format!("  {},\n", json(algorithm))).collect();
    let range = |(name, range): (&str, std::ops::RangeInclusive<u32>)| {
        format!("  {name}: [{}, {}],\n", range.start(), range.end())
    };
    let ranges: String = wire::Settings::RANGES.into_iter().map(range).collect();
    let unseen: String = unseen().into_iter().map(|(from, to)| format!("  [{from:#x}, {to:#x}],\n")).collect();
    let settings = wire::Settings::new(&workbench::records::Settings::default(), Path::new(""));
    format!(
        "\n/** The algorithms that a key can be made for. */\n\
         export const ALGORITHMS: readonly Algorithm[] = [\n{algorithms}];\n\
         \n/** What each number of the settings may be. */\n\
         export const RANGES = {{\n{ranges}}} as const satisfies {{ [K in keyof Settings]?: readonly [number, number] }};\n\
         \n/** Characters that nobody sees, as the first and the last of each row: what controls, joins, separates or turns text. */\n\
         export const UNSEEN: readonly (readonly [number, number])[] = [\n{unseen}];\n\
         \n/** The settings of a new vault. */\n\
         export const SETTINGS: Settings = {};\n\
         \n/** How much is kept: deliveries of the receiver, requests of the emulator, and for how long a deleted key. */\n\
         export const KEPT = {{ deliveries: {}, emulated: {}, deletedSeconds: {} }} as const;\n",
        json(&settings),
        wire::DELIVERIES_KEPT,
        wire::EMULATED_KEPT,
        wire::DELETED_KEPT_SECONDS,
    )
}

/// The rows of characters that nobody sees.
fn unseen() -> Vec<(u32, u32)> {
    let mut rows: Vec<(u32, u32)> = Vec::new();
    for code in ('\0'..=char::MAX).filter(|c| jose::unseen::is_unseen(*c)).map(u32::from) {
        match rows.last_mut() {
            Some((_, to)) if *to + 1 == code => *to = code,
            _ => rows.push((code, code)),
        }
    }
    rows
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

/// Every number of the settings has a range, so that none of them can be typed into the page without bounds.
#[test]
fn every_number_that_is_chosen_has_a_range() {
    let settings = wire::Settings::new(&workbench::records::Settings::default(), Path::new(""));
    let shown = serde_json::to_value(settings).unwrap();
    let numbers = shown.as_object().unwrap().iter().filter(|(name, value)| value.is_number() && *name != "trusted");
    let numbers: BTreeSet<&str> = numbers.map(|(name, _)| name.as_str()).collect();
    assert_eq!(numbers, wire::Settings::RANGES.iter().map(|(name, _)| *name).collect());
}

#[test]
fn the_page_offers_every_algorithm() {
    let offered: BTreeSet<&str> = wire::Algorithm::all().iter().map(|algorithm| algorithm.name).collect();
    assert_eq!(offered, jose::Alg::all().map(jose::Alg::name).collect());
}

/// The declarations by their names: the order in which types tell of their members' types changes with each build.
struct Types {
    config: Config,
    seen: BTreeSet<String>,
    declared: BTreeMap<String, String>,
}

impl Types {
    /// What `T` is called in the table. The objects that are made for one command alone have no name there.
    fn named<T: TS + 'static>(&mut self) -> String {
        self.declare::<T>();
        let text = if is_of_one_command::<T>() { T::inline(&self.config) } else { T::name(&self.config) };
        let text = one_line(&text);
        if text == "null" || !text.contains("null") { text } else { text.replace("|null", "| null") }
    }

    /// Whether a type, as it is written here, holds a secret, itself or in what it is made of.
    fn holds_secret(&self, text: &str) -> bool {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        words.filter(|word| !word.is_empty()).any(|word| {
            // A declaration names itself.
            word == "Secret" || self.declared.get(word).is_some_and(|it| self.holds_secret(&body_of(it)))
        })
    }

    /// Declares `T` and what it is made of.
    fn declare<T: TS + 'static + ?Sized>(&mut self) {
        let is_new = self.seen.insert(type_name::<T>().to_owned());
        if !is_new {
            return;
        }
        if T::output_path().is_some() && !is_of_one_command::<T>() {
            let docs = T::docs().unwrap_or_default();
            let declaration = format!("{}export {}", comments(&docs), T::decl(&self.config));
            self.declared.insert(T::name(&self.config), format!("\n{}\n", laid_out(&declaration)));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.declare::<T>();
    }
}

fn is_of_one_command<T: ?Sized>() -> bool {
    let name = type_name::<T>();
    name.starts_with("keywright_wire::commands::") && !name.ends_with("Kind")
}

/// Without comments and line breaks.
fn one_line(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::new();
    while let Some((before, after)) = rest.split_once("/**") {
        plain.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").replace(", }", " }")
}

/// A comment of one line on one line.
fn comments(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    match lines.as_slice() {
        ["/**", one, "*/"] => format!("/** {} */\n", one.trim_start_matches('*').trim()),
        _ => text.to_owned(),
    }
}

/// One member on each line, its comment before it, two spaces for each brace.
fn laid_out(text: &str) -> String {
    // Each shape of a union begins on a line of its own.
    let union = text.contains("| {");
    let text = if union { text.replacen("= {", "= | {", 1) } else { text.to_owned() };
    let (mut out, base, mut rest) = (String::new(), usize::from(union), text.as_str());
    let mut depth = base;
    let line = |out: &mut String, depth: usize| {
        let end = out.trim_end().len();
        out.truncate(end);
        write!(out, "\n{}", "  ".repeat(depth)).unwrap();
    };
    while let Some(next) = rest.chars().next() {
        if rest.starts_with("/**") {
            let (comment, after) = rest.split_once("*/").unwrap();
            let words: Vec<&str> =
                comment.trim_start_matches("/**").lines().map(|it| it.trim().trim_start_matches('*').trim()).collect();
            if depth > base {
                line(&mut out, depth);
            }
            write!(out, "/** {} */", words.join(" ").trim()).unwrap();
            line(&mut out, if depth > base { depth } else { 0 });
            rest = after.trim_start();
            continue;
        }
        match next {
            '{' => {
                let inner = rest[1..].trim_start();
                let map = inner.starts_with('[');
                let short = rest.find('}').is_some_and(|end| !rest[1..end].contains(['{', '/']) && end < 90);
                if map || short {
                    let end = closing(rest);
                    let body = rest[1..end].trim().trim_end_matches(',');
                    write!(out, "{{ {body} }}").unwrap();
                    rest = &rest[end + 1..];
                    continue;
                }
                depth += 1;
                out.push('{');
                line(&mut out, depth);
                rest = inner;
                continue;
            }
            '}' => {
                depth -= 1;
                line(&mut out, depth);
                out.push('}');
            }
            ',' if depth > base && in_members(&out) => {
                out.push(';');
                line(&mut out, depth);
                rest = rest[1..].trim_start();
                continue;
            }
            '|' if depth == base && rest.starts_with("| {") => {
                line(&mut out, base);
                out.push('|');
            }
            '\n' => {
                out.push('\n');
            }
            other => out.push(other),
        }
        rest = &rest[next.len_utf8()..];
    }
    out.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Where the brace is closed with which `text` begins.
fn closing(text: &str) -> usize {
    let mut open = 0;
    let end = text.char_indices().find(|(_, c)| {
        open += i32::from(*c == '{') - i32::from(*c == '}');
        open == 0
    });
    end.unwrap().0
}

/// Whether a comma here ends a member, rather than standing between type arguments or in a tuple.
fn in_members(so_far: &str) -> bool {
    let member = so_far.rsplit('\n').next().unwrap_or_default();
    let count = |of: char| member.matches(of).count();
    count('<') == count('>') && count('[') == count(']') && count('"') % 2 == 0
}

/// What stands behind the name of a declaration, without comments.
fn body_of(declaration: &str) -> String {
    let code = declaration.lines().filter(|line| !line.trim_start().starts_with(['/', '*']));
    let code = code.collect::<Vec<_>>().join("\n");
    let body = code.find(['{', '=']).map_or("", |at| &code[at..]);
    body.to_owned()
}

#[test]
fn passphrases_and_secrets_are_sealed_on_their_way() {
    let text = typescript();
    let sealed = text.split_once("HOLD_SECRETS").unwrap().1.split_once("]);").unwrap().0.to_owned();
    let names: Vec<&str> =
        sealed.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\",")).collect();
    insta::assert_snapshot!(names.join(" "), @"passphrase_strength vault_create vault_unlock vault_change_passphrase webhook_hold import_unlock key_save_private rotation_bring credential_add profile_change");
}

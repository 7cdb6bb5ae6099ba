//! Go, 1.18 or later, with its standard library.

use std::fmt::Write as _;

use jose::{key::SecretEncoding, webhook::Encoding};

use super::plan::{Bit, Plan, Signatures, Signed, Time, TimePlace};
use crate::copy_as::{camel, go_string as text};

pub(super) fn write(plan: &Plan<'_>) -> String {
    let mut out: String = plan.says.iter().map(|line| format!("// {line}\n")).collect();
    out.push_str("package webhook\n\n");
    out.push_str(&imports(plan));
    out.push_str(&secret(plan));
    let arguments: String = plan.told().iter().map(|name| format!(", {name} string")).collect();
    out.push_str("// IsGenuine says whether the provider made this delivery. rawBody is the body as it came, before any parser:\n");
    out.push_str("// io.ReadAll of the request's Body.\n");
    if plan.is_told("url") {
        out.push_str("// url is the address that the provider was given, which a proxy may hide from the server.\n");
    }
    let _ = writeln!(out, "func IsGenuine(header http.Header, rawBody []byte{arguments}) bool {{");
    for (local, name) in &plan.fields {
        let _ = writeln!(out, "\t{} := one(header, {})", camel(local), text(name));
    }
    let wanted: Vec<String> = plan.wanted().iter().map(|local| format!("{} == \"\"", camel(local))).collect();
    if !wanted.is_empty() {
        let _ = write!(out, "\tif {} {{\n\t\treturn false\n\t}}\n", wanted.join(" || "));
    }
    if plan.reads_body() {
        out.push_str(READ);
    }
    if let Signatures::Body(path) = &plan.signatures {
        let _ = write!(
            out,
            "\tsignature, ok := text(at(event, {}))\n\tif !ok || signature == \"\" {{\n\t\treturn false\n\t}}\n",
            arguments_of(path)
        );
    }
    out.push_str(&time(plan.time.as_ref()));
    out.push_str(&signed(plan));
    out.push_str(&compare(plan));
    out.push_str("}\n");
    if !plan.fields.is_empty() {
        out.push_str(ONE);
    }
    let _ = write!(
        out,
        "\nfunc decoded(text string) []byte {{\n\tbytes, err := {}\n\tif err != nil {{\n\t\treturn nil\n\t}}\n\treturn bytes\n}}\n",
        match plan.encoding {
            Encoding::Hex => "hex.DecodeString(text)",
            Encoding::Base64 => "base64.RawStdEncoding.DecodeString(strings.TrimRight(text, \"=\"))",
            Encoding::Base64Url => "base64.RawURLEncoding.DecodeString(strings.TrimRight(text, \"=\"))",
        }
    );
    if has_member(plan) {
        out.push_str(MEMBER);
    }
    if plan.reads_body() {
        out.push_str(AT);
    }
    out
}

fn has_member(plan: &Plan<'_>) -> bool {
    matches!(plan.time, Some(Time { place: TimePlace::Member(..), .. }))
}

fn imports(plan: &Plan<'_>) -> String {
    let is_base64 = |encoding| matches!(encoding, SecretEncoding::Base64 | SecretEncoding::Base64Url);
    let hash = |name| plan.hash() == Some(name);
    let splits = !plan.is_single() && (plan.separator.is_some() || plan.trims);
    let strings = plan.encoding != Encoding::Hex
        || is_base64(plan.secret)
        || !plan.beginnings.is_empty()
        || !plan.secret_beginnings.is_empty()
        || splits
        || has_member(plan)
        || !matches!(plan.signed, Signed::Text(_));
    let wanted = [
        ("bytes", plan.reads_body() || plan.anew),
        ("crypto/ed25519", plan.hash().is_none()),
        ("crypto/hmac", plan.hash().is_some()),
        ("crypto/sha1", hash("sha1")),
        ("crypto/sha256", hash("sha256")),
        ("crypto/sha512", hash("sha512")),
        ("encoding/base64", plan.encoding != Encoding::Hex || is_base64(plan.secret)),
        ("encoding/hex", plan.encoding == Encoding::Hex || plan.secret == SecretEncoding::Hex),
        ("encoding/json", plan.reads_body() || plan.anew),
        ("net/http", true),
        ("os", true),
        ("strconv", plan.time.is_some() || plan.reads_body()),
        ("strings", strings),
        ("time", plan.time.is_some()),
    ];
    let lines = wanted.iter().filter(|(_, wanted)| *wanted).map(|(package, _)| format!("\t\"{package}\"\n"));
    format!("import (\n{})\n\n", lines.collect::<String>())
}

fn secret(plan: &Plan<'_>) -> String {
    let variable = plan.variable;
    let kind = if plan.hash().is_some() { "[]byte" } else { "ed25519.PublicKey" };
    let mut out = format!(
        "var key = mustKey()\n\nfunc mustKey() {kind} {{\n\tsecret := os.Getenv(\"{variable}\")\n\tif secret == \"\" \
         {{\n\t\tpanic(\"{variable} is not set\")\n\t}}\n"
    );
    if !plan.secret_beginnings.is_empty() {
        let beginnings = literals(plan.secret_beginnings);
        let _ = write!(
            out,
            "\tfor _, beginning := range []string{{{beginnings}}} {{\n\t\tif strings.HasPrefix(secret, beginning) {{\n\t\t\t\
             secret = secret[len(beginning):]\n\t\t\tbreak\n\t\t}}\n\t}}\n"
        );
    }
    let decode = match plan.secret {
        SecretEncoding::Utf8 => None,
        SecretEncoding::Hex => Some("hex.DecodeString(secret)"),
        SecretEncoding::Base64 => Some("base64.RawStdEncoding.DecodeString(strings.TrimRight(secret, \"=\"))"),
        SecretEncoding::Base64Url => Some("base64.RawURLEncoding.DecodeString(strings.TrimRight(secret, \"=\"))"),
    };
    // Nothing at all would be a key that everybody has.
    let wrong = match plan.hash() {
        Some(_) => "len(key) == 0",
        None => "len(key) != ed25519.PublicKeySize",
    };
    match decode {
        Some(decode) => {
            let _ = write!(
                out,
                "\tkey, err := {decode}\n\tif err != nil || {wrong} {{\n\t\tpanic(\"{variable} cannot be read\")\n\t}}\n\t\
                 return key\n"
            );
        }
        None if plan.secret_beginnings.is_empty() => out.push_str("\treturn []byte(secret)\n"),
        None => {
            let _ = write!(
                out,
                "\tif secret == \"\" {{\n\t\tpanic(\"{variable} holds no secret\")\n\t}}\n\treturn []byte(secret)\n"
            );
        }
    }
    out + "}\n\n"
}

const ONE: &str = "
// one gives the value of a field that stands there once: of two, servers disagree on which one counts.
func one(header http.Header, name string) string {
\tif values := header.Values(name); len(values) == 1 {
\t\treturn values[0]
\t}
\treturn \"\"
}
";

const MEMBER: &str = "
// member gives the value of a member in a list such as `t=1,v1=ab`.
func member(list, separator, name string) string {
\tfor _, item := range strings.Split(list, separator) {
\t\tif key, value, _ := strings.Cut(strings.TrimSpace(item), \"=\"); key == name {
\t\t\treturn value
\t\t}
\t}
\treturn \"\"
}
";

const AT: &str = "
// at gives what stands in the body at the end of this way.
func at(value any, way ...string) any {
\tfor _, name := range way {
\t\tswitch inner := value.(type) {
\t\tcase map[string]any:
\t\t\tvalue = inner[name]
\t\tcase []any:
\t\t\tindex, err := strconv.Atoi(name)
\t\t\tif err != nil || index < 0 || index >= len(inner) {
\t\t\t\treturn nil
\t\t\t}
\t\t\tvalue = inner[index]
\t\tdefault:
\t\t\treturn nil
\t\t}
\t}
\treturn value
}

// text gives a member as it is signed: nothing where there is none, and never an object.
func text(value any) (string, bool) {
\tswitch value := value.(type) {
\tcase nil:
\t\treturn \"\", true
\tcase string:
\t\treturn value, true
\tcase json.Number:
\t\treturn value.String(), true
\tcase bool:
\t\treturn strconv.FormatBool(value), true
\t}
\treturn \"\", false
}
";

/// Numbers stay as they are written, and behind the value stands nothing.
const READ: &str = "\tvar event any
\tif !json.Valid(rawBody) {
\t\treturn false
\t}
\tdecoder := json.NewDecoder(bytes.NewReader(rawBody))
\tdecoder.UseNumber()
\tif err := decoder.Decode(&event); err != nil {
\t\treturn false
\t}
";

fn time(time: Option<&Time<'_>>) -> String {
    let Some(time) = time else { return String::new() };
    let mut out = String::new();
    let _ = match &time.place {
        TimePlace::Field => Ok(()),
        TimePlace::Member(field, separator, name) => {
            writeln!(out, "\ttimestamp := member({}, {}, {})", camel(field), text(separator), text(name))
        }
        TimePlace::Body(path) => writeln!(out, "\ttimestamp, _ := text(at(event, {}))", arguments_of(path)),
    };
    let now = if time.milliseconds { "time.Now().UnixMilli()" } else { "time.Now().Unix()" };
    out.push_str("\tsignedAt, err := strconv.ParseUint(timestamp, 10, 63)\n\tif err != nil {\n\t\treturn false\n\t}\n");
    let _ = write!(
        out,
        "\tage := {now} - int64(signedAt)\n\tif age > {} || age < -{} {{\n\t\treturn false\n\t}}\n",
        time.past, time.future
    );
    out
}

fn signed(plan: &Plan<'_>) -> String {
    let mut out = String::from("\n");
    if plan.anew {
        out.push_str("\t// The body without the white space between its tokens, as JSON.stringify writes it.\n");
        out.push_str("\tvar signedBody bytes.Buffer\n\tif err := json.Compact(&signedBody, rawBody); err != nil {\n\t\treturn false\n\t}\n");
    }
    let pieces = match &plan.signed {
        Signed::Text(bits) => pieces(bits, if plan.anew { "signedBody.Bytes()" } else { "rawBody" }),
        Signed::Members(paths, separator) => {
            let paths: String = paths.iter().map(|path| format!("\t\t{{{}}},\n", literals(path))).collect();
            let _ = write!(out, "\tvar values []string\n\tfor _, way := range [][]string{{\n{paths}\t}} {{\n");
            out.push_str("\t\tvalue, ok := text(at(event, way...))\n\t\tif !ok {\n\t\t\treturn false\n\t\t}\n\t\tvalues = append(values, value)\n\t}\n");
            vec![Sum::Text(vec![format!("strings.Join(values, {})", text(separator))])]
        }
        Signed::Named(names, within, separator) => {
            out.push_str("\tvar names []string\n");
            let _ = writeln!(out, "\tswitch named := at(event, {}).(type) {{", arguments_of(names));
            out.push_str("\tcase string:\n\t\tnames = strings.Fields(named)\n\tcase []any:\n\t\tfor _, name := range named {\n\t\t\ttext, _ := name.(string)\n\t\t\tnames = append(names, text)\n\t\t}\n\t}\n");
            out.push_str("\tif len(names) == 0 {\n\t\treturn false\n\t}\n\tvar values []string\n\tfor _, name := range names {\n");
            let way = match *within {
                [] => "name".to_owned(),
                way => format!("append([]string{{{}}}, name)...", literals(way)),
            };
            let _ = writeln!(out, "\t\tvalue, ok := text(at(event, {way}))");
            out.push_str("\t\tif !ok {\n\t\t\treturn false\n\t\t}\n\t\tvalues = append(values, value)\n\t}\n");
            vec![Sum::Text(vec![format!("strings.Join(values, {})", text(separator))])]
        }
    };
    match plan.hash() {
        Some(hash) => {
            // SHA-512 has a function of another name than SHA-1 and SHA-256 only in its package.
            let new = match hash {
                "sha1" => "sha1.New",
                "sha512" => "sha512.New",
                _ => "sha256.New",
            };
            let _ = writeln!(out, "\tmac := hmac.New({new}, key)");
            for piece in &pieces {
                let _ = writeln!(out, "\tmac.Write({})", piece.bytes());
            }
            out.push_str("\texpected := mac.Sum(nil)\n");
        }
        None => {
            out.push_str("\tvar signed []byte\n");
            for piece in &pieces {
                let _ = writeln!(out, "\tsigned = append(signed, {}...)", piece.appended());
            }
        }
    }
    out
}

/// The text before and after the body as sums of terms, the body between them.
fn pieces(bits: &[Bit], body: &str) -> Vec<Sum> {
    let mut pieces = vec![Sum::Text(Vec::new())];
    for bit in bits {
        let term = match bit {
            Bit::Text(plain) if plain.is_empty() => continue,
            Bit::Text(plain) => text(plain),
            Bit::Local(local) => camel(local),
            Bit::Body => {
                pieces.extend([Sum::Bytes(body.to_owned()), Sum::Text(Vec::new())]);
                continue;
            }
        };
        if let Some(Sum::Text(terms)) = pieces.last_mut() {
            terms.push(term);
        }
    }
    pieces.retain(|piece| !matches!(piece, Sum::Text(terms) if terms.is_empty()));
    pieces
}

/// Something that is signed.
enum Sum {
    /// Bytes as they are.
    Bytes(String),
    /// Texts, one after the other.
    Text(Vec<String>),
}

impl Sum {
    /// As bytes.
    fn bytes(&self) -> String {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Text(terms) => format!("[]byte({})", terms.join(" + ")),
        }
    }

    /// As what is added to bytes, in gofmt's spacing.
    fn appended(&self) -> String {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Text(terms) => terms.join("+"),
        }
    }
}

fn compare(plan: &Plan<'_>) -> String {
    let same = |given: &str| match plan.hash() {
        Some(_) => format!("hmac.Equal({given}, expected)"),
        None => format!("ed25519.Verify(key, signed, {given})"),
    };
    let mut out = String::new();
    if plan.is_single() {
        let value = match plan.beginnings.first() {
            Some(beginning) => {
                let beginning = text(beginning);
                let _ = write!(out, "\tif !strings.HasPrefix(signature, {beginning}) {{\n\t\treturn false\n\t}}\n");
                format!("strings.TrimPrefix(signature, {beginning})")
            }
            None => "signature".to_owned(),
        };
        let _ = writeln!(out, "\treturn {}", same(&format!("decoded({value})")));
        return out;
    }
    let sources = match &plan.signatures {
        Signatures::Fields(locals) => locals.iter().map(|local| camel(local)).collect::<Vec<_>>().join(", "),
        Signatures::Body(_) => "signature".to_owned(),
    };
    let several = matches!(&plan.signatures, Signatures::Fields(locals) if locals.len() > 1);
    let mut depth = 1;
    let mut open = |out: &mut String, line: &str| {
        let _ = writeln!(out, "{}{line} {{", "\t".repeat(depth));
        depth += 1;
    };
    match (several, plan.separator) {
        (false, Some(separator)) => {
            open(&mut out, &format!("for _, item := range strings.Split(signature, {})", text(separator)));
        }
        (true, Some(separator)) => {
            open(&mut out, &format!("for _, field := range []string{{{sources}}}"));
            open(&mut out, &format!("for _, item := range strings.Split(field, {})", text(separator)));
        }
        (_, None) => open(&mut out, &format!("for _, item := range []string{{{sources}}}")),
    }
    let inside = |depth: usize| "\t".repeat(depth);
    if plan.trims {
        let _ = writeln!(out, "{}item = strings.TrimSpace(item)", inside(depth));
    }
    let condition = match plan.beginnings.as_slice() {
        [] => same("decoded(item)"),
        [one] => {
            let one = text(one);
            format!("strings.HasPrefix(item, {one}) && {}", same(&format!("decoded(strings.TrimPrefix(item, {one}))")))
        }
        beginnings => {
            let line = format!("for _, beginning := range []string{{{}}}", literals(beginnings));
            let _ = writeln!(out, "{}{line} {{", inside(depth));
            depth += 1;
            format!("strings.HasPrefix(item, beginning) && {}", same("decoded(strings.TrimPrefix(item, beginning))"))
        }
    };
    let _ = write!(out, "{0}if {condition} {{\n{0}\treturn true\n{0}}}\n", inside(depth));
    while depth > 1 {
        depth -= 1;
        let _ = writeln!(out, "{}}}", inside(depth));
    }
    out + "\treturn false\n"
}

fn literals(texts: &[String]) -> String {
    texts.iter().map(|one| text(one)).collect::<Vec<_>>().join(", ")
}

fn arguments_of(path: &[String]) -> String {
    literals(path)
}

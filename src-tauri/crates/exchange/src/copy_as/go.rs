//! Go with net/http.

use std::fmt::Write as _;

use super::{
    literal::{is_hidden, long_unicode, quoted, quoted_bytes},
    names::camel,
    parts::{Content, Parts},
    secret::{Part, Spelling, Value},
};

pub(super) fn write(parts: &Parts<'_>) -> String {
    let mut out = imports(parts);
    out.push_str(
        "\nfunc main() {\n\tif err := run(); err != nil {\n\t\tlog.Fatal(err)\n\t}\n}\n\nfunc run() error {\n",
    );
    for secret in &parts.secrets {
        let (variable, local) = (&secret.variable, camel(&secret.local));
        let _ = write!(
            out,
            "\t{local} := os.Getenv(\"{variable}\")\n\tif {local} == \"\" {{\n\t\treturn errors.New(\"{variable} is not \
             set\")\n\t}}\n\n"
        );
    }
    let body = body(parts, &mut out);
    let _ = write!(
        out,
        "\treq, err := http.NewRequest({}, {}, {body})\n\tif err != nil {{\n\t\treturn err\n\t}}\n",
        method(parts.method),
        text(parts.url),
    );
    for (index, (name, value)) in parts.headers.iter().enumerate() {
        let twice = |(other, _): &(&str, Value<'_>)| other.eq_ignore_ascii_case(name);
        let verb = if parts.headers[..index].iter().any(twice) { "Add" } else { "Set" };
        let local = |secret: &usize| camel(&parts.secrets[*secret].local);
        let value = match value {
            Value::Plain(value) => text(value),
            Value::After("", secret) => local(secret),
            Value::After(before, secret) => format!("{}+{}", text(before), local(secret)),
            Value::Basic(secret) => {
                let login = local(secret);
                let _ = write!(out, "\tuser, pass, _ := strings.Cut({login}, \":\")\n\treq.SetBasicAuth(user, pass)\n");
                continue;
            }
        };
        let _ = writeln!(out, "\treq.Header.{verb}({}, {value})", text(name));
    }
    out + SEND
}

const SEND: &str = r#"
	client := &http.Client{
		Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()

	fmt.Println(resp.Status)
	_, err = io.Copy(os.Stdout, resp.Body)
	return err
}
"#;

fn imports(parts: &Parts<'_>) -> String {
    let text = matches!(parts.body, Content::Text(_)) || parts.basic().is_some();
    let wanted = [
        ("bytes", matches!(parts.body, Content::Bytes(_))),
        ("encoding/json", parts.spells(Spelling::Json)),
        ("errors", !parts.secrets.is_empty()),
        ("fmt", true),
        ("io", true),
        ("log", true),
        ("net/http", true),
        ("net/url", parts.spells(Spelling::Form)),
        ("os", true),
        ("strings", text),
        ("time", true),
    ];
    let lines = wanted.iter().filter(|(_, wanted)| *wanted).map(|(package, _)| format!("\t\"{package}\"\n"));
    format!("package main\n\nimport (\n{})\n", lines.collect::<String>())
}

/// Writes what the body needs, and gives the reader of it.
fn body(parts: &Parts<'_>, out: &mut String) -> String {
    let texts = match &parts.body {
        Content::Empty => return "nil".to_owned(),
        Content::Bytes(bytes) => return format!("bytes.NewReader([]byte({}))", quoted_bytes(bytes, &[])),
        Content::Text(texts) => texts,
    };
    let mut expressions = Vec::new();
    for part in texts {
        expressions.push(match part {
            Part::Text(value) => long_text(value),
            Part::Secret(secret, spelling) => {
                let local = camel(&parts.secrets[*secret].local);
                match spelling {
                    Spelling::Plain => local,
                    Spelling::Form => format!("url.QueryEscape({local})"),
                    Spelling::Json => {
                        let json = format!("{local}JSON");
                        let _ = write!(
                            out,
                            "\t{json}, err := json.Marshal({local})\n\tif err != nil {{\n\t\treturn err\n\t}}\n"
                        );
                        format!("string({json})")
                    }
                }
            }
        });
    }
    let _ = writeln!(out, "\tbody := strings.NewReader({})", expressions.join(" + "));
    "body".to_owned()
}

fn method(method: &str) -> String {
    match method {
        "GET" => "http.MethodGet".to_owned(),
        "HEAD" => "http.MethodHead".to_owned(),
        "POST" => "http.MethodPost".to_owned(),
        "PUT" => "http.MethodPut".to_owned(),
        "PATCH" => "http.MethodPatch".to_owned(),
        "DELETE" => "http.MethodDelete".to_owned(),
        "CONNECT" => "http.MethodConnect".to_owned(),
        "OPTIONS" => "http.MethodOptions".to_owned(),
        "TRACE" => "http.MethodTrace".to_owned(),
        other => text(other),
    }
}

/// A literal: raw where it has quotes, and a raw one can hold it.
pub(crate) fn text(value: &str) -> String {
    if value.contains('`') { quoted(value, '"', &[], long_unicode) } else { long_text(value) }
}

/// The same, where a sum of literals will do: a raw one cannot hold its own quote.
fn long_text(value: &str) -> String {
    if !value.contains(['\n', '"', '\\']) || value.contains(|c: char| c != '\t' && is_hidden(c)) {
        return quoted(value, '"', &[], long_unicode);
    }
    format!("`{}`", value.replace('`', "` + \"`\" + `"))
}

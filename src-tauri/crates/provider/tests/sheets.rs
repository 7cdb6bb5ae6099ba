//! Sheets of a definition: what they ask, and how a row that does not agree with its claim is answered.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use keywright_provider::{
    Definition, built_in_named,
    definition::{FieldKind, SheetIcon},
    scaffold,
};

/// The example in the description of the format.
fn example() -> &'static str {
    let page = include_str!("../../../../docs/formats/provider-v1.md");
    let (_, rest) = page.split_once("### `[[sheets]]`").unwrap();
    let (_, rest) = rest.split_once("```toml\n").unwrap();
    rest.split_once("```").unwrap().0
}

/// The example at the end of a file to begin with.
fn documented() -> String {
    scaffold("Acme Pay") + example()
}

/// What the check says of the documented example with one text put in the place of another, a line each.
fn errors(from: &str, to: &str) -> String {
    let (file, example) = (scaffold("Acme Pay"), example());
    assert!(example.contains(from) || file.contains(from), "{from}");
    let text = match example.contains(from) {
        true => file + &example.replacen(from, to, 1),
        false => file.replacen(from, to, 1) + example,
    };
    let Err(errors) = Definition::check(&text) else { return "no error\n".to_owned() };
    let line = |error: &keywright_provider::DefinitionError| {
        format!("{error}{}\n", error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default())
    };
    errors.iter().map(line).collect()
}

/// What each field of a sheet is called and takes.
fn asked(definition: &Definition, claim: &str) -> Vec<String> {
    let sheet = definition.sheet(claim).unwrap();
    let asked = definition.asked(sheet);
    let line = |it: &keywright_provider::definition::Asked<'_>| {
        format!("{}: {:?}{}", it.field.label, it.kind, if it.required { ", required" } else { "" })
    };
    asked.iter().map(line).collect()
}

#[test]
fn the_documented_example_is_right() {
    let definition = Definition::parse(&documented()).unwrap();
    let sheets: Vec<&str> = definition.sheets.iter().map(|sheet| sheet.label.as_str()).collect();
    assert_eq!(sheets, ["Pin an order", "Tie to a checkout"], "in the order of the file");
    assert_eq!(
        asked(&definition, "order"),
        [
            "Total in the smallest unit: Amount(\"currency\"), required",
            "Currency: Text(Some(Currency)), required",
            "Capture: Choice([\"now\", \"later\"])",
            "Labels: Pairs",
        ]
    );
    let order = definition.sheet("order").unwrap();
    assert_eq!((order.icon, definition.scope_of(order)), (SheetIcon::Money, Some("payments:create")));
    assert_eq!(asked(&definition, "checkout"), ["Checkout id: Text(Some(Uuid)), required"]);
    assert_eq!(definition.sheet("checkout").unwrap().create.as_ref().unwrap().value.0.text(), "/checkout/id");
}

#[test]
fn the_commented_example_of_a_file_to_begin_with_is_right() {
    let file = scaffold("Acme Pay");
    let (before, rest) = file.split_once("# [[token.claims]]\n").unwrap();
    let (example, after) = rest.split_once("\n\n").unwrap();
    let example: String =
        example.lines().map(|line| format!("{}\n", line.trim_start_matches('#').trim_start())).collect();
    let definition = Definition::parse(&format!("{before}[[token.claims]]\n{example}\n{after}")).unwrap();
    assert_eq!(asked(&definition, "order").len(), 2);
}

#[test]
fn gr4vys_sheets_are_rows_of_its_definition() {
    let gr4vy = built_in_named("gr4vy").unwrap();
    let claims: Vec<&str> = gr4vy.sheets.iter().map(|sheet| sheet.claim.as_str()).collect();
    assert_eq!(claims, ["embed", "checkout_session_id"]);
    let embed = gr4vy.sheet("embed").unwrap();
    assert_eq!(gr4vy.scope_of(embed), Some("embed"));
    assert_eq!(gr4vy.asked(embed)[0].kind, FieldKind::Amount("currency"));
    let session = gr4vy.sheet("checkout_session_id").unwrap();
    assert_eq!(gr4vy.scope_of(session), None);
    let call = gr4vy.endpoint(&session.create.as_ref().unwrap().endpoint).unwrap();
    assert_eq!((call.method.as_str(), call.path.text()), ("POST", "/checkout/sessions"));
}

#[test]
fn a_sheet_that_does_not_agree_is_answered_with_place_found_and_wanted() {
    let total =
        "{ member = \"total\", label = \"Total in the smallest unit\", required = true, minor-unit-of = \"currency\" }";
    let capture = "{ member = \"capture\", label = \"Capture\" }";
    let cases = [
        // The text.
        ("an unknown key", "icon = \"link\"", "icno = \"link\""),
        ("an unknown picture", "icon = \"link\"", "icon = \"chain\""),
        ("an unknown key of a field", "minor-unit-of", "minor-units-of"),
        ("no fields", "fields = [{ label = \"Checkout id\" }]\n", ""),
        ("a field without a label", "{ label = \"Checkout id\" }", "{}"),
        ("a call without an endpoint", "endpoint = \"create-payment\", value", "value"),
        ("a pointer that is none", "value = \"/checkout/id\"", "value = \"checkout.id\""),
        // What it says of the rest.
        ("a token that is made elsewhere", "[token]\n", "[token]\nsigned-by = \"server\"\n"),
        ("a claim that is not there", "claim = \"checkout\"", "claim = \"chekcout\""),
        ("a claim far from any", "claim = \"checkout\"", "claim = \"zzz\""),
        ("two sheets for one claim", "claim = \"checkout\"", "claim = \"order\""),
        ("an empty list of fields", "fields = [{ label = \"Checkout id\" }]", "fields = []"),
        (
            "two fields for a text",
            "fields = [{ label = \"Checkout id\" }]",
            "fields = [{ label = \"A\" }, { label = \"B\" }]",
        ),
        ("a member of a text", "{ label = \"Checkout id\" }", "{ member = \"id\", label = \"Checkout id\" }"),
        ("a field without its member", "{ member = \"capture\", ", "{ "),
        ("a member that is not there", "{ member = \"capture\"", "{ member = \"captrue\""),
        ("a member twice", capture, "{ member = \"labels\", label = \"Capture\" }"),
        ("a member that no field can hold", "type = \"string\", one-of = [\"now\", \"later\"]", "type = \"objects\""),
        ("a unit of a text", capture, "{ member = \"capture\", label = \"C\", minor-unit-of = \"currency\" }"),
        ("a unit that is not a currency", total, "{ member = \"total\", label = \"T\", minor-unit-of = \"capture\" }"),
        (
            "a currency that is not asked for",
            "    { member = \"currency\", label = \"Currency\", required = true, start = \"EUR\" },\n",
            "",
        ),
        ("a start that does not fit", "start = \"EUR\"", "start = \"euro\""),
        ("a start of a list", "label = \"Labels\"", "label = \"Labels\", start = \"a\""),
        ("a start outside of a list", "label = \"Capture\"", "label = \"Capture\", start = \"soon\""),
        ("an endpoint that is not there", "endpoint = \"create-payment\"", "endpoint = \"create-paymnet\""),
        ("a call that makes a number", "type = \"string\"\nform = \"uuid\"", "type = \"integer\""),
        ("a source that is not there", "icon = \"link\"", "icon = \"link\"\nfrom = \"hearsay\""),
        ("a button of two lines", "icon = \"link\"", "icon = \"link\"\nset-label = \"Use\\nit\""),
    ];
    let said = |(what, from, to): &(&str, &str, &str)| {
        let errors = errors(from, to);
        assert_ne!(errors, "no error\n", "{what}");
        format!("{what}\n{errors}\n")
    };
    insta::assert_snapshot!(cases.iter().map(said).collect::<String>());
}

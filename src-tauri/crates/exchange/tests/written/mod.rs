//! Requests that are written down as JSON, so that the tests here and those with other people's software read the same.

use data_encoding::BASE64;
use keywright_exchange::{Body, Header, Piece, PreparedRequest};
use serde_json::Value;
use url::{Url, form_urlencoded::byte_serialize};

/// The request of a row, sent to this address.
pub fn request(row: &Value, base: &str) -> PreparedRequest {
    let headers: Vec<Header> = array(&row["headers"]).iter().map(header).collect();
    let media_type = headers.iter().find(|header| header.name == "Content-Type").map_or("", |it| it.value.shown());
    PreparedRequest {
        method: string(&row["method"]).to_owned(),
        url: Url::parse(&format!("{base}{}", string(&row["path"]))).expect("an address"),
        body: body(&row["body"], media_type),
        headers,
    }
}

fn header(row: &Value) -> Header {
    let name = string(&row[0]);
    match &row[1] {
        Value::String(value) => Header::plain(name, value.as_str()),
        masked => {
            let (before, secret) = (string(&masked["before"]), string(&masked["secret"]));
            let clear = if before == "Basic " { BASE64.encode(secret.as_bytes()) } else { secret.to_owned() };
            Header::masked(name, format!("{before}{clear}").into(), format!("{before}•••"))
        }
    }
}

fn body(row: &Value, media_type: &str) -> Body {
    match row {
        Value::Null => Body::default(),
        Value::String(text) => text.clone().into_bytes().into(),
        Value::Array(pieces) => Body::Secret(pieces.iter().map(|row| piece(row, media_type)).collect()),
        bytes => BASE64.decode(string(&bytes["base64"]).as_bytes()).expect("base64").into(),
    }
}

fn piece(row: &Value, media_type: &str) -> Piece {
    if let Value::String(text) = row {
        return Piece::Plain(text.clone());
    }
    let value = string(&row["value"]);
    let clear: String = if media_type.contains("json") {
        let quoted = Value::from(value).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    } else {
        byte_serialize(value.as_bytes()).collect()
    };
    Piece::Masked { name: string(&row["secret"]).to_owned(), clear: clear.into(), shown: "•••".to_owned() }
}

fn array(row: &Value) -> &[Value] {
    row.as_array().expect("a list")
}

pub fn string(row: &Value) -> &str {
    row.as_str().expect("a string")
}

//! The real SimpleJWT answered these requests; the emulator answers the same, byte for byte, where it is asked for
//! that.

use keywright_emulator::{Config, Emulator, Faults, Incident, Registration, Running};
use serde_json::{Value, json};

use crate::support::*;

/// A session of a fresh emulator that answers as SimpleJWT does.
struct Session {
    running: Running,
    access: String,
    refresh: String,
}

impl Session {
    fn start() -> Self {
        let running = Emulator::start(Config::default()).unwrap();
        let login = Registration::Login { provider: "cryptopay", username: "ada", password: "correct horse" };
        running.register(login).unwrap();
        running.set_faults(Faults { native_bodies: true, ..Faults::default() });
        let body = json!({ "username": "ada", "password": "correct horse" }).to_string();
        let tokens = json_call(&running, "POST /cryptopay/api/auth/login", None, body).json();
        let token = |member: &str| tokens[member].as_str().unwrap().to_owned();
        Self { access: token("access"), refresh: token("refresh"), running }
    }

    fn later(&self, seconds: i64) -> &Self {
        self.running.set_faults(Faults { skew: seconds, ..self.running.faults() });
        self
    }

    fn inactive(&self) -> &Self {
        self.running.cause(Incident::RevokeLogin { provider: "cryptopay", username: "ada" }).unwrap();
        self
    }

    fn get(&self, field: Option<&str>) -> Reply {
        let field = field.map(|value| format!("Authorization: {value}"));
        let fields: Vec<&[u8]> = field.iter().map(|field| field.as_bytes()).collect();
        send(self.running.address(), "GET /cryptopay/api/payment-orders/", &fields, "")
    }

    fn log_in(&self, body: &Value) -> Reply {
        json_call(&self.running, "POST /cryptopay/api/auth/login", None, body.to_string())
    }

    fn refresh(&self, body: &Value) -> Reply {
        json_call(&self.running, "POST /cryptopay/api/auth/token/refresh/", None, body.to_string())
    }

    fn ask(&self, case: &str) -> Reply {
        let Self { running, access, refresh } = self;
        let raw = |fields: &[&[u8]]| send(running.address(), "POST /cryptopay/api/auth/login", fields, "{}");
        match case {
            "no field" => self.get(None),
            "bearer in lower case" => self.get(Some(&format!("bearer {access}"))),
            "Token" => self.get(Some(&format!("Token {access}"))),
            "scheme alone" => self.get(Some("Bearer")),
            "Bearer twice" => self.get(Some(&format!("Bearer Bearer {access}"))),
            "two fields" => {
                let field = format!("Authorization: Bearer {access}");
                let fields = [field.as_bytes(), field.as_bytes()];
                send(running.address(), "GET /cryptopay/api/payment-orders/", &fields, "")
            }
            "quoted" => self.get(Some(&format!("Bearer \"{access}\""))),
            "a refresh token" => self.get(Some(&format!("Bearer {refresh}"))),
            "no token" => self.get(Some("Bearer hello")),
            "a cut token" => self.get(Some(&format!("Bearer {}", &access[..access.len() - 3]))),
            "an empty field" => self.get(Some("")),
            "an expired token" => self.later(86_401).get(Some(&format!("Bearer {access}"))),
            "a token from the future" => self.later(-600).get(Some(&format!("Bearer {access}"))),
            "a token of an inactive account" => self.inactive().get(Some(&format!("Bearer {access}"))),
            "log-in: another password" => self.log_in(&json!({ "username": "ada", "password": "x" })),
            "log-in: no fields" => self.log_in(&json!({})),
            "log-in: a number and null" => self.log_in(&json!({ "username": 1, "password": null })),
            "log-in: blank" => self.log_in(&json!({ "username": " ", "password": "x" })),
            "log-in: a NUL" => self.log_in(&json!({ "username": "a\0", "password": "x" })),
            "log-in: an inactive account" => {
                self.inactive().log_in(&json!({ "username": "ada", "password": "correct horse" }))
            }
            "log-in: a list" => self.log_in(&json!([])),
            "log-in: text/plain" => raw(&[b"Content-Type: text/plain"]),
            "log-in: no content type" => raw(&[]),
            "refresh: nothing" => self.refresh(&json!({})),
            "refresh: a number" => self.refresh(&json!({ "refresh": 1 })),
            "refresh: no token" => self.refresh(&json!({ "refresh": "hello" })),
            "refresh: an access token" => self.refresh(&json!({ "refresh": access })),
            "refresh: used before" => {
                assert_eq!(self.refresh(&json!({ "refresh": refresh })).status, 200);
                self.refresh(&json!({ "refresh": refresh }))
            }
            "refresh: expired" => self.later(30 * 86_400 + 1).refresh(&json!({ "refresh": refresh })),
            "refresh: of an inactive account" => self.inactive().refresh(&json!({ "refresh": refresh })),
            "another method" => json_call(running, "DELETE /cryptopay/api/payment-orders/", Some(access), ""),
            other => panic!("a case that nobody wrote: {other}"),
        }
    }
}

#[test]
fn c16_the_native_bodies_are_those_of_the_real_package() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/simplejwt-answers.json")).unwrap();
    let answers = vectors["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 31);
    for answer in answers {
        let case = answer["case"].as_str().unwrap();
        let reply = Session::start().ask(case);
        let got = (json!(reply.status), json!(reply.body), json!(reply.header("www-authenticate")));
        assert_eq!(got, (answer["status"].clone(), answer["body"].clone(), answer["challenge"].clone()), "{case}");
    }
}

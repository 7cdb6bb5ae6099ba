//! Several programs that follow at the same time get one token, whoever of them is killed on the way.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::story::Story;

const PROGRAMS: usize = 4;

/// A server on loopback that issues tokens as SimpleJWT does with rotation: a refresh token that was used is refused.
#[derive(Default)]
struct Jwt {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    log_ins: usize,
    refreshes: usize,
    /// How many pairs of tokens were given.
    pairs: usize,
    /// The access tokens of these pairs and older ones are refused.
    refused: usize,
    /// Calls that were refused.
    refusals: usize,
    /// So many calls must have come before one of them is refused.
    together: usize,
    /// What happens to a refresh.
    refresh: Fate,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Fate {
    #[default]
    Answered,
    /// The server does nothing, and never answers.
    Unheard,
    /// The server takes it, and its answer is lost.
    Lost,
}

/// A token whose claims say which one it is. It ends in the year 2100.
fn token(kind: &str, number: usize) -> String {
    let part = |json: &str| data_encoding::BASE64URL_NOPAD.encode(json.as_bytes());
    let claims = format!(r#"{{"token_type":"{kind}","n":{number},"exp":4102444800}}"#);
    format!("{}.{}.c2lnbmF0dXJlLW9m{number}", part(r#"{"alg":"HS256","typ":"JWT"}"#), part(&claims))
}

impl Jwt {
    /// Starts it; the threads end with the test program.
    fn start() -> (Arc<Self>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/cryptopay", listener.local_addr().unwrap());
        let server = Arc::new(Self::default());
        let serving = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let server = serving.clone();
                thread::spawn(move || server.serve(stream));
            }
        });
        (server, address)
    }

    /// Waits until the server has come to this.
    fn until(&self, come: impl Fn(&State) -> bool) {
        let state = self.state.lock().unwrap();
        let deadline = Duration::from_secs(120);
        let waited = self.changed.wait_timeout_while(state, deadline, |state| !come(state)).unwrap();
        assert!(!waited.1.timed_out());
    }

    fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
        self.changed.notify_all();
    }

    fn serve(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).unwrap_or_default() == 0 {
                return;
            }
        }
        let lower = head.to_lowercase();
        let length = lower.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.trim().parse().ok());
        let mut body = vec![0; length.unwrap_or_default()];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        let path = head.split(' ').nth(1).unwrap_or_default().trim_start_matches("/cryptopay").to_owned();
        let Some((status, body)) = self.answer(&path, &head, &String::from_utf8_lossy(&body)) else {
            // It stays open: whoever asked waits.
            self.until(|state| state.refresh == Fate::Answered);
            return;
        };
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        let _ = stream.write_all(answer.as_bytes());
    }

    fn answer(&self, path: &str, head: &str, body: &str) -> Option<(&'static str, String)> {
        let mut state = self.state.lock().unwrap();
        let pair = |number: usize| {
            format!(r#"{{"access":"{}","refresh":"{}"}}"#, token("access", number), token("refresh", number))
        };
        let refusal =
            |detail: &str| ("401 Unauthorized", format!(r#"{{"detail":"{detail}","code":"token_not_valid"}}"#));
        let answer = match path {
            "/api/auth/login" => {
                state.log_ins += 1;
                state.pairs += 1;
                Some(("200 OK", pair(state.pairs)))
            }
            "/api/auth/token/refresh/" => {
                state.refreshes += 1;
                let fits = body.contains(&token("refresh", state.pairs));
                match state.refresh {
                    _ if !fits => Some(refusal("Token is blacklisted")),
                    Fate::Unheard => None,
                    Fate::Lost => {
                        state.pairs += 1;
                        None
                    }
                    Fate::Answered => {
                        state.pairs += 1;
                        Some(("200 OK", pair(state.pairs)))
                    }
                }
            }
            _ if (state.refused + 1..=state.pairs).any(|number| head.contains(&token("access", number))) => {
                Some(("200 OK", r#"{"valid":true}"#.to_owned()))
            }
            _ => {
                state.refusals += 1;
                self.changed.notify_all();
                let together = |state: &mut State| state.refusals < state.together;
                state = self.changed.wait_while(state, together).unwrap();
                Some(refusal("Given token not valid for any token type"))
            }
        };
        drop(state);
        self.changed.notify_all();
        // Slow enough for whoever would not wait to come in between.
        thread::sleep(Duration::from_millis(200));
        answer
    }
}

/// A vault with a login, logged in unless `anew`.
fn account(address: &str, anew: bool) -> Story {
    let story = Story::with_vault();
    story.write("password", "hunter2\n");
    story.open("profile add crypto --provider cryptopay").ends(0);
    story
        .open("credential add me --profile crypto --env local --kind login --field username=me --secret-file password")
        .ends(0);
    if !anew {
        story.open(&format!("flow run log-in --profile crypto --env local --emulator {address}")).ends(0);
    }
    story
}

/// A program that follows a call.
fn following(story: &Story, address: &str) -> Child {
    let line =
        format!("request send --profile crypto --env local --follow --json --passphrase-file pw --emulator {address}");
    let mut command = story.program();
    command.args(line.split(' ')).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// The kinds of the rows of its timeline, once it came to an accepted call.
#[track_caller]
fn accepted(child: Child) -> Vec<String> {
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stdout));
    let outcome: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(outcome["sent"]["asWanted"], true, "{outcome}");
    outcome["timeline"].as_array().unwrap().iter().map(|row| row["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn programs_that_are_refused_together_refresh_once() {
    let (server, address) = Jwt::start();
    let story = account(&address, false);
    server.set(|state| (state.refused, state.together) = (state.pairs, PROGRAMS));
    let programs: Vec<Child> = (0..PROGRAMS).map(|_| following(&story, &address)).collect();
    let mut timelines: Vec<Vec<String>> = programs.into_iter().map(accepted).collect();
    let state = server.state.lock().unwrap();
    assert_eq!((state.log_ins, state.refreshes, state.refusals), (1, 1, PROGRAMS));
    timelines.sort_by_key(Vec::len);
    assert_eq!(timelines.pop().unwrap(), ["send", "renew", "refresh", "send"]);
    assert!(timelines.iter().all(|kinds| *kinds == ["send", "renew", "send"]), "{timelines:?}");
}

#[test]
fn programs_that_have_no_token_log_in_once() {
    let (server, address) = Jwt::start();
    let story = account(&address, true);
    let programs: Vec<Child> = (0..PROGRAMS).map(|_| following(&story, &address)).collect();
    programs.into_iter().for_each(|program| drop(accepted(program)));
    let state = server.state.lock().unwrap();
    assert_eq!((state.log_ins, state.refreshes, state.refusals), (1, 0, 0));
}

#[test]
fn who_is_killed_while_it_refreshes_holds_nobody_up() {
    let (server, address) = Jwt::start();
    let story = account(&address, false);
    server.set(|state| (state.refused, state.refresh) = (state.pairs, Fate::Unheard));
    let mut killed = following(&story, &address);
    server.until(|state| state.refreshes == 1);
    let waiting = following(&story, &address);
    server.until(|state| state.refusals == 2);
    killed.kill().unwrap();
    killed.wait().unwrap();
    server.set(|state| state.refresh = Fate::Answered);
    assert_eq!(accepted(waiting), ["send", "renew", "refresh", "send"]);
    assert_eq!(server.state.lock().unwrap().refreshes, 2, "that of who was killed, and one more");
}

#[test]
fn a_refresh_whose_answer_was_lost_ends_in_a_new_log_in() {
    let (server, address) = Jwt::start();
    let story = account(&address, false);
    server.set(|state| (state.refused, state.refresh) = (state.pairs, Fate::Lost));
    let mut killed = following(&story, &address);
    server.until(|state| state.refreshes == 1);
    killed.kill().unwrap();
    killed.wait().unwrap();
    server.set(|state| state.refresh = Fate::Answered);
    assert_eq!(
        accepted(following(&story, &address)),
        ["send", "renew", "refresh", "renew", "flow-log-in", "send"],
        "the refresh token was used up, and the login is sealed"
    );
    assert_eq!(server.state.lock().unwrap().log_ins, 2);
}

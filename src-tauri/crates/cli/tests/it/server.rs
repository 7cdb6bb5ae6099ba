//! A server on loopback that answers every request with the same bytes, and the emulator as a program of its own.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    process::{Child, Command, Stdio},
    thread,
};

use crate::story::Story;

/// Answers with these bytes from now on; returns its address. The thread ends with the test program.
pub fn answering(answer: impl Into<Vec<u8>>) -> String {
    let answer = answer.into();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut seen = Vec::new();
            let mut buffer = [0; 4096];
            while !seen.windows(4).any(|window| window == b"\r\n\r\n") {
                match stream.read(&mut buffer) {
                    Ok(0) | Err(_) => break,
                    Ok(read) => seen.extend_from_slice(&buffer[..read]),
                }
                // A handshake of TLS is answered in plain text too.
                if seen.first() == Some(&0x16) {
                    break;
                }
            }
            // A reader who has seen enough closes the connection.
            let _ = stream.write_all(&answer);
        }
    });
    address
}

/// An address where nobody listens.
pub fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// An answer with a status line, a content type and a body.
pub fn answer(status: &str, kind: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// `keywright emulator`, running until it is dropped.
pub struct RunningEmulator {
    child: Child,
    /// Its address.
    pub address: String,
}

impl RunningEmulator {
    /// Starts it with these arguments.
    pub fn start(story: &Story, arguments: &[&str]) -> Self {
        Self::spawn(story.program(), arguments)
    }

    /// Starts it so that an interrupt reaches it, also where the tests run in the background of a shell, which has them
    /// ignore it.
    #[cfg(target_os = "linux")]
    pub fn interruptible(story: &Story) -> Self {
        let program = story.program();
        let mut command = Command::new("env");
        command.env_clear().arg("--default-signal=INT").arg(program.get_program());
        command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.current_dir(program.get_current_dir().unwrap());
        Self::spawn(command, &[])
    }

    /// Starts it where core dumps are as large as they may be.
    #[cfg(unix)]
    pub fn with_core_dumps(story: &Story) -> Self {
        let program = story.program();
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -S -c $(ulimit -H -c); exec \"$0\" \"$@\""]).arg(program.get_program());
        command.env_clear().envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.current_dir(program.get_current_dir().unwrap());
        Self::spawn(command, &[])
    }

    fn spawn(mut command: Command, arguments: &[&str]) -> Self {
        command.arg("emulator").args(arguments).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { child, address: address.trim().to_owned() }
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it ends by itself.
    pub fn wait(&mut self) -> std::process::ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for RunningEmulator {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

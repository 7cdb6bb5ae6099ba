//! `keywright run`: the command takes the place of the program, and gets the token and nothing else.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    os::unix::process::ExitStatusExt,
    process::{Command, Output, Stdio},
};

use insta::assert_snapshot;

use crate::story::{PASSPHRASE, Story};

const RUN: &str = "run --profile Acme --env sandbox --scope transactions.read";

/// A call of `sh` that starts the program by `"$0" run …` in the folder of the story.
fn shell(story: &Story, script: &str) -> Command {
    let program = story.program();
    let mut command = Command::new("sh");
    command.arg("-c").arg(script.replace("RUN", &format!("\"$0\" {RUN}"))).arg(program.get_program());
    command.env_clear().envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.current_dir(program.get_current_dir().unwrap());
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn the_command_is_the_process_that_was_started() {
    let story = Story::with_vault();
    let mut command = story.program();
    command.args(RUN.split(' ')).args(["--passphrase-file", "pw", "--", "sh", "-c"]);
    command.arg("echo $$; case $KEYWRIGHT_TOKEN in eyJ*.*.*) echo with a token; esac");
    let child = command.stdout(Stdio::piped()).spawn().unwrap();
    let id = child.id();
    let output = child.wait_with_output().unwrap();
    assert_eq!(said(&output), format!("{id}\nwith a token\n"));
}

#[test]
fn what_is_sent_to_the_program_reaches_the_command() {
    for (signal, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        let story = Story::with_vault();
        let script = format!("trap 'echo heard; exit 7' {signal}; echo ready; while :; do sleep 0.05; done");
        let mut command = Command::new("env");
        let program = story.program();
        command.env_clear().arg("--default-signal=INT,TERM,HUP").arg(program.get_program());
        command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.current_dir(program.get_current_dir().unwrap());
        command.args(RUN.split(' ')).args(["--passphrase-file", "pw", "--", "sh", "-c", &script]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert_eq!(lines.next().unwrap().unwrap(), "ready");
        let id = child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{number}"), &id]).status().unwrap().success());
        assert_eq!(lines.next().unwrap().unwrap(), "heard", "{signal}");
        assert_eq!(child.wait().unwrap().code(), Some(7), "{signal}");
    }
}

#[test]
fn the_end_of_the_command_is_told_as_a_shell_tells_it() {
    let story = Story::with_vault();
    for (ending, code) in [("exit 0", 0), ("exit 42", 42), ("kill -9 $$", 137), ("kill -15 $$", 143)] {
        let output = shell(&story, &format!("RUN --passphrase-file pw -- sh -c '{ending}'; echo $?")).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{code}\n"), "{ending}: {}", said(&output));
    }
    let mut killed = story.program();
    killed.args(RUN.split(' ')).args(["--passphrase-file", "pw", "--", "sh", "-c", "kill -9 $$"]);
    assert_eq!(killed.status().unwrap().signal(), Some(9));
}

#[test]
fn what_cannot_be_run_is_said() {
    let story = Story::with_vault();
    let told = ["no-such-command", "./pw", "./keys"]
        .map(|command| story.run(&format!("{RUN} --passphrase-file pw -- {command}")).ends(2).told());
    assert_snapshot!(told.join("\n"));
}

/// Reads the passphrase from whatever the command was given, and says where it was.
const LOOKS: &str = "for fd in 0 3 4 5 6 7 8 9; do
    if [ -e /proc/$$/fd/$fd ]; then
        [ $fd = 0 ] || echo open: $fd
        grep -q \"$1\" /proc/$$/fd/$fd 2>/dev/null && echo opened anew: $fd
        eval \"grep -q \\\"\\$1\\\" <&$fd\" 2>/dev/null && echo read on: $fd
    fi
done
echo looked";

#[test]
fn the_command_cannot_read_the_passphrase() {
    let story = Story::with_vault();
    story.write("looks.sh", LOOKS);
    for source in [
        "--passphrase-fd 7 7< pw",
        "--passphrase-fd 7 7< pw 8< pw 9<&7",
        "--passphrase-file - < pw",
        "--passphrase-fd 0 < pw",
        "--passphrase-file /dev/stdin < pw",
        "--passphrase-file /proc/self/fd/0 < pw",
        "--passphrase-file pw < pw",
        "--passphrase-fd 7 7< pw < pw",
        "--passphrase-fd 7 < pw 7<&0",
    ] {
        let script = format!("RUN {source} -- sh looks.sh '{PASSPHRASE}'");
        let output = shell(&story, &script).output().unwrap();
        assert_eq!(said(&output), "looked\n", "{source}");
    }
}

#[test]
fn the_command_gets_no_descriptor_but_the_three() {
    let story = Story::with_vault();
    let mut command = shell(&story, "RUN --passphrase-file pw -- sh -c 'ls -l /proc/$$/fd' 3< pw 4> made 9<> made");
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = said(&output);
    let open: Vec<&str> = text.lines().filter_map(|line| line.split_once(" -> ")?.0.rsplit(' ').next()).collect();
    assert_eq!(open, ["0", "1", "2"], "{text}");
}

#[test]
fn standard_input_is_the_commands_where_the_passphrase_came_by_another_way() {
    let story = Story::with_vault();
    story.write("input", "for the command");
    for source in ["--passphrase-file pw", "--passphrase-fd 7 7< pw"] {
        let mut command = shell(&story, &format!("RUN {source} -- cat"));
        let output = command.stdin(File::open(story.path("input")).unwrap()).output().unwrap();
        assert_eq!(said(&output), "for the command", "{source}");
    }
}

/// Limits and what is done about signals are the person's own, not those of a program that holds keys.
#[test]
fn the_command_is_started_as_the_shell_would_start_it() {
    let story = Story::with_vault();
    let shows = "sh -c 'ulimit -S -c; ulimit -H -c; ulimit -S -f; grep -E \"Sig(Blk|Ign|Cgt)\" /proc/self/status'";
    let of = |script: &str| {
        let output = shell(&story, &format!("ulimit -S -c $(ulimit -H -c); trap '' HUP; {script}")).output().unwrap();
        said(&output)
    };
    assert_eq!(of(&format!("RUN --passphrase-file pw -- {shows}")), of(shows));
}

#[test]
fn standard_output_is_not_read_from() {
    let story = Story::with_vault();
    let told = ["1", "2", "x"].map(|fd| story.run(&format!("{RUN} --passphrase-fd {fd} -- true")).ends(2).told());
    assert_snapshot!(told.join("\n"));
}

//! Calls the real program.

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// What a call said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) aside: String,
}

pub(crate) fn faultline(arguments: &[&str]) -> Said {
    faultline_with(arguments, b"")
}

/// With this on the standard input.
pub(crate) fn faultline_with(arguments: &[&str], input: &[u8]) -> Said {
    let mut child = Command::new(env!("CARGO_BIN_EXE_faultline"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // It may end without reading.
    let _ = child.stdin.take().expect("it is piped").write_all(input);
    let Output { status, stdout, stderr } = child.wait_with_output().expect("the program ends");
    Said {
        code: status.code().expect("no signal ended it"),
        out: String::from_utf8(stdout).expect("it writes text"),
        aside: String::from_utf8(stderr).expect("it writes text"),
    }
}

//! A small server of static files for this machine only.

use crate::{build, place};
use anyhow::{Result, bail};
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Where the search for a free port begins when none was asked for.
const FIRST_PORT: u16 = 8080;
/// How many ports are tried.
const PORTS: u16 = 50;
/// The longest request that is read; a browser's is under two thousand bytes.
const REQUEST_BYTES_MAX: u64 = 32 * 1024;
/// How long a silent connection is kept.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many connections are kept at once; a browser opens six.
const CONNECTIONS_MAX: usize = 64;

/// Builds the page if needed and serves it until the process is ended.
pub(crate) fn run(port: Option<u16>) -> Result<()> {
    // Asked for first: learning that the port is taken after a long build would be unkind.
    let listener = listen(port)?;
    build::ensure_built(false)?;
    println!("Faultline is at http://{}/ (stop with Ctrl-C)", listener.local_addr()?);
    receive(&listener, &place::dist(), CONNECTIONS_MAX);
    Ok(())
}

/// Answers whoever comes, each in a thread of its own, as long as there are not too many.
fn receive(listener: &TcpListener, folder: &Path, connections_max: usize) {
    let open = Arc::new(());
    for stream in listener.incoming().flatten() {
        let (here, folder) = (Arc::clone(&open), folder.to_owned());
        // One of the owners is this loop itself.
        if Arc::strong_count(&open) - 1 > connections_max {
            refuse(&stream, connections_max);
            continue;
        }
        std::thread::spawn(move || {
            // A browser that goes away in the middle is no business of ours.
            let _ = converse(&stream, &folder);
            drop(here);
        });
    }
}

/// Says that there are too many; a visitor who does not listen is no business of ours.
fn refuse(mut stream: &TcpStream, connections_max: usize) {
    let text = format!("more than {connections_max} connections at once: try again");
    let answer = message("503 Service Unavailable", "text/plain", text.as_bytes(), true);
    let _ = stream.set_write_timeout(Some(Duration::from_secs(1)));
    let _ = stream.write_all(&answer);
}

fn listen(port: Option<u16>) -> Result<TcpListener> {
    if let Some(port) = port {
        return match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => Ok(listener),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                bail!("port {port} is taken: leave out --port and a free one is found")
            }
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                bail!("port {port} is not permitted: take one over 1023")
            }
            Err(error) => bail!("port {port} cannot be opened: {error}"),
        };
    }
    let free = (FIRST_PORT..FIRST_PORT + PORTS)
        .find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
    match free {
        Some(listener) => Ok(listener),
        None => bail!(
            "no port from {FIRST_PORT} to {} is free: name one with --port",
            FIRST_PORT + PORTS - 1
        ),
    }
}

/// Answers the requests of one connection, one after another.
fn converse(stream: &TcpStream, folder: &Path) -> Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    while let Some(request) = read_request(&mut reader)? {
        writer.write_all(&answer(&request, folder))?;
    }
    Ok(())
}

/// The first line of a request; its headers are read and dropped.
fn read_request(reader: &mut impl BufRead) -> Result<Option<String>> {
    let mut limited = reader.take(REQUEST_BYTES_MAX);
    let mut first = String::new();
    limited.read_line(&mut first)?;
    loop {
        let mut header = String::new();
        let bytes = limited.read_line(&mut header)?;
        if bytes == 0 {
            return Ok(None);
        }
        if header.trim().is_empty() {
            return Ok(Some(first));
        }
    }
}

/// The whole answer to a request line such as `GET /index.html HTTP/1.1`.
fn answer(request: &str, folder: &Path) -> Vec<u8> {
    let mut words = request.split_whitespace();
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    if method != "GET" && method != "HEAD" {
        return message("405 Method Not Allowed", "text/plain", b"only GET and HEAD", true);
    }
    let with_body = method == "GET";
    match file_of(target, folder).and_then(|path| Some((fs::read(&path).ok()?, path))) {
        Some((body, path)) => message("200 OK", kind(&path), &body, with_body),
        None => message("404 Not Found", "text/plain", b"there is no such file", with_body),
    }
}

fn message(status: &str, kind: &str, body: &[u8], with_body: bool) -> Vec<u8> {
    // Any origin: in a sandboxed frame the page's own files are asked for with `Origin: null`.
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         Cache-Control: no-cache\r\nAccess-Control-Allow-Origin: *\r\n\
         X-Content-Type-Options: nosniff\r\n\r\n",
        body.len()
    );
    let mut bytes = head.into_bytes();
    if with_body {
        bytes.extend_from_slice(body);
    }
    bytes
}

/// The file that a request target names, if it lies in the folder.
fn file_of(target: &str, folder: &Path) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next().unwrap_or("");
    let decoded = percent_decoded(path.strip_prefix('/')?)?;
    let relative = Path::new(&decoded);
    // Only plain names: no `..`, no second root, nothing that leaves the folder.
    let plain = |part| matches!(part, Component::Normal(_));
    if decoded.contains(['\0', '\\']) || !relative.components().all(plain) {
        return None;
    }
    let path = folder.join(relative);
    let path = if path.is_dir() { path.join("index.html") } else { path };
    // A link inside the folder must not lead out of it either.
    let real = path.canonicalize().ok()?;
    real.starts_with(folder.canonicalize().ok()?).then_some(real)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = rest.get(2..)?;
    }
    String::from_utf8(bytes).ok()
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "webmanifest") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("txt" | "toml" | "log") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> PathBuf {
        place::at("crates/xtask")
    }

    fn status(request: &str) -> String {
        let answer = String::from_utf8(answer(request, &folder())).expect("sources are text");
        answer.lines().next().expect("an answer has a first line").to_owned()
    }

    #[test]
    fn a_file_is_served_with_its_kind_and_to_any_origin() {
        let answer = answer("GET /Cargo.toml?embed=1 HTTP/1.1\r\n", &folder());
        let answer = String::from_utf8(answer).expect("a manifest is text");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"));
        assert!(answer.contains("Content-Type: text/plain; charset=utf-8\r\n"));
        assert!(answer.contains("Access-Control-Allow-Origin: *\r\n"));
        assert!(answer.contains("name = \"xtask\""));
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        for target in [
            "/../web/Cargo.toml",
            "/%2e%2e/web/Cargo.toml",
            "/src/../../web/Cargo.toml",
            "/..%2fweb%2fCargo.toml",
            "//etc/passwd",
            "/%2fetc/passwd",
            "/Cargo.toml%00",
            "/%",
            "/%zz",
            "*",
            "",
        ] {
            assert_eq!(status(&format!("GET {target} HTTP/1.1")), "HTTP/1.1 404 Not Found");
        }
    }

    #[test]
    fn only_reading_is_allowed() {
        assert_eq!(status("POST / HTTP/1.1"), "HTTP/1.1 405 Method Not Allowed");
        assert!(answer("HEAD /Cargo.toml HTTP/1.1", &folder()).ends_with(b"\r\n\r\n"));
    }

    #[test]
    fn an_endless_request_is_given_up() {
        let endless = "GET / HTTP/1.1\r\n".to_owned() + &"x: y\r\n".repeat(100_000);
        let heard = read_request(&mut endless.as_bytes()).expect("memory does not fail");
        assert_eq!(heard, None);
    }

    /// The first line of what is answered on this connection.
    fn first_line(stream: &TcpStream) -> String {
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).expect("somebody answers");
        line.trim_end().to_owned()
    }

    #[test]
    fn too_many_connections_at_once_are_refused_until_one_ends() {
        const MOST: usize = 3;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = listener.local_addr().expect("it listens");
        std::thread::spawn(move || receive(&listener, &folder(), MOST));
        let connect = || TcpStream::connect(address).expect("somebody listens");
        let ask = |mut stream: &TcpStream| {
            stream.write_all(b"GET /Cargo.toml HTTP/1.1\r\n\r\n").expect("it is heard");
            first_line(stream)
        };
        let mut kept: Vec<TcpStream> = (0..MOST).map(|_| connect()).collect();
        assert!(kept.iter().all(|stream| ask(stream) == "HTTP/1.1 200 OK"));
        assert_eq!(first_line(&connect()), "HTTP/1.1 503 Service Unavailable");
        kept.pop();
        // The thread of the one that ended needs a moment to notice.
        let again = (0..500).any(|_| {
            std::thread::sleep(Duration::from_millis(10));
            let mut stream = connect();
            let asked = stream.write_all(b"GET /Cargo.toml HTTP/1.1\r\n\r\n").is_ok();
            let mut line = String::new();
            asked
                && BufReader::new(&stream).read_line(&mut line).is_ok()
                && line.starts_with("HTTP/1.1 200")
        });
        assert!(again, "there is room again");
    }
}

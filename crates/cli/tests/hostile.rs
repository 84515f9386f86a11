//! Bad input: what is wrong and where, exit code 2, never a panic.

mod common;

use common::{faultline, faultline_with};
use std::path::PathBuf;
use std::{env, fs, process};

fn refused(arguments: &[&str], why: &str) {
    let said = faultline(arguments);
    assert_eq!(said.code, 2, "{arguments:?}: {}", said.aside);
    assert!(said.aside.contains(why), "{arguments:?}: {}", said.aside);
}

#[test]
fn wrong_arguments_are_refused() {
    refused(&["sweep-the-floor"], "there is no command “sweep-the-floor”");
    refused(&["--verbose"], "--verbose");
    refused(&["list", "everything"], "everything");
    refused(&["run"], "which scenario?");
    refused(&["run", "raft", "echo"], "echo");
    refused(&["run", "chess"], "there is no protocol “chess”");
    refused(&["run", "raft/nope"], "raft has no scene “nope”");
    refused(&["run", "nothing.toml"], "nothing.toml: cannot be read");
    refused(&["run", "raft", "--seed", "-1"], "not a number");
    refused(&["run", "raft", "--seed"], "--seed");
    refused(&["run", "raft", "--until", "10"], "10s");
    refused(&["run", "raft", "--until", "100000s"], "more than a virtual day");
    refused(&["run", "raft", "--until", "99999999999999999999s"], "no time");
    refused(&["run", "raft", "--set", "servers"], "knob=value");
    refused(&["run", "raft", "--set", "servers=999"], "servers is 999");
    refused(&["run", "raft", "--set", "sails=3"], "no knob sails");
    refused(&["run", "raft", "--log", "xml"], "xml");
    refused(&["run", "raft", "--log", "text", "--states"], "ndjson");
    refused(&["run", "raft", "--history", "-"], "--log none");
    refused(&["run", "raft", "--history", "/nowhere/at/all", "--log", "none"], "cannot be written");
    let clients = ["check", "paxos", "--seeds", "1", "--chaos", "--linearizable"];
    refused(&clients, "share no data");
    refused(&["check", "raft"], "which seeds?");
    refused(&["check", "raft", "--seeds", "5..1"], "backwards");
    refused(&["check", "raft", "--seeds", "0..18446744073709551615"], "more seeds");
    refused(&["check", "raft", "--seeds", "a..b"], "no range");
    refused(&["sweep"], "which scenario?");
    refused(&["sweep", "raft"], "which seeds?");
    refused(&["sweep", "raft", "--seeds", "1"], "which metrics?");
    let sweep = |more: &[&str], why: &str| {
        refused(&[&["sweep", "raft", "--seeds", "1..2"], more].concat(), why);
    };
    sweep(&["--metrics", "speed"], "raft has no metric speed; it has events, ");
    sweep(&["--metrics", "events,,lost"], "is not a,b,c");
    let sweep = |more: &[&str], why: &str| sweep(&[&["--metrics", "events"], more].concat(), why);
    sweep(&["--set", "servers"], "knob=1,2,3");
    sweep(&["--set", "servers=5,x"], "knob=1,2,3");
    sweep(&["--set", "servers=5,999"], "servers is 999");
    sweep(&["--set", "sails=1"], "no knob sails");
    sweep(&["--shard", "4/3"], "i from 1 to n");
    sweep(&["--shard", "0/3"], "i from 1 to n");
    sweep(&["--shard", "half"], "i/n");
    sweep(&["--resume"], "--out FILE");
    sweep(&["--out", "/nowhere/at/all"], "cannot be written");
    let many = ["--seeds", "1..90000000", "--set", "servers=5,7"];
    sweep(&many, "more runs");
    sweep(&["--set", "pre_vote=on,0,1"], "has a value twice");
    sweep(&["--set", "batch=1", "--set", "batch=2"], "batch is there twice");
    let values: Vec<String> = (1..=50).map(|value| value.to_string()).collect();
    let values = values.join(",");
    let many: Vec<String> = (0..6).map(|knob| format!("--set={knob}={values}")).collect();
    sweep(&many.iter().map(String::as_str).collect::<Vec<_>>(), "more than 100000 combinations");
}

#[test]
fn wrong_arguments_of_draw_linearize_and_link_are_refused() {
    refused(&["draw"], "which scenario?");
    refused(&["draw", "raft"], "which moment?");
    refused(&["draw", "raft", "--at", "1s"], "where to?");
    let draw = |more: &[&str], why: &str| {
        refused(&[&["draw", "raft", "--at", "1s", "-o", "-"], more].concat(), why);
    };
    draw(&["--view", "map"], "none of graph, spacetime, log");
    draw(&["--from", "1s"], "goes with --view spacetime");
    draw(&["--from", "2s", "--view", "spacetime"], "ends before it begins");
    draw(&["-o", "/nowhere/at/all"], "cannot be written");
    refused(&["draw", "rumour", "--set", "nodes=900", "--at", "1s", "-o", "-"], "too many to draw");
    refused(&["draw", "rumour/a-million", "--at", "1s", "-o", "-"], "run and sweep tell them");
    refused(&["check", "rumour/a-million", "--seeds", "1", "--chaos"], "run and sweep tell them");
    refused(&["linearize", "-"], "which model?");
    refused(&["linearize", "--model", "queue", "-"], "neither register nor kv");
    refused(&["linearize", "--model", "kv"], "which file?");
    refused(&["link"], "encode or decode?");
    refused(&["link", "bend", "raft"], "bend");
    refused(&["link", "decode", "#s1=%%%"], "damaged");
    refused(&["run", "#s1=AAAA"], "damaged");
    refused(&["run", "#"], "the link is empty");
    refused(&["link", "decode", "https://example.org/faultline/# "], "the link is empty");
    let empty = faultline_with(&["link", "decode", "-"], b"\n");
    assert!(empty.code == 2 && empty.aside.contains("the link is empty"), "{}", empty.aside);
}

/// A file that is gone when it is dropped.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = env::temp_dir().join(format!("faultline-{}-{name}", process::id()));
        fs::write(&path, bytes).expect("the folder is there");
        Self(path)
    }

    fn name(&self) -> &str {
        self.0.to_str().expect("it is text")
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

const TOML: &str = "\
order = 1
format = 1
protocol = \"raft\"
version = 1
seed = 1

[[inputs]]
at_us = 1_000
do = \"crash\"
node = \"n5\"
";

#[test]
fn a_scenario_file_is_refused_with_the_place() {
    let cases = [
        (TOML.replace("seed = 1", "seed = one"), "line 5, column 8"),
        (TOML.replace("seed", "sead"), "line 5, column 1"),
        (TOML.replace("1_000", "-4"), "line 8"),
        (TOML.replace("n5", "n6"), "there is no n6"),
        (TOML.replace("raft", "chess"), "there is no protocol “chess”"),
        (TOML.replace("version = 1", "version = 9"), "version 9 of raft"),
    ];
    for (number, (text, why)) in cases.iter().enumerate() {
        let file = Temporary::new(&format!("{number}.toml"), text.as_bytes());
        refused(&["run", file.name()], why);
        refused(&["link", "encode", file.name()], why);
        refused(&["check", file.name(), "--seeds", "1"], why);
    }
    let file = Temporary::new("good.toml", TOML.as_bytes());
    assert_eq!(faultline(&["run", file.name(), "--until", "10ms"]).code, 0);
    let file = Temporary::new("bad.json", b"{\n  \"format\": 1,\n  \"seed\": x\n}");
    refused(&["run", file.name()], "line 3 column 11");
    let file = Temporary::new("bytes.json", b"{\n\xff");
    refused(&["run", file.name()], "line 2: this is not text");
}

#[test]
fn the_place_on_the_shelf_is_no_part_of_a_scenario_and_what_looks_like_it_is() {
    let order =
        ["order = 1\n", "\"order\" = 1 # the first\n", "title = \"\"\"\n[x]\n\"\"\"\norder=1\n"];
    for (number, order) in order.iter().enumerate() {
        let summary = "summary = \"\"\"\norder = 2\nof these\"\"\"\n";
        let text = TOML.replace("order = 1\n", &[order, summary].concat());
        let file = Temporary::new(&format!("shelf-{number}.toml"), text.as_bytes());
        let link = faultline(&["link", "encode", file.name()]);
        let json = faultline(&["link", "decode", link.out.trim()]);
        assert!(json.out.contains("\"summary\": \"order = 2\\nof these\""), "{}", link.aside);
    }
    let file = Temporary::new("shelf.toml", TOML.replace("order = 1", "order = 1.5").as_bytes());
    refused(&["run", file.name()], "line 1, column 1");
}

#[test]
fn an_expectation_of_a_node_that_is_not_there_does_not_come_true() {
    let expected = "\n[[expect]]\nat_us = 5\nnode = \"n6\"\nfield = \"role\"\nvalue = \"leader\"\n";
    let file = Temporary::new("expected.toml", [TOML, expected].concat().as_bytes());
    let said = faultline(&["run", file.name(), "--until", "10ms"]);
    let told = "expected otherwise: there is no n6";
    assert!(said.code == 1 && said.aside.contains(told), "{}", said.aside);
}

#[test]
fn a_key_with_too_many_parts_is_refused_with_its_line() {
    let deep = "a.".repeat(200);
    let more = "captions = [\n  { at_us = 1, text = \"\"\"\nx\"\"\" },\n]\n".repeat(100);
    for (number, key) in [format!("{deep}b = 1"), format!("[{deep}b]")].iter().enumerate() {
        let text = TOML.replace("[[inputs]]", &format!("{key}\n[[inputs]]")) + &more;
        let file = Temporary::new(&format!("parts-{number}.toml"), text.as_bytes());
        refused(&["run", file.name()], "toml: line 7: a key has too many parts");
    }
}

#[test]
fn what_is_wrong_is_told_in_a_few_lines_however_long_the_file() {
    let long = "[".repeat(100_000);
    for (name, text) in
        [("long.toml", format!("a = {long}")), ("long.json", format!("{{\"{long}\":1}}"))]
    {
        let file = Temporary::new(name, text.as_bytes());
        let said = faultline(&["run", file.name()]);
        assert!(said.code == 2 && said.aside.len() < 4_000, "{name}: {}", said.aside.len());
        assert!(said.aside.contains("line 1"), "{name}: {}", said.aside);
    }
}

#[test]
fn a_mark_of_the_encoding_is_no_part_of_a_file() {
    let file = Temporary::new("marked.toml", format!("\u{feff}{TOML}").as_bytes());
    assert_eq!(faultline(&["run", file.name(), "--until", "10ms"]).code, 0);
    let read = "\u{feff}{\"process\":0,\"type\":\"invoke\",\"f\":\"read\"}\r\n";
    let said = faultline_with(&["linearize", "--model", "register", "-"], read.as_bytes());
    assert_eq!(said.code, 0, "{}", said.aside);
}

#[test]
fn the_draws_that_a_scenario_names_are_known_or_refused() {
    let file = |rng: u32| {
        let text = TOML.replace("seed = 1", &format!("rng = {rng}\nseed = 1"));
        Temporary::new(&format!("draws-{rng}.toml"), text.as_bytes())
    };
    let run = |name: &str| faultline(&["run", name, "--until", "500ms"]);
    let [one, two] = [1, 2].map(|rng| {
        let file = file(rng);
        let link = faultline(&["link", "encode", file.name()]);
        let said = run(file.name());
        assert_eq!((said.code, link.code), (0, 0), "{}", said.aside);
        assert_eq!(run(link.out.trim()).out, said.out);
        said.out
    });
    assert_ne!(one, two);
    for rng in [0, 3] {
        let file = file(rng);
        let why = format!("rng {rng} is not known here; it is 1 or 2");
        refused(&["run", file.name()], &why);
        refused(&["link", "encode", file.name()], &why);
    }
}

#[test]
fn a_scenario_file_of_an_older_version_runs_and_says_so() {
    let text = TOML.replace("raft", "broadcast") + "[config]\nsearch = 2\n";
    let file = Temporary::new("older.toml", text.as_bytes());
    let said = faultline(&["run", file.name(), "--until", "10ms"]);
    assert_eq!(said.code, 0, "{}", said.aside);
    assert!(said.aside.starts_with("it was made with version 1 of broadcast"), "{}", said.aside);
    let newer = text.replace("version = 1", "version = 2");
    let file = Temporary::new("newer.toml", newer.as_bytes());
    refused(&["run", file.name()], "broadcast has no knob search");
}

#[test]
fn a_history_is_refused_with_the_line() {
    let read = r#"{"process":0,"type":"invoke","f":"read"}"#;
    let cases = [
        ("nonsense", "line 1, column 2"),
        (r#"{"process":0,"type":"invoke"}"#, "line 1: “f” is missing"),
        (r#"{"process":-1,"type":"invoke","f":"read"}"#, "line 1, column 13"),
        (r#"{"process":0,"type":"begin","f":"read"}"#, "unknown variant `begin`"),
        (r#"{"process":0,"type":"ok","value":1}"#, "has no operation open"),
        (r#"{"process":0,"type":"invoke","f":"write"}"#, "“value” is missing"),
        (r#"{"process":0,"type":"invoke","f":"cas","value":1}"#, "[expected, new]"),
        (r#"{"process":0,"type":"invoke","f":"get","key":"x"}"#, "no operation of the model"),
        (&format!("{read}\n{read}"), "line 2: process 0 calls while"),
        (&format!("{read}\n\n{{\"process\":0,\"type\":\"ok\"}}"), "line 3: “value” is missing"),
        (&"[".repeat(100_000), "line 1"),
        (" [0,\"invoke\",\"read\"]", "line 1, column 2: this is a list"),
        (
            &format!("{read}\n{{\"process\":0,\"type\":\"ok\",\"value\":[18446744073709551616]}}"),
            "line 2: numbers as large as 1.8446744073709552e+19 are not told apart",
        ),
    ];
    for (text, why) in cases {
        let said = faultline_with(&["linearize", "--model", "register", "-"], text.as_bytes());
        assert_eq!(said.code, 2, "{text}");
        assert!(said.aside.contains(why), "{why}: {}", said.aside);
    }
    let text = br#"{"process":0,"type":"invoke","f":"get"}"#;
    let said = faultline_with(&["linearize", "--model", "kv", "-"], text);
    assert!(said.code == 2 && said.aside.contains("“key” is missing"));
}

/// Changes a few bytes of a good text, always in the same way.
fn spoil(text: &[u8], seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % n as u64).expect("below a usize")
    };
    let mut bytes = text.to_vec();
    for _ in 0..=draw(4) {
        if bytes.is_empty() {
            break;
        }
        let place = draw(bytes.len());
        match draw(4) {
            0 => bytes[place] = u8::try_from(draw(256)).expect("a byte"),
            1 => drop(bytes.remove(place)),
            2 => bytes.insert(place, b"{}[]\",:0-9e."[draw(12)]),
            _ => bytes.truncate(place.max(1)),
        }
    }
    bytes
}

#[test]
fn spoiled_files_and_links_never_make_it_panic() {
    let history = concat!(
        "{\"process\":0,\"type\":\"invoke\",\"f\":\"put\",\"key\":\"x\",\"value\":\"a\"}\n",
        "{\"process\":0,\"type\":\"ok\"}\n",
        "{\"process\":1,\"type\":\"invoke\",\"f\":\"get\",\"key\":\"x\"}\n",
        "{\"process\":1,\"type\":\"ok\",\"value\":\"a\"}\n",
    );
    let link = faultline(&["link", "encode", "raft/figure-8-lost"]).out;
    for seed in 0..150 {
        let toml = Temporary::new("spoiled.toml", &spoil(TOML.as_bytes(), seed));
        let broken =
            String::from_utf8_lossy(&spoil(link.trim().as_bytes(), seed)).replace('\0', "");
        let history = spoil(history.as_bytes(), seed);
        let said = [
            faultline(&["run", toml.name(), "--until", "10ms", "--log", "none"]),
            faultline(&["link", "decode", &broken]),
            faultline_with(&["linearize", "--model", "kv", "-"], &history),
        ];
        for said in said {
            assert!(matches!(said.code, 0..=2), "{seed}: {}", said.aside);
            assert!(!said.aside.contains("panicked"), "{seed}: {}", said.aside);
        }
    }
}

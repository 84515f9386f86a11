//! What each command says, and how it ends.

mod common;

use common::{faultline, faultline_with};
use serde_json::{Value, json};
use std::process::{Command, Output, Stdio};

const SCENE: &str = "raft/figure-8-lost";

#[test]
fn a_stranger_finds_the_way() {
    let said = faultline(&["--help"]);
    assert_eq!(said.code, 0);
    for command in ["list", "run", "check", "sweep", "linearize", "draw", "link"] {
        assert!(said.out.contains(&format!("faultline {command}")), "{command}");
        let said = faultline(&[command, "--help"]);
        assert!(
            said.code == 0 && said.out.starts_with(&format!("faultline {command}")),
            "{command}"
        );
        assert!(said.out.lines().all(|line| line.chars().count() <= 100), "{command}");
    }
    assert_eq!(faultline(&[]).code, 2);
    assert_eq!(faultline(&["help", "sweep"]).out, faultline(&["sweep", "--help"]).out);
    assert_eq!(faultline(&["help"]).out, faultline(&["--help"]).out);
}

#[test]
fn list_knows_rooms_scenarios_knobs_and_properties() {
    let said = faultline(&["list"]);
    assert_eq!(said.code, 0);
    let row = said.out.lines().find(|line| line.trim_start().starts_with(SCENE));
    assert!(row.is_some_and(|row| row.ends_with("  Figure 8: on a majority, and lost")));
    assert!(said.out.contains("1 breaks election-safety"));
    assert!(said.out.contains("2 to 1000, in a swarm to 1000000, else 16"));
    assert!(said.out.contains("as a swarm (time = \"cycles\" or time = \"timed\"), metrics"));
    let said = faultline(&["list", "--json"]);
    let listing: Value = serde_json::from_str(&said.out).expect("it is JSON");
    let raft = &listing["rooms"][0];
    assert_eq!(raft["id"], "raft");
    let knobs = raft["knobs"].as_array().expect("a list");
    let heartbeat = knobs.iter().find(|knob| knob["id"] == "heartbeat_ms").expect("it is there");
    assert_eq!((&heartbeat["unit"], &heartbeat["default"]), (&"ms".into(), &50.into()));
}

#[test]
fn run_writes_what_happened_in_words() {
    let said = faultline(&["run", SCENE, "--until", "50ms"]);
    assert_eq!(said.code, 0);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(lines[10], "    10 0.001000 n5 crashes; its memory is gone.");
    assert_eq!(lines[12], "    12 0.050000 n1: the election timer runs out. ←11");
    assert_eq!(lines.len(), 18);
    assert_eq!(said.aside, "18 events up to 0.050000 s\n");
}

#[test]
fn run_writes_an_object_for_each_event_with_the_state_after_it() {
    let said = faultline(&["run", SCENE, "--log", "ndjson", "--states"]);
    assert_eq!(said.code, 0);
    let events: Vec<Value> =
        said.out.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    for (number, event) in (0..).zip(&events) {
        assert_eq!(event["id"], number);
        assert!(event["cause"].as_u64().is_none_or(|cause| cause < number));
        assert_eq!(event["state"].is_null(), event["node"].is_null());
    }
    let leads = events.iter().find(|event| event["fields"]["note"] == "leads").expect("one leads");
    assert_eq!(leads["time_us"], 75_891);
    let state = &leads["state"];
    assert_eq!((&state["role"], &state["disk"]["current-term"]), (&"leader".into(), &4.into()));
    assert_eq!(state["log"].to_string(), r#"[[1,"–"],[2,"x=2"],[4,"–"]]"#);
    assert_eq!(state["memory"]["next-index"]["n5"], 3);
    assert_eq!(state["memory"]["group"], "12345", "the configuration, though nobody changed it");
    let many = ["run", "raft", "--set", "servers=12", "--until", "0s", "--states"];
    assert!(faultline(&many).out.contains("\"group\":\"1–12\""));
    let sent = events.iter().find(|event| event["fields"]["message"] == "append-entries");
    assert_eq!(sent.expect("it is sent")["fields"]["says"]["prev-log-index"], 2);
}

#[test]
fn a_long_log_is_told_whole() {
    let load = r#"{"format":1,"protocol":"raft","version":1,"seed":1,
        "load":{"every_us":20000,"from_us":400000}}"#;
    let path = std::env::temp_dir().join(format!("faultline-load-{}.json", std::process::id()));
    std::fs::write(&path, load).expect("the folder is there");
    let name = path.to_str().expect("it is text");
    let said = faultline(&["run", name, "--until", "1s", "--states"]);
    std::fs::remove_file(&path).expect("it is there");
    let last: Value = serde_json::from_str(said.out.lines().last().expect("there are lines"))
        .expect("it is JSON");
    let log = last["state"]["log"].as_array().expect("a list");
    assert!(log.len() > 20);
    assert_eq!(last["state"]["disk"]["log-length"], log.len());
}

#[test]
fn a_rule_broken_on_purpose_ends_with_one() {
    let run = ["run", "raft", "--set", "forget_vote=1", "--log", "none"];
    assert_eq!(faultline(&run).code, 0, "a calm run does not show it");
    let check = ["check", "raft", "--set", "forget_vote=on", "--seeds", "1..300", "--chaos"];
    let said = faultline(&check);
    assert_eq!(said.code, 1);
    let lines: Vec<&str> = said.out.lines().collect();
    let seed = lines[0].strip_prefix("seed ").and_then(|rest| rest.split(':').next());
    let link = lines[2];
    assert!(link.starts_with("#s1="));
    for written in [link, &format!("https://example.org/faultline/{link}")] {
        let said = faultline(&["run", written, "--log", "none"]);
        assert_eq!(said.code, 1, "{}", said.aside);
        let event = lines[0].rsplit(' ').next().expect("a number");
        let told = format!("broke at {} s in event {event}: {}", told_time(lines[0]), lines[1]);
        assert!(said.aside.contains(&told), "{told}: {}", said.aside);
    }
    let recipe: Value = serde_json::from_str(lines[3]).expect("it is JSON");
    assert_eq!(Some(recipe["seed"].to_string().as_str()), seed);
    let json = faultline(&[&check[..], &["--json"]].concat());
    let told: Value = serde_json::from_str(&json.out).expect("it is JSON");
    assert_eq!(told["failure"]["link"], link, "the first seed does not depend on the cores");
}

/// The time in `seed 7: election-safety broke at 1.5 s in event 12`.
fn told_time(line: &str) -> &str {
    line.split(" at ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a time")
}

#[test]
fn a_broken_property_is_told_with_its_event_and_its_witnesses() {
    let applied = "applied-once broke at 0.426293 s in event 139: Applied once no longer holds: \
                   n2 shows it.\n";
    for (scene, told) in [("raft/duplicate-applied", applied), ("raft/forgotten-vote", "n3 and n1")]
    {
        let said = faultline(&["run", scene, "--log", "none"]);
        assert!(said.code == 1 && said.aside.contains(told), "{}", said.aside);
    }
}

#[test]
fn a_run_that_is_too_long_is_undecided_and_a_history_without_clients_too() {
    let hectic = ["servers=101", "election_min_ms=1", "election_max_ms=1", "heartbeat_ms=1"];
    let set: Vec<&str> = hectic.iter().flat_map(|knob| ["--set", knob]).collect();
    let run = ["run", "raft/split-vote", "--until", "20000s", "--log", "none"];
    let said = faultline(&[&run[..], &set].concat());
    assert_eq!(said.code, 3, "{}", said.aside);
    assert!(said.aside.contains("the run is as long as a run may be"), "{}", said.aside);
    let draw = ["draw", "raft/split-vote", "--at", "20000s", "-o", "-"];
    let said = faultline(&[&draw[..], &set].concat());
    assert_eq!((said.code, &*said.out), (3, ""), "{}", said.aside);
    assert!(said.aside.contains("the run is as long as a run may be"), "{}", said.aside);
    let said = faultline(&["check", "rumour", "--linearizable", "--seeds", "1..2"]);
    let told = "2 seeds, 1 to 2: no client read or wrote anything that could be judged\n";
    assert_eq!((said.code, &*said.out), (3, told));
}

#[test]
fn sound_settings_pass_every_seed() {
    let said = faultline(&["check", "raft", "--seeds", "1..40", "--chaos"]);
    assert_eq!((said.code, &*said.out), (0, "40 seeds, 1 to 40: no property broke\n"));
    assert!(said.aside.contains("20 of 40 seeds"));
}

#[test]
fn a_link_brings_back_the_scenario() {
    let link = faultline(&["link", "encode", SCENE]);
    let json = faultline(&["link", "decode", link.out.trim()]);
    assert_eq!((link.code, json.code), (0, 0));
    let again = faultline_with(&["link", "encode", "-"], json.out.as_bytes());
    let piped = faultline_with(&["link", "decode", "-"], link.out.as_bytes());
    assert_eq!(piped.out, json.out);
    assert_eq!(again.out, link.out);
    let [one, other] = [SCENE, link.out.trim()].map(|name| faultline(&["run", name]).out);
    assert_eq!(one, other);
}

#[test]
fn what_means_nothing_in_a_link_is_told_and_the_rest_is_played() {
    let known = faultline(&["run", "#p=raft&seed=7", "--until", "50ms"]);
    for (link, part) in [
        ("#p=raft&seed=7&servers=3", "servers=3"),
        ("https://example.org/faultline/?embed=1#p=raft&rng=3&seed=7&theme=dark", "rng=3"),
        ("raft&seed=7&seed=8", "seed=8"),
    ] {
        let said = faultline(&["run", link, "--until", "50ms"]);
        let told = format!("the link asks for “{part}”, which means nothing here; it is ignored\n");
        assert!(said.code == 0 && said.aside.starts_with(&told), "{link}: {}", said.aside);
        assert_eq!(said.out, known.out, "{link}");
    }
    assert!(!known.aside.contains("the link"), "{}", known.aside);
}

#[test]
fn the_library_s_own_files_are_scenarios() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../protocols/src/raft/scenarios");
    let said = faultline(&["run", &format!("{file}/figure-8-lost.toml")]);
    assert_eq!(said.code, 0, "{}", said.aside);
    assert_eq!(said.out, faultline(&["run", SCENE]).out);
}

#[test]
fn a_history_is_judged() {
    let history = |lines: &[&str]| lines.join("\n").into_bytes();
    let good = history(&[
        r#"{"process":0,"type":"invoke","f":"write","key":"x","value":1}"#,
        r#"{"process":1,"type":"invoke","f":"read","key":"x","value":null}"#,
        r#"{"process":1,"type":"ok","f":"read","key":"x","value":null}"#,
        r#"{"process":0,"type":"ok","f":"write","key":"x","value":1}"#,
    ]);
    let judge = ["linearize", "--model", "register", "-"];
    let said = faultline_with(&judge, &good);
    assert_eq!((said.code, &*said.out), (0, "linearizable: 2 operations\n"));
    let mut bad = good;
    bad.extend(
        b"\n{\"process\":2,\"type\":\"invoke\",\"f\":\"cas\",\"key\":\"x\",\"value\":[1,2]}",
    );
    bad.extend(b"\n{\"process\":2,\"type\":\"fail\"}\n");
    let said = faultline_with(&judge, &bad);
    let told = "not linearizable: the first 6 lines are already wrong, by key \"x\"\n";
    assert_eq!((said.code, &*said.out), (1, told));
    let said = faultline_with(&[&judge[..], &["--steps", "0"]].concat(), &bad);
    assert_eq!((said.code, &*said.out), (3, "undecided after 0 steps\n"));
}

/// Thirty swaps open at once, and two reads after them that no order explains: the judge would have
/// to try about all of them.
fn swaps() -> Vec<u8> {
    let line = |process: u32, kind: &str, f: &str, value: Value| {
        let line = json!({ "process": process, "type": kind, "f": f, "value": value });
        line.to_string() + "\n"
    };
    let swaps = |kind: &'static str| {
        (0..30)
            .map(move |number| line(number, kind, "cas", json!([number % 5, (number * 7 + 3) % 5])))
    };
    let alone = |f: &'static str, value: u32| {
        ["invoke", "ok"].into_iter().map(move |kind| line(99, kind, f, json!(value)))
    };
    let lines = swaps("invoke").chain(alone("write", 0)).chain(swaps("ok"));
    lines.chain(alone("read", 1)).chain(alone("read", 2)).collect::<String>().into_bytes()
}

#[test]
fn a_long_judgement_says_how_far_it_has_come() {
    let judge = ["linearize", "--model", "register", "-", "--steps"];
    let said = faultline_with(&[&judge[..], &["5000000"]].concat(), &swaps());
    assert_eq!((said.code, &*said.out), (3, "undecided after 5000000 steps\n"));
    let told = "2097152 of at most 5000000 steps\n4194304 of at most 5000000 steps\n";
    assert_eq!(said.aside, told);
    let said = faultline_with(&[&judge[..], &["1000000"]].concat(), &swaps());
    assert_eq!((said.code, &*said.aside), (3, ""), "this takes no time");
}

#[test]
fn what_clients_see_under_faults_is_linearizable_and_with_stale_reads_it_is_not() {
    let check = ["check", "raft", "--chaos", "--linearizable", "--seeds"];
    for mode in ["read_mode=0", "read_mode=1"] {
        let said = faultline(&[&check[..], &["1..40", "--set", mode]].concat());
        let told = "40 seeds, 1 to 40: what clients saw is linearizable\n";
        assert_eq!((said.code, &*said.out), (0, told), "{mode}");
    }
    let said = faultline(&[&check[..], &["1..60", "--set", "stale_reads=on"]].concat());
    assert_eq!(said.code, 1);
    assert!(said.out.contains(": linearizable broke at "), "{}", said.out);

    // The link shows the same history, and the judge of files agrees with the one within.
    let link = said.out.lines().find(|line| line.starts_with("#s1=")).expect("a link");
    let history = faultline(&["run", link, "--log", "none", "--history", "-"]);
    assert!(history.aside.contains(" lines of history, for --model "), "{}", history.aside);
    let judge = ["linearize", "--model", "register", "-"];
    let judged = faultline_with(&judge, history.out.as_bytes());
    assert_eq!(judged.code, 1, "{}", judged.aside);
    let lines = judged.out.split(' ').find_map(|word| word.parse::<usize>().ok()).expect("lines");
    assert!(said.out.contains(&format!("the first {lines} lines of the history")), "{}", said.out);
    let good: Vec<&str> = history.out.lines().take(lines - 1).collect();
    assert_eq!(faultline_with(&judge, good.join("\n").as_bytes()).code, 0);
    let found = |line: &&str| line.contains("\"ok\",\"f\":\"read\"");
    assert!(
        history.out.lines().filter(found).count() > 10,
        "clients that learn nothing prove nothing"
    );
}

#[test]
fn numbers_are_equal_however_they_are_written() {
    let history = concat!(
        "{\"process\":0,\"type\":\"invoke\",\"f\":\"write\",\"key\":1,\"value\":[1,2.5]}\n",
        "{\"process\":0,\"type\":\"ok\"}\n",
        "{\"process\":0,\"type\":\"invoke\",\"f\":\"read\",\"key\":1.0}\n",
        "{\"process\":0,\"type\":\"ok\",\"value\":[1e0,2.50]}\n",
    );
    let said = faultline_with(&["linearize", "--model", "register", "-"], history.as_bytes());
    assert_eq!((said.code, &*said.out), (0, "linearizable: 2 operations\n"));
}

#[test]
fn a_text_is_judged_by_keys() {
    let lines = [
        r#"{"process":0,"type":"invoke","f":"append","key":"a","value":"x"}"#,
        r#"{"process":1,"type":"invoke","f":"put","key":"b","value":"y"}"#,
        r#"{"process":0,"type":"info"}"#,
        r#"{"process":1,"type":"ok"}"#,
        r#"{"process":2,"type":"invoke","f":"get","key":"a"}"#,
        r#"{"process":2,"type":"ok","value":""}"#,
        r#"{"process":2,"type":"invoke","f":"get","key":"a"}"#,
        r#"{"process":2,"type":"ok","value":"x"}"#,
        r#"{"process":2,"type":"invoke","f":"get","key":"a"}"#,
        r#"{"process":2,"type":"ok","value":""}"#,
        r#"{"process":2,"type":"invoke","f":"get","key":"b"}"#,
        r#"{"process":2,"type":"ok","value":""}"#,
    ];
    let judge = |count: usize| {
        faultline_with(&["linearize", "--model", "kv", "-"], lines[..count].join("\n").as_bytes())
    };
    assert_eq!(judge(9).code, 0);
    assert!(judge(12).out.contains("the first 10 lines are already wrong, by key \"a\""));
}

/// Runs the program; whoever was to read what it says leaves at once.
fn told_to_nobody(arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_faultline"))
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    child.wait_with_output().expect("the program ends")
}

#[test]
fn a_reader_who_leaves_is_no_fault() {
    let said = told_to_nobody(&["run", "raft", "--until", "20s", "--states"]);
    assert_eq!(said.status.code(), Some(0));
    assert!(said.stderr.is_empty(), "{}", String::from_utf8_lossy(&said.stderr));
}

#[test]
fn a_verdict_stands_though_its_reader_left() {
    let check = ["check", "raft", "--set", "forget_vote=on", "--seeds", "1..300", "--chaos"];
    for arguments in [&check[..], &["run", "raft/forgotten-vote"]] {
        assert_eq!(told_to_nobody(arguments).status.code(), Some(1), "{arguments:?}");
    }
}

//! What a sweep writes, in one go and in parts.

mod common;

use common::faultline;
use serde_json::Value;

const SCENE: &str = "raft/figure-8-lost";

const SWEEP: [&str; 9] = [
    "sweep",
    "rumour",
    "--seeds",
    "1..12",
    "--set",
    "k=1,3",
    "--metrics",
    "residue,traffic,t_last",
    "--until=4s",
];

#[test]
fn a_sweep_counts_each_run_and_its_parts_are_the_whole() {
    let whole = faultline(&SWEEP);
    assert_eq!(whole.code, 0, "{}", whole.aside);
    let rows: Vec<Value> =
        whole.out.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    assert_eq!(rows.len(), 24);
    let mean = |k: u64| {
        let those = rows.iter().filter(|row| row["set"]["k"] == k);
        those.map(|row| row["metrics"]["residue"].as_f64().expect("a number")).sum::<f64>() / 12.0
    };
    assert!(mean(1) > mean(3), "more tellings leave fewer sites without the rumour");
    assert!(rows.iter().all(|row| row["metrics"]["traffic"].as_f64() > Some(0.0)));
    assert!(!whole.out.contains(".0,") && !whole.out.contains(".0}"), "{}", whole.out);

    let parts =
        ["1/3", "2/3", "3/3"].map(|part| faultline(&[&SWEEP[..], &["--shard", part]].concat()));
    let mut lines: Vec<&str> = parts.iter().flat_map(|part| part.out.lines()).collect();
    let mut all: Vec<&str> = whole.out.lines().collect();
    lines.sort_unstable();
    all.sort_unstable();
    assert_eq!(lines, all);
    let keys: std::collections::BTreeSet<String> =
        rows.iter().map(|row| row["key"].to_string()).collect();
    assert_eq!(keys.len(), 24, "no two runs share a key");
}

#[test]
fn a_sweep_goes_on_where_it_was_stopped() {
    let path = std::env::temp_dir().join(format!("faultline-sweep-{}.ndjson", std::process::id()));
    let name = path.to_str().expect("it is text");
    let whole = faultline(&SWEEP).out;
    let into_file = [&SWEEP[..], &["--out", name]].concat();
    // Stopped within the sixth line.
    let cut: usize = whole.lines().take(5).map(|line| line.len() + 1).sum::<usize>() + 9;
    std::fs::write(&path, &whole[..cut]).expect("the folder is there");
    let said = faultline(&into_file);
    assert!(said.code == 2 && said.aside.contains("--resume"), "{}", said.aside);
    let said = faultline(&[&into_file[..], &["--resume"]].concat());
    assert!(said.code == 0 && said.aside.contains("5 rows are there already"), "{}", said.aside);
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), whole);
    faultline(&[&into_file[..], &["--resume"]].concat());
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), whole);
    std::fs::write(&path, "{\"key\":7}\n").expect("the folder is there");
    let said = faultline(&[&into_file[..], &["--resume"]].concat());
    assert!(said.code == 2 && said.aside.contains("line 1 is no row"), "{}", said.aside);
    std::fs::write(&path, "of somebody else").expect("the folder is there");
    let said = faultline(&[&into_file[..], &["--resume"]].concat());
    assert!(said.code == 2 && said.aside.contains("its last line is no row"), "{}", said.aside);
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "of somebody else");
    std::fs::remove_file(&path).expect("it is there");
}

/// One row of a sweep over one seed.
fn counted(arguments: &[&str]) -> Value {
    let said = faultline(&[&["sweep"], arguments, &["--seeds", "7"]].concat());
    assert_eq!(said.code, 0, "{}", said.aside);
    let row: Value = serde_json::from_str(said.out.trim()).expect("one row");
    row["metrics"].clone()
}

#[test]
fn a_sweep_goes_on_in_a_file_with_whole_numbers_written_as_fractions() {
    let path = std::env::temp_dir().join(format!("faultline-older-{}.ndjson", std::process::id()));
    let name = path.to_str().expect("it is text");
    let sweep = ["sweep", "raft", "--seeds", "1..4", "--metrics", "events,lost", "--until=1s"];
    let whole = faultline(&sweep).out;
    let begun = whole.lines().next().expect("a row");
    let row: Value = serde_json::from_str(begun).expect("it is JSON");
    let events = row["metrics"]["events"].as_u64().expect("a whole number");
    let older = begun.replace(&format!(":{events},"), &format!(":{events}.0,"));
    assert_ne!(older, begun);
    std::fs::write(&path, format!("{older}\n")).expect("the folder is there");
    let said = faultline(&[&sweep[..], &["--out", name, "--resume"]].concat());
    assert!(said.code == 0 && said.aside.contains("1 rows are there already"), "{}", said.aside);
    let found = std::fs::read_to_string(&path).expect("it is there");
    assert_eq!(found, whole.replace(begun, &older));
    std::fs::remove_file(&path).expect("it is there");
}

#[test]
fn what_a_sweep_counts_is_what_happens() {
    let log = faultline(&["run", SCENE, "--seed", "7", "--until", "300ms", "--log", "ndjson"]).out;
    let events: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let of_kind = |kind: &str| events.iter().filter(|event| event["kind"] == kind).count();
    let first = events.iter().find(|event| event["fields"]["note"] == "leads").expect("one leads");
    let wanted = "events,messages,lost,broken,time_to_leader_ms,time_without_leader_ms,ballots";
    let found = counted(&[SCENE, "--until", "300ms", "--metrics", wanted]);
    assert_eq!(found["events"], events.len() as f64);
    assert_eq!(found["messages"], of_kind("send") as f64);
    assert_eq!(found["lost"], of_kind("lost") as f64);
    let leader = first["time_us"].as_f64().expect("a time") / 1e3;
    assert_eq!(found["time_to_leader_ms"], leader);
    assert!(found["time_without_leader_ms"].as_f64() >= Some(leader));
    assert!(found["ballots"].as_f64() >= Some(1.0));
    let calm = counted(&["raft", "--until", "50ms", "--metrics", "time_to_leader_ms"]);
    assert!(calm["time_to_leader_ms"].is_null(), "nobody leads so early");
    let fast = counted(&["fastpaxos", "--metrics", "time_to_leader_ms,time_without_leader_ms"]);
    assert!(fast["time_without_leader_ms"].as_f64() >= fast["time_to_leader_ms"].as_f64());
}

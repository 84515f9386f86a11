//! Everything a room can say has its words, and everything it claims of itself is so.

use crate::goldens::{OTHERWISE, scenarios};
use crate::journeys::open;
use faultline_kernel::{About, Knob, Time, Value};
use faultline_lab::chaos::chaos;
use faultline_lab::{Command, Recording, Scenario, library, rooms, words};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Every id of a room that must have words, and may have them: kind of thing and name.
fn ids(about: &About, knobs: &[Knob]) -> BTreeSet<String> {
    let mut ids = BTreeSet::from(["title".to_owned(), "about".to_owned()]);
    let mut add = |kind: &str, id: &str| {
        ids.insert(format!("{kind}-{id}"));
    };
    about.roles.iter().for_each(|role| add("role", role.id));
    about.messages.iter().for_each(|message| add("message", message.id));
    about.timers.iter().for_each(|timer| add("timer", timer.id));
    about.notes.iter().for_each(|note| add("note", note.id));
    about.answers.iter().for_each(|answer| add("answer", answer.id));
    knobs.iter().for_each(|knob| add("knob", knob.id));
    for property in about.properties {
        add("property", property.id);
        add("property", &format!("{}-says", property.id));
    }
    ids
}

fn room_words(about: &About) -> BTreeSet<String> {
    let prefix = format!("{}-", about.id);
    words::ids().filter_map(|id| id.strip_prefix(&prefix)).map(str::to_owned).collect()
}

#[test]
fn everything_a_room_declares_has_words_and_no_words_are_left_over() {
    for (about, knobs) in rooms() {
        let (declared, written) = (ids(about, knobs), room_words(about));
        let missing: Vec<_> = declared.difference(&written).collect();
        assert!(missing.is_empty(), "{} has no words for {missing:?}", about.id);
        // Fields, marks, classes and words of values are seen only when they appear: see below.
        let kinds = ["role", "message", "timer", "note", "answer", "knob", "property"];
        let of_kind = |id: &&String| kinds.iter().any(|kind| id.starts_with(&format!("{kind}-")));
        let left: Vec<_> = written.difference(&declared).filter(of_kind).collect();
        assert!(left.is_empty(), "{} has words for nothing: {left:?}", about.id);
    }
}

/// What is wrong with a scenario in which two knobs stand at an end of their range, if that is how
/// they go together.
fn contradiction(room: &str, one: (&Knob, u64), other: (&Knob, u64)) -> Option<String> {
    let mut scenario = Scenario::plain(room, 1).expect("the room is there");
    scenario.config = [one, other].map(|(knob, value)| (knob.id.to_owned(), value)).into();
    Some(scenario.check().err()?.to_string())
}

#[test]
fn knobs_that_contradict_each_other_are_all_named() {
    let ends = |knob: &'static Knob| [(knob, knob.min), (knob, knob.max)];
    let mut contradictions = BTreeSet::new();
    for (about, knobs) in rooms() {
        for (place, one) in knobs.iter().enumerate() {
            let others = knobs[place + 1..].iter().flat_map(ends);
            let pairs = others.flat_map(|other| ends(one).map(|one| (one, other)));
            contradictions.extend(pairs.filter_map(|(one, other)| {
                let said = contradiction(about.id, one, other)?;
                let word = |id: &str| said.split_whitespace().any(|word| word == id);
                let named = knobs.iter().filter(|knob| word(knob.id)).count();
                assert!(said.starts_with("config: ") && named > 1, "{}: {said}", about.id);
                Some(format!("{}: {said}", about.id))
            }));
        }
    }
    assert!(contradictions.len() > 10, "{contradictions:?}");
}

#[test]
fn lessons_are_of_the_newest_version_of_their_room() {
    let older = |(id, scenario): (String, Scenario)| scenario.runs_by().map(|_| id);
    assert_eq!(scenarios().into_iter().filter_map(older).collect::<Vec<_>>(), [""; 0]);
}

/// The word of a role is written into the disc, at most 104 pixels wide.
#[test]
fn the_word_of_a_role_has_room_in_a_node() {
    let long: Vec<_> = rooms()
        .flat_map(|(about, _)| about.roles.iter().map(|role| (about.id, role.id)))
        .map(|(room, role)| words::word(&[room, "role", role]))
        .filter(|word| word.chars().count() > 13)
        .collect();
    assert!(long.is_empty(), "{long:?}");
}

/// Every scenario of the library as it stands, and under two seeds of chaos.
fn played() -> Vec<(String, Scenario)> {
    let wild = |(id, scenario): &(String, Scenario)| {
        let wild = |seed| chaos(scenario, seed, Time(2_000_000)).expect("a sound scenario");
        [(format!("{id} under chaos"), wild(1)), (format!("{id} under chaos"), wild(2))]
    };
    let mut scenarios = scenarios();
    let wild: Vec<_> = scenarios.iter().flat_map(wild).collect();
    scenarios.extend(wild);
    scenarios
}

#[test]
fn everything_that_shows_on_a_node_has_words() {
    let mut missing = BTreeSet::new();
    for (_, scenario) in played() {
        let recording = Recording::of(&scenario, OTHERWISE).expect("a sound scenario");
        let room = recording.about().id;
        let mut need = |kind: &str, id: &str| {
            if words::id(&[room, kind, id]).is_none() {
                missing.insert(format!("{room}-{kind}-{id}"));
            }
        };
        recording.members().iter().for_each(|member| need("class", member.class));
        for events in (0..=recording.log().len()).step_by(40) {
            for member in recording.members() {
                let card = recording.card(events, member.id);
                card.marks.iter().for_each(|mark| need("mark", mark.id));
                for field in &card.fields {
                    need("field", field.id);
                    if let Value::Word(word) = field.value {
                        need("word", word);
                    }
                }
            }
        }
    }
    assert!(missing.is_empty(), "no words for {missing:?}");
}

#[test]
fn everything_that_a_message_carries_has_words() {
    for (id, scenario) in played() {
        let prefix = format!("{}-field-", scenario.protocol);
        let labels = words::ids().filter(|id| id.starts_with(&prefix)).map(words::plain);
        let labels: BTreeSet<String> = labels.collect();
        let mut session = open(&scenario);
        for _ in 0..400 {
            session.apply(Command::StepForward).expect("a sound command");
            for message in session.scene().messages {
                let fields = session.message_panel(&message.name).map(|panel| panel.fields);
                for field in fields.into_iter().flatten() {
                    assert!(labels.contains(&field.label), "{id}: no words for {}", field.label);
                }
            }
        }
    }
}

#[test]
fn every_remark_that_falls_is_a_sentence() {
    for (id, scenario) in played() {
        let recording = Recording::of(&scenario, OTHERWISE).expect("a sound scenario");
        let transcript = recording.transcript();
        let odd = transcript.lines().find(|line| line.contains(['{', '}', '$']));
        assert_eq!(odd, None, "{id}");
    }
}

#[test]
fn ids_are_unique_and_what_sabotage_breaks_is_a_property() {
    let mut known = BTreeSet::new();
    for (about, knobs) in rooms() {
        assert!(known.insert(about.id), "two rooms are called {}", about.id);
        let mut ids = BTreeSet::new();
        for knob in knobs {
            assert!(ids.insert(knob.id), "{} has two knobs {}", about.id, knob.id);
            assert!((knob.min..=knob.max).contains(&knob.default), "{} {}", about.id, knob.id);
            let is_property = |name| about.properties.iter().any(|kind| kind.id == name);
            assert!(knob.breaks.is_none_or(is_property), "{} {}", about.id, knob.id);
        }
        assert!(about.notes.iter().all(|note| note.args.len() <= 4), "{}", about.id);
    }
}

#[test]
fn every_file_of_a_room_is_in_the_library() {
    let rows = library();
    for (about, _) in rooms() {
        let rooms = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/protocols/src");
        let folder = rooms.join(about.id).join("scenarios");
        let entries = std::fs::read_dir(&folder).expect("a room has scenarios").flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut files: Vec<String> =
            names.filter_map(|name| name.strip_suffix(".toml").map(str::to_owned)).collect();
        files.sort();
        let of_room = rows.iter().filter(|row| row.protocol == about.id);
        let mut known: Vec<&str> = of_room.clone().map(|row| row.scene).collect();
        known.sort_unstable();
        assert_eq!(known, files, "{}", about.id);
        for row in of_room {
            assert!(!row.title.is_empty() && !row.summary.is_empty(), "{}", row.scene);
        }
    }
    faultline_lab::default_scenario().expect("something opens when nobody asks for anything");
}

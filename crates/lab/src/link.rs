//! Links: a scenario in the fragment of an address.
//!
//! `p=raft&scene=figure-8-lost&n=5&seed=42` is a *name*: today's version of that scene.
//! `s1=…` is a *record*: base64url of the raw deflate of the scenario's JSON, exactly this run.

use crate::scene::Moment;
use crate::{Error, Scenario, library};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use faultline_kernel::{NodeId, Time};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use serde_json::Value;

/// Over so many characters a link is likely to break on its way.
pub const WARN: usize = 2_000;
/// Over so many characters a file is the better way.
pub const MOST: usize = 8_000;
/// So many characters are read at most.
pub const READ_MOST: usize = 32 << 10;

const RECORD: &str = "s1=";
/// What a fragment may name: a record the first two, a name all but the first.
const NAMES: [&str; 7] = ["s1", "p", "scene", "n", "seed", "t", "e"];
/// As small as it gets: links are short and made seldom.
const LEVEL: u8 = 10;

/// The record of a scenario, without the `#`. If its room is not the first one, that is said beside
/// the record, so that a page can start the right program at once.
#[must_use]
pub fn encode(scenario: &Scenario) -> String {
    let mut link = encode_text(&scenario.to_json());
    if scenario.protocol != library::first_room() {
        link.push_str("&p=");
        link.push_str(&scenario.protocol);
    }
    link
}

/// The record of a scenario's JSON, which is not looked at.
#[must_use]
pub fn encode_text(json: &str) -> String {
    let packed = compress_to_vec(json.as_bytes(), LEVEL);
    let mut link = String::from(RECORD);
    URL_SAFE_NO_PAD.encode_string(packed, &mut link);
    link
}

/// The room that a fragment asks for, whatever else is in it, and whether or not it is there.
pub(crate) fn room_of(fragment: &str) -> Option<String> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    if fragment.len() > READ_MOST {
        return None;
    }
    if let Some(room) = fragment.split('&').find_map(|part| part.strip_prefix("p=")) {
        return Some(room.to_owned());
    }
    room_of_json(&unpack(fragment.strip_prefix(RECORD)?).ok()?)
}

/// The room that a scenario's JSON asks for, whatever else is in it.
pub(crate) fn room_of_json(json: &str) -> Option<String> {
    let short = json.len() <= crate::scenario::JSON_MOST;
    let asked: Value = short.then(|| serde_json::from_str(json).ok())??;
    Some(asked.get("protocol")?.as_str()?.to_owned())
}

/// The name of a scenario in the library, without the `#`.
#[must_use]
pub fn readable(protocol: &str, scene: &str) -> String {
    format!("p={protocol}&scene={scene}")
}

/// The same, opening at a time, and after so many events if more happen at that very time.
#[must_use]
pub fn readable_at(protocol: &str, scene: &str, time: Time, events: Option<u32>) -> String {
    let mut link = format!("{}&t={}", readable(protocol, scene), time.0);
    if let Some(events) = events {
        link.push_str("&e=");
        link.push_str(&events.to_string());
    }
    link
}

/// Reads a fragment, with or without `#`: a record, a name, or nothing at all, which is the
/// library's first scenario.
///
/// # Errors
/// What is wrong with it.
pub fn decode(fragment: &str) -> Result<Scenario, Error> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    if fragment.len() > READ_MOST {
        return Err(Error::new(format!(
            "the link has {} characters; {READ_MOST} are read at most",
            fragment.len()
        )));
    }
    if let Some(format) = unknown_record(fragment) {
        return Err(Error::new(format!(
            "the link is a record of format {format}; this release reads format 1"
        )));
    }
    match fragment.strip_prefix(RECORD) {
        Some(record) => decode_record(record).map_err(|error| error.within("the link")),
        None => decode_name(fragment),
    }
}

/// The first part of a fragment that means nothing: there is no such name, it is there twice, or it
/// lacks the part that it goes with. What the rest means is the same with and without it.
#[must_use]
pub fn strange(fragment: &str) -> Option<&str> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let known = if fragment.starts_with(RECORD) { &NAMES[..2] } else { &NAMES[1..] };
    let parts = || fragment.split('&').filter(|part| !part.is_empty());
    let has_time = parts().any(|part| part.starts_with("t="));
    let mut met = 0_u32;
    parts().find(|part| {
        let name = part.split_once('=').map(|(name, _)| name);
        let place = known.iter().position(|known| name == Some(known));
        let before = met;
        met |= place.map_or(0, |place| 1 << place);
        met == before || name == Some("e") && !has_time
    })
}

/// The format of a record that this release cannot read, such as `s2=…`.
fn unknown_record(fragment: &str) -> Option<&str> {
    let (format, _) = fragment.strip_prefix('s')?.split_once('=')?;
    let is_number = !format.is_empty() && format.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && format != "1").then_some(format)
}

/// After the record may stand what tells a page in advance which room it needs: `&p=paxos`.
fn decode_record(record: &str) -> Result<Scenario, Error> {
    Scenario::from_json(&unpack(record)?)
}

fn unpack(record: &str) -> Result<String, Error> {
    let record = record.split_once('&').map_or(record, |(record, _)| record);
    let packed = URL_SAFE_NO_PAD
        .decode(record)
        .map_err(|_| Error::new("it is damaged: these are not the characters of a link"))?;
    let json = decompress_to_vec_with_limit(&packed, crate::scenario::JSON_MOST)
        .map_err(|_| Error::new("it is damaged or too large"))?;
    String::from_utf8(json).map_err(|_| Error::new("it does not hold text"))
}

/// Reads `p=raft&scene=figure-8-lost&n=5&seed=42&t=900000&e=120` (t in microseconds, e in events).
/// Other parts are ignored: [`strange`] tells of them.
fn decode_name(fragment: &str) -> Result<Scenario, Error> {
    let part = |name: &str| {
        fragment.split('&').filter_map(|part| part.split_once('=')).find(|part| part.0 == name)
    };
    let number = |name: &str| -> Result<Option<u64>, Error> {
        let Some((_, text)) = part(name) else {
            return Ok(None);
        };
        let number = text.parse().ok();
        number.map(Some).ok_or_else(|| Error::new(format!("{name}={text} is not a number")))
    };
    if !fragment.is_empty() && !fragment.contains('=') {
        return Err(Error::new("the link has neither p=, a protocol, nor s1=, a record"));
    }
    let mut scenario = match (part("p"), part("scene")) {
        (None, None) => library::first()?,
        (Some((_, protocol)), Some((_, scene))) => library::scenario(protocol, scene)?,
        (Some((_, protocol)), None) => library::first_of(protocol)?,
        (None, Some((_, scene))) => {
            return Err(Error::new(format!("scene={scene} needs p=, the protocol")));
        }
    };
    if let Some(time) = number("t")?.map(Time) {
        scenario.open_us = Some(time);
        let events = match number("e")?.map(u32::try_from) {
            Some(Err(_)) => return Err(Error::new("e counts more events than a run may have")),
            events => events.and_then(Result::ok),
        };
        scenario.moment = events.map(|events| Moment { events, time });
    }
    let room = crate::catalogue::room(&scenario.protocol)?;
    let before = (scenario.seed, room.values(&scenario)?);
    if let Some(seed) = number("seed")? {
        scenario.seed = seed;
    }
    if let Some(size) = number("n")? {
        scenario.config.insert(room.knobs[0].id.to_owned(), size);
    }
    if before != (scenario.seed, room.values(&scenario)?) {
        // What is said and expected of the scene as it stood need not come true of this one, and
        // nothing is done to nodes that are not there.
        let members = room.members(&scenario)?;
        let is_there = |node: &NodeId| node.index() < members;
        scenario.inputs.retain(|planned| planned.input.nodes().iter().all(is_there));
        // Disks go together: logs of which some are missing were never written.
        if scenario.disks.keys().any(|name| !NodeId::parse(name).as_ref().is_some_and(is_there)) {
            scenario.disks.clear();
        }
        scenario.captions.clear();
        scenario.expect.clear();
        scenario.scene.clear();
    }
    scenario.check()?;
    Ok(scenario)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_brings_back_the_same_scenario() {
        let scenario = library::first().expect("the library is not empty");
        let link = encode(&scenario);
        assert_eq!(decode(&link).as_ref(), Ok(&scenario));
        assert_eq!(encode(&decode(&link).expect("as before")), link);
    }

    #[test]
    fn a_name_opens_the_library_and_may_change_size_and_seed() {
        let scenario = decode("#p=echo&n=4&seed=7&utm=ignored").expect("a good name");
        assert_eq!((scenario.seed, scenario.config["nodes"]), (7, 4));
        let later = decode("p=echo&t=5000").expect("a good name");
        assert_eq!((later.open_us, later.moment), (Some(Time(5_000)), None));
        let between = decode("p=echo&t=5000&e=3").expect("a good name");
        assert_eq!(between.moment, Some(Moment { events: 3, time: Time(5_000) }));
        assert_eq!(decode("").as_ref(), library::first().as_ref());
    }

    #[test]
    fn a_part_by_which_nobody_goes_is_told() {
        for (link, told) in [
            ("#p=raft&servers=3", Some("servers=3")),
            ("p=raft&rng=3&utm=x", Some("rng=3")),
            ("p=raft&n=3&n=5", Some("n=5")),
            ("p=raft&dark&seed=7", Some("dark")),
            ("p=raft&n&n=5", Some("n")),
            ("p=raft&e=120", Some("e=120")),
            ("s1=AAAA&p=raft&t=5", Some("t=5")),
            ("#p=raft&scene=first-leader&n=5&seed=42&t=900000&e=120", None),
            ("s1=AAAA&p=raft", None),
            ("&p=raft", None),
            ("", None),
        ] {
            assert_eq!(strange(link), told, "{link}");
        }
        assert_eq!(decode("p=raft&servers=3"), decode("p=raft"), "and it opens all the same");
    }

    #[test]
    fn a_name_with_another_size_or_seed_says_nothing_of_what_is_not_there() {
        let whole = decode("p=raft").expect("a good name");
        assert!(!whole.captions.is_empty() && whole.inputs.len() > 1);
        let small = decode("p=raft&n=3").expect("three servers are enough");
        assert!(small.inputs.len() < whole.inputs.len());
        assert!(small.captions.is_empty() && small.expect.is_empty() && small.scene.is_empty());
        let seeded = decode("p=raft&seed=99").expect("a good name");
        assert!(seeded.captions.is_empty() && seeded.inputs == whole.inputs);
        let same = decode(&format!("p=raft&n=5&seed={}", whole.seed)).expect("a good name");
        assert_eq!((same.captions, same.scene), (whole.captions, whole.scene));
        for row in library::rows() {
            for size in [1, 3, 4] {
                let link = format!("{}&n={size}", readable(row.protocol, row.scene));
                let said = decode(&link).map_or_else(|error| error.to_string(), |_| String::new());
                assert!(!said.contains("there is no"), "{link}: {said}");
            }
        }
    }

    #[test]
    fn a_link_tells_its_room_before_it_is_opened() {
        let scenario = decode("p=echo").expect("the room is there");
        let record = encode(&scenario);
        for link in ["#p=echo&n=4", &record, &[&record, "&p=echo"].concat()] {
            assert_eq!(room_of(link).as_deref(), Some("echo"), "{link}");
        }
        assert_eq!(decode(&[&record, "&p=echo"].concat()), Ok(scenario));
        for link in ["", "n=5", "s1=%%%", "s1=AAAA", &"x".repeat(READ_MOST + 1)] {
            assert_eq!(room_of(link), None, "{link}");
        }
        assert_eq!(library::elsewhere("p=echo"), None, "it is here");
        assert_eq!(library::elsewhere("p=chess"), None, "it is nowhere");
    }

    #[test]
    fn a_link_of_an_older_version_opens_though_it_names_knobs_that_went() {
        let written = |version: u32, knob: &str| {
            let mut scenario = Scenario::plain("broadcast", 7).expect("the room is there");
            scenario.version = version;
            scenario.config = [(knob.to_owned(), 2), ("active".to_owned(), 3)].into();
            encode(&scenario)
        };
        let old = decode(&written(1, "search")).expect("it names a knob of version 1");
        let today = Scenario::plain("broadcast", 7).expect("the room is there");
        assert_eq!((old.runs_by(), today.runs_by()), (Some(today.version), None));
        let mut session = crate::Session::open(old).expect("it opens");
        while session.work(100_000) {}
        let said = session.notice().expect("that it is old");
        assert!(said.contains("version 1") && said.contains(&today.version.to_string()), "{said}");
        let kept = session.scenario();
        assert_eq!((kept.version, kept.config), (today.version, [("active".to_owned(), 3)].into()));
        let refused = |version, knob| decode(&written(version, knob)).expect_err("it is wrong");
        for (version, knob) in [(1, "sails"), (today.version, "search")] {
            let said = refused(version, knob).to_string();
            assert!(said.ends_with(&format!("broadcast has no knob {knob}")), "{said}");
        }
        for version in [0, today.version + 1] {
            let said = refused(version, "search").to_string();
            assert!(said.contains(&format!("made with version {version}")), "{said}");
        }
    }

    #[test]
    fn a_bad_link_says_what_is_wrong() {
        let said = |link: &str| decode(link).expect_err("it is bad").to_string();
        assert!(said("p=chess").ends_with("no protocol “chess”"));
        for junk in ["#hello", "javascript:alert(1)"] {
            assert!(said(junk).contains("neither p="), "{junk}");
        }
        assert!(said("p=echo&scene=nope").contains("nope"));
        assert!(said("p=echo&n=99").contains("nodes is 99"));
        assert!(said("p=echo&seed=x").contains("seed=x is not a number"));
        assert!(said("s1=%%%").contains("damaged"));
        assert!(said("s9=abc").contains("format 9"));
        assert!(said("s1=AAAA").contains("damaged"));
        assert!(said(&"x".repeat(READ_MOST + 1)).contains("32768"));
    }
}

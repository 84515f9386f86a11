//! From a run and a moment to a scene.

use crate::play::{NodeFacts, Play, is_held, middle};
use crate::scene::{
    BrokenLink, Condition, Countdown, Fate, Moment, Scene, SceneMessage, SceneNode,
};
use crate::words;
use faultline_kernel::{About, Mark, Member, NodeId, Span, Time};
use faultline_sim::{EventKind, FlightView, MessageName, Network, Record};

/// How many messages are drawn: the rest would be a cloud, and no frame would be in time.
const MESSAGES_MOST: usize = 5_000;

/// How many events are looked through for messages lost a moment ago.
const LOOK_BACK: u32 = 2_000;

/// The scene at `moment`, to which the run's view must have gone.
pub(crate) fn scene(
    about: &'static About,
    play: &Play,
    moment: Moment,
    witnesses: &[NodeId],
) -> Scene {
    let ids = || (0..).map(NodeId).take(play.run.head().members().len());
    let mut doubts = Vec::new();
    let mut ties = None;
    let node = |id| {
        let facts = play.facts(id);
        if let Some(own) = &facts.card.ties {
            let all: &mut Vec<_> = ties.get_or_insert_default();
            own.iter().for_each(|tie| join(all, (id.min(tie.to), id.max(tie.to)), tie.strong));
        }
        let doubted = facts.card.marks.iter().filter(|mark| Mark::DOUBTS.contains(&mark.id));
        doubts.extend(doubted.filter_map(|mark| Some((mark.about?, id))));
        let touched = play.run.view().touched() == Some(id);
        scene_node(about, id, facts, moment.time, touched, witnesses.contains(&id))
    };
    let mut nodes: Vec<SceneNode> = ids().map(node).collect();
    for (about, by) in doubts {
        if let Some(doubted) = nodes.get_mut(about.index()) {
            doubted.doubted_by.push(by);
        }
    }
    let flying = play.messages();
    let left_out = flying.len().saturating_sub(MESSAGES_MOST);
    let network = play.network();
    let flying = flying
        .iter()
        .take(MESSAGES_MOST)
        .map(|facts| scene_message(about, facts, network, moment.time));
    let lost = lost_messages(about, play, moment);
    Scene {
        moment,
        nodes,
        messages: flying.chain(lost).collect(),
        left_out: u32::try_from(left_out).unwrap_or(u32::MAX),
        apart: apart(play),
        ties: ties.map(joined),
        broken_links: broken_links(play),
        sides: play.network().sides(),
        holding: play.network().holding(),
    }
}

fn scene_node(
    about: &'static About,
    id: NodeId,
    facts: NodeFacts,
    now: Time,
    touched: bool,
    witness: bool,
) -> SceneNode {
    let role = &about.roles[usize::from(facts.card.role)];
    let countdown = |timer: &faultline_sim::CountdownView| {
        let kind = &about.timers[usize::from(timer.kind)];
        let remaining = timer.deadline.since(now);
        let whole = timer.deadline.since(timer.set_at).0.max(1);
        kind.shown.then(|| Countdown {
            word: words::id(&[about.id, "timer", kind.id]).unwrap_or(kind.id),
            left: share(remaining.0, whole),
            remaining,
        })
    };
    let mark =
        |mark: &Mark| (words::id(&[about.id, "mark", mark.id]).unwrap_or(mark.id), mark.about);
    SceneNode {
        id,
        group: facts.group,
        rank: facts.rank,
        role,
        role_word: words::id(&[about.id, "role", role.id]).unwrap_or(role.id),
        badge: facts.card.badge.map(|badge| badge.number),
        condition: match facts.condition {
            faultline_sim::Condition::Up => Condition::Up,
            faultline_sim::Condition::Down => Condition::Down,
            faultline_sim::Condition::Paused => Condition::Paused,
        },
        clock_ppm: facts.rate_ppm,
        countdowns: facts.timers.iter().filter_map(countdown).collect(),
        tally: facts.card.tally,
        strip: facts.card.strip,
        strip_before: facts.card.strip_before,
        settled: facts.card.marks.iter().any(|mark| Mark::SETTLED.contains(&mark.id)),
        doubted_by: Vec::new(),
        marks: facts.card.marks.iter().map(mark).collect(),
        writing: facts.writing,
        touched,
        witness,
    }
}

/// Adds one end of a tie: how many of its ends are strong.
fn join(ties: &mut Vec<(NodeId, NodeId, u8)>, pair: (NodeId, NodeId), strong: bool) {
    match ties.binary_search_by_key(&pair, |tie| (tie.0, tie.1)) {
        Ok(place) => ties[place].2 += u8::from(strong),
        Err(place) => ties.insert(place, (pair.0, pair.1, strong.into())),
    }
}

/// Each tie once: a strong one is strong at both ends.
fn joined(ties: Vec<(NodeId, NodeId, u8)>) -> Vec<(NodeId, NodeId, bool)> {
    ties.into_iter().map(|(one, other, strong)| (one, other, strong > 1)).collect()
}

/// Pairs of which neither may speak to the other.
fn apart(play: &Play) -> Vec<(NodeId, NodeId)> {
    let members = play.run.head().members();
    // No room that restricts its links has more than a few dozen members.
    if members.iter().all(|member| member.links.is_none()) {
        return Vec::new();
    }
    let speaks = |one: &Member, other: &Member| {
        one.links.as_ref().is_none_or(|links| links.contains(&other.id))
    };
    let pairs = members
        .iter()
        .enumerate()
        .flat_map(|(place, one)| members[place + 1..].iter().map(move |other| (one, other)));
    let strangers = pairs.filter(|(one, other)| !speaks(one, other) && !speaks(other, one));
    strangers.map(|(one, other)| (one.id, other.id)).collect()
}

fn scene_message(
    about: &'static About,
    facts: &FlightView,
    network: &Network,
    now: Time,
) -> SceneMessage {
    let fate = if is_held(facts, network, now) { Fate::Held } else { Fate::Flying };
    let sent = facts.name.sent_us;
    let progress = share(now.since(sent).0, facts.arrives.since(sent).0.max(1));
    message(about, facts.kind, facts.name, progress, fate)
}

fn message(
    about: &'static About,
    kind: u8,
    name: MessageName,
    progress: f32,
    fate: Fate,
) -> SceneMessage {
    let kind = &about.messages[usize::from(kind)];
    let word = words::id(&[about.id, "message", kind.id]).unwrap_or(kind.id);
    SceneMessage { name, kind, word, progress: progress.min(1.0), fate }
}

/// The messages lost a moment ago, where they were lost.
fn lost_messages(about: &'static About, play: &Play, moment: Moment) -> Vec<SceneMessage> {
    let visible = Span(middle(play.network()).0.max(1));
    let log = play.run.log();
    let first = moment.events.saturating_sub(LOOK_BACK);
    let recent = (first..moment.events).rev().filter_map(|event| log.get(event));
    let recent = recent.take_while(|record| moment.time.since(record.time) < visible);
    let lost = recent.filter(|record| record.kind() == EventKind::Lost);
    let picture = |record: &Record| {
        let sent_us = record.caused_by().and_then(|send| log.get(send)).map(|send| send.time);
        let name = MessageName {
            from: NodeId(record.node),
            to: NodeId(record.other),
            sent_us: sent_us.unwrap_or(record.time),
            ordinal: 0,
            copy: false,
        };
        let age = share(moment.time.since(record.time).0, visible.0);
        let progress = f32::from(record.way()) / 255.0;
        message(about, record.which(), name, progress, Fate::Lost { age })
    };
    lost.map(picture).collect()
}

/// Links that are cut one by one, one way or both. What a fault line cuts follows from its sides.
fn broken_links(play: &Play) -> Vec<BrokenLink> {
    let cuts = play.network().cuts();
    let is_cut = |from, to| cuts.binary_search(&(from, to)).is_ok();
    let link = |&(one, other): &(NodeId, NodeId)| {
        let (from, to) = (one.min(other), one.max(other));
        BrokenLink { from, to, there: is_cut(from, to), back: is_cut(to, from) }
    };
    // A link that is cut both ways stands there twice.
    let once = |(from, to): &&(NodeId, NodeId)| from < to || !is_cut(*to, *from);
    cuts.iter().filter(once).map(link).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a share for the eye")]
fn share(part: u64, whole: u64) -> f32 {
    (part as f64 / whole.max(1) as f64).min(1.0) as f32
}

#[cfg(test)]
mod tests {
    use crate::scene::Bond;
    use crate::{Session, library};
    use faultline_kernel::{NodeId, Time};

    #[test]
    fn after_the_first_broadcast_the_strong_ties_are_a_tree() {
        let mut scenario = library::scenario("broadcast", "tree").expect("it is there");
        let mut shapes = Vec::new();
        for open in [1_480_000, 1_900_000] {
            scenario.open_us = Some(Time(open));
            let mut session = Session::open(scenario.clone()).expect("a lesson opens");
            while session.work(10_000) {}
            let scene = session.scene();
            let count = scene.nodes.len();
            let ids = || (0..).map(NodeId).take(count);
            let strong = |one: &NodeId, other: &NodeId| scene.bond(*one, *other) == Bond::Strong;
            let mut reached = vec![NodeId(0)];
            let mut place = 0;
            while let Some(one) = reached.get(place).copied() {
                let next = ids().filter(|other| strong(&one, other) && !reached.contains(other));
                reached.extend(next.collect::<Vec<_>>());
                place += 1;
            }
            assert_eq!(reached.len(), count, "the strong ties join everybody");
            let ties = scene.ties.as_ref().expect("the room has neighbours");
            shapes.push(ties.iter().filter(|tie| tie.2).count() + 1 - count);
        }
        assert!(shapes[0] > 0, "before it every tie is strong");
        assert_eq!(shapes[1], 0, "after it none is too many");
    }
}

//! Which links are drawn, and how each of them is.

use crate::act::Selection;
use crate::draw::link::State;
use crate::lab::{NodeId, Scene};

/// Up to so many nodes every link is drawn; among more, those where something happens.
pub(crate) const EVERY_LINK: usize = 40;
/// Of those, at most so many.
pub(crate) const LINKS_MOST: usize = 400;

/// Two ends of a link, as indices, the lesser first.
pub(super) type Pair = (usize, usize);

/// The links to draw: all there are, or where messages fly, where one is cut, between neighbours,
/// and those of what is selected.
pub(super) fn pairs(scene: &Scene, selection: Option<Selection>) -> Vec<Pair> {
    let count = scene.nodes.len();
    let linked = |&(a, b): &Pair| is_linked(scene, a, b);
    if count <= EVERY_LINK {
        let all = (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b)));
        return all.filter(linked).collect();
    }
    let pair = |one: NodeId, other: NodeId| {
        (one.index().min(other.index()), one.index().max(other.index()))
    };
    let (node, link) = match selection {
        Some(Selection::Node(node)) => (Some(node), None),
        Some(Selection::Link(one, other)) => (None, Some(pair(one, other))),
        Some(Selection::Message(_)) | None => (None, None),
    };
    let cut = scene.broken_links.iter().map(|link| pair(link.from, link.to));
    let busy = scene.messages.iter().map(|message| pair(message.name.from, message.name.to));
    let others = scene.nodes.iter().map(|other| other.id);
    let own = node.into_iter().flat_map(|node| {
        others.clone().filter(move |other| *other != node).map(move |other| pair(node, other))
    });
    let ties = scene.ties.iter().flatten().map(|(one, other, _)| pair(*one, *other));
    let wanted = link.into_iter().chain(cut).chain(busy).chain(ties).chain(own);
    let mut pairs = vec![];
    for pair in wanted.filter(linked) {
        if pairs.len() < LINKS_MOST && !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    pairs
}

/// Whether either of two nodes may ever speak to the other.
pub(super) fn is_linked(scene: &Scene, a: usize, b: usize) -> bool {
    scene.apart.binary_search(&(scene.nodes[a].id, scene.nodes[b].id)).is_err()
}

/// How links are in this scene: for whoever asks for many of them.
pub(super) fn link_states(scene: &Scene) -> impl Fn(usize, usize) -> State {
    let mut side_of = vec![0; scene.nodes.len()];
    for (side, members) in scene.sides.iter().enumerate() {
        members.iter().for_each(|member| side_of[member.index()] = side);
    }
    move |a, b| {
        if side_of[a] != side_of[b] {
            return State::Parted;
        }
        for broken in &scene.broken_links {
            let ends = (broken.from.index(), broken.to.index());
            let (there, back) = if ends == (a, b) {
                (broken.there, broken.back)
            } else if ends == (b, a) {
                (broken.back, broken.there)
            } else {
                continue;
            };
            return match (there, back) {
                (true, true) => State::Cut,
                (true, false) => State::Back,
                (false, true) => State::There,
                (false, false) => State::Open,
            };
        }
        State::Open
    }
}

/// How the link between two nodes is in this scene.
pub(crate) fn link_state(scene: &Scene, a: usize, b: usize) -> State {
    link_states(scene)(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::{Command, Input, Session, link};

    fn scene(fragment: &str, acts: &[Input]) -> Scene {
        let scenario = link::decode(fragment).expect("a good name");
        let mut session = Session::open(scenario).expect("it opens");
        session.apply(Command::Start).expect("there is a start");
        session.apply(Command::ActAll(acts.to_vec())).expect("they can be done");
        while session.work(100_000) {}
        session.scene()
    }

    #[test]
    fn a_thousand_nodes_have_no_half_a_million_links_on_the_stage() {
        let cut = Input::CutLink { from: NodeId(700), to: NodeId(3), both: true };
        let fallen = Input::CutLink { from: NodeId(5), to: NodeId(6), both: false };
        let scene = scene("p=rumour&n=1000", &[cut, fallen]);
        assert_eq!(pairs(&scene, None), [(3, 700), (5, 6)]);
        assert_eq!(link_state(&scene, 3, 700), State::Cut);
        assert_eq!(link_state(&scene, 6, 5), State::There);
        assert_eq!(link_state(&scene, 6, 7), State::Open);
        let selected = Selection::Link(NodeId(9), NodeId(8));
        assert!(pairs(&scene, Some(selected)).contains(&(8, 9)));
        assert_eq!(pairs(&scene, Some(Selection::Node(NodeId(4)))).len(), LINKS_MOST);
    }

    #[test]
    fn links_that_a_protocol_forbids_are_not_drawn_however_many_nodes_there_are() {
        for (fragment, learners, few) in [("p=paxos", "3", true), ("p=paxos&n=9", "9", false)] {
            let mut scenario = link::decode(fragment).expect("a good name");
            if !few {
                scenario.config.insert("acceptors".into(), 25);
                scenario.config.insert("learners".into(), learners.parse().expect("a number"));
            }
            let session = Session::open(scenario).expect("it opens");
            let scene = session.scene();
            assert_eq!(scene.nodes.len() <= EVERY_LINK, few);
            // Proposers are the first group: they do not speak to one another.
            assert!(!is_linked(&scene, 0, 1));
            assert!(!pairs(&scene, Some(Selection::Node(NodeId(0)))).contains(&(0, 1)));
        }
    }
}

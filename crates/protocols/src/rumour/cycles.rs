//! The tables of the paper, by a driver of synchronous cycles in miniature.
//!
//! It proves the handlers, not a simulator: sites are visited in order, a request arrives within
//! the visit or after all of them, and answers have their phase after all requests.

use super::node::{Answer, Node, State, Timer, Write};
use super::{Config, Message, Rumour, about, news, spread};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use alloc::{format, vec};
use faultline_kernel::{
    Cx, Draw, Form, Member, NodeId, Note, Protocol, Purpose, RequestId, Span, SpanRange, Time,
};

const NODES: u32 = 1_000;
const RUNS: u64 = 60;
/// Where nothing else is said, sites that pull go on for ever.
const CYCLES_MAX: u64 = 200;

struct World {
    config: Config,
    /// Whether a request arrives within the visit that sends it, and not after all visits.
    at_once: bool,
    nodes: Vec<Node>,
    /// Who has a turn in this cycle, and who in the next.
    armed: [Vec<bool>; 2],
    requests: VecDeque<Mail>,
    replies: VecDeque<Mail>,
    draw: Draw,
    cycle: u64,
    /// How often the rumour itself was sent.
    told: u64,
}

#[derive(Clone, Copy)]
struct Mail {
    from: NodeId,
    to: NodeId,
    message: Message,
}

struct Desk<'a> {
    me: NodeId,
    world: &'a mut World,
}

impl World {
    fn new(config: &Config, seed: u64, at_once: bool) -> Self {
        let mut world = Self {
            config: config.clone(),
            at_once,
            nodes: vec![Node::default(); NODES as usize],
            armed: [vec![false; NODES as usize], vec![false; NODES as usize]],
            requests: VecDeque::new(),
            replies: VecDeque::new(),
            draw: Draw::keyed(seed, Purpose::Choose, &[]),
            cycle: 0,
            told: 0,
        };
        for me in (0..NODES).map(NodeId) {
            world.handle(me, |node, desk| *node = news::start(&Default::default(), desk));
        }
        world.handle(NodeId(0), |node, desk| news::on_request(node, RequestId(0), desk));
        world
    }

    fn handle(&mut self, me: NodeId, handler: impl FnOnce(&mut Node, &mut Desk<'_>)) {
        let mut node = self.nodes[me.index()];
        handler(&mut node, &mut Desk { me, world: self });
        self.nodes[me.index()] = node;
    }

    fn deliver(&mut self, mail: Mail) {
        let Mail { from, to, message } = mail;
        self.handle(to, |node, desk| Rumour::on_message(node, from, message, desk));
    }

    fn step(&mut self) {
        self.cycle += 1;
        self.armed.swap(0, 1);
        self.armed[1].fill(false);
        for me in (0..NODES).map(NodeId) {
            if self.armed[0][me.index()] {
                self.armed[0][me.index()] = false;
                self.handle(me, |node, desk| spread::on_round(node, desk));
            }
            while self.at_once
                && let Some(mail) = self.requests.pop_front()
            {
                self.deliver(mail);
            }
        }
        while let Some(mail) = self.requests.pop_front().or_else(|| self.replies.pop_front()) {
            self.deliver(mail);
        }
    }

    /// Plays until nobody spreads the rumour: how many sites missed it, how often it was sent.
    fn play(mut self) -> [u64; 2] {
        while self.nodes.iter().any(|node| node.is_infective()) && self.cycle < CYCLES_MAX {
            self.step();
        }
        let missed = self.nodes.iter().filter(|node| node.state() == State::Susceptible).count();
        [missed as u64, self.told]
    }
}

impl Cx<Rumour> for Desk<'_> {
    fn me(&self) -> NodeId {
        self.me
    }

    fn now(&self) -> Time {
        Time(self.world.cycle)
    }

    fn config(&self) -> &Config {
        &self.world.config
    }

    fn members(&self) -> &[Member] {
        &[]
    }

    fn send(&mut self, to: NodeId, message: Message) {
        self.world.told += u64::from(matches!(message, Message::Push | Message::Tell));
        let mail = Mail { from: self.me, to, message };
        match about::ABOUT.messages[usize::from(Rumour::kind(&message))].form {
            Form::Request => self.world.requests.push_back(mail),
            Form::Reply | Form::Refusal => self.world.replies.push_back(mail),
        }
    }

    fn set_timer(&mut self, _timer: Timer, _after: Span) {
        self.world.armed[1][self.me.index()] = true;
    }

    fn cancel_timer(&mut self, _timer: Timer) {
        self.world.armed.iter_mut().for_each(|armed| armed[self.me.index()] = false);
    }

    fn save(&mut self, _write: Write) {}

    fn answer(&mut self, _to: RequestId, _answer: Answer) {}

    fn note(&mut self, _note: impl FnOnce() -> Note) {}

    fn choose(&mut self, n: u32) -> u32 {
        u32::try_from(self.world.draw.below(n.into())).expect("below a u32")
    }

    fn span(&mut self, range: SpanRange) -> Span {
        range.min
    }
}

/// The mean residue and traffic of many runs, in hundred-thousandths of a site, are as near as
/// this to what the paper has.
#[track_caller]
fn reproduces(
    change: impl Fn(&mut Config),
    k: u32,
    [residue, spread]: [u64; 2],
    [traffic, width]: [u64; 2],
) {
    let mut config: Config = crate::testing::defaults();
    (config.nodes, config.k, config.jitter) = (NODES, k, Span::ZERO);
    change(&mut config);
    for at_once in [false, true] {
        let runs = (0..RUNS).map(|seed| World::new(&config, seed, at_once).play());
        let sum = runs.fold([0; 2], |sum, run| [sum[0] + run[0], sum[1] + run[1]]);
        let [s, m] = sum.map(|sum| sum * 100_000 / (RUNS * u64::from(NODES)));
        let found = format!("k = {k}, at once: {at_once}: residue {s}, traffic {m}");
        assert!(s.abs_diff(residue) <= spread, "{found}");
        assert!(m.abs_diff(traffic) <= width, "{found}");
    }
}

#[test]
fn table_1_push_with_feedback_and_counter() {
    reproduces(|_| {}, 1, [18_000, 2_000], [170_000, 10_000]);
    reproduces(|_| {}, 2, [3_700, 800], [330_000, 10_000]);
    reproduces(|_| {}, 3, [1_100, 300], [450_000, 10_000]);
}

#[test]
fn table_2_push_blind_with_coin() {
    let blind = |config: &mut Config| (config.blind, config.coin) = (true, true);
    reproduces(blind, 1, [96_000, 1_000], [4_000, 1_000]);
    reproduces(blind, 2, [20_000, 3_000], [160_000, 10_000]);
    reproduces(blind, 3, [6_000, 1_500], [280_000, 10_000]);
}

#[test]
fn table_3_pull_with_feedback_and_counter() {
    let pull = |config: &mut Config| (config.push, config.pull) = (false, true);
    reproduces(pull, 1, [3_100, 400], [270_000, 10_000]);
    reproduces(pull, 2, [58, 40], [450_000, 10_000]);
}

//! What happened in each slot, as the judges remember it.

use super::super::log::Vote;
use crate::ballot::Ballot;
use crate::quorum::Acceptors;
use crate::store::Command;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;
use faultline_kernel::NodeId;

/// The slots that somebody does not know to be chosen; what everybody knows is settled.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    settled: u64,
    open: Rc<BTreeMap<u64, History>>,
}

/// What happened in one slot.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    ballots: Vec<Attempt>,
    /// What was chosen, in which ballot first, and by whom: one command, if all is well.
    chosen: Vec<(Vote, Acceptors)>,
    /// What the first server took for chosen, and who.
    pub(super) learned: Option<(Command, NodeId)>,
}

/// What happened in one ballot of a slot.
#[derive(Clone, Debug)]
struct Attempt {
    ballot: Ballot,
    /// The command that was proposed first, and by whom.
    proposal: Option<(Command, NodeId)>,
    /// Whether a client asked for it, or it does nothing, or it was proposed before.
    sound: bool,
    /// Who accepted what; one command, if all is well.
    accepted: Vec<(Command, Acceptors)>,
}

/// How many ballots of a slot in which nobody accepted anything are remembered.
const EMPTY_BALLOTS_MOST: usize = 32;

impl Slots {
    /// What happened in a slot.
    pub(super) fn at(&mut self, slot: u64) -> &mut History {
        Rc::make_mut(&mut self.open).entry(slot).or_default()
    }

    /// What is chosen in a slot, if it is remembered.
    pub(super) fn chosen(&self, slot: u64) -> Option<Command> {
        self.open.get(&slot)?.chosen.first().map(|(vote, _)| vote.command)
    }

    pub(super) fn is_settled(&self, slot: u64) -> bool {
        slot <= self.settled
    }

    /// Everybody knows what is chosen up to here.
    pub(super) fn settle(&mut self, upto: u64) {
        if upto > self.settled {
            self.settled = upto;
            let open = Rc::make_mut(&mut self.open);
            *open = open.split_off(&(upto + 1));
        }
    }

    pub(super) fn weight(&self) -> usize {
        let of = |history: &History| {
            size_of::<(u64, History)>()
                + history.ballots.capacity() * size_of::<Attempt>()
                + history.chosen.capacity() * size_of::<(Vote, Acceptors)>()
        };
        self.open.values().map(of).sum()
    }
}

impl History {
    /// A disk had this when the run began.
    pub(super) fn take_at_its_word(&mut self, vote: Vote) {
        self.remember(vote.ballot).sound = true;
    }

    /// A leader proposes this; returns who proposed something else in the same ballot.
    pub(super) fn propose(&mut self, vote: Vote, leader: NodeId, asked: bool) -> Option<NodeId> {
        let before = self.ballots.iter().any(|attempt| {
            attempt.ballot < vote.ballot && attempt.sound && attempt.holds(vote.command)
        });
        let attempt = self.remember(vote.ballot);
        let (first, other) = *attempt.proposal.get_or_insert((vote.command, leader));
        attempt.sound |= asked || before || vote.command == Command::NO_OP;
        (first != vote.command).then_some(other)
    }

    /// An acceptor has this on disk; returns who accepted it in this ballot so far.
    pub(super) fn accept(&mut self, vote: Vote, acceptor: NodeId) -> Acceptors {
        let accepted = &mut self.remember(vote.ballot).accepted;
        let place = accepted.iter().position(|(known, _)| *known == vote.command);
        let place = place.unwrap_or_else(|| {
            accepted.push((vote.command, Acceptors::default()));
            accepted.len() - 1
        });
        accepted[place].1.insert(acceptor);
        accepted[place].1
    }

    /// Whether this command is chosen, in whatever ballot.
    pub(super) fn is_chosen(&self, vote: Vote) -> bool {
        self.chosen.iter().any(|(chosen, _)| chosen.command == vote.command)
    }

    /// Who chose before.
    pub(super) fn chosen_before(&self) -> Option<Acceptors> {
        self.chosen.first().map(|(_, acceptors)| *acceptors)
    }

    pub(super) fn choose(&mut self, vote: Vote, acceptors: Acceptors) {
        self.chosen.push((vote, acceptors));
    }

    /// One of those who chose another command in a lower ballot.
    pub(super) fn chosen_otherwise(&self, vote: Vote) -> Option<NodeId> {
        let mut chosen = self.chosen.iter();
        let undone = chosen
            .find(|(chosen, _)| chosen.ballot < vote.ballot && chosen.command != vote.command);
        undone.and_then(|(_, acceptors)| acceptors.iter().next())
    }

    /// Whether somebody asked for what is chosen here, and a leader proposed it.
    pub(super) fn was_proposed(&self, vote: Vote) -> bool {
        let mut ballots = self.ballots.iter();
        ballots.any(|attempt| {
            attempt.ballot <= vote.ballot && attempt.sound && attempt.holds(vote.command)
        })
    }

    /// Those who proposed another command in a higher ballot.
    pub(super) fn later_proposers_of_others(&self, vote: Vote) -> Vec<NodeId> {
        let later = self.ballots.iter().filter(|attempt| attempt.ballot > vote.ballot);
        let proposals = later.filter_map(|attempt| attempt.proposal);
        proposals.filter(|(command, _)| *command != vote.command).map(|(_, by)| by).collect()
    }

    /// Whether in a lower ballot another command is chosen or may yet be.
    ///
    /// An acceptor may accept something in a ballot if it has not, and has promised no higher one.
    pub(super) fn threatens(&self, vote: Vote, enough: u32, promised: &[Ballot]) -> bool {
        let lower = self.ballots.iter().filter(|attempt| attempt.ballot < vote.ballot);
        lower.into_iter().any(|attempt| {
            let free = |(promised, acceptor): &(&Ballot, NodeId)| {
                **promised <= attempt.ballot && !attempt.has_heard(*acceptor)
            };
            let acceptors = promised.iter().zip((0..).map(NodeId));
            let free = || u32::try_from(acceptors.filter(free).count()).unwrap_or(u32::MAX);
            attempt.most_against(vote.command).is_some_and(|votes| votes + free() >= enough)
        })
    }

    /// What happened in a ballot. Of those in which nobody accepted anything the first is
    /// forgotten when there are too many.
    fn remember(&mut self, ballot: Ballot) -> &mut Attempt {
        if let Some(place) = self.ballots.iter().position(|attempt| attempt.ballot == ballot) {
            return &mut self.ballots[place];
        }
        let empty = |attempt: &Attempt| attempt.accepted.is_empty();
        if self.ballots.iter().filter(|attempt| empty(attempt)).count() >= EMPTY_BALLOTS_MOST
            && let Some(first) = self.ballots.iter().position(empty)
        {
            self.ballots.remove(first);
        }
        let attempt = Attempt { ballot, proposal: None, sound: false, accepted: Vec::new() };
        self.ballots.push(attempt);
        let last = self.ballots.len() - 1;
        &mut self.ballots[last]
    }
}

impl Attempt {
    /// Whether this command was proposed or accepted in it.
    fn holds(&self, command: Command) -> bool {
        self.proposal.is_some_and(|(proposed, _)| proposed == command)
            || self.accepted.iter().any(|(accepted, _)| *accepted == command)
    }

    fn has_heard(&self, acceptor: NodeId) -> bool {
        self.accepted.iter().any(|(_, acceptors)| acceptors.contains(acceptor))
    }

    /// How many acceptors stand behind another command; `None` if the ballot is known to be about
    /// this one alone.
    fn most_against(&self, command: Command) -> Option<u32> {
        let others = self.accepted.iter().filter(|(other, _)| *other != command);
        let most = others.map(|(_, acceptors)| acceptors.count()).max();
        let undecided = self.proposal.is_none_or(|(proposed, _)| proposed != command);
        most.or(undecided.then_some(0))
    }
}

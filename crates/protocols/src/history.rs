//! What happened in the ballots that decide on one thing, as judges remember it.

use crate::ballot::Ballot;
use crate::quorum::Acceptors;
use alloc::vec::Vec;
use faultline_kernel::NodeId;

/// What happened, ballot by ballot.
#[derive(Clone, Debug)]
pub(crate) struct History<V> {
    ballots: Vec<Attempt<V>>,
    /// What was chosen, in which ballot first, and by whom: one value, if all is well.
    chosen: Vec<(Ballot, V, Acceptors)>,
    /// What the first who learnt took for chosen, and who that was.
    pub(crate) learned: Option<(V, NodeId)>,
}

/// What happened in one ballot.
#[derive(Clone, Debug)]
struct Attempt<V> {
    ballot: Ballot,
    /// The value that was proposed first, and by whom.
    proposal: Option<(V, NodeId)>,
    /// Whether somebody wanted that value.
    sound: bool,
    /// Who accepted what; one value, if all is well.
    accepted: Vec<(V, Acceptors)>,
}

/// How many ballots in which nobody accepted anything are remembered: leaders may duel for ever.
const EMPTY_BALLOTS_MOST: usize = 32;

impl<V> Default for History<V> {
    fn default() -> Self {
        Self { ballots: Vec::new(), chosen: Vec::new(), learned: None }
    }
}

impl<V: Copy + PartialEq> History<V> {
    /// A disk had this when the run began.
    pub(crate) fn take_at_its_word(&mut self, ballot: Ballot) {
        self.remember(ballot).sound = true;
    }

    /// A value is proposed, which somebody wanted or which was proposed before; returns who
    /// proposed another one in the same ballot.
    pub(crate) fn propose(
        &mut self,
        ballot: Ballot,
        value: V,
        by: NodeId,
        wanted: bool,
    ) -> Option<NodeId> {
        let before = self
            .ballots
            .iter()
            .any(|attempt| attempt.ballot < ballot && attempt.sound && attempt.holds(value));
        let attempt = self.remember(ballot);
        let (first, other) = *attempt.proposal.get_or_insert((value, by));
        attempt.sound |= wanted || before;
        (first != value).then_some(other)
    }

    /// An acceptor has this on disk; returns who accepted it in this ballot so far.
    pub(crate) fn accept(&mut self, ballot: Ballot, value: V, acceptor: NodeId) -> Acceptors {
        let accepted = &mut self.remember(ballot).accepted;
        let place = accepted.iter().position(|(known, _)| *known == value);
        let place = place.unwrap_or_else(|| {
            accepted.push((value, Acceptors::default()));
            accepted.len() - 1
        });
        accepted[place].1.insert(acceptor);
        accepted[place].1
    }

    /// Whether this value is chosen, in whatever ballot.
    pub(crate) fn is_chosen(&self, value: V) -> bool {
        self.chosen.iter().any(|(_, chosen, _)| *chosen == value)
    }

    /// What was chosen first.
    pub(crate) fn first_chosen(&self) -> Option<V> {
        self.chosen.first().map(|(_, value, _)| *value)
    }

    /// It is chosen now; returns who chose another value before.
    pub(crate) fn choose(
        &mut self,
        ballot: Ballot,
        value: V,
        acceptors: Acceptors,
    ) -> Option<Acceptors> {
        let before = self.chosen.first().map(|(_, _, acceptors)| *acceptors);
        self.chosen.push((ballot, value, acceptors));
        before
    }

    /// One of those who chose another value in a lower ballot.
    pub(crate) fn chosen_otherwise(&self, ballot: Ballot, value: V) -> Option<NodeId> {
        let mut chosen = self.chosen.iter();
        let undone = chosen.find(|(lower, chosen, _)| *lower < ballot && *chosen != value);
        undone.and_then(|(_, _, acceptors)| acceptors.iter().next())
    }

    /// One of those who chose anything in a lower ballot.
    pub(crate) fn chosen_below(&self, ballot: Ballot) -> Option<NodeId> {
        let mut chosen = self.chosen.iter();
        let below = chosen.find(|(lower, _, _)| *lower < ballot);
        below.and_then(|(_, _, acceptors)| acceptors.iter().next())
    }

    /// Whether somebody wanted what is chosen here, and it was proposed.
    pub(crate) fn was_proposed(&self, ballot: Ballot, value: V) -> bool {
        let mut ballots = self.ballots.iter();
        ballots.any(|attempt| attempt.ballot <= ballot && attempt.sound && attempt.holds(value))
    }

    /// Those who proposed another value in a higher ballot.
    pub(crate) fn later_proposers_of_others(&self, ballot: Ballot, value: V) -> Vec<NodeId> {
        let later = self.ballots.iter().filter(|attempt| attempt.ballot > ballot);
        let proposals = later.filter_map(|attempt| attempt.proposal);
        proposals.filter(|(other, _)| *other != value).map(|(_, by)| by).collect()
    }

    /// Whether in a lower ballot another value is chosen or may yet be: in each `enough` says how
    /// many acceptors choose there, and `acceptors` are all, with the highest promise of each. If
    /// so, one of those who accepted that value, or else may yet do so.
    ///
    /// An acceptor may accept something in a ballot if it has not, and has promised no higher one.
    pub(crate) fn threat(
        &self,
        ballot: Ballot,
        value: V,
        enough: impl Fn(Ballot) -> u32,
        acceptors: impl Iterator<Item = (NodeId, Ballot)> + Clone,
    ) -> Option<Option<NodeId>> {
        let lower = self.ballots.iter().filter(|attempt| attempt.ballot < ballot);
        lower.into_iter().find_map(|attempt| {
            let free = |(acceptor, promised): &(NodeId, Ballot)| {
                *promised <= attempt.ballot && !attempt.has_heard(*acceptor)
            };
            let free = || acceptors.clone().filter(free);
            let against = attempt.against(value)?;
            let count = against.count() + u32::try_from(free().count()).unwrap_or(u32::MAX);
            let one = || against.iter().next().or_else(|| free().next().map(|(id, _)| id));
            (count >= enough(attempt.ballot)).then(one)
        })
    }

    /// Bytes that a copy of it takes beside its own size.
    pub(crate) fn weight(&self) -> usize {
        self.ballots.capacity() * size_of::<Attempt<V>>()
            + self.chosen.capacity() * size_of::<(Ballot, V, Acceptors)>()
    }

    /// What happened in a ballot. Of those in which nobody accepted anything the first is
    /// forgotten when there are too many.
    fn remember(&mut self, ballot: Ballot) -> &mut Attempt<V> {
        if let Some(place) = self.ballots.iter().position(|attempt| attempt.ballot == ballot) {
            return &mut self.ballots[place];
        }
        let empty = |attempt: &Attempt<V>| attempt.accepted.is_empty();
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

impl<V: Copy + PartialEq> Attempt<V> {
    /// Whether this value was proposed or accepted in it.
    fn holds(&self, value: V) -> bool {
        self.proposal.is_some_and(|(proposed, _)| proposed == value)
            || self.accepted.iter().any(|(accepted, _)| *accepted == value)
    }

    fn has_heard(&self, acceptor: NodeId) -> bool {
        self.accepted.iter().any(|(_, acceptors)| acceptors.contains(acceptor))
    }

    /// The acceptors that stand behind another value, the one with most of them; `None` if the
    /// ballot is known to be about this one alone.
    fn against(&self, value: V) -> Option<Acceptors> {
        let others = self.accepted.iter().filter(|(other, _)| *other != value);
        let most = others.map(|(_, acceptors)| *acceptors).max_by_key(|all| all.count());
        let undecided = self.proposal.is_none_or(|(proposed, _)| proposed != value);
        most.or(undecided.then(Acceptors::default))
    }
}

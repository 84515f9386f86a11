//! Deadlines of judges: what is to happen in time, once nothing stands in the way.
//!
//! No protocol of this kind can promise to end while messages are lost and nodes crash, nor, on
//! its own, ever (Fischer, Lynch and Paterson, 1985). What can be promised is that it ends soon
//! after everything is whole, if whoever competes waits for times that differ enough.

use faultline_kernel::{Calm, Cluster, Protocol, Span, Time};

/// Of how much patience a ballot may be taken for lost, for each who may compete and one more.
///
/// With waits as wide as [`ballots_end`] asks for, a ballot meets another at most every other time.
/// So many in a row that all do are less likely than one in a million.
const TRIES: u64 = 5;

/// How long a ballot takes at most: the proposer asks, an acceptor answers, the proposer proposes,
/// an acceptor answers; each of them writes first what it says.
fn ballot(calm: Calm) -> Span {
    Span(4 * calm.delay.0)
}

/// Within which time ballots come to an end if so many compete, give a ballot `retry` and wait up
/// to `backoff` longer; `None` if nothing can be promised.
///
/// One that competes with nobody needs time for a whole ballot. Several may duel for ever unless
/// one of them is left alone for as long now and then.
pub(crate) fn ballots_end(calm: Calm, contenders: u32, retry: Span, backoff: Span) -> Option<Span> {
    let others = u64::from(contenders.saturating_sub(1));
    let ballot = ballot(calm);
    let promised = retry > ballot && backoff.0 >= others * ballot.0;
    promised.then(|| Span((retry.0 + backoff.0) * TRIES * (2 + others)))
}

/// Since when nothing stands in the way: nobody interferes, and everybody is up.
pub(crate) fn calm<P: Protocol>(cluster: &Cluster<'_, P>) -> Option<Calm> {
    cluster.calm.filter(|_| cluster.seats.iter().all(|seat| seat.node.is_some()))
}

/// Whether something is late that somebody has waited for since `since`, and that takes at most
/// `within` from when nothing stands in the way.
pub(crate) fn is_late(now: Time, calm: Calm, since: Time, within: Span) -> bool {
    now.since(calm.since.max(since)) > within
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALM: Calm = Calm { since: Time(1_000_000), delay: Span::millis(15) };

    fn promised(contenders: u32, retry: u64, backoff: u64) -> Option<Span> {
        ballots_end(CALM, contenders, Span::millis(retry), Span::millis(backoff))
    }

    #[test]
    fn nothing_is_promised_to_those_who_may_duel_for_ever() {
        assert_eq!(promised(2, 200, 100), Some(Span::millis(4_500)));
        assert_eq!(promised(2, 200, 59), None, "waits are too much alike");
        assert_eq!(promised(3, 200, 100), None);
        assert_eq!(promised(1, 200, 0), Some(Span::millis(2_000)));
        assert_eq!(promised(1, 60, 0), None, "no time for a ballot");
    }

    #[test]
    fn a_deadline_runs_from_when_all_is_calm_or_somebody_began_to_wait() {
        let late = |now, since| is_late(Time(now), CALM, Time(since), Span::millis(500));
        assert!(!late(1_500_000, 0) && late(1_500_001, 0));
        assert!(!late(2_000_000, 1_500_000) && late(2_000_001, 1_500_000));
        assert!(!late(900_000, 0), "it is not even calm");
    }
}

//! What clients of random runs ask for: everything that can be asked, so that every rule is needed.

use super::entry::{Command, Key, Serial};
use super::quorum::Voters;
use super::{Change, Config, ReadMode, Request};
use core::num::NonZeroU32;
use faultline_kernel::{Draw, NodeId};

/// How many clients keep sessions.
const CLIENTS: u32 = 3;

/// How many of the first wishes are introductions; later ones are made now and then.
const INTRODUCTIONS: u64 = 6;

/// What the `number`-th client asks.
pub(super) fn random(config: &Config, mood: u64, number: u64, draw: &mut Draw) -> Option<Request> {
    // A rule about changes is broken by changes, and hardly ever by anything else.
    let mood = if config.sabotage.early_change { 1 } else { mood % 4 };
    let server = NodeId(below(draw, config.servers));
    let value = u32::try_from(number % 1_000).unwrap_or_default() + 1;
    let key = Key::sample(below(draw, 2));
    let wish = match mood {
        1 if draw.chance(500_000) => return Some(Request::Change(Change::Add(server))),
        1 => return Some(Request::Change(Change::Remove(server))),
        // Reads and sessions, while the group stays as it is.
        2 => [0, 1, 2, 5, 12, 13, 14, 15][below(draw, 8) as usize],
        3 => return None,
        _ => below(draw, 16),
    };
    if number < INTRODUCTIONS {
        return introduction(value.min(6).div_ceil(2));
    }
    Some(match wish {
        0..4 => Request::Get { key },
        4..6 => {
            let expected = Some(value.saturating_sub(below(draw, 12)));
            Request::Do { command: Command::Swap { key, expected, value }, serial: None }
        }
        6..8 => Request::Change(Change::Add(server)),
        8 => Request::Change(Change::Remove(server)),
        9 => Request::Change(Change::Learn(server)),
        10 => Request::Transfer { to: server },
        11 => Request::Change(Change::Voters(Voters::first(config.servers.min(3)))),
        12 => return introduction(1 + below(draw, CLIENTS)),
        _ => {
            let sequence = NonZeroU32::new(u32::try_from(number).ok()?)?;
            let client = NonZeroU32::new(1 + below(draw, CLIENTS))?;
            let serial = Some(Serial { client, sequence });
            let command = match wish {
                13 => Command::Append { key, value: value % 9 + 1 },
                _ => Command::Put { key, value },
            };
            Request::Do { command, serial }
        }
    })
}

/// A client opens its session.
pub(super) fn introduction(client: u32) -> Option<Request> {
    let command = Command::Register { client: NonZeroU32::new(client)? };
    Some(Request::Do { command, serial: None })
}

/// Leases rest on clocks that differ by no more than the bound; all else holds with any clock.
pub(super) fn clocks(config: &Config) -> (u32, u32) {
    match config.read_mode {
        ReadMode::Lease => (1_000_000, 10_000 * (100 + config.clock_bound_percent)),
        ReadMode::Log | ReadMode::Index => (500_000, 2_000_000),
    }
}

fn below(draw: &mut Draw, n: u32) -> u32 {
    u32::try_from(draw.below(n.into())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use faultline_kernel::Purpose;

    /// What is asked in so many runs, by the kind of request.
    fn kinds(config: &Config, mood: u64) -> [u32; 8] {
        let mut kinds = [0; 8];
        for seed in 0..50 {
            for number in 0..60 {
                let mut draw = Draw::keyed(seed, Purpose::Chaos, &[number]);
                let kind = match random(config, mood, number, &mut draw) {
                    Some(Request::Get { .. }) => 0,
                    Some(Request::Do { serial: Some(_), .. }) => 1,
                    Some(Request::Do { command: Command::Register { .. }, .. }) => 2,
                    Some(Request::Do { .. }) => 3,
                    Some(Request::Change(Change::Add(_) | Change::Remove(_))) => 4,
                    Some(Request::Change(_)) => 5,
                    Some(Request::Transfer { .. }) => 6,
                    None => 7,
                };
                kinds[kind] += 1;
            }
        }
        kinds
    }

    #[test]
    fn some_runs_ask_for_everything_and_some_have_a_bent() {
        let mut config = crate::testing::defaults();
        assert!(kinds(&config, 0)[..7].iter().all(|count| *count > 20));
        assert_eq!(kinds(&config, 1), [0, 0, 0, 0, 3_000, 0, 0, 0]);
        let [reads, sessions, .., changes, _, _, _] = kinds(&config, 2);
        assert!(reads > 500 && sessions > 500 && changes == 0);
        assert_eq!(kinds(&config, 3)[7], 3_000, "samples of the room");
        config.sabotage.early_change = true;
        assert_eq!(kinds(&config, 0)[4], 3_000);
    }

    #[test]
    fn clocks_keep_within_the_bound_where_leases_rest_on_it() {
        let mut config: Config = crate::testing::defaults();
        assert_eq!(clocks(&config), (500_000, 2_000_000));
        config.read_mode = ReadMode::Lease;
        assert_eq!(clocks(&config), (1_000_000, 1_100_000));
    }
}

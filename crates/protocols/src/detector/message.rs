//! What nodes say to one another.

/// The only message.
///
/// ```text
/// every node                        every other
///  │── Heartbeat { 1 } ───────────────►│  the silence begins anew
///  │── Heartbeat { 2 } ───────────────►│  100 ms later: one more interval in the window
///  │                                   │  …
///  ×                                   │  the silence is too long: suspected
/// ```
///
/// Heartbeats are numbered, for they may overtake one another or arrive twice: only one that is
/// newer than all before is a sign of life.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Heartbeat {
    /// Which life of the sender, from 1: a node that starts again begins to count again.
    pub life: u32,
    /// Which heartbeat of that life.
    pub number: u32,
}

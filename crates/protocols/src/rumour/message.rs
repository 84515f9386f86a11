//! What sites say to one another.

/// The messages. There is one rumour, so none of them needs to say which.
///
/// ```text
/// push: a site that spreads the rumour picks a partner
///
/// infective                      partner
///  │── Push ──────────────────────►│  does it know the rumour?
///  │◄────────────────────── New ───│  no: it does now, and will spread it itself
///  │◄───────────────────── Knew ───│  yes: the contact was useless
///
/// pull: every site picks a partner
///
/// any site                       partner
///  │── Pull ──────────────────────►│  does it spread the rumour?
///  │◄───────────────────── Tell ───│  yes (otherwise it says nothing)
///  │── New or Knew ───────────────►│
/// ```
///
/// A blind epidemic does without `New` and `Knew`.
/// The numbers are the places in [`super::show::ABOUT`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Message {
    /// Here is the rumour.
    Push = 0,
    /// Is there anything new?
    Pull = 1,
    /// The answer to a pull: here is the rumour.
    Tell = 2,
    /// The rumour was new to me.
    New = 3,
    /// I knew it already.
    Knew = 4,
}

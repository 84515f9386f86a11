//! What nodes say to one another.

/// The messages, and the whole exchange:
///
/// ```text
/// n1                     n2
///  │── Ask { word } ─────►│
///  │◄───── Reply { word } │      no reply within the patience: ask again
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// Send this back to me.
    Ask {
        /// The word.
        word: u32,
    },
    /// Here it is.
    Reply {
        /// The word.
        word: u32,
    },
}

impl Message {
    /// Its place in [`super::about::ABOUT`].
    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::Ask { .. } => 0,
            Self::Reply { .. } => 1,
        }
    }
}

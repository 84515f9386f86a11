//! What the browser keeps for the reader: nothing is promised, in a closed frame it keeps nothing.

/// What can be kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kept {
    /// The theme.
    Theme,
    /// Whether single keys are shortcuts.
    Shortcuts,
}

impl Kept {
    fn key(self) -> &'static str {
        match self {
            Self::Theme => "faultline-theme",
            Self::Shortcuts => "faultline-shortcuts",
        }
    }
}

/// What was kept, if the browser lets us look.
pub(crate) fn recall(what: Kept) -> Option<String> {
    web_sys::window()?.local_storage().ok()??.get_item(what.key()).ok()?
}

/// Keeps a text if the browser lets us; says whether it did.
pub(crate) fn keep(what: Kept, text: &str) -> Option<()> {
    web_sys::window()?.local_storage().ok()??.set_item(what.key(), text).ok()
}

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

/// What one program leaves for the next one of this tab.
const HANDED: &str = "faultline-file";

/// Leaves a file to whatever program this tab starts next; says whether it could.
pub(crate) fn hand(json: &str) -> Option<()> {
    web_sys::window()?.session_storage().ok()??.set_item(HANDED, json).ok()
}

/// The file that was left here, once.
pub(crate) fn handed() -> Option<String> {
    let storage = web_sys::window()?.session_storage().ok()??;
    let json = storage.get_item(HANDED).ok()??;
    storage.remove_item(HANDED).ok()?;
    Some(json)
}

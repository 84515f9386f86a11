//! Light, dark, high contrast, or what the system says.

use crate::storage::{Kept, keep, recall};
use gloo::utils::document_element;

/// A theme.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Theme {
    /// What the system says.
    #[default]
    Auto,
    Light,
    Dark,
    /// Dark, with every outline at full strength.
    Contrast,
}

impl Theme {
    /// The theme with this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            "contrast" => Some(Self::Contrast),
            _ => None,
        }
    }

    /// Its name in links and in the style sheets.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Contrast => "contrast",
        }
    }

    /// What the button leads to.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Contrast,
            Self::Contrast => Self::Auto,
        }
    }

    /// What the link says, or what was chosen before.
    pub(crate) fn at_start(asked: Option<Self>) -> Self {
        asked.or_else(|| Self::named(&recall(Kept::Theme)?)).unwrap_or_default()
    }

    /// Puts it on.
    pub(crate) fn wear(self) {
        // Only fails for names that are no attribute names.
        let _ = document_element().set_attribute("data-theme", self.name());
    }

    /// Remembers it, where that is possible.
    pub(crate) fn remember(self) {
        // Without storage the choice holds until the page is left.
        let _ = keep(Kept::Theme, self.name());
    }
}

//! What can be asked of the page: everything that buttons, keys and gestures send.

use crate::address::{Controls, Look};
use crate::lab::{Command, Input, MessageName, NodeId};

/// Something the reader does.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Act {
    /// Sends a command to the session.
    Do(Command),
    /// Plays if paused, pauses if playing.
    PlayOrPause,
    /// Plays faster (1) or slower (-1).
    Faster(i32),
    /// Cuts or heals several links at once.
    All(Vec<Input>),
    /// Selects something on the stage, or nothing.
    Select(Option<Selection>),
    /// A click on a node: uses the tool that is armed, or selects.
    Touch(NodeId),
    /// Takes a tool up, or lays it down.
    Arm(Option<Tool>),
    /// Opens a dialog, or closes it.
    Open(Option<Dialog>),
    /// Lays down, closes or deselects whatever is uppermost.
    Escape,
    /// Opens what the address bar says now.
    Address,
    /// Explains an event, or stops to.
    Why(Option<u32>),
    /// Explains what is selected or was said last.
    WhyNow,
    /// Shows a panel in the sheet of a narrow screen, or none.
    Sheet(Option<Tab>),
    /// Opens a scenario of the library.
    Scene(&'static str, &'static str),
    /// Opens a scenario file.
    File(String),
    /// Saves the scenario as a file.
    Save,
    /// Goes on to the next theme.
    NextTheme,
    /// Switches the single-key shortcuts on or off.
    Shortcuts(bool),
    /// Says something in the banner, or takes it away.
    Banner(Option<String>),
    /// Moves the focus to the actions of what is selected.
    FocusActions,
    /// Something drawn must be drawn anew.
    Redraw,
}

impl Act {
    /// Whether it changes what happens, or leads to what does: only for readers who may.
    pub(crate) fn intervenes(&self) -> bool {
        match self {
            Self::Do(command) => matches!(
                command,
                Command::Act(_) | Command::ActAll(_) | Command::Undo | Command::Redo
            ),
            Self::All(_) | Self::File(_) | Self::Arm(Some(_)) => true,
            act => matches!(act, Self::Open(Some(Dialog::Sides))),
        }
    }

    /// Whether the reader may do this, by whatever way it was asked for.
    pub(crate) fn is_allowed(&self, look: &Look) -> bool {
        let full = look.controls == Controls::Full;
        let finds = matches!(self, Self::Open(Some(Dialog::Find)));
        (full || !finds) && ((full && look.editable) || !self.intervenes())
    }
}

/// What is selected on the stage.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Selection {
    /// A node.
    Node(NodeId),
    /// A message on its way.
    Message(MessageName),
    /// The link between two nodes.
    Link(NodeId, NodeId),
}

/// A tool in the hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tool {
    /// A stroke cuts.
    Cut,
    /// A click crashes a node, or restarts it.
    Crash,
    /// A click sends a client's request to a node.
    Request,
}

/// A dialog.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Dialog {
    /// Links, files and the frame for other pages.
    Share,
    /// All keys.
    Keys,
    /// Scenarios, nodes and actions by their names.
    Find,
    /// The sides of a fault line, chosen without drawing.
    Sides,
}

/// A panel, where there is room for one only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tab {
    /// What is selected.
    Inspector,
    /// What must hold.
    Properties,
    /// What happened.
    Events,
    /// Other scenarios.
    Library,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_only_watch_changes_nothing_by_any_way() {
        let changes = [
            Act::Do(Command::Act(Input::Heal)),
            Act::Do(Command::Undo),
            Act::Do(Command::Redo),
            Act::All(vec![Input::Heal]),
            Act::Arm(Some(Tool::Crash)),
            Act::Open(Some(Dialog::Sides)),
            Act::File(String::new()),
        ];
        let watches =
            [Act::Do(Command::StepBack), Act::PlayOrPause, Act::Open(Some(Dialog::Share))];
        for query in ["", "edit=0", "controls=play", "controls=none"] {
            let look = Look::read(query, false);
            assert!(changes.iter().all(|act| act.is_allowed(&look) == query.is_empty()), "{query}");
            assert!(watches.iter().all(|act| act.is_allowed(&look)), "{query}");
            let finds = Act::Open(Some(Dialog::Find)).is_allowed(&look);
            assert_eq!(finds, !query.starts_with("controls"));
        }
    }
}

//! What can be asked of the page: everything that buttons, keys and gestures send.

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

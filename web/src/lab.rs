//! The page's hold on the lab: one session, one picture, shared by everything on the page.

pub(crate) use faultline_lab::{
    ARROWS_MOST, Action, Bond, BranchRow, Cell, CellState, Command, Condition, EventRow, Fate,
    FieldRow, Form, Input, LibraryRow, MarkKind, MessageName, NodeId, Place, PropertyRow,
    REPORTED_MOST, RoleShape, Scenario, Scene, SceneMessage, SceneNode, Session, Shape, Tally,
    Tempo, Time, elsewhere, elsewhere_json, library, link, room_title,
};

use crate::stage::painter::Painter;
use std::cell::RefCell;
use std::rc::Rc;

/// The session and the picture of it.
#[derive(Clone)]
pub(crate) struct Lab(Rc<Shared>);

struct Shared {
    session: RefCell<Session>,
    painter: RefCell<Option<Painter>>,
}

/// What a panel has seen: it draws itself anew when this changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Seen {
    /// Rises with every scenario opened.
    pub(crate) epoch: u32,
    /// The session's own count of changes.
    pub(crate) revision: u64,
    /// How many events have happened at the moment shown.
    pub(crate) events: u32,
}

impl PartialEq for Lab {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Lab {
    /// Holds a session.
    pub(crate) fn new(session: Session) -> Self {
        Self(Rc::new(Shared { session: RefCell::new(session), painter: RefCell::new(None) }))
    }

    /// Looks at the session.
    pub(crate) fn read<R>(&self, look: impl FnOnce(&Session) -> R) -> R {
        look(&self.0.session.borrow())
    }

    /// What there is to see now, in the scenario that was opened as the `epoch`th.
    pub(crate) fn seen(&self, epoch: u32) -> Seen {
        self.read(|session| Seen {
            epoch,
            revision: session.revision(),
            events: session.moment().events,
        })
    }

    /// Sends a command to the session.
    pub(crate) fn apply(&self, command: Command) -> Result<(), String> {
        let mut session = self.0.session.borrow_mut();
        session.apply(command).map_err(|error| error.to_string())
    }

    /// Does something with the session that is more than a command.
    pub(crate) fn change<R>(&self, act: impl FnOnce(&mut Session) -> R) -> R {
        act(&mut self.0.session.borrow_mut())
    }

    /// Opens another scenario instead of this one.
    pub(crate) fn replace(&self, session: Session) {
        *self.0.session.borrow_mut() = session;
        self.clear();
    }

    /// Forgets the picture of the scenario before this one.
    pub(crate) fn clear(&self) {
        if let Some(painter) = self.0.painter.borrow_mut().as_mut() {
            painter.clear();
        }
    }

    /// Lets the session go on for a frame; says whether the moment moved.
    pub(crate) fn run(&self, elapsed_ms: f64) -> bool {
        /// What a long seek may replay within a frame.
        const EVENTS_PER_FRAME: u32 = 4_000;
        let mut session = self.0.session.borrow_mut();
        let worked = session.pending();
        if worked {
            session.work(EVENTS_PER_FRAME);
        }
        session.tick(elapsed_ms) || worked
    }

    /// Hands the picture over, once the stage stands in the page.
    pub(crate) fn hang(&self, painter: Option<Painter>) {
        *self.0.painter.borrow_mut() = painter;
    }

    /// Does something with the picture, if there is one.
    pub(crate) fn picture<R>(&self, look: impl FnOnce(&mut Painter) -> R) -> Option<R> {
        self.0.painter.borrow_mut().as_mut().map(look)
    }

    /// Draws the present moment; says whether the picture still moves by itself.
    pub(crate) fn draw(&self, now_ms: f64) -> bool {
        let scene = self.read(Session::scene);
        self.picture(|painter| painter.draw(scene, now_ms)).unwrap_or(false)
    }
}

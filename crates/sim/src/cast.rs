//! What of a world depends on its protocol, behind one border: memories, disks, what messages say.
//!
//! Above this line nothing is generic, so that a room adds little to the page.

use crate::desk::Desk;
use crate::world::Base;
use faultline_kernel::{
    About, Card, Cell, Member, MessageCard, NodeId, Operation, RequestId, Value, Verdicts,
};
use std::any::Any;
use std::rc::Rc;

/// A request in a sealed envelope: only its own room can open it.
pub type Sealed = Rc<dyn Any>;

/// Everybody who takes part, with what each remembers, and what was said and not yet heard.
///
/// The world says what comes due; the cast runs the handlers, which act through the [`Desk`].
pub(crate) trait Cast: Any {
    /// Itself, for those who know the protocol.
    fn any(&self) -> &dyn Any;
    /// A copy for a snapshot.
    fn copy(&self) -> Box<dyn Cast>;
    /// What the room says about itself.
    fn about(&self) -> &'static About;

    /// The node of the desk starts from its disk.
    fn boot(&mut self, desk: &mut Desk<'_, '_>);
    /// It hears the message in this slot.
    fn deliver(&mut self, slot: u32, from: NodeId, desk: &mut Desk<'_, '_>);
    /// Its timer of this key runs out.
    fn time_out(&mut self, key: u32, desk: &mut Desk<'_, '_>);
    /// It is asked the open request at this place.
    fn ask(&mut self, place: usize, id: RequestId, desk: &mut Desk<'_, '_>);
    /// Its first so many writes are durable: what waited for them goes out, up to the next write.
    fn saved(&mut self, writes: usize, desk: &mut Desk<'_, '_>);
    /// Memory and unfinished writes are gone.
    fn crash(&mut self, node: NodeId);
    /// The disk is gone.
    fn lose_disk(&mut self, node: NodeId);
    /// Judges the cluster after `changed` was touched.
    fn judge(&mut self, changed: NodeId, base: &Base, verdicts: &mut Verdicts);

    /// A message was lost: what it says is forgotten.
    fn forget_message(&mut self, slot: u32);
    /// The network doubled a message.
    fn copy_message(&mut self, slot: u32, copy: u32);
    /// A request is made: this one, or the `count`-th of a client without wishes of its own.
    fn open_request(&mut self, request: Option<&Sealed>, count: u32);
    /// The request at this place is over.
    fn close_request(&mut self, place: usize);

    /// The request at this place, in short.
    fn show_request(&self, place: usize) -> Value;
    /// What it does to shared data.
    fn operation(&self, place: usize) -> Option<Operation>;
    /// How a node looks.
    fn card(&self, member: &Member) -> Card;
    /// Every cell of its strip.
    fn cells(&self, node: NodeId) -> Vec<Cell>;
    /// What a message carries.
    fn message(&self, slot: u32) -> MessageCard;
    /// Which kind of timer has this key, and about whom it is.
    fn timer(&self, key: u32) -> (u8, Option<NodeId>);
    /// Bytes of memory, roughly, that a copy takes.
    fn weight(&self) -> usize;
}

impl Clone for Box<dyn Cast> {
    fn clone(&self) -> Self {
        (**self).copy()
    }
}

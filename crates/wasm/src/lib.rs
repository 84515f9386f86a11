//! The socket: what a page that embeds the lab may say to it, and what it hears back.
//!
//! Every message is one flat object `{ app: "faultline", v: 1, id?, type, … }`. Messages come as
//! values of JavaScript, from `postMessage` or straight from a script; they are hostile until read
//! by [`host::read`], which bounds everything. Nothing a message can ask navigates, stores or
//! fetches. This crate and the page are the only ones that know values of JavaScript.

#![forbid(unsafe_code)]

pub mod host;
pub mod message;
#[cfg(feature = "module")]
mod module;

#[cfg(feature = "module")]
pub use module::Lab;

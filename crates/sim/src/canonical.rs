//! A log as bytes: all of it, the same on every machine.
//!
//! ```text
//! log    u32 events, then every event
//! event  24 bytes of its record, u32 length of its note (0: none), the note
//! note   u8 kind, u8 arguments, every argument
//! value  u8 which, then: nothing | u64 number | u32 node | u64 microseconds | text | text
//! text   u32 length, UTF-8
//! ```
//!
//! Numbers are little-endian. Nothing is hashed, so two logs have the same bytes only if they are
//! the same log, and the first byte that differs names the event.

use crate::log::Log;
use faultline_kernel::{Note, Value};

impl Log {
    /// The canonical bytes. Equal runs have equal bytes, natively and in WebAssembly.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.len() as usize * 32);
        bytes.extend_from_slice(&self.len().to_le_bytes());
        for record in self.iter_from(0) {
            bytes.extend_from_slice(&record.bytes());
            let start = bytes.len();
            bytes.extend_from_slice(&[0; 4]);
            if let Some(note) = self.note(record) {
                write_note(&mut bytes, note);
                let length = length(bytes.len() - start - 4);
                bytes[start..start + 4].copy_from_slice(&length);
            }
        }
        bytes
    }
}

fn write_note(bytes: &mut Vec<u8>, note: &Note) {
    bytes.push(note.kind);
    bytes.push(u8::try_from(note.args.len()).expect("a note has a few arguments"));
    note.args.iter().for_each(|value| write_value(bytes, value));
}

fn write_value(bytes: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Nothing => bytes.push(0),
        Value::Number(number) => {
            bytes.push(1);
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        Value::Node(node) => {
            bytes.push(2);
            bytes.extend_from_slice(&node.0.to_le_bytes());
        }
        Value::Span(span) => {
            bytes.push(3);
            bytes.extend_from_slice(&span.0.to_le_bytes());
        }
        Value::Word(word) => {
            bytes.push(4);
            write_text(bytes, word);
        }
        Value::Label(label) => {
            bytes.push(5);
            write_text(bytes, label.as_str());
        }
    }
}

fn write_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(&length(text.len()));
    bytes.extend_from_slice(text.as_bytes());
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).expect("texts of a run are short").to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{EventKind, Record};
    use faultline_kernel::{Label, NodeId, Span, Time};

    fn log(args: &[Value]) -> Log {
        let mut log = Log::default();
        log.push(Record::new(EventKind::Boot, Time(1), 0, NodeId(0), 0));
        let note = log.push_note(Note::new(3, args));
        log.push(Record::new(EventKind::Note, Time(2), 0, NodeId(1), note));
        log
    }

    #[test]
    fn the_bytes_are_these() {
        let bytes = log(&[7_u64.into(), Value::Word("no")]).bytes();
        assert_eq!(bytes[..4], [2, 0, 0, 0]);
        assert_eq!(bytes[28..32], [0; 4], "booting has no note");
        let note = &bytes[4 + 28 + 24..];
        assert_eq!(note[..4], u32::try_from(note.len() - 4).expect("short").to_le_bytes());
        assert_eq!(note[4..], [3, 4, 1, 7, 0, 0, 0, 0, 0, 0, 0, 4, 2, 0, 0, 0, b'n', b'o', 0, 0]);
    }

    #[test]
    fn no_two_values_have_the_same_bytes() {
        let values: [Value; 8] = [
            Value::Nothing,
            0_u64.into(),
            1_u64.into(),
            NodeId(1).into(),
            Span(1).into(),
            Value::Word("x"),
            Label::new("x").into(),
            Label::new("xx").into(),
        ];
        for (place, one) in values.iter().enumerate() {
            for other in &values[..place] {
                assert_ne!(log(&[*one]).bytes(), log(&[*other]).bytes(), "{one:?} {other:?}");
            }
        }
        assert_ne!(
            log(&[Value::Word("xy"), Value::Word("")]).bytes(),
            log(&[Value::Word("x"), Value::Word("y")]).bytes(),
        );
    }
}

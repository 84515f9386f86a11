//! The fragment of the page's address: a record, or a name.

#![no_main]

use faultline_lab::link;

libfuzzer_sys::fuzz_target!(|fragment: &str| faultline_fuzz::play(link::decode(fragment)));

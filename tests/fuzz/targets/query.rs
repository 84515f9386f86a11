//! The query of the page's address.

#![no_main]

#[path = "../../../web/src/look.rs"]
mod look;

use look::Look;

libfuzzer_sys::fuzz_target!(|query: &str| {
    let look = Look::read(query, query.len().is_multiple_of(2));
    assert!(look.class().len() < 500);
    assert!(look.strange.iter().all(|strange| strange.value.len() < 500));
});

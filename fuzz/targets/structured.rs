//! Bytes of the fuzzer → [`siteplan_fuzz::structured`]; built without a fuzzer, its own corpus once.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| siteplan_fuzz::structured(bytes));

#[cfg(not(fuzzing))]
fn main() {
    siteplan_fuzz::replay("structured", siteplan_fuzz::structured);
}

//! Bytes of the fuzzer → [`siteplan_fuzz::shell`]; built without a fuzzer, its own corpus once.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| siteplan_fuzz::shell(bytes));

#[cfg(not(fuzzing))]
fn main() {
    siteplan_fuzz::replay("shell", siteplan_fuzz::shell);
}

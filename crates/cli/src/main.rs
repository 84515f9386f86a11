//! `faultline`, in a terminal.

fn main() -> std::process::ExitCode {
    faultline_cli::main()
}

//! An application is started, asked over HTTP and ended: it counts as running once it routes requests by itself.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::program::Program;

/// How long an application may take to answer.
const PATIENCE: Duration = Duration::from_secs(90);
/// Where applications say that they are well. One may need a database, which is not there.
const HEALTH_PATHS: [&str; 3] = ["/health", "/healthz", "/api/health"];
/// A path that no application knows: it says so, and thereby that it is up.
const UNKNOWN_PATH: &str = "/siteplan-no-such-page";

/// Starts the application on a free port and waits until it answers.
pub(crate) fn answers(start: &Program, environment: &[(String, String)]) -> Outcome {
    let port = free_port()?;
    let log = std::env::temp_dir().join(format!("siteplan-example-{port}.log"));
    let mut server = Server::start(start, environment, port, &log)?;
    let begun = Instant::now();
    let mut seen = "no answer".to_owned();
    while begun.elapsed() < PATIENCE {
        if let Some(status) = server.ended() {
            seen = format!("it ended with {status}");
            break;
        }
        if let Some(answer) = asked(port) {
            println!("started: {answer}");
            let _ = std::fs::remove_file(&log);
            return Ok(());
        }
        thread::sleep(Duration::from_millis(250));
    }
    if let Some(status) = status(port, UNKNOWN_PATH) {
        seen = format!("GET {UNKNOWN_PATH} gives {status}");
    }
    Err(Failure::new(format!("the application does not run: {seen}; its output is in {}", log.display()))
        .reproduce(format!("PORT={port} {start}, with the variables of its .env.example")))
}

/// What the application says of itself, once it says something that only it can say.
fn asked(port: u16) -> Option<String> {
    let healthy = HEALTH_PATHS.iter().find(|path| status(port, path) == Some(200));
    if let Some(path) = healthy {
        return Some(format!("GET {path} gives 200"));
    }
    (status(port, UNKNOWN_PATH) == Some(404)).then(|| format!("GET {UNKNOWN_PATH} gives 404"))
}

/// The status of one request; `None` if nobody answers.
fn status(port: u16, path: &str) -> Option<u16> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n").ok()?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).ok()?;
    std::str::from_utf8(&head).ok()?.strip_prefix("HTTP/1.")?.get(2..)?.parse().ok()
}

fn free_port() -> Outcome<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let port = listener.and_then(|listener| listener.local_addr()).map(|address| address.port());
    port.map_err(|error| Failure::new(format!("there is no free port: {error}")))
}

/// A running application with all processes that it starts.
struct Server(Child);

impl Server {
    fn start(
        program: &Program,
        environment: &[(String, String)],
        port: u16,
        log: &std::path::Path,
    ) -> Outcome<Self> {
        let file = File::create(log).and_then(|file| Ok((file.try_clone()?, file)));
        let (output, errors) =
            file.map_err(|error| Failure::new(format!("cannot write `{}`: {error}", log.display())))?;
        let mut command = program.command();
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        command.env("PORT", port.to_string()).stdout(output).stderr(errors).process_group(0);
        command.spawn().map(Self).map_err(|error| program.not_run(&error))
    }

    fn ended(&mut self) -> Option<std::process::ExitStatus> {
        self.0.try_wait().ok().flatten()
    }
}

impl Drop for Server {
    /// Ends the whole group: `npm` and `uv` start the server as their child.
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        let _ = Command::new("kill").args(["-TERM", "--", &group]).status();
        thread::sleep(Duration::from_millis(500));
        let _ =
            Command::new("kill").args(["-KILL", "--", &group]).stderr(std::process::Stdio::null()).status();
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread;

    use super::{UNKNOWN_PATH, status};

    #[test]
    fn the_status_of_an_answer_is_read() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("somebody asks");
            // A request may arrive in pieces; whoever answers before its end resets the connection.
            let mut request = Vec::new();
            let mut piece = [0; 64];
            while !request.ends_with(b"\r\n\r\n") {
                let read = stream.read(&mut piece).expect("the request arrives");
                assert!(read > 0, "the request ends with an empty line");
                request.extend_from_slice(&piece[..read]);
            }
            stream.write_all(b"HTTP/1.1 404 Not Found\r\n\r\n").expect("it is answered");
            String::from_utf8_lossy(&request).into_owned()
        });
        assert_eq!(status(port, UNKNOWN_PATH), Some(404));
        assert!(server.join().expect("it ends").starts_with("GET /siteplan-no-such-page HTTP/1.1\r\n"));
        assert_eq!(status(port, UNKNOWN_PATH), None, "nobody listens any more");
    }
}

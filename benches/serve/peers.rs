//! Other servers, asked the same questions of the same points: pygeoapi and tipg, both over PostGIS.

use crate::client;
use crate::data::Data;
use crate::measure;
use crate::questions::{How, Question};
use crate::settings::Settings;
use crate::table::Table;
use crate::wrk::{self, Run};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// A server that was started.
struct Peer {
    name: String,
    version: String,
    host: String,
}

/// The script that started them. It ends them when its input is closed.
struct Script(Child);

impl Drop for Script {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Starts them, asks what they can answer, and ends them.
pub fn measured(questions: &[Question], data: &Data, settings: &Settings, table: &mut Table) {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scripts/serve_peers.sh");
    let mut child = Command::new("sh")
        .arg(script)
        .arg(&data.layer)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell can be started");
    let lines = BufReader::new(child.stdout.take().expect("it has an output")).lines();
    let _script = Script(child);
    let lines = lines.map_while(Result::ok).take_while(|line| line != "ready");
    let peers: Vec<Peer> = lines.filter_map(|line| peer(&line)).collect();
    if peers.is_empty() {
        println!("no other server was started");
    }
    for question in questions.iter().filter(|question| settings.selects(question.key)) {
        for peer in &peers {
            let addresses = question.addresses.iter().map(|address| peer.address(address));
            let Some(addresses) = addresses.collect::<Option<Vec<_>>>() else { continue };
            if !matches!(question.how, How::Again | How::Once) {
                continue;
            }
            let who = format!("{} {}", peer.name, peer.version);
            table.add_peer(question.name, &who, &asked(peer, question, &addresses, settings));
        }
    }
}

/// Asks a peer for the time of the settings. Gives the number of features that its first answer has found as well.
fn asked(
    peer: &Peer,
    question: &Question,
    addresses: &[String],
    settings: &Settings,
) -> Result<(Run, Option<u64>), String> {
    let headers = measure::headers(question);
    let first = addresses.first().ok_or("there is nothing to ask")?;
    let reply = client::ask(&peer.host, first, &headers);
    let reply = reply.map_err(|error| format!("no answer: {error}"))?;
    match reply.status {
        200 | 204 => Ok((wrk::run(&peer.host, addresses, &headers, settings), reply.matched())),
        status => Err(format!("the first answer is {status}")),
    }
}

/// A line with a name, a version and a host with its port.
fn peer(line: &str) -> Option<Peer> {
    let mut words = line.split_whitespace().map(str::to_owned);
    Some(Peer { name: words.next()?, version: words.next()?, host: words.next()? })
}

impl Peer {
    /// The address under which it answers what is asked at an address; `None` if it does not.
    fn address(&self, address: &str) -> Option<String> {
        let items = address.strip_prefix("/collections/points/");
        let tile = address.strip_prefix("/tiles/points/").and_then(|of| of.strip_suffix(".mvt"));
        match (self.name.as_str(), items, tile) {
            ("pygeoapi", Some(_), _) => Some(address.to_owned()),
            ("tipg", Some(items), _) => Some(format!("/collections/public.points/{items}")),
            ("tipg", _, Some(tile)) => {
                Some(format!("/collections/public.points/tiles/WebMercatorQuad/{tile}"))
            }
            _ => None,
        }
    }
}

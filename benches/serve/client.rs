//! A client for single requests: what wrk does not tell, and connections that are kept.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The number of features that it says were found.
    pub fn matched(&self) -> Option<u64> {
        let found: serde_json::Value = serde_json::from_slice(&self.body).ok()?;
        found.get("numberMatched")?.as_u64()
    }

    /// Whether wrk would count it as an answer.
    pub fn is_good(&self) -> bool {
        self.status < 400
    }
}

/// A connection.
pub struct Client {
    host: String,
    stream: BufReader<TcpStream>,
}

impl Client {
    /// Connects to a host with its port.
    pub fn connect(host: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self { host: host.to_owned(), stream: BufReader::new(stream) })
    }

    /// Asks and waits for the whole answer.
    pub fn ask(&mut self, address: &str, headers: &[(String, String)]) -> std::io::Result<Reply> {
        let mut request = format!("GET {address} HTTP/1.1\r\nHost: {}\r\n", self.host);
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        self.stream.get_mut().write_all(request.as_bytes())?;
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| std::io::Error::other(format!("no status: {first}")))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut reply = Reply { status, headers, body: Vec::new() };
        reply.body = self.body(&reply)?;
        Ok(reply)
    }

    fn body(&mut self, reply: &Reply) -> std::io::Result<Vec<u8>> {
        if reply.status == 204 || reply.status == 304 {
            return Ok(Vec::new());
        }
        let mut body = Vec::new();
        if let Some(length) = reply.header("content-length").and_then(|text| text.parse().ok()) {
            body.resize(length, 0);
            self.stream.read_exact(&mut body)?;
            return Ok(body);
        }
        if reply.header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
            loop {
                let line = self.line()?;
                let digits = line.split(';').next().unwrap_or_default();
                let length = usize::from_str_radix(digits.trim(), 16);
                let length = length.map_err(std::io::Error::other)?;
                let from = body.len();
                body.resize(from + length, 0);
                self.stream.read_exact(&mut body[from..])?;
                self.line()?;
                if length == 0 {
                    return Ok(body);
                }
            }
        }
        self.stream.read_to_end(&mut body)?;
        Ok(body)
    }

    fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    /// Whether the server has left it open.
    pub fn is_open(&self) -> bool {
        let stream = self.stream.get_ref();
        let waits = stream.set_nonblocking(true).is_ok();
        let told = stream.peek(&mut [0]);
        waits && told.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    }
}

/// Asks once on a connection of its own.
pub fn ask(host: &str, address: &str, headers: &[(String, String)]) -> std::io::Result<Reply> {
    Client::connect(host)?.ask(address, headers)
}

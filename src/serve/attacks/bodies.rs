//! Bodies of requests: large, slow, of the wrong type, broken off.

use super::*;
use crate::serve::settings::MOST_BODY;

fn post(server: &Server, headers: &str) -> String {
    server.request("POST", "/own/length", &format!("Content-Type: text/plain\r\n{headers}"))
}

#[test]
fn a_body_of_the_largest_size_is_read_and_a_larger_one_refused() {
    let server = Server::start(settings());
    let fits = "x".repeat(MOST_BODY);
    let got = server
        .answer(format!("{}{fits}", post(&server, &format!("Content-Length: {MOST_BODY}\r\n"))));
    assert_eq!((got.status, got.text()), (200, MOST_BODY.to_string()));
    let got = server.answer(format!(
        "{}{fits}x",
        post(&server, &format!("Content-Length: {}\r\n", MOST_BODY + 1))
    ));
    assert_eq!((got.status, got.code().as_str()), (413, "too-large"));
    // In pieces, so that no length is known.
    let piece = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let chunks =
        format!("{}{}0\r\n\r\n", post(&server, "Transfer-Encoding: chunked\r\n"), piece.repeat(17));
    let got = server.answer(chunks);
    assert_eq!((got.status, got.code().as_str()), (413, "too-large"));
}

#[test]
fn a_body_is_refused_by_its_length_before_it_is_sent() {
    let server = Server::start(settings());
    let begun = now();
    let got =
        server.answer(post(&server, "Content-Length: 99999999999\r\nExpect: 100-continue\r\n"));
    assert_eq!((got.status, got.code().as_str()), (413, "too-large"));
    assert!(begun.elapsed() < Duration::from_millis(600), "it waited for the body");
}

#[test]
fn a_slow_body_is_refused_within_its_time() {
    let server = Server::start(settings());
    let begun = now();
    let mut stream = server.sent(post(&server, "Content-Length: 1000\r\n"));
    let mut dripping = stream.try_clone().expect("a socket");
    let drip = std::thread::spawn(move || {
        for _ in 0..100 {
            if dripping.write_all(b"x").is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    let got = Got::read(&mut stream);
    assert_eq!((got.status, got.code().as_str()), (408, "too-slow"));
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    drip.join().expect("an end");
}

#[test]
fn slow_bodies_do_not_keep_others_out() {
    let server = Server::start(Settings { in_flight: 2, arrival: PATIENCE, ..settings() });
    let slow: Vec<TcpStream> =
        (0..2).map(|_| server.sent(post(&server, "Content-Length: 1000\r\n"))).collect();
    assert!(comes_to_refuse(&server), "a third body waits");
    assert_eq!(server.get("/collections?f=html", "").status, 200, "who sends no body is answered");
    drop(slow);
    let again = format!("{}x", post(&server, "Content-Length: 1\r\n"));
    assert!((0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        server.answer(&again).status == 200
    }));
}

/// Whether the server comes to say that it is busy.
fn comes_to_refuse(server: &Server) -> bool {
    let body = format!("{}x", post(server, "Content-Length: 1\r\n"));
    (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        server.answer(&body).status == 503
    })
}

#[test]
fn a_body_of_another_type_is_refused() {
    let server = Server::start(settings());
    for media in ["", "Content-Type: text/html\r\n", "Content-Type: application/json\r\n"] {
        let got = server.answer(format!(
            "{}x",
            server.request("POST", "/own/length", &format!("{media}Content-Length: 1\r\n"))
        ));
        assert_eq!((got.status, got.code().as_str()), (415, "wrong-media"), "{media}");
    }
    let with_charset = "Content-Type: Text/Plain; charset=utf-8\r\nContent-Length: 1\r\n";
    let got = server.answer(format!("{}x", server.request("POST", "/own/length", with_charset)));
    assert_eq!(got.status, 200);
}

#[test]
fn a_body_that_a_refusal_did_not_wait_for_does_not_take_the_answer_with_it() {
    let server = Server::start(settings());
    let body = "x".repeat(3 << 20);
    for (path, status) in [("/nothing", 404), ("/", 405), ("/own/length", 413)] {
        let head = server.request(
            "POST",
            path,
            &format!("Content-Type: text/plain\r\nContent-Length: {}\r\n", body.len()),
        );
        let mut stream = server.connect();
        stream.write_all(format!("{head}{body}").as_bytes()).expect("the whole body is taken");
        assert_eq!(Got::read(&mut stream).status, status, "{path}");
    }
}

#[test]
fn a_body_that_breaks_off_harms_nobody() {
    let server = Server::start(settings());
    for _ in 0..20 {
        drop(server.sent(format!("{}half", post(&server, "Content-Length: 1000\r\n"))));
    }
    assert!(server.comes_to("/collections?f=html", 200));
}

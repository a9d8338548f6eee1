//! Many at once, answers that take too long, clients that leave, and faults of the program.

use super::*;
use std::sync::Mutex;

/// Tests that count the endless questions of this process take turns.
static TURN: Mutex<()> = Mutex::new(());

fn counted() -> (std::sync::MutexGuard<'static, ()>, usize, usize) {
    let turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    (turn, BEGUN.load(Ordering::SeqCst), STOPPED.load(Ordering::SeqCst))
}

/// Waits for a count.
fn reaches(count: &AtomicUsize, number: usize) -> bool {
    (0..1000).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        count.load(Ordering::SeqCst) >= number
    })
}

#[test]
fn one_more_than_may_be_under_way_is_told_to_come_back() {
    let (_turn, begun, stopped) = counted();
    let server = Server::start(Settings { in_flight: 2, deadline: PATIENCE, ..settings() });
    let held: Vec<TcpStream> =
        (0..2).map(|_| server.sent(server.request("GET", "/own/endless", ""))).collect();
    assert!(reaches(&BEGUN, begun + 2));
    for _ in 0..5 {
        let got = server.get("/own/endless", "");
        assert_eq!((got.status, got.code().as_str()), (503, "too-many"));
        assert_eq!(got.header("retry-after"), Some("1"));
    }
    // What costs nothing is still answered, the health above all.
    assert_eq!(server.get("/", "").status, 200);
    assert!(server.get("/metrics", "").text().contains("tamarisk_in_flight 3"));
    drop(held);
    assert!(reaches(&STOPPED, stopped + 2), "clients that left stop their questions");
    assert!(server.comes_to("/collections?f=html", 200), "the server recovers");
}

#[test]
fn an_answer_past_its_time_is_stopped() {
    let (_turn, _, stopped) = counted();
    let server = Server::start(settings());
    let asked = now();
    let got = server.get("/own/endless", "");
    assert_eq!((got.status, got.code().as_str()), (503, "too-long"));
    assert!(asked.elapsed() >= server.shared.settings.deadline);
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    assert!(reaches(&STOPPED, stopped + 1), "the question itself is stopped, too");
}

#[test]
fn a_client_that_leaves_stops_its_question() {
    let (_turn, begun, stopped) = counted();
    let server = Server::start(Settings { deadline: Duration::from_secs(3600), ..settings() });
    let stream = server.sent(server.request("GET", "/own/endless", ""));
    assert!(reaches(&BEGUN, begun + 1));
    drop(stream);
    assert!(reaches(&STOPPED, stopped + 1));
    assert!((0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        server.get("/metrics", "").text().contains("route=\"own\",status=\"left\"")
    }));
}

#[test]
fn a_question_that_will_not_stop_still_counts() {
    // Its client is answered at the deadline, its place is free once its thread is.
    let (_turn, begun, _) = counted();
    let server = Server::start(Settings { in_flight: 1, ..settings() });
    let _held = server.sent(server.request("GET", "/own/endless", ""));
    assert!(reaches(&BEGUN, begun + 1));
    assert_eq!(server.get("/own/endless", "").code(), "too-many");
    assert!(server.comes_to("/collections?f=html", 200));
}

#[test]
fn a_fault_of_the_program_is_contained_and_tells_nothing() {
    let server = Server::start(settings());
    for path in ["/own/panic", "/own/panic-free"] {
        for accept in ["", "Accept: text/html\r\n"] {
            let got = server.get(path, accept);
            assert_eq!(got.status, 500);
            let text = got.text();
            for secret in ["62.05", "secret", "panic", "src/"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
        let got = server.get(path, "");
        assert_eq!(got.code(), "internal");
        assert!(got.json()["id"].as_str().is_some_and(|id| !id.is_empty()));
    }
    assert_eq!(server.get("/", "").status, 200);
}

#[test]
fn connections_past_the_limit_wait_and_are_answered() {
    let server =
        Server::start(Settings { connections: 60, arrival: Duration::from_secs(2), ..settings() });
    let idle: Vec<TcpStream> = (0..60).map(|_| server.connect()).collect();
    let open =
        || server.shared.metrics.text(0).lines().any(|line| line == "tamarisk_connections 60");
    assert!((0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        open()
    }));
    let more: Vec<TcpStream> =
        (0..50).map(|_| server.sent(server.request("GET", "/", "Connection: close\r\n"))).collect();
    // Idle connections are closed at their time, and then those that wait get in.
    for mut stream in more {
        assert_eq!(Got::read(&mut stream).status, 200);
        assert!(!server.shared.metrics.text(0).contains("tamarisk_connections 61"));
    }
    drop(idle);
}

#[test]
fn the_end_lets_requests_under_way_finish() {
    let (_turn, begun, _) = counted();
    let mut server =
        Server::start(Settings { deadline: Duration::from_millis(1500), ..settings() });
    let mut under_way = server.sent(server.request("GET", "/own/endless", ""));
    let mut idle = server.connect();
    assert!(reaches(&BEGUN, begun + 1));
    server.stop.raise();
    let got = Got::read(&mut under_way);
    assert_eq!(got.code(), "too-long", "it is answered to its end");
    server.thread.take().expect("a thread").join().expect("an end");
    let mut rest = Vec::new();
    let _ = idle.read_to_end(&mut rest);
    assert!(TcpStream::connect(server.address).is_err(), "nobody listens any more");
}

#[test]
fn a_client_that_takes_nothing_of_its_answer_is_let_go() {
    let server = Server::start(settings());
    let reads = |server: &Server| server.shared.metrics.text(0);
    let _deaf = server.sent(server.request("GET", "/own/large", ""));
    let has = |text: &str| {
        (0..500).any(|_| {
            std::thread::sleep(Duration::from_millis(10));
            reads(&server).lines().any(|line| line == text)
        })
    };
    assert!(has("tamarisk_connections 1"));
    assert!(has("tamarisk_connections 0"), "{}", reads(&server));
    // One that takes it slowly, but takes it, gets all of it.
    let mut slow = server.sent(server.request("GET", "/own/large", "Connection: close\r\n"));
    let (mut all, mut buffer) = (0, vec![0; 8 << 20]);
    loop {
        match slow.read(&mut buffer).expect("more") {
            0 => break,
            read => all += read,
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(all > 32 << 20, "{all}");
}

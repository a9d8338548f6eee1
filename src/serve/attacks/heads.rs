//! Heads of requests: slow, long, malformed, for other hosts, without the token.

use super::*;

#[test]
fn half_a_head_is_closed_within_its_time() {
    let server = Server::start(settings());
    for half in ["", "G", "GET / HT", "GET / HTTP/1.1\r\nHost: localhost\r\nX: "] {
        let begun = now();
        let mut stream = server.sent(half);
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).expect("an end, before the test's patience is over");
        assert!(begun.elapsed() < Duration::from_secs(5), "{half:?}: {:?}", begun.elapsed());
        assert!(!String::from_utf8_lossy(&rest).contains(" 200 "), "{half:?}");
    }
}

#[test]
fn a_head_that_drips_is_closed_within_its_time() {
    let server = Server::start(settings());
    let begun = now();
    let mut stream = server.sent(format!("GET / HTTP/1.1\r\nHost: {}\r\nX: ", server.address));
    while stream.write_all(b"x").is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(5), "it is still open");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_connection_stays_open_between_requests_and_is_closed_when_idle() {
    let server = Server::start(settings());
    let mut stream = server.connect();
    for _ in 0..3 {
        stream.write_all(server.request("GET", "/", "").as_bytes()).expect("an open connection");
        assert_eq!(Got::read(&mut stream).status, 200);
    }
    assert_eq!(stream.read(&mut [0; 16]).expect("an end"), 0);
}

#[test]
fn long_addresses_and_headers_are_told_so() {
    let server = Server::start(settings());
    for length in [8200, 20_000, 40_000] {
        let got = server.get(&format!("/near?at={}", "1".repeat(length)), "");
        assert_eq!((got.status, got.code().as_str()), (414, "long-address"), "{length}");
    }
    let fits = server.get(&format!("/near?at={}", "1".repeat(8000)), "");
    assert_eq!(fits.status, 400);
    let got = server.get("/", &format!("X: {}\r\n", "x".repeat(17_000)));
    assert_eq!((got.status, got.code().as_str()), (431, "long-headers"));
    let got = server.get("/", &format!("X: {}\r\n", "x".repeat(15_000)));
    assert_eq!(got.status, 200);
    // Past what is read at all, and past the number of fields, the answer is the library's: a status alone.
    for headers in [format!("X: {}\r\n", "x".repeat(100_000)), "X: x\r\n".repeat(100)] {
        let got = server.get("/", &headers);
        assert_eq!(got.status, 431, "{} bytes", headers.len());
    }
}

#[test]
fn other_hosts_are_refused_on_every_route() {
    let settings = Settings {
        hosts: vec!["risk.example.org".to_owned(), "other.example:8443".to_owned()],
        ..settings()
    };
    let server = Server::start(settings);
    let port = server.address.port();
    let ask = |path: &str, host: &str| server.answer(format!("GET {path} HTTP/1.1\r\n{host}\r\n"));
    for route in &server.shared.routes {
        for host in
            ["evil.example", "127.0.0.1.evil.example", "127.0.0.1:1", "localhost.:80", "[::1", ""]
        {
            let line = format!(
                "{} {} HTTP/1.1\r\nHost: {host}\r\n\r\n",
                route.method,
                route.path.replace(['{', '}', '*'], "")
            );
            let got = server.answer(line);
            assert_eq!(
                (got.status, got.code().as_str()),
                (421, "wrong-host"),
                "{} {host:?}",
                route.path
            );
        }
    }
    for own in [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("LOCALHOST:{port}"),
        format!("[::1]:{port}"),
        "risk.example.org".to_owned(),
        "Risk.Example.org:444".to_owned(),
        "other.example:8443".to_owned(),
    ] {
        assert_eq!(ask("/", &format!("Host: {own}\r\n")).status, 200, "{own}");
    }
    for other in [
        format!("127.0.0.2:{port}"),
        "127.0.0.1".to_owned(),
        "127.0.0.1:99999".to_owned(),
        "other.example:8444".to_owned(),
        format!("[::2]:{port}"),
        format!("127.0.0.1:{port}:{port}"),
        format!("user@127.0.0.1:{port}"),
    ] {
        assert_eq!(ask("/", &format!("Host: {other}\r\n")).status, 421, "{other}");
    }
    let twice = format!("Host: localhost:{port}\r\nHost: evil.example\r\n");
    assert!([400, 421].contains(&ask("/", &twice).status));
    assert!([400, 421].contains(&ask("/", "").status));
    // The whole address in the request line counts, as HTTP says.
    assert_eq!(ask("http://evil.example/", &format!("Host: localhost:{port}\r\n")).status, 421);
    assert_eq!(
        ask(&format!("http://localhost:{port}/"), &format!("Host: localhost:{port}\r\n")).status,
        200
    );
}

#[test]
fn a_server_on_ipv6_knows_its_own_name() {
    let Ok(free) = std::net::TcpListener::bind("[::1]:0") else { return };
    let listen = free.local_addr().expect("an address");
    drop(free);
    let server = Server::start(Settings { listen, ..settings() });
    assert_eq!(server.get("/", "").status, 200, "{}", server.address);
    let got = server.answer("GET / HTTP/1.1\r\nHost: [::2]:80\r\n\r\n");
    assert_eq!(got.status, 421);
}

#[test]
fn paths_lead_nowhere_but_to_routes() {
    let server = Server::start(settings());
    for path in [
        "/../etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/collections/..%2f..%2fetc%2fpasswd/items",
        "/collections/%00/items",
        "/collections/sites%00/items",
        "/collections/%2e%2e",
        "//",
        "/%ff",
        "/collections/%c0%ae/items",
        "/.git/config",
        "/assets/../../Cargo.toml",
        "/problems/%2e%2e%2fapi",
        "/own/%0d%0aX-Injected:%20yes",
        "/collections/a%0d%0aSet-Cookie:%20x=y/items/b",
    ] {
        let got = server.get(path, "");
        assert_eq!(got.status, 404, "{path}: {got:?}");
        assert!(got.code().starts_with("no"), "{path}");
        assert!(
            !got.head.to_lowercase().contains("injected") && !got.head.contains("Cookie"),
            "{path}: {}",
            got.head
        );
    }
}

#[test]
fn a_request_that_is_no_http_is_refused_and_the_server_lives() {
    let server = Server::start(settings());
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: a\x00b\r\n\r\n",
        b"POST /near HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /near HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /near HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity, chunked, x\r\n\r\n",
    ] {
        let mut stream = server.sent(bytes);
        let mut text = Vec::new();
        // A closed or a reset connection is an end, too.
        let _ = stream.read_to_end(&mut text);
        let text = String::from_utf8_lossy(&text);
        let refused = ["", "HTTP/1.1 400", "HTTP/1.1 421", "HTTP/1.1 431"].iter();
        assert!(
            refused
                .clone()
                .any(|start| text.starts_with(start) && (!start.is_empty() || text.is_empty())),
            "{text}"
        );
    }
    assert_eq!(server.get("/", "").status, 200);
}

#[test]
fn parameters_are_known_and_given_once() {
    let server = Server::start(settings());
    for (query, code, names) in [
        ("limt=1", "unknown-parameter", "limit"),
        ("limit=1&limit=2", "repeated-parameter", "limit"),
        ("f=json&f=json", "repeated-parameter", "f"),
        ("limit=abc", "bad-value", "limit"),
        ("limit=-1", "bad-value", "limit"),
        ("bbox=1,2,3", "bad-value", "bbox"),
        ("bbox=1,2,3,4,5", "bad-value", "bbox"),
        ("bbox=1,2,nan,4", "bad-value", "bbox"),
        ("bbox=1,2,inf,4", "bad-value", "bbox"),
        ("f=xml", "bad-value", "f"),
    ] {
        let got = server.get(&format!("/collections/sites/items?{query}"), "");
        assert_eq!((got.status, got.code().as_str()), (400, code), "{query}");
        assert!(got.text().contains(names), "{query}: {}", got.text());
    }
    let third = server.get("/collections/sites/items?bbox=1,2,nan,4", "").json();
    assert_eq!(third["position"], 3);
}

#[test]
fn methods_that_a_path_has_not_are_named() {
    let server = Server::start(settings());
    for method in ["DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "BREW"] {
        let got = server.answer(server.request(
            method,
            "/",
            "Origin: http://evil.example\r\nAccess-Control-Request-Method: GET\r\n",
        ));
        assert_eq!((got.status, got.code().as_str()), (405, "not-allowed"), "{method}");
        assert_eq!(got.header("allow"), Some("GET, HEAD"), "{method}");
        assert_eq!(got.header("access-control-allow-origin"), None);
    }
}

#[test]
fn no_page_of_another_site_may_read() {
    let server = Server::start(settings());
    for path in ["/", "/nothing", "/own/panic"] {
        let got = server.get(path, "Origin: http://evil.example\r\n");
        assert!(!got.head.to_lowercase().contains("access-control"), "{}", got.head);
        assert_eq!(got.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(got.header("cross-origin-resource-policy"), Some("same-origin"));
        assert_eq!(got.header("referrer-policy"), Some("no-referrer"));
        assert!(
            got.header("content-security-policy")
                .is_some_and(|policy| policy.starts_with("default-src 'none'"))
        );
        assert_eq!(got.header("server"), None);
    }
}

#[test]
fn without_the_token_no_data_are_seen() {
    let server = Server::start(Settings { token: Some("s3cret".to_owned()), ..settings() });
    for route in &server.shared.routes {
        let path = route.path.replace(['{', '}', '*'], "");
        for shown in [
            "",
            "Authorization: Bearer wrong\r\n",
            "Authorization: Basic s3cret\r\n",
            "Authorization: s3cret\r\n",
            "Authorization: Bearer \r\n",
        ] {
            let got = server.answer(server.request(route.method.as_str(), &path, shown));
            match route.open {
                true => assert_ne!(got.status, 401, "{path}"),
                false => {
                    assert_eq!(
                        (got.status, got.code().as_str()),
                        (401, "needs-token"),
                        "{path} {shown}"
                    );
                    assert_eq!(got.header("www-authenticate"), Some("Bearer"));
                }
            }
        }
    }
    assert_eq!(server.get("/", "Authorization: Bearer s3cret\r\n").status, 200);
    assert_eq!(server.get("/", "authorization: bearer s3cret\r\n").status, 200);
}

#[test]
fn those_who_run_the_server_see_its_health_and_a_proxy_does_not() {
    let server = Server::start(Settings { token: Some("s3cret".to_owned()), ..settings() });
    for path in ["/health", "/metrics"] {
        assert_eq!(server.get(path, "").status, 200, "{path}");
        let got = server.get(path, "X-Forwarded-For: 203.0.113.7\r\n");
        assert_eq!((got.status, got.code().as_str()), (403, "local-only"), "{path}");
        let token = "X-Forwarded-For: 203.0.113.7\r\nAuthorization: Bearer s3cret\r\n";
        assert_eq!(server.get(path, token).status, 200, "{path}");
    }
    assert_eq!(server.get("/health", "").json()["status"], "ok");
    server.shared.read(Some("incidents.csv: line 41".to_owned()));
    let told = server.get("/health", "").json();
    assert_eq!(
        (&told["status"], &told["refused"]),
        (&"old data".into(), &"incidents.csv: line 41".into())
    );
}

#[test]
fn head_is_get_without_its_body() {
    let server = Server::start(settings());
    for path in ["/", "/collections", "/problems/too-many", "/nothing", "/api", "/?f=html"] {
        let got = server.get(path, "");
        let mut stream = server.sent(server.request("HEAD", path, ""));
        let head = Got::read_of(&mut stream, true);
        assert_eq!(head.status, got.status, "{path}");
        assert!(head.body.is_empty(), "{path}");
        for name in ["content-type", "content-length", "etag", "cache-control", "vary"] {
            assert_eq!(head.header(name), got.header(name), "{path}: {name}");
        }
        // The connection goes on: nothing came after the head.
        stream.write_all(server.request("GET", path, "").as_bytes()).expect("an open connection");
        assert_eq!(Got::read(&mut stream).status, got.status, "{path}");
    }
}

#[test]
fn what_a_client_has_is_not_sent_again() {
    let server = Server::start(settings());
    let got = server.get("/collections", "");
    let tag = got.header("etag").expect("a tag").to_owned();
    for held in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
        let same = server.get("/collections", &format!("If-None-Match: {held}\r\n"));
        assert_eq!((same.status, same.body.len()), (304, 0), "{held}");
        assert_eq!(same.header("etag"), Some(&*tag), "{held}");
    }
    assert_eq!(server.get("/collections", "If-None-Match: \"x\"\r\n").status, 200);
    let page = server.get("/collections?f=html", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!(page.status, 200, "another form is another answer");
    assert_ne!(page.header("etag"), Some(&*tag));
    assert_eq!(server.get("/collections/none/items", "If-None-Match: *\r\n").status, 404);
}

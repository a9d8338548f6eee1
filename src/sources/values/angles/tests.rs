use super::*;

fn angle(text: &str, axis: Axis) -> Result<f64, String> {
    read_angle(text, axis, None).map(|angle| (angle.degrees * 1e9).round() / 1e9)
}

#[test]
fn angles_are_read_in_any_usual_spelling() {
    for text in [
        "29°37'30\"N",
        "29° 37′ 30″ N",
        "29º37’30”N",
        "29°37'30''N",
        "29 37 30 N",
        "N 29 37 30",
        "N29.625",
        "29.625N",
        "29.625° N",
        "29d37m30s",
        "29d37m30sN",
        "29:37:30",
        "29-37-30N",
        "29 37.5 N",
        "29°37.500'N",
        "29°37,5'N",
        "29,625",
        "29,625°",
        "293730N",
        "2937.5N",
        "29deg 37min 30sec North",
        "29°37'30\" с. ш.",
        "с.ш. 29°37'30\"",
        "北纬29°37′30″",
        "29度37分30秒",
        "29°37'30\" Norte",
        "29°37'30\" nord",
        "۲۹°۳۷'۳۰\"",
        "29° 37' 30'' ش",
        "+29 37 30",
        "29°37'30\" n.Br.",
        "lat 29.625",
    ] {
        assert_eq!(angle(text, Axis::Lat), Ok(29.625), "{text}");
    }
    for text in [
        "26°12'S",
        "S 26° 12.0'",
        "26 12 0S",
        "-26°12'00\"",
        "26d12m0s S",
        "26.2 S",
        "-26.2 S",
        "26°12' Sur",
        "26°12' Sul",
        "26°12' Süd",
        "26°12' ю.ш.",
        "2612S",
        "−26.2",
    ] {
        assert_eq!(angle(text, Axis::Lat), Ok(-26.2), "{text}");
    }
    for (text, value) in [
        ("62°46'E", 62.766_666_667),
        ("0624600E", 62.766_666_667),
        ("112°57'00\"W", -112.95),
        ("112 57 Ouest", -112.95),
        ("112 57 Oeste", -112.95),
        ("112°57' з.д.", -112.95),
        ("62°46' в.д.", 62.766_666_667),
        ("62 46 Ost", 62.766_666_667),
        ("62 46 ö.L.", 62.766_666_667),
    ] {
        assert_eq!(angle(text, Axis::Lon), Ok(value), "{text}");
    }
}

#[test]
fn an_o_is_read_only_where_it_is_known_what_it_means() {
    assert!(angle("70°30'O", Axis::Lon).expect_err("unclear").contains("letter_o"));
    for (west, value) in [(true, -70.5), (false, 70.5)] {
        let read = read_angle("70°30'O", Axis::Lon, Some(west)).map(|angle| angle.degrees);
        assert_eq!(read, Ok(value));
    }
}

#[test]
fn what_is_no_angle_is_never_guessed() {
    for (text, why) in [
        ("29°60'00\"N", "minutes"),
        ("29°37'60\"N", "seconds"),
        ("29.5 30 N", "fraction"),
        ("29 37 30 12 N", "more numbers"),
        ("62°46'E", "is a longitude"),
        ("29 N S", "two hemispheres"),
        ("-29 N", "contradicts"),
        ("29'37\"", "out of order"),
        ("soon", "not an angle"),
        ("", "not an angle"),
        ("29°37'x", "not an angle"),
        ("12345N", "digits"),
    ] {
        let found = angle(text, Axis::Lat).expect_err(text);
        assert!(found.contains(why), "{text}: {found}");
    }
}

#[test]
fn pairs_are_taken_apart() {
    for text in [
        "29.125, 62.5",
        "29.125,62.5",
        "29.125 62.5",
        "29,125; 62,5",
        "29,125 62,5",
        "29,125, 62,5",
        "(29.125, 62.5)",
        "29°07'30\"N 62°30'E",
        "29°07'30\"N, 62°30'E",
        "N29.125 E62.5",
        "N 29 07 30 E 62 30 00",
        "29 07 30 62 30 00",
        "29.125 62.5 812.3 4.9",
        "29.125, 62.5, 800",
        "Lat 29.125 Lon 62.5",
        "Latitude: 29.125, Longitude: 62.5",
        "29.125/62.5",
        "29.125N 62.5E",
        "29°07.5' 62°30'",
    ] {
        let pair = read_pair(text, None).map(|pair| (pair.first.degrees, pair.second.degrees));
        assert_eq!(pair, Ok((29.125, 62.5)), "{text}");
    }
    let pair = read_pair("-26.2 -27.9", None).expect("a pair");
    assert_eq!((pair.first.degrees, pair.second.degrees), (-26.2, -27.9));
    assert!(read_pair("29.125 62.5 812.3 4.9", None).is_ok_and(|pair| pair.is_geopoint));
    for text in
        ["29.125", "29,125", "29 07 30", "29 07 30 5", "Quetta", "2024-03-09", "29N 30N", ""]
    {
        let pair = read_pair(text, None);
        assert!(pair.is_err(), "{text}: {pair:?}");
    }
}

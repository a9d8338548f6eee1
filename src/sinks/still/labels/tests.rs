//! Tests of where names stand.

use super::*;
use crate::float;

fn written_area(label: &Label) -> Area {
    area(label.at, font::room(&label.text, LETTERS), LETTERS)
}

#[test]
fn a_name_stands_where_it_covers_no_dot_and_stays_on_the_map() {
    let site = Named { place: (700.0, 600.0), band: 3, gap: false, name: "A name", id: "n" };
    let markers = [marker_area(site.place, 3, 1.0)];
    // A row of dots on the right.
    let dots: Vec<(f64, f64)> = (1..20).map(|n| (712.0 + 6.0 * f64::from(n), 600.0)).collect();
    let within = [0.0, 90.0, 1600.0, 1140.0];
    let place = |within, dots: &[_]| {
        let room = Room { within, markers: &markers, more: &[], dots, scale: 1.0 };
        let labels = super::place(&[&site], &room, &mut Vec::new());
        written_area(labels.first().expect("a label"))
    };
    assert!(place(within, &[])[0] > 700.0, "on the right if nothing is there");
    assert!(place(within, &dots)[2] < 700.0, "on the left of the dots");
    let narrow = [0.0, 90.0, 740.0, 1140.0];
    assert!(place(narrow, &[])[2] < 740.0);
}

#[test]
fn a_name_is_left_out_where_it_would_seem_to_be_of_another_site() {
    // Below and on the left of the site the name would lie between two others; all else is taken.
    let site = Named { place: (700.0, 600.0), band: 3, gap: false, name: "Bale bauxite", id: "b" };
    let places = [site.place, (585.0, 585.0), (575.0, 640.0)];
    let markers: Vec<Area> = places.iter().map(|at| marker_area(*at, 3, 1.0)).collect();
    let within = [0.0, 90.0, 1600.0, 1140.0];
    let taken =
        [[690.0, 90.0, 1600.0, 590.0], [709.0, 90.0, 1600.0, 1140.0], [0.0, 500.0, 690.0, 608.0]];
    let room = Room { within, markers: &markers, more: &[], dots: &[], scale: 1.0 };
    let own = marker_area(site.place, site.band, 1.0);
    let below = area((580.0, 630.0), font::room(site.name, LETTERS), LETTERS);
    assert!(!room.belongs(&below, site.place, &own));
    assert!(room.belongs(&area((712.0, 606.0), 110.0, LETTERS), site.place, &own));
    let label = beside(&site, &room, &taken);
    assert!(label.is_none_or(|(_, area)| room.belongs(&area, site.place, &own)));
    // A site among thousands whose dots may be covered counts, too.
    let more = [(760.0, 604.0)];
    let crowded = Room { markers: &markers[..1], more: &more, ..room };
    assert!(!crowded.belongs(&area((712.0, 606.0), 110.0, LETTERS), site.place, &own));
}

/// Labels of sites in the middle of a map, and the areas of their markers.
fn labeled(places: &[(f64, f64)]) -> (Vec<Label>, Vec<Area>) {
    let sites: Vec<Named<'_>> = places
        .iter()
        .map(|place| Named { place: *place, band: 3, gap: false, name: "A name", id: "n" })
        .collect();
    let markers: Vec<Area> = places.iter().map(|place| marker_area(*place, 3, 1.0)).collect();
    let within = [0.0, 90.0, 1600.0, 1140.0];
    let room = Room { within, markers: &markers, more: &[], dots: &[], scale: 1.0 };
    (place(&sites.iter().collect::<Vec<_>>(), &room, &mut Vec::new()), markers)
}

fn cluster(apart: f64) -> Vec<(f64, f64)> {
    (0..9).map(|n| (700.0 + apart * f64::from(n % 3), 600.0 + apart * f64::from(n / 3))).collect()
}

#[test]
fn names_of_a_cluster_stand_apart_and_off_the_markers() {
    for apart in [8.0, 14.0, 24.0, 40.0] {
        let (labels, markers) = labeled(&cluster(apart));
        assert!(labels.len() >= 4, "{apart}: {}", labels.len());
        assert!(labels.iter().any(|label| label.line.is_some()), "some stand off");
        let areas: Vec<Area> = labels.iter().map(written_area).collect();
        for (at, one) in areas.iter().enumerate() {
            let mut others = markers.iter().chain(areas.iter().skip(at + 1));
            assert!(others.all(|other| !overlap(one, other)), "{apart}");
        }
    }
}

/// Sites elsewhere with higher scores than those of the cluster.
fn ranked(apart: f64) -> Vec<(f64, f64)> {
    let higher = (0..HIGHEST)
        .map(|n| (150.0 + 250.0 * float::of_count(n % 6), if n < 6 { 150.0 } else { 1050.0 }));
    higher.chain(cluster(apart)).collect()
}

#[test]
fn no_label_misleads_to_another_site() {
    for space in [8.0, 14.0, 24.0, 40.0, 90.0] {
        let (labels, markers) = labeled(&ranked(space));
        let lines: Vec<Line> = labels.iter().filter_map(|label| label.line).collect();
        for (at, line) in lines.iter().enumerate() {
            let ends = markers.iter().filter(|marker| passes(*line, marker, PAST));
            assert_eq!(ends.count(), 1, "{space}: a line touches its own marker alone");
            assert!(lines.iter().skip(at + 1).all(|other| !cross(*line, *other)));
            let areas = labels.iter().filter(|label| label.line != Some(*line));
            let mut areas = areas.map(written_area);
            assert!(areas.all(|area| !passes(*line, &area, 0.0)), "{space}: over a name");
        }
        for label in &labels {
            let area = written_area(label);
            let mut far: Vec<f64> =
                markers.iter().map(|marker| super::apart(&area, middle(marker))).collect();
            far.sort_by(f64::total_cmp);
            let alone = far[0] < far[1];
            assert!(label.line.is_some() || alone, "{space}: between two markers");
        }
    }
    assert_eq!(labeled(&ranked(90.0)).0.len(), HIGHEST + 9, "all have room");
}

#[test]
fn lines_cross_and_pass_where_they_do() {
    let (one, other) = ([(0.0, 0.0), (10.0, 10.0)], [(0.0, 10.0), (10.0, 0.0)]);
    assert!(cross(one, other) && !cross(one, [(20.0, 0.0), (30.0, 5.0)]));
    assert!(passes(one, &[4.0, 4.0, 6.0, 6.0], 0.0));
    assert!(!passes(one, &[6.0, 0.0, 9.0, 2.0], 0.0) && passes(one, &[6.0, 0.0, 9.0, 2.0], 5.0));
    assert!(!passes([(0.0, 0.0), (10.0, 0.0)], &[2.0, 3.0, 5.0, 6.0], 1.0));
}

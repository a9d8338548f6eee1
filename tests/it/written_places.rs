//! Notations of places: angles in any spelling, parts and hemispheres in columns, UTM zones, complete
//! positions in one cell. Each gives the right position; unclear ones are refused with a hint.

use crate::intake::{plain, says, text, told};
use tamarisk::model::Site;
use tamarisk::sources::{ColumnMap, ReadOptions, Reading, read_sites};

fn sites(content: &str) -> Reading<Site> {
    read_sites(&text("s.csv", content), &plain()).expect("reading")
}

fn mapped(content: &str, map: &str) -> Reading<Site> {
    let map = ColumnMap::parse(map).expect("map");
    let options = ReadOptions { map, ..ReadOptions::default() };
    read_sites(&text("s.csv", content), &options).expect("reading")
}

/// Longitudes and latitudes to a ten-thousandth of a degree.
fn places(reading: &Reading<Site>) -> Vec<(f64, f64)> {
    let round = |degrees: f64| (degrees * 1e4).round() / 1e4;
    let place = |site: &Site| (round(site.position.lon()), round(site.position.lat()));
    reading.items.iter().map(place).collect()
}

#[test]
fn angles_in_two_columns_are_read_in_any_spelling() {
    let content = "id,name,lat,lon\na,A,\"29°07'30\"\"N\",\"62°06'00\"\"E\"\nb,B,29° 07′ 30″ N,62° 06′ 00″ E\n\
        c,C,N 29 07 30,E 62 06 00\nd,D,29 07.500 N,62 06.000 E\ne,E,29.125N,62.1E\nf,F,29-07-30N,062-06-00E\n\
        g,G,29d7m30s,62:06:00\nh,H,290730N,0620600E\ni,I,29.125,62.1\nj,J,29° 07' 30'' с.ш.,62°06' в.д.\n";
    let reading = sites(content);
    assert_eq!(places(&reading), vec![(62.1, 29.125); 10]);
    let content =
        "id,lat,lon\na,S 26° 12.0',27°54'E\nb,\"46°07'45\"\"N\",112°57'O\nc,26°12'S,27°54'E\n";
    // E beside O: O is the west.
    assert_eq!(places(&sites(content)), [(27.9, -26.2), (-112.95, 46.1292), (27.9, -26.2)]);
}

#[test]
fn wrong_parts_set_the_record_aside() {
    let content =
        "id,lat,lon\na,29°60'00N,62 06 00 E\nb,91°00'N,62°E\nc,62°06'E,29°07'N\nd,29°N,62°E\n";
    let reading = sites(content);
    assert_eq!((reading.items.len(), reading.set_aside, reading.read), (1, 3, 4));
    for part in [
        "has 60 minutes",
        "is a latitude beyond 90",
        "is a latitude, and its column holds a longitude",
    ] {
        told(&says(&reading), part);
    }
}

#[test]
fn an_o_is_read_by_the_language_of_the_columns_or_set_aside() {
    for (header, lon) in [("id,latitud,longitud", -70.5), ("id,Breite,Länge", 70.5)] {
        let reading = sites(&format!("{header}\n1,24°30'S,70°30'O\n"));
        assert_eq!(places(&reading), [(lon, -24.5)], "{header}");
    }
    let content = "id,lat,lon\n1,24°30'S,70°30'O\n";
    let reading = sites(content);
    assert_eq!(reading.items.len(), 0);
    told(&says(&reading), "map=\"sites.letter_o=west\"");
    assert_eq!(places(&mapped(content, "sites.letter_o=west")), [(-70.5, -24.5)]);
}

#[test]
fn degrees_minutes_and_seconds_in_columns_are_one_angle() {
    let content = "name,lat_deg,lat_min,lat_sec,lon_deg,lon_min,lon_sec\nShaft,29,37,30,62,46,0\nPit,-28,30,0,66,36,\n\
        Odd,29,60,0,62,46,0\n";
    let reading = sites(content);
    assert_eq!(places(&reading), [(62.7667, 29.625), (66.6, -28.5)]);
    assert_eq!(reading.set_aside, 1);
    told(&says(&reading), "lat_min: \"60\" has 60 minutes");
    let content = "id,Latitude Degrees,Latitude Minutes,N/S,Longitude Degrees,Longitude Minutes,E/W\n\
        1,26,12.5,S,27,54,E\n2,0,30,S,0,15,W\n";
    assert_eq!(places(&sites(content)), [(27.9, -26.2083), (-0.25, -0.5)]);
    // The minimum of a box is not a minute, and minutes next to decimals are not added to them.
    let content = "id,lat,lon,lat_min,lat_max\n1,29.5,62.5,29,30\n";
    assert_eq!(places(&sites(content)), [(62.5, 29.5)]);
    let content = "id,lat_deg,lat_min,lon_deg,lon_min\n1,29.625,37.5,62.5,30\n";
    let reading = sites(content);
    assert_eq!(places(&reading), [(62.5, 29.625)]);
    told(&says(&reading), "holds degrees with decimals; lat_min beside it is not used");
}

#[test]
fn a_hemisphere_in_its_own_column_is_the_sign() {
    let content = "id,name,lat,ns,lon,ew\na,A,26.20,S,27.90,E\nb,B,46.13,N,112.95,W\nc,C,26.20,,27.90,E\nd,D,-26.2,N,27.9,E\n";
    let reading = sites(content);
    assert_eq!(places(&reading), [(27.9, -26.2), (-112.95, 46.13)]);
    told(&says(&reading), "the hemisphere is unknown");
    told(&says(&reading), "contradicts the minus of its number");
    let content = "id,lat,lat_dir,lon,lon_dir\n1,26.2,South,27.9,East\n";
    assert_eq!(places(&sites(content)), [(27.9, -26.2)]);
    // A column of that name with other content is not used as one.
    let content = "id,lat,lon,ns\n1,26.2,27.9,none set\n2,26.3,27.9,N\n";
    assert_eq!(places(&sites(content)), [(27.9, 26.2), (27.9, 26.3)]);
}

#[cfg(feature = "proj")]
#[test]
fn each_row_is_read_in_its_own_zone() {
    let content = "id,name,easting,northing,zone\n1,A,414857,3222208,41R\n2,B,267700,3157700,42R\n3,C,500000,7100000,36S\n\
        4,D,500000,7100000,36 North\n";
    let reading = sites(content);
    // As PROJ has them.
    assert_eq!(
        places(&reading),
        [(62.1248, 29.1255), (66.6261, 28.5254), (33.0, -26.2196), (33.0, 64.0268)]
    );
    let content = "id,easting,northing,zone,hemisphere,country\n1,500000,7100000,36,S,\n2,500000,7100000,36,N,\n\
        3,500000,7100000,36,,Mozambique\n4,500000,7100000,36,,\n5,33.0,-26.2,36,S,\n";
    let reading = sites(content);
    assert_eq!(
        places(&reading),
        [(33.0, -26.2196), (33.0, 64.0268), (33.0, -26.2196), (33.0, -26.2)]
    );
    told(&says(&reading), "does not say whether it is north or south of the equator");
}

#[cfg(feature = "proj")]
#[test]
fn references_of_a_grid_and_systems_in_cells_are_used() {
    let content = "id,MGRS\n1,41RMN1485722208\n2,18S UJ 23371 06519\n3,41RMN148572220\n";
    let reading = sites(content);
    assert_eq!(places(&reading), [(62.1248, 29.1255), (-77.0365, 38.8898)]);
    assert_eq!(reading.set_aside, 1);
    let content = "id,geom\n1,SRID=32641;POINT(414857.5 3222208.2)\n2,0101000020E61000000000000000104F400000000000203D40\n\
        3,\"{\"\"type\"\":\"\"Point\"\",\"\"coordinates\"\":[62.125,29.125]}\"\n4,POINT Z (62.125 29.125 8)\n";
    let reading = sites(content);
    assert_eq!(
        places(&reading),
        [(62.1248, 29.1255), (62.125, 29.125), (62.125, 29.125), (62.125, 29.125)]
    );
}

#[test]
fn a_pair_in_one_cell_is_read_where_its_order_is_known() {
    for (header, cell) in [
        ("Lat/Long", "29.125, 62.5"),
        ("lon_lat", "62.5 29.125"),
        ("coordinates", "29°07'30N 62°30'E"),
        ("coordinates", "N29.125 E62.5"),
        ("location", "29.125 62.5 812.3 4.9"),
        ("latlng", "(29.125,62.5)"),
        ("coordonnées lat lon", "29,125; 62,5"),
    ] {
        let reading = sites(&format!("id,{header}\n1,\"{cell}\"\n"));
        assert_eq!(places(&reading), [(62.5, 29.125)], "{header}: {cell}");
    }
    let content = "id,coordinates\n1,\"29.125, 62.125\"\n2,\"28.5, 112.5\"\n";
    assert_eq!(places(&sites(content)), [(62.125, 29.125), (112.5, 28.5)], "the second tells");
    let content = "id,coordinates\n1,\"29.125, 62.125\"\n2,\"28.525, 66.625\"\n";
    let error = read_sites(&text("s.csv", content), &plain()).expect_err("refused");
    assert!(error.to_string().contains("may be latitude or longitude first"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("sites.pair=lat_lon")));
    assert_eq!(
        places(&mapped(content, "sites.pair=lon_lat")),
        [(29.125, 62.125), (28.525, 66.625)]
    );
    // Numbers in a column of another name are not positions.
    assert!(read_sites(&text("s.csv", "id,size\n1,10 20\n2,5 30\n"), &plain()).is_err());
}

#[test]
fn numbers_of_other_scripts_and_decimal_commas_are_numbers() {
    let content = "id,lat,lon\n1,٢٩.١٢٥,٦٢.١٢٥\n2,۲۹٫۱۲۵,۶۲٫۱۲۵\n3,２９．１２５,６２．１２５\n4,२९.१२५,६२.१२५\n5,'29.125,62.125°\n";
    assert_eq!(places(&sites(content)), vec![(62.125, 29.125); 5]);
    let reading = sites("id;lat;lon\na;29,125;62,1\nb;28,5;66,6\n");
    assert_eq!(places(&reading), [(62.1, 29.125), (66.6, 28.5)]);
    told(&says(&reading), "are written with decimal commas");
}

#[test]
fn degrees_and_minutes_in_one_number_are_declared() {
    let content = "id,lat,lon\nA,2907.500,6206.000\nB,2830,6636\n";
    let reading = sites(content);
    assert_eq!(reading.items.len(), 0);
    told(&says(&reading), "are declared by angles=ddmm in the column map");
    assert_eq!(places(&mapped(content, "sites.angles=ddmm")), [(62.1, 29.125), (66.6, 28.5)]);
    let content = "id,lat,lon\nA,290730,620600\n";
    assert_eq!(places(&mapped(content, "sites.angles=ddmmss")), [(62.1, 29.125)]);
}

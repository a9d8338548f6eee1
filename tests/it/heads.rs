//! What the header of a column implies for its numbers, and a repeated header with its columns in another
//! order or with other columns.

use crate::intake::{incidents, plain, says, text, told};
use tamarisk::model::Site;
use tamarisk::sources::{ColumnMap, ReadOptions, Reading, read_sites};

fn sites(content: &str) -> Reading<Site> {
    read_sites(&text("s.csv", content), &plain()).expect("reading")
}

/// Ids, longitudes and latitudes to a ten-thousandth of a degree.
fn places(reading: &Reading<Site>) -> Vec<(f64, f64)> {
    let round = |degrees: f64| (degrees * 1e4).round() / 1e4;
    let place = |site: &Site| (round(site.position.lon()), round(site.position.lat()));
    reading.items.iter().map(place).collect()
}

#[test]
fn a_head_that_names_the_south_or_west_is_the_sign_of_its_numbers() {
    let west = [(-68.25, -12.5), (-68.25, -12.5)];
    for head in [
        "id,Latitude (S),Longitude (W)",
        "id,Latitude (°S),Longitude (°W)",
        "id,Lat [deg S],Lon [deg W]",
        "id,Latitude South,Longitude West",
        "id,Lat_S,Lon_W",
        "id,Latitud (S),Longitud (O)",
        "id,Latitud sur,Longitud oeste",
        "编号,南纬,西经",
        "id,lat,lon\n,°S,°W",
    ] {
        let reading = sites(&format!("{head}\na,12.5,68.25\nb,-12.5,-68.25\n"));
        assert_eq!(places(&reading), west, "{head}");
        told(&says(&reading), "headed as south");
        told(&says(&reading), "headed as west");
    }
    // Degrees and minutes in columns are one number before they have a sign.
    let parts = "id,Latitude (S),lat_min,Longitude (W),lon_min\na,12,30,68,15\n";
    assert_eq!(places(&sites(parts)), [(-68.25, -12.5)]);
    // The north and east are what numbers are anyway, and both halves are none.
    for head in [
        "id,Latitude (N),Longitude (E)",
        "id,Latitude (°N),Longitude (°E)",
        "id,Lat (N/S),Lon (E/W)",
        "id,Latitude in decimal degrees,Longitude in decimal degrees",
        "编号,北纬,东经",
        "id,lat,lon\n,°N,°E",
    ] {
        let reading = sites(&format!("{head}\na,12.5,68.25\nb,-12.5,-68.25\n"));
        assert_eq!(places(&reading), [(68.25, 12.5), (-68.25, -12.5)], "{head}");
        assert!(!says(&reading).iter().any(|said| said.contains("headed")), "{head}");
    }
}

#[test]
fn what_the_user_says_of_signs_goes_before_the_head() {
    let map = ColumnMap::parse("sites.negate_lat=false,sites.negate_lon=true").expect("map");
    let options = ReadOptions { map, ..ReadOptions::default() };
    let content = "id,Latitude (S),Longitude (W)\na,12.5,68.25\n";
    let reading = read_sites(&text("s.csv", content), &options).expect("reading");
    assert_eq!(places(&reading), [(-68.25, 12.5)]);
    // Letters beside the numbers go before it too.
    let content = "id,Latitude (S),ns,lon,ew\na,12.5,N,68.25,W\n";
    assert_eq!(places(&sites(content)), [(-68.25, 12.5)]);
}

#[test]
fn two_places_of_one_record_that_differ_are_said() {
    let reading = sites("id,lat,lon,latitude,longitude\na,29.0,62.0,29.125,62.125\n");
    assert_eq!(places(&reading), [(62.0, 29.0)]);
    told(&says(&reading), "latitude: holds other values than lat, which is used");
    told(&says(&reading), "longitude: holds other values than lon, which is used");
    // A repeated position, and meters next to degrees, are not reported.
    for content in [
        "id,lat,lon,latitude,longitude\na,29.0,62.0,29.0,62.0\n",
        "id,easting,northing,latitude,longitude\na,414857,3222208,29.125,62.125\n",
    ] {
        let reading = sites(content);
        assert!(!says(&reading).iter().any(|said| said.contains("another place")), "{content}");
    }
}

#[test]
fn a_minus_behind_a_number_is_never_lost() {
    let reading = sites("id,lat,lon\na,12.5-,68.25-\nb,-12.5,-68.25\n");
    assert_eq!(places(&reading), [(-68.25, -12.5)]);
    assert_eq!((reading.read, reading.set_aside), (2, 1));
    told(&says(&reading), "has a minus behind its number");
}

#[test]
fn columns_in_another_order_below_are_read_in_it() {
    let first = "id,name,lat,lon\n1,A,29.125,62.125\n";
    for second in
        ["id,name,lon,lat\n2,B,62.5,29.5\n", "Closed mines,,,\nlon,lat,id,name\n62.5,29.5,2,B\n"]
    {
        let reading = sites(&format!("{first}{second}"));
        assert_eq!(places(&reading), [(62.125, 29.125), (62.5, 29.5)], "{second}");
        let names: Vec<&str> = reading.items.iter().map(|site| &*site.name).collect();
        assert_eq!(names, ["A", "B"], "{second}");
        told(&says(&reading), "the same columns in another order");
        let left = u64::from(second.starts_with("Closed"));
        assert_eq!((reading.read, reading.set_aside), (2 + left, left), "{second}");
    }
    // A third part in the first order again.
    let reading = sites(&format!(
        "{first}id,name,lon,lat\n2,B,62.5,29.5\nid,name,lat,lon\n3,C,29.25,62.75\n"
    ));
    assert_eq!(places(&reading), [(62.125, 29.125), (62.5, 29.5), (62.75, 29.25)]);
}

#[test]
fn rows_of_another_table_below_are_set_aside() {
    let content = "id,name,lat,lon,x\n1,A,29.125,62.125,\nid,date,longitude,latitude,country\n\
        7,2024-01-01,62.5,29.5,Pakistan\n8,2024-01-02,62.5,29.5,Pakistan\n";
    let reading = sites(content);
    assert_eq!(places(&reading), [(62.125, 29.125)]);
    assert_eq!((reading.read, reading.set_aside), (3, 2));
    told(&says(&reading), "has another header at line 3");
    told(&says(&reading), "belongs to another table");
}

#[test]
fn names_of_eastings_and_northings_in_other_languages_are_known() {
    for head in [
        "id,utm_e,utm_n,utm_zone",
        "id,Este,Norte,Huso",
        "id,east,north,fuseau",
        "id,Coordenada Este,Coordenada Norte,Zona",
        "id,Rechtswert,Hochwert,Zone",
    ] {
        let reading = sites(&format!("{head}\na,414857,3222208,41R\n"));
        assert_eq!(places(&reading), [(62.1248, 29.1255)], "{head}");
    }
    // The sides of a box are not a position.
    let content = text("s.csv", "id,north,south,east,west\na,30,29,63,62\n");
    assert!(read_sites(&content, &plain()).is_err());
}

#[test]
fn dates_in_other_scripts_and_forms_are_days() {
    let days = [
        ("2024年3月9日", "2024-03-09"),
        ("9 مارس 2024", "2024-03-09"),
        ("٩ آذار ٢٠٢٤", "2024-03-09"),
        ("9 مارچ 2024", "2024-03-09"),
        ("09MAR2024", "2024-03-09"),
        ("20240309T120000Z", "2024-03-09"),
    ];
    let rows: String = (days.iter().enumerate())
        .map(|(at, (day, _))| format!("{at},{day},29.15,62.3,Pakistan,attack\n"))
        .collect();
    let reading = incidents(&format!("id,date,lat,lon,country,event_type\n{rows}"));
    let found: Vec<String> = (reading.items.iter())
        .map(|incident| incident.date.expect("a date").last().to_string())
        .collect();
    assert_eq!(found, days.map(|(_, day)| day));
}

#[cfg(feature = "proj")]
#[test]
fn a_country_mapped_in_one_zone_is_read_past_its_edges() {
    // By PROJ 9.8's cs2cs, of the east of Mali in the zone of its west.
    let content = "id,x,y\nfar,1524539.018081954,1742123.6428155403\nin,750000,1400000\n\
        wrong,5000000,1400000\ndegrees,0.517,15.55\n";
    let map = ColumnMap::parse("sites.crs=EPSG:32629").expect("map");
    let options = ReadOptions { map, ..ReadOptions::default() };
    let reading = read_sites(&text("s.csv", content), &options).expect("reading");
    let found = places(&reading);
    assert_eq!(found.len(), 2, "{:?}", says(&reading));
    assert_eq!(found[0], (0.5169, 15.55));
    assert_eq!(reading.set_aside, 2);
    told(&says(&reading), "degrees beside the zone of EPSG:32629; used");
}

#[test]
fn tags_of_hxl_are_names_of_columns() {
    let reading = incidents(
        "#country+name,#date+reported,#date+occurred,#geo+lat,#geo+lon,#event+type,#affected+killed\n\
         Pakistan,2024-04-01,2024-03-09,29.15,62.3,attack,3\n",
    );
    let incident = &reading.items[0];
    assert_eq!(incident.date.expect("a date").last().to_string(), "2024-03-09");
    assert_eq!((incident.position.lon(), incident.position.lat()), (62.3, 29.15));
    assert_eq!(incident.fatalities, Some(3));
    assert_eq!((reading.read, reading.items.len()), (1, 1));
}

#[test]
fn a_header_that_is_past_the_end_is_refused() {
    let options = ReadOptions { header_row: Some(9), ..ReadOptions::default() };
    let content = text("s.csv", "id,name,lat,lon\n1,A,29.125,62.125\n");
    let error = read_sites(&content, &options).expect_err("no such row").to_string();
    assert!(error.contains("header_row=\"9\""), "{error}");
}

#[test]
fn tags_below_a_header_name_what_its_names_do_not() {
    let reading = incidents(
        "When,La,Lo,Dead people,Kind,Where\n\
         #date+occurred,#geo+lat,#geo+lon,#affected+killed,#event+type,#country+name\n\
         2024-03-09,29.15,62.3,3,protest,Pakistan\n",
    );
    let incident = &reading.items[0];
    assert_eq!(incident.date.expect("a date").last().to_string(), "2024-03-09");
    assert_eq!((incident.position.lon(), incident.position.lat()), (62.3, 29.15));
    assert_eq!(incident.fatalities, Some(3));
    assert_eq!(incident.event_type.as_ref(), "protest");
    assert!(incident.country.is_some());
    assert_eq!((reading.read, reading.items.len()), (1, 1));
    told(&says(&reading), "La: is read as lat, as its HXL tag says");
    // What the names bind stays bound by them.
    let reading = incidents(
        "date,lat,lon,killed,others\n#date,#geo+lat,#geo+lon,,#affected+killed\n2024-03-09,29.15,62.3,3,9\n",
    );
    assert_eq!(reading.items[0].fatalities, Some(3));
}

#[test]
fn the_axis_in_brackets_is_that_of_the_column() {
    for head in [
        "id,Y (Longitude),X (Latitude)",
        "id,y (lon),x (lat)",
        "id,Coordinate (long.),Coordinate (lat.)",
        "id,X (lon),Y (lat)",
    ] {
        let reading = sites(&format!("{head}\na,66.9125,30.1875\n"));
        assert_eq!(places(&reading), [(66.9125, 30.1875)], "{head}");
    }
    for unit in ["radians", "gon", "grad"] {
        let content = format!("id,Latitude ({unit}),Longitude ({unit})\na,0.5269,1.1678\n");
        let error = read_sites(&text("s.csv", &content), &plain()).expect_err(unit).to_string();
        assert!(error.contains(&format!("Latitude ({unit}): names another unit")), "{error}");
    }
    let german = sites("id,Breite (Grad),Länge (Grad)\na,30.1875,66.9125\n");
    assert_eq!(places(&german), [(66.9125, 30.1875)]);
    // Beside a column in degrees the other is none.
    let both = "id,lat (rad),lon (rad),lat (deg),lon (deg)\na,0.5269,1.1678,30.1875,66.9125\n";
    assert_eq!(places(&sites(both)), [(66.9125, 30.1875)]);
}

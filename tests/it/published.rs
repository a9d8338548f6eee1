//! Published data sets in their publishers' form: without a header, with titles above it, an event in several
//! rows, units of a plant, and rows that count a month's events.

use crate::cli::Folder;
use crate::intake::{incidents, plain, says, text, told};
use tamarisk::model::{CountryCode, Domain, Incident, SecurityType as S};
use tamarisk::sources::{Reading, check, read_incidents, read_sites};

fn km(incident: &Incident) -> Option<f64> {
    incident.accuracy.map(|accuracy| accuracy.km())
}

fn of_file(name: &str, content: &str) -> Reading<Incident> {
    read_incidents(&text(name, content), &plain()).expect("reading")
}

/// A record of GDELT, in as many columns as its files of a time have.
fn gdelt_row(width: usize, id: u32, code: &str, root: &str, place: [&str; 3]) -> String {
    let mut row = vec![String::new(); width];
    let place_at = if width == 61 { 51 } else { 49 };
    let lat_at = if width == 61 { 56 } else { 53 };
    let mut set = |at: usize, value: &str| row[at] = value.to_owned();
    set(0, &id.to_string());
    for (at, value) in [(1, "20240309"), (2, "202403"), (3, "2024"), (4, "2024.1863")] {
        set(at, value);
    }
    for (at, value) in [(26, code), (27, code), (28, root), (29, "4")] {
        set(at, value);
    }
    set(place_at, place[0]);
    set(place_at + 1, "Jos, Plateau, Nigeria");
    set(place_at + 2, "NI");
    set(lat_at, place[1]);
    set(lat_at + 1, place[2]);
    row.join("\t")
}

#[test]
fn events_of_gdelt_are_read_without_a_header() {
    for width in [57, 58, 61] {
        let rows = [
            gdelt_row(width, 1, "190", "19", ["4", "9.92", "8.89"]),
            gdelt_row(width, 2, "042", "04", ["4", "9.92", "8.89"]),
            gdelt_row(width, 3, "145", "14", ["5", "9.22", "9.52"]),
            gdelt_row(width, 4, "183", "18", ["1", "10", "8"]),
        ];
        let reading = of_file("20240309.export.CSV", &format!("{}\n", rows.join("\n")));
        assert_eq!((reading.layout.as_str(), reading.read), ("GDELT events", 4), "{width}");
        let ids: Vec<&str> = reading.items.iter().map(|i| i.id.as_str()).collect();
        assert_eq!(ids, ["1", "2", "3", "4"], "the first row is an event: {width}");
        assert_eq!(reading.items[0].position.to_string(), "8.89,9.92");
        assert_eq!(reading.items[0].place.to_string(), "line 1");
        assert!(reading.items.iter().all(|i| i.country == CountryCode::new("NGA")));
        let types: Vec<_> = reading.items.iter().map(|i| i.security_type).collect();
        assert_eq!(types, [Some(S::Battles), None, Some(S::Riots), Some(S::Explosions)]);
        let known: Vec<_> = reading.items.iter().map(|i| (km(i), i.vague)).collect();
        let due = [(Some(5.0), false), (Some(5.0), false), (Some(220.0), false), (None, true)];
        assert_eq!(known, due);
        let day = reading.items[0].date.map(|date| date.first().to_string());
        assert_eq!(day.as_deref(), Some("2024-03-09"));
        told(
            &says(&reading),
            &format!("has no header; its {width} columns are those of GDELT events"),
        );
    }
    // As many columns of something else have a header as ever.
    let other: Vec<String> = (0..58).map(|at| format!("column{at}")).collect();
    let table = format!("{}\n{}\n", other.join("\t"), vec!["1"; 58].join("\t"));
    assert!(read_incidents(&text("t.tsv", &table), &plain()).is_err());
}

#[test]
fn an_event_code_of_gdelt_is_not_the_root_that_has_its_digits() {
    let header = "GLOBALEVENTID,SQLDATE,EventCode,EventRootCode,ActionGeo_Type,ActionGeo_CountryCode,ActionGeo_Lat,ActionGeo_Long\n";
    let rows = |codes: &[(&str, &str)]| {
        let row = |(at, (code, root)): (usize, &(&str, &str))| {
            format!("{at},20240309,{code},{root},4,NI,9.92,8.89\n")
        };
        codes.iter().enumerate().map(row).collect::<String>()
    };
    let types = |content: &str| {
        let reading = incidents(content);
        reading.items.iter().map(|i| (i.domain, i.security_type)).collect::<Vec<_>>()
    };
    // An appeal, sympathy, agreement and a policy under consideration, whole and without their zeros.
    let words = [("020", "02"), ("018", "01"), ("019", "01"), ("014", "01")];
    let lost = [("20", "2"), ("18", "1"), ("19", "1"), ("14", "1"), ("251", "2")];
    for codes in [&words[..], &lost[..]] {
        for found in types(&format!("{header}{}", rows(codes))) {
            assert_eq!(found, (Domain::Other, None), "{codes:?}");
        }
    }
    let acts = [("190", "19"), ("1831", "18"), ("1451", "14"), ("191", "19"), ("2041", "20")];
    let security = |kind| (Domain::Security, Some(kind));
    let due =
        [S::Battles, S::Explosions, S::Riots, S::Strategic, S::Explosions].map(security).to_vec();
    assert_eq!(types(&format!("{header}{}", rows(&acts))), due);
    // Without a column of roots the codes give them.
    let bare = "GLOBALEVENTID,SQLDATE,EventCode,ActionGeo_Type,ActionGeo_CountryCode,ActionGeo_Lat,ActionGeo_Long\n\
        1,20240309,190,4,NI,9.92,8.89\n\
        2,20240309,020,4,NI,9.92,8.89\n\
        3,20240309,18,4,NI,9.92,8.89\n\
        4,20240309,251,4,NI,9.92,8.89\n\
        5,20240309,182,4,NI,9.92,8.89\n";
    let other = (Domain::Other, None);
    let due = vec![security(S::Battles), other, other, other, security(S::Violence)];
    assert_eq!(types(bare), due);
    // The codebook of 2015 calls the day Day.
    let named = header.replace("SQLDATE", "Day").replace("GLOBALEVENTID", "GlobalEventID");
    let reading = incidents(&format!("{named}{}", rows(&acts[..1])));
    assert_eq!((reading.layout.as_str(), reading.items.len()), ("GDELT events", 1));
    assert_eq!(reading.items[0].security_type, Some(S::Battles));
}

const PITF: &str = "Event Type,Campaign Identifier,Event Reporting,Start Day,Start Month,Start Year,End Day,End Month,End Year,Country,Region,District,Locality,Degrees,Minutes,Seconds,Direction,Degrees,Minutes,Seconds,Direction,Distance (km),Direction,Perp State Role,Deaths Number,Deaths Scale,Injured Number,Description\n\
    Incident,,Confirmed,3,4,2012,3,4,2012,NGA,Plateau,Jos,Jos,9,55,12,North,8,53,24,East,,,None,12,Precise,3,Gunmen\n\
    incident ,C1,Confirmed,7,4,2012,7,4,2012,COL,Cauca,,Toribio,2,57,,North,76,16,,West,15,South,None,at least 20,Approx,,Bomb\n\
    Campaign,C1,Confirmed,1,4,2012,30,4,2012,COL,Cauca,,Cauca,2,30,0,North,76,30,0,West,,,None,100,Approx,,Weeks\n\
    Incident,,Confirmed,9,5,2012,9,5,2012,MOZ,Sofala,,Beira,19,50,0,South,34,51,0,East,,,None,6,Precise,,Men\n";

#[test]
fn atrocities_are_placed_by_degrees_minutes_and_seconds_of_both_axes() {
    let titles = "Event Type and Reporting,,,Event Date,,,,,,Event Location,,,,Latitude,,,,Longitude,,,,Relational Location,,Perpetrators,Casualties,,,Description\n,,,Start,,,End,,,,,,,,,,,,,,,,,,,,,\n";
    for content in [PITF.to_owned(), format!("{titles}{PITF}")] {
        let reading = of_file("pitf.csv", &content);
        assert_eq!((reading.layout.as_str(), reading.read), ("PITF Worldwide Atrocities", 4));
        let place = |i: &Incident| format!("{:.6},{:.6}", i.position.lon(), i.position.lat());
        let places: Vec<String> = reading.items.iter().map(place).collect();
        let due = [
            "8.890000,9.920000",
            "-76.266667,2.950000",
            "-76.500000,2.500000",
            "34.850000,-19.833333",
        ];
        assert_eq!(places, due);
        let days: Vec<_> =
            reading.items.iter().filter_map(|i| Some(i.date?.first().to_string())).collect();
        assert_eq!(days, ["2012-04-03", "2012-04-07", "2012-04-01", "2012-05-09"]);
        let types: Vec<_> = reading.items.iter().map(|i| (i.domain, i.security_type)).collect();
        let killing = (Domain::Security, Some(S::Violence));
        assert_eq!(types, [killing, killing, (Domain::Other, None), killing]);
        let deaths: Vec<_> =
            reading.items.iter().map(|i| (i.fatalities, i.fatalities_range)).collect();
        assert_eq!(deaths[0], (Some(12), None));
        assert_eq!(deaths[1].0, Some(20), "at least so many");
        assert_eq!(reading.items[0].country, CountryCode::new("NGA"));
        told(&says(&reading), "does not state how well a place is known");
    }
}

#[test]
fn an_event_of_several_places_has_its_deaths_once() {
    let reading = incidents(
        "eventid,ccode,countryname,stday,stmo,styr,eday,emo,eyr,etype,escalation,npart,ndeath,elocal,ilocal,sublocal,locnum,latitude,longitude\n\
         4900012,490,Congo,9,3,2015,11,3,2015,4,0,3,12,Kolwezi,Kolwezi,1,2,-10.71,25.47\n\
         4900012,490,Congo,9,3,2015,11,3,2015,4,0,3,12,Likasi,Likasi,2,3,-10.98,26.73\n\
         4900013,490,Congo,1,5,2016,1,5,2016,8,0,3,2,Katanga,Katanga,1,6,-8.5,26.1\n\
         4900014,490,Congo,1,5,2016,1,5,2016,9,0,3,2,Cities,Cities,1,4,-10.71,25.47\n\
         4900015,490,Congo,1,5,2016,1,5,2016,5,0,3,0,Nationwide,Nationwide,1,7,-2.9,23.7\n\
         4900016,490,Congo,1,5,2016,1,5,2016,10,0,3,0,unknown,unknown,1,-99,-2.9,23.7\n",
    );
    assert_eq!((reading.layout.as_str(), reading.read, reading.set_aside), ("SCAD", 6, 0));
    let deaths: Vec<_> = reading.items.iter().map(|i| i.fatalities).collect();
    assert_eq!(deaths, [Some(12), None, Some(2), Some(2), Some(0), Some(0)]);
    told(&says(&reading), "ndeath: \"12\" are those of the whole event, which its first place has");
    let known: Vec<_> = reading.items.iter().map(|i| (km(i), i.vague)).collect();
    let due = [Some(5.0), Some(5.0), Some(220.0), Some(25.0)].map(|km| (km, false));
    assert_eq!(known[..4], due);
    assert_eq!(known[4..], [(None, true), (None, true)]);
    let types: Vec<_> = reading.items.iter().filter_map(|i| i.security_type).collect();
    assert_eq!(types, [S::Riots, S::Riots, S::Battles, S::Violence, S::Protests, S::Battles]);
}

#[test]
fn plants_and_terminals_of_global_energy_monitor_are_sites() {
    for (name, content, place, id, km) in [
        (
            "GEM Global Coal Plant Tracker",
            "GEM unit/phase ID,GEM location ID,Country/Area,Plant name,Unit name,Capacity (MW),Status,Latitude,Longitude,Location accuracy\n\
             G100,L1,Pakistan,Works,Unit 1,660,operating,24.78,67.37,exact\n",
            "67.37,24.78",
            "G100",
            Some(1.0),
        ),
        (
            "GEM Global Iron and Steel Tracker",
            "GEM plant ID,Plant name (English),Owner,Country/area,Region,Coordinates,Coordinate accuracy,Main production equipment\n\
             P100,Works,Acme,Pakistan,Asia,\"24.78, 67.37\",approximate,BF; BOF\n",
            "67.37,24.78",
            "P100",
            Some(10.0),
        ),
        (
            "GEM Global Cement and Concrete Tracker",
            "GEM Plant ID,GEM Asset name (English),Coordinates,Coordinate accuracy,Municipality,Country/Area,Operating status\n\
             P-1,Works,\"-23.8, 151.25\",exact,Gladstone,Australia,operating\n",
            "151.25,-23.8",
            "P-1",
            Some(1.0),
        ),
        (
            "GEM Global Coal Terminals Tracker",
            "GEM Terminal ID,GEM Unit/Phase ID,Coal Terminal Name,Parent Port Name,Status,Capacity (Mt),Country/Area,Latitude,Longitude\n\
             T1,U1,Works,Port Qasim,operating,12,Pakistan,24.78,67.37\n",
            "67.37,24.78",
            "U1",
            None,
        ),
        (
            "GEM Global Oil and Gas Extraction Tracker",
            "Unit ID,Unit Name,Fuel type,Country/Area,Status,Discovery year,Production start year,Latitude,Longitude,Location accuracy\n\
             E1,Works,oil and gas,Pakistan,operating,1952,1955,28.65,69.3,exact\n",
            "69.3,28.65",
            "E1",
            Some(1.0),
        ),
        (
            "GEM Global Iron Ore Mines Tracker",
            "GEM Asset ID,Asset name (English),Coordinates,Coordinate accuracy,Country/Area,Operating status\n\
             A1,Works,\"-23.8, 117.25\",exact,Australia,operating\n",
            "117.25,-23.8",
            "A1",
            Some(1.0),
        ),
    ] {
        let reading = read_sites(&text("gem.csv", content), &plain()).expect(name);
        assert_eq!((reading.layout.as_str(), reading.items.len()), (name, 1));
        let site = &reading.items[0];
        assert_eq!((site.id.as_str(), site.name.as_str()), (id, "Works"), "{name}");
        assert_eq!(site.position.to_string(), place, "{name}");
        assert_eq!(site.accuracy.map(|a| a.km()), km, "{name}");
        assert!(site.country.is_some(), "{name}");
        assert_eq!(check(&text("gem.csv", content), &plain()).expect(name).layout, name);
    }
}

/// Rows that are counts: what each is, and what shows it.
const COUNTS: &[(&str, &str, &str, &str)] = &[
    (
        "acled_weeks.csv",
        "WEEK,REGION,COUNTRY,ADMIN1,EVENT_TYPE,SUB_EVENT_TYPE,EVENTS,FATALITIES,POPULATION_EXPOSURE,DISORDER_TYPE,ID,CENTROID_LATITUDE,CENTROID_LONGITUDE\n\
         2025-10-04,South Asia,Pakistan,Balochistan,Battles,Armed clash,1,0,,Political violence,2681,28.4908,65.0958\n\
         2025-10-11,South Asia,Pakistan,Balochistan,Battles,Armed clash,37,61,,Political violence,2681,28.4908,65.0958\n",
        "line 3: EVENTS: a row stands for 37 events",
        "by week and province at the province's center, not events",
    ),
    (
        "acled_weeks_of_one.csv",
        "WEEK,COUNTRY,ADMIN1,EVENT_TYPE,SUB_EVENT_TYPE,EVENTS,FATALITIES,DISORDER_TYPE,CENTROID_LATITUDE,CENTROID_LONGITUDE\n\
         2025-10-04,Pakistan,Balochistan,Battles,Armed clash,1,0,Political violence,28.4908,65.0958\n",
        "acled_weeks_of_one.csv: holds numbers of events",
        "(ACLED aggregated data)",
    ),
    (
        "hdx_districts.csv",
        "Country,Admin1,Admin2,ISO3,Admin2 Pcode,Admin1 Pcode,Month,Year,Events,Fatalities\n\
         Mali,Mopti,Koro,MLI,ML0505,ML05,October,2025,12,30\n",
        "line 2: Events: a row stands for 12 events",
        "by month and district, not events (ACLED aggregated data)",
    ),
    (
        "hdx_countries.csv",
        "Country,ISO3,Month,Year,Events,Fatalities\nMali,MLI,January,2025,0,0\nMali,MLI,October,2025,12,30\n",
        "line 3: Events: a row stands for 12 events",
        "by month and country, not events (ACLED aggregated data)",
    ),
    (
        "hdx_hapi_conflict_event_global_2025.csv",
        "location_code,has_hrp,in_gho,provider_admin1_name,provider_admin2_name,admin1_code,admin1_name,admin2_code,admin2_name,admin_level,event_type,events,fatalities,reference_period_start,reference_period_end,dataset_hdx_id,resource_hdx_id,warning,error\n\
         #country+code,#meta+has_hrp,#meta+in_gho,#adm1+name+provider,#adm2+name+provider,#adm1+code,#adm1+name,#adm2+code,#adm2+name,#adm+level,#event+type,#indicator+event+num,#affected+killed,#date+start,#date+end,#meta+dataset_id,#meta+resource_id,#meta+warning,#meta+error\n\
         MLI,Y,Y,Mopti,Koro,ML05,Mopti,ML0505,Koro,2,civilian_targeting,3,6,2025-01-01,2025-01-31,a,b,,\n",
        "events: a row stands for 3 events",
        "(ACLED aggregated data by HDX HAPI)",
    ),
    (
        "conflict_events_and_fatalities.csv",
        "Country ISO3,Admin 1 PCode,Admin 1 Name,Admin 2 PCode,Admin 2 Name,Start Date,End Date,Event Type,Events,Fatalities,Dataset Id,Resource Id\n\
         MLI,,,,,2025-01-01 00:00:00+00:00,2025-01-31 00:00:00+00:00,civilian_targeting,33,445,a,b\n",
        "line 2: Events: a row stands for 33 events",
        "(ACLED aggregated data by HDX HAPI)",
    ),
];

#[test]
fn months_and_weeks_of_events_are_refused_by_name_and_line() {
    let folder = Folder::new();
    folder.write("sites.csv", "id,name,lat,lon\na,A,28.5,65.1\n");
    for (name, content, shown, what) in COUNTS {
        let error = read_incidents(&text(name, content), &plain()).expect_err(name);
        let said = error.to_string();
        assert!(error.is_data() && said.starts_with(name), "{said}");
        assert!(said.contains(shown) && said.contains(what), "{said}");
        let hint = error.hint().unwrap_or_default();
        assert!(hint.contains("an export of ACLED that has event_id_cnty"), "{hint}");
        assert!(check(&text(name, content), &plain()).is_err(), "{name}");
        folder.write(name, content);
        let run = ["score", "--sites=sites.csv", "--incidents", name, "-o", "out"];
        let ended = folder.run(&run);
        assert_eq!(ended.code, 3, "{name}: {}", ended.err);
        assert!(ended.err.contains(what), "{}", ended.err);
        assert!(folder.files("out").is_empty(), "{name}");
    }
}

//! Reference systems through PROJ. Every thread caches the systems it has used, because creating
//! one takes up to 40 ms. Many more than are used together are never kept, because a service may be asked for all.

use super::{CrsError, Known};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use tamarisk_proj::{Kind, Refusal, System, Ways};

thread_local! {
    static MADE: RefCell<HashMap<String, Result<Rc<CachedSystem>, CrsError>>> = RefCell::default();
}

/// How many systems a thread keeps.
const MOST_KEPT: usize = 64;

/// A system created on this thread.
struct CachedSystem {
    known: Known,
    ways: Ways,
}

/// Looks up the properties of a system.
pub(super) fn known(name: &str) -> Result<Known, CrsError> {
    made(name).map(|made| made.known)
}

fn made(name: &str) -> Result<Rc<CachedSystem>, CrsError> {
    MADE.with_borrow_mut(|all| {
        if let Some(made) = all.get(name) {
            return made.clone();
        }
        let made = make(name).map(Rc::new);
        if all.len() >= MOST_KEPT {
            all.clear();
        }
        all.insert(name.to_owned(), made.clone());
        made
    })
}

fn make(name: &str) -> Result<CachedSystem, CrsError> {
    let refused = |refusal: Refusal| match refusal {
        Refusal::Environment(variable) => CrsError::Environment(variable),
        Refusal::NoDatabase => CrsError::NoDatabase(name.to_owned()),
        Refusal::Unknown(why) => CrsError::Unknown { name: name.to_owned(), why },
    };
    let unfit = |why| CrsError::Unfit { name: name.to_owned(), why };
    let system = System::new(name).map_err(refused)?;
    let is_geographic = match system.kind() {
        Kind::Geographic => true,
        Kind::Projected => false,
        Kind::Vertical => return Err(unfit("is a vertical system: it holds heights, not places")),
        Kind::Geocentric => {
            return Err(unfit(
                "is a geocentric system: its x, y and z start at the Earth's center",
            ));
        }
        Kind::Engineering => {
            return Err(unfit("is a local system, not tied to a place on Earth"));
        }
        Kind::Other => return Err(unfit("is not a system of places on the Earth's surface")),
    };
    if !system.is_of_earth() {
        return Err(unfit("is a system of a body other than the Earth"));
    }
    let (area, zone) = (system.area(), zone_of(name, &system.name()));
    let ways = system.ways().map_err(|refusal| match refusal {
        Refusal::Unknown(_) => CrsError::Unknown {
            name: name.to_owned(),
            why: "it cannot be transformed to WGS84".to_owned(),
        },
        other => refused(other),
    })?;
    let (is_tied, is_northing_first) = (ways.is_tied(), ways.is_northing_first());
    let known = Known { area, is_geographic, zone, is_tied, is_northing_first };
    Ok(CachedSystem { known, ways })
}

/// The UTM zone, from the register's title or from a PROJ string.
fn zone_of(name: &str, title: &str) -> Option<u8> {
    let after = title.split_once("UTM zone ").map(|(_, zone)| zone);
    let said = || name.contains("proj=utm").then(|| name.split_once("zone=")).flatten();
    let text = after.or_else(|| said().map(|(_, zone)| zone))?;
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|zone| (1..=60).contains(zone))
}

/// Projects a longitude and latitude to a pair; `None` if PROJ gives none.
pub(super) fn transform_back(name: &str, lon: f64, lat: f64) -> Option<[f64; 2]> {
    made(name).ok()?.ways.back(lon, lat)
}

/// Projects a longitude and latitude to a pair; `None` if PROJ gives none, or one that does not convert back to within
/// a millionth of a degree.
pub(super) fn transform_back_exactly(name: &str, lon: f64, lat: f64) -> Option<[f64; 2]> {
    let made = made(name).ok()?;
    let [x, y] = made.ways.back(lon, lat)?;
    let [again_lon, again_lat] = made.ways.there(x, y)?;
    // A turn more is the same place, and at a pole so is any longitude.
    let apart = (lon - again_lon + 180.0).rem_euclid(360.0) - 180.0;
    let apart = apart * (90.0 - lat.abs()).min(1.0);
    (apart.abs() <= 1e-6 && (lat - again_lat).abs() <= 1e-6).then_some([x, y])
}

/// Converts a pair to longitude and latitude; `None` if PROJ gives none, or one that does not
/// convert back to within a millionth: far outside their zone projections return nonsense.
pub(super) fn transform(name: &str, x: f64, y: f64) -> Option<[f64; 2]> {
    if !(x.is_finite() && y.is_finite()) {
        return None;
    }
    let made = made(name).ok()?;
    let [lon, lat] = made.ways.there(x, y)?;
    let [again_x, again_y] = made.ways.back(lon, lat)?;
    let size = x.abs().max(y.abs()).max(1.0);
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * size;
    (near(x, again_x) && near(y, again_y)).then_some([lon, lat])
}

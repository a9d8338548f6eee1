//! Written files are read with another library, the `geojson` crate.

use geojson::{FeatureCollection, GeoJson};
use tamarisk::run::{self, Cancel, Case, LayerName, Unwatched};
use tamarisk::sinks;

#[test]
fn every_layer_of_the_demo_is_read_by_the_geojson_crate_as_the_features_it_gives() {
    let case = Case::open(&run::demo(), &Unwatched, &Cancel::new()).expect("opens");
    let scored = run::perform_exposed(&case, &Unwatched, &Cancel::new()).expect("scores");
    let mut seen = 0;
    for name in LayerName::ALL {
        run::with_layers(&case, &scored, name, |layer| {
            let mut bytes = Vec::new();
            sinks::geojson::write(layer, &mut bytes).expect("writes");
            let text = String::from_utf8(bytes).expect("text");
            let read: GeoJson = text.parse().expect("GeoJSON");
            let read = FeatureCollection::try_from(read).expect("a collection");
            let given: Vec<geojson::Feature> = layer.features().collect();
            assert_eq!(read.features.len(), given.len(), "{}", layer.name());
            for (read, given) in read.features.iter().zip(&given) {
                assert_eq!(read, given, "{}", layer.name());
            }
            seen += given.len();
        })
        .expect("layers");
    }
    assert!(seen > 300, "{seen}");
}

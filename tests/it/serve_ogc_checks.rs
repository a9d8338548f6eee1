//! The checks of the executable test suite of OGC API Features 1.0 (OGC's `ets-ogcapi-features10`, Parts 1 and 2), each
//! with the test here that makes it. `../shared/suites/ogcapi-features` has the list of the suite.

use crate::suites::shared;
use std::collections::BTreeSet;
use std::path::Path;

/// A class of the suite, methods of it, and the test that makes their checks.
const CHECKS: [(&str, &[&str], &str); 36] = [
    (
        "core/apidefinition/ApiDefinition",
        &["openapiDocumentRetrieval", "apiDefinitionValidation"],
        "serve_ogc_api::the_description_of_the_interface_is_that_of_the_standard",
    ),
    (
        "core/collections/Feature",
        &["featureOperation", "validateFeatureResponse"],
        "serve_ogc::every_feature_is_found_by_its_id",
    ),
    (
        "core/collections/FeatureCollection",
        &[
            "validateFeatureCollectionMetadataOperation",
            "validateFeatureCollectionMetadataResponse",
        ],
        "serve_ogc::collections_are_those_of_the_standard",
    ),
    (
        "core/collections/FeatureCollections",
        &[
            "validateFeatureCollectionsMetadataOperation",
            "validateFeatureCollectionsMetadataOperationResponse_Links",
            "validateFeatureCollectionsMetadataOperationResponse_Items",
            "validateFeatureCollectionsMetadataOperationResponse_CrsProperty",
            "validateFeatureCollectionsMetadataOperationResponse_Content",
        ],
        "serve_ogc::collections_are_those_of_the_standard",
    ),
    (
        "core/collections/Features",
        &[
            "validateFeaturesOperation",
            "validateFeaturesResponse_GeometryInCRS84",
            "validateFeaturesResponse_TypeProperty",
            "validateFeaturesResponse_FeaturesProperty",
            "validateFeaturesResponse_Links",
            "validateFeaturesResponse_TimeStamp",
            "validateFeaturesResponse_NumberMatched",
            "validateFeaturesResponse_NumberReturned",
        ],
        "serve_ogc::features_of_every_collection_are_those_of_the_standard",
    ),
    (
        "core/collections/FeaturesBBox",
        &["boundingBoxParameterDefinition"],
        "serve_ogc_api::the_parameters_of_items_are_defined_as_the_standard_has_them",
    ),
    (
        "core/collections/FeaturesBBox",
        &[
            "validateFeaturesWithBoundingBoxOperation",
            "validateFeaturesResponse_GeometryInCRS84",
            "validateFeaturesWithBoundingBoxResponse_TypeProperty",
            "validateFeaturesWithBoundingBoxResponse_FeaturesProperty",
            "validateFeaturesWithBoundingBoxResponse_Links",
            "validateFeaturesWithBoundingBoxResponse_TimeStamp",
            "validateFeaturesWithBoundingBoxResponse_NumberMatched",
            "validateFeaturesResponse_NumberReturned",
        ],
        "serve_ogc::features_of_every_collection_are_those_of_the_standard",
    ),
    (
        "core/collections/FeaturesBBox",
        &["validateFeaturesWithBoundingBoxResponse"],
        "serve_ogc_pages::boxes_find_what_a_loop_over_all_points_finds",
    ),
    (
        "core/collections/FeaturesErrorConditions",
        &[
            "validateFeaturesOperation_QueryParamInvalid",
            "validateFeaturesOperation_QueryParamUnknown",
        ],
        "serve_ogc::what_means_nothing_is_refused",
    ),
    (
        "core/collections/FeaturesLimit",
        &["limitParameterDefinition"],
        "serve_ogc_api::the_parameters_of_items_are_defined_as_the_standard_has_them",
    ),
    (
        "core/collections/FeaturesLimit",
        &[
            "validateFeaturesWithLimitOperation",
            "validateFeaturesWithLimitResponse",
            "validateFeaturesWithLimitResponse_GeometryInCRS84",
            "validateFeaturesWithLimitResponse_TypeProperty",
            "validateFeaturesWithLimitResponse_FeaturesProperty",
            "validateFeaturesWithLimitResponse_Links",
            "validateFeaturesWithLimitResponse_TimeStamp",
            "validateFeaturesWithLimitResponse_NumberMatched",
            "validateFeaturesResponse_NumberReturned",
        ],
        "serve_ogc::features_of_every_collection_are_those_of_the_standard",
    ),
    (
        "core/collections/FeaturesTime",
        &["timeParameterDefinition"],
        "serve_ogc_api::the_parameters_of_items_are_defined_as_the_standard_has_them",
    ),
    (
        "core/collections/FeaturesTime",
        &[
            "validateFeaturesWithDateTimeOperation",
            "validateFeaturesWithDateTimeResponse_GeometryInCRS84",
            "validateFeaturesWithDateTimeResponse_TypeProperty",
            "validateFeaturesWithDateTimeResponse_FeaturesProperty",
            "validateFeaturesWithDateTimeResponse_Links",
            "validateFeaturesWithDateTimeResponse_TimeStamp",
            "validateFeaturesWithDateTimeResponse_NumberMatched",
            "validateFeaturesResponse_NumberReturned",
        ],
        "serve_ogc::features_of_every_collection_are_those_of_the_standard",
    ),
    (
        "core/collections/FeaturesTime",
        &["validateFeaturesWithDateTimeResponse"],
        "serve_ogc_pages::times_find_what_a_loop_over_all_days_finds",
    ),
    (
        "Conformance",
        &["validateConformanceOperationAndResponse"],
        "serve_ogc::the_landing_page_and_the_conformance_declaration_are_those_of_the_standard",
    ),
    (
        "core/general/GeneralHttp",
        &["http"],
        "serve_ogc::a_head_is_a_get_without_a_body_and_what_is_known_is_not_sent_again",
    ),
    (
        "core/landingpage/LandingPage",
        &["landingPageRetrieval", "landingPageValidation"],
        "serve_ogc::the_landing_page_and_the_conformance_declaration_are_those_of_the_standard",
    ),
    (
        "crs/CrsRequirementClassPrecondition",
        &["verifyConformanceClass"],
        "serve_ogc_crs::collections_list_their_reference_systems",
    ),
    (
        "crs/discovery/collection/DiscoveryCollectionCrsUri",
        &[
            "verifyCollectionCrsIdentifierOfCrsProperty",
            "verifyCollectionCrsIdentifierOfStorageCrsProperty",
        ],
        "serve_ogc_crs::collections_list_their_reference_systems",
    ),
    (
        "crs/discovery/collection/DiscoveryCollectionDefaultCrs",
        &["verifyCollectionCrsIdentifierOfCrsProperty"],
        "serve_ogc_crs::collections_list_their_reference_systems",
    ),
    (
        "crs/discovery/collection/DiscoveryCollectionStorageCrs",
        &["verifyCollectionCrsIdentifierOfCrsProperty"],
        "serve_ogc_crs::collections_list_their_reference_systems",
    ),
    (
        "crs/discovery/collections/DiscoveryCollectionsCrsUri",
        &[
            "verifyCollectionsCrsIdentifierOfCrsProperty",
            "verifyCollectionsCrsIdentifierOfStorageCrs",
            "verifyCollectionsCollectionCrsIdentifierOfCrsProperty",
            "verifyCollectionsCollectionCrsIdentifierOfStorageCrs",
        ],
        "serve_ogc_crs::collections_list_their_reference_systems",
    ),
    (
        "crs/discovery/collections/DiscoveryCollectionsDefaultCrs",
        &["verifyCollectionsPathCollectionCrsPropertyContainsDefaultCrs"],
        "serve_ogc_crs::collections_list_their_reference_systems",
    ),
    (
        "crs/discovery/collections/DiscoveryCollectionsStorageCrs",
        &["verifyCollectionsPathCollectionCrsPropertyContainsStorageCrs"],
        "serve_ogc_crs::collections_list_their_reference_systems",
    ),
    (
        "crs/query/bboxcrs/BBoxCrsParameter",
        &["verifyBboxCrsParameterWithDefaultCrs", "verifyBboxCrsParameter"],
        "serve_ogc_crs::a_box_in_another_system_finds_what_the_same_box_in_degrees_finds",
    ),
    (
        "crs/query/bboxcrs/BBoxCrsParameterDefault",
        &["verifyBboxCrsParameterDefault"],
        "serve_ogc_crs::a_box_in_another_system_finds_what_the_same_box_in_degrees_finds",
    ),
    (
        "crs/query/bboxcrs/BBoxCrsParameterInvalid",
        &["verifyBboxCrsParameterInvalid"],
        "serve_ogc_crs::a_system_that_is_not_known_is_refused",
    ),
    (
        "crs/query/crs/feature/FeatureCrsParameter",
        &["verifyFeatureCrsParameter"],
        "serve_ogc_crs::collections_list_their_reference_systems",
    ),
    (
        "crs/query/crs/feature/FeatureCrsParameterDefault",
        &["verifyFeatureCrsParameterDefault"],
        "serve_ogc::every_feature_is_found_by_its_id",
    ),
    (
        "crs/query/crs/feature/FeatureCrsParameterInvalid",
        &["verifyFeatureCrsParameterInvalid"],
        "serve_ogc_crs::a_system_that_is_not_known_is_refused",
    ),
    (
        "crs/query/crs/feature/FeatureCrsParameterTransform",
        &["verifyFeatureCrsParameterTransformWithCrsParameter"],
        "serve_ogc_crs::latitude_comes_first_where_the_register_says_so",
    ),
    (
        "crs/query/crs/feature/FeatureCrsParameterTransform",
        &["verifyFeatureCrsParameterTransformWithoutCrsParameter"],
        "serve_ogc_crs::latitude_comes_first_where_the_register_says_so",
    ),
    (
        "crs/query/crs/features/FeaturesCrsParameter",
        &["verifyFeaturesCrsParameter"],
        "serve_ogc_crs::collections_list_their_reference_systems",
    ),
    (
        "crs/query/crs/features/FeaturesCrsParameterDefault",
        &["verifyFeaturesCrsParameterDefault"],
        "serve_ogc::features_of_every_collection_are_those_of_the_standard",
    ),
    (
        "crs/query/crs/features/FeaturesCrsParameterInvalid",
        &["verifyFeaturesCrsParameterInvalid"],
        "serve_ogc_crs::a_system_that_is_not_known_is_refused",
    ),
    (
        "crs/query/crs/features/FeaturesCrsParameterTransform",
        &[
            "verifyFeaturesCrsParameterTransformWithoutCrsParameter",
            "verifyFeaturesCrsParameterTransformWithCrsParameter",
        ],
        "serve_ogc_crs::latitude_comes_first_where_the_register_says_so",
    ),
];

/// Each check with its class.
fn all() -> BTreeSet<(&'static str, &'static str)> {
    CHECKS.iter().flat_map(|(class, names, _)| names.iter().map(|name| (*class, *name))).collect()
}

#[test]
fn every_check_is_made_by_a_test() {
    let many: usize = CHECKS.iter().map(|(_, names, _)| names.len()).sum();
    assert_eq!((many, all().len()), (80, 80));
    for (_, _, test) in CHECKS {
        let (module, name) = test.split_once("::").expect("a module and a test");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/{module}.rs"));
        let source = std::fs::read_to_string(path).expect("a source");
        assert!(source.contains(&format!("#[test]\nfn {name}() {{")), "there is no test {test}");
    }
}

#[test]
#[ignore = "reads ../shared"]
fn the_suite_has_no_other_checks() {
    let path = shared("suites/ogcapi-features").join("ets-checks.md");
    let list = std::fs::read_to_string(path).expect("the list");
    let rows = list.lines().filter_map(|row| {
        let mut cells = row.split('|').map(str::trim).skip(1);
        Some((cells.next()?.strip_suffix(".java")?, cells.next()?))
    });
    let rows: BTreeSet<(&str, &str)> = rows.collect();
    assert_eq!(rows, all());
}

"""A call of which little is left warns, since its result may look calm and be empty."""

import warnings

import pandas
import pytest

import tamarisk

SITES = pandas.DataFrame({"id": ["a", "b"], "lon": [66.9, 67.1], "lat": [30.2, 30.4]})
INCIDENTS = pandas.DataFrame(
    {
        "id": ["1", "2", "3"],
        "date": ["2024-05-01", "2024-05-02", "2024-05-03"],
        "lon": [66.95, 67.0, 67.05],
        "lat": [30.25, 30.3, 30.35],
        "country": "Pakistan",
        "event_type": "attack",
    }
)


def test_nothing_is_said_where_all_counts():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(tamarisk.score(SITES, INCIDENTS)) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"incidents": INCIDENTS.assign(date=["1/5/24", "2/5/24", "31/12/24"])}, "of 3 records are set aside"),
        ({"incidents": INCIDENTS.assign(event_type="atack")}, "3 are of types that are not scored"),
        ({"bbox": (0, 0, 1, 1)}, "no site is scored; 2 lie outside the bbox"),
        ({"where": "incidents.country = Nowhere"}, "none of 3 records is used"),
        ({"sites": SITES.assign(lat=[None, 95.0])}, "2 of 2 records are set aside"),
    ],
)
def test_a_loss_is_warned_of_at_the_line_that_asked(change, words):
    asked = {"sites": SITES, "incidents": INCIDENTS, **change}
    with pytest.warns(tamarisk.TamariskWarning, match=words) as caught:
        tamarisk.score(**asked)
    assert {one.filename for one in caught} == {__file__}


@pytest.mark.parametrize("which", ["sites", "incidents"])
def test_axes_that_may_be_swapped(which):
    given = {"sites": SITES, "incidents": INCIDENTS.drop(columns="country")}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tamarisk.score(**given, columns={f"{which}.swap_axes": False})
    given[which] = given[which].rename(columns={"lon": "lat", "lat": "lon"})
    with pytest.warns(tamarisk.TamariskWarning, match=r"2 of 2 sites looked at lie .*swap_axes") as caught:
        tamarisk.score(**given)
    assert {one.filename for one in caught} == {__file__}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tamarisk.score(**given, columns={f"{which}.swap_axes": True})


def test_sites_far_from_everything_are_not_said_to_be_swapped():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tamarisk.score(SITES.assign(lon=-70.0, lat=-30.0), INCIDENTS)


@pytest.mark.parametrize("question", ["risk", "near"])
def test_a_place_that_may_be_swapped(question):
    engine = tamarisk.Engine(INCIDENTS)
    with pytest.warns(tamarisk.TamariskWarning, match=r"at=\(30.2, 66.9\).*\(66.9, 30.2\)") as caught:
        getattr(engine, question)((30.2, 66.9))
    assert {one.filename for one in caught} == {__file__}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        getattr(engine, question)((66.9, 30.2))
        getattr(engine, question)((-70.0, -30.0))


def test_an_engine_warns_as_well():
    engine = tamarisk.Engine(INCIDENTS.assign(event_type="atack"))
    with pytest.warns(tamarisk.TamariskWarning, match="not scored") as caught:
        engine.score(SITES)
    assert {one.filename for one in caught} == {__file__}

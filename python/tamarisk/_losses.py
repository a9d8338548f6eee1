"""Warnings of a call of which little is left, since nobody reads findings where no result looks wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def losses(receipt: dict[str, Any], swapped: tuple[int, int]) -> Iterator[str]:
    """What was lost: inputs of which more than half is set aside or nothing is left, and roles of which nothing counts.

    ``swapped`` says how many sites were looked at, and how many of these would lie amid the data with axes swapped.
    """
    for one in receipt["inputs"]:
        read, used, aside = one["read"], one.get("used", one["read"]), one.get("set_aside", 0)
        if 2 * aside > read:
            yield f"{one['file']}: {aside} of {read} records are set aside; the reasons are in findings"
        elif read and not used:
            yield f"{one['file']}: none of {read} records is used; the reasons are in findings"
    sites, incidents = receipt["counts"]["sites"], receipt["counts"]["incidents"]
    outside = sites.get("outside_bbox", 0)
    if outside and not sites["scored"]:
        yield f"no site is scored; {outside} lie outside the bbox"
    unscored = incidents["set_aside_for"].get("unscored", 0)
    if unscored and not incidents["scored"]:
        yield f"no incident counts toward a score; {unscored} are of types that are not scored"
    seen, astray = swapped
    if 2 * astray > seen:
        subject = "the site lies" if seen == 1 else f"{astray} of {seen} sites looked at lie"
        yield (
            f"{subject} more than 1,000 km from all incidents and receptors, and amid them with longitude and latitude "
            'taken for each other; for axes that are swapped: columns={"sites.swap_axes": True}, or incidents.swap_axes'
        )

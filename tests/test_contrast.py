"""What sets groups apart: a contrast holds where chance and few units cannot have made it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.compare.contrast import FEWEST, contrasts, difference_of_shares, furthest_apart
from analysis.compare.uncertainty import wilson


def table(**counts: tuple[int, int]) -> pd.DataFrame:
    """Shares of one label in groups, each (n, total)."""
    rows = [{"outlet": name, "frame": "war", "n": n, "total": total} for name, (n, total) in counts.items()]
    frame = pd.DataFrame(rows)
    return frame.assign(share=frame["n"] / frame["total"], unit="sentences")


def test_the_interval_is_newcombes_of_his_own_example() -> None:
    """Newcombe (1998), table II, method 10: 56/70 against 48/80 gives 0.0524 to 0.3339."""
    low, high = difference_of_shares((56, 70), (48, 80))
    assert (low, high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 40), st.integers(1, 40))
def test_the_interval_holds_the_difference_and_turns_with_it(
    a: int, more_a: int, b: int, more_b: int
) -> None:
    one, other = (a, a + more_a), (b, b + more_b)
    low, high = difference_of_shares(one, other)
    assert -1 <= low <= a / one[1] - b / other[1] <= high <= 1
    assert difference_of_shares(other, one) == pytest.approx((-high, -low))


def test_a_large_difference_of_many_units_holds_and_is_the_first() -> None:
    far = table(Wire=(60, 80), Herald=(8, 80), Post=(30, 80))
    near = table(Wire=(40, 80), Herald=(12, 80), Post=(30, 80)).assign(frame="talks")
    found = contrasts(pd.concat([near, far]), of="frame")
    assert [one.label for one in found] == ["war", "talks"]
    assert (found[0].most["outlet"], found[0].least["outlet"]) == ("Wire", "Herald")


@pytest.mark.parametrize(
    "counts",
    [
        {"Wire": (4, 4), "Herald": (0, 50)},  # too few units
        {"Wire": (4, 5), "Herald": (0, 5)},  # a finding of fewer than five
        {"Wire": (21, 40), "Herald": (19, 40)},  # chance
        {"Wire": (30, 40)},  # nobody beside it
        {"Wire": (0, 0), "Herald": (30, 40)},
    ],
)
def test_what_chance_or_few_units_can_have_made_is_no_contrast(counts: dict[str, tuple[int, int]]) -> None:
    assert contrasts(table(**counts), of="frame") == []


def test_the_more_labels_were_looked_at_the_more_a_contrast_must_be() -> None:
    one = table(Wire=(14, 30), Herald=(5, 30))
    assert contrasts(one, of="frame")
    assert contrasts(one, of="frame", others=40) == []


def test_groups_that_differ_in_nothing_seldom_seem_to() -> None:
    draw = np.random.default_rng(1)
    wrong = 0
    for _ in range(300):
        groups = {f"o{n}": (int(draw.binomial(40, 0.3)), 40) for n in range(5)}
        wrong += bool(contrasts(table(**groups), of="frame"))
    assert wrong <= 300 * 0.05


def test_means_differ_where_their_intervals_do_not_meet() -> None:
    rows = [
        {"outlet": "Wire", "net": -0.6, "low": -0.8, "high": -0.4, "n": 20},
        {"outlet": "Post", "net": 0.3, "low": 0.1, "high": 0.5, "n": 20},
        {"outlet": "Few", "net": 1.0, "low": 1.0, "high": 1.0, "n": FEWEST - 1},
    ]
    found = furthest_apart(rows, "net")
    assert found and (found[0]["outlet"], found[1]["outlet"]) == ("Post", "Wire")
    assert furthest_apart([rows[0], {**rows[1], "low": -0.5}], "net") is None
    assert furthest_apart(rows[1:], "net") is None


def test_wilson_is_what_the_interval_is_made_from() -> None:
    (low,), (high,) = wilson([0], [10])
    assert difference_of_shares((0, 10), (0, 10)) == pytest.approx((low - high, high - low))

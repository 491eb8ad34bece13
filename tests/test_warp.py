"""When each token was said: one path through what the decoder listened to."""

import numpy as np
import pytest

from models.warp import follow


def listened(*rows, strength=1.0):
    """Weights of one head: each token's row of digits, 9 is all of its attention."""
    weights = np.array([[float(sign) for sign in row] for row in rows], np.float32)
    return strength * weights[None] / 9


def test_each_token_begins_where_its_attention_does():
    starts = follow(listened("999000000", "000999000", "000000999"))
    assert starts.tolist() == [0, 3, 6]


@pytest.mark.parametrize(
    ("rows", "starts"),
    [
        (("990000000", "009999900", "000000099"), [0, 2, 7]),
        (("999999900", "000000099"), [0, 7]),
        (("999999999",), [0]),  # one token alone begins with the window
        (("000009990",), [0]),  # and does so wherever it was heard
    ],
)
def test_long_and_short_tokens_keep_their_lengths(rows, starts):
    assert follow(listened(*rows)).tolist() == starts


def test_a_single_frame_of_attention_elsewhere_leads_nowhere():
    clean = ("999000000000", "000999000000", "000000999999")
    stray = ("999000000090", "000999000000", "090000999999")
    assert follow(listened(*stray)).tolist() == follow(listened(*clean)).tolist() == [0, 3, 6]


def test_time_never_goes_back_even_where_attention_does():
    starts = follow(listened("000000999", "000999000", "999000000"))
    assert (np.diff(starts) >= 0).all() and starts[0] == 0


def test_a_head_that_listens_to_nothing_does_not_move_the_others():
    rows = ("999000000", "000999000", "000000999")
    silent = np.full((1, 3, 9), 1 / 9, np.float32)
    heads = np.concatenate([listened(*rows), silent, np.zeros_like(silent)])
    assert follow(heads).tolist() == [0, 3, 6]


def test_two_heads_outvote_one_that_errs():
    right = listened("999000000", "000999000", "000000999")
    wrong = listened("999999000", "000000900", "000000099")
    assert follow(np.concatenate([right, right, wrong])).tolist() == [0, 3, 6]


def test_how_loud_a_head_speaks_does_not_count():
    rows = ("999000000", "000999000", "000000999")
    assert follow(listened(*rows, strength=0.01)).tolist() == follow(listened(*rows)).tolist()


def test_more_tokens_than_frames_still_have_times_inside_the_window():
    starts = follow(listened("900", "090", "090", "009", "009"))
    assert len(starts) == 5 and (np.diff(starts) >= 0).all() and starts.max() < 3


def test_the_path_found_is_the_cheapest_of_all():
    """Against every path that there is, on small matrices of noise."""
    from models.warp import _path

    for seed in range(20):
        cost = np.random.default_rng(seed).normal(size=(3, 6))
        starts = _path(cost)
        assert _paid(cost, starts) == pytest.approx(_cheapest(cost))


def _cheapest(cost, i=0, j=0):
    """By trying right, down and both at every step."""
    rows, frames = cost.shape
    if (i, j) == (rows - 1, frames - 1):
        return cost[i, j]
    further = [(i, j + 1), (i + 1, j), (i + 1, j + 1)]
    inside = [(a, b) for a, b in further if a < rows and b < frames]
    return cost[i, j] + min(_cheapest(cost, a, b) for a, b in inside)


def _paid(cost, starts):
    """What the best path with these starts pays: a row ends where the next begins."""
    rows, frames = cost.shape
    ends = [*starts[1:], frames - 1]
    total = 0.0
    for i in range(rows):
        here = cost[i, starts[i] : ends[i] + 1].sum()
        if i < rows - 1 and ends[i] > starts[i]:  # the last frame may be left to the next row
            here = min(here, here - cost[i, ends[i]])
        total += here
    return total

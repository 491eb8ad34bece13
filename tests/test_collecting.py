"""The garbage collector waits where it is told to, and goes on afterwards."""

import gc

import pytest

from pipeline.collecting import lasting, uncollected


@pytest.mark.parametrize("waits", [uncollected, lasting])
def test_the_collector_is_left_as_it_was_found(waits):
    with uncollected():
        with waits():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_lasts_is_not_looked_at_again():
    gc.collect()
    with lasting():
        made = [[]]
    assert all(one is not made for one in gc.get_objects())
    gc.unfreeze()
    assert any(one is made for one in gc.get_objects())

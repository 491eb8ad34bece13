"""models/products.py: what a text is must not depend on what is written beside it."""

import pytest
import torch

from models.products import fastest


@pytest.mark.parametrize(("wide", "out"), [(512, 512), (512, 2048), (2048, 512)])
def test_a_row_has_the_same_result_in_a_piece_of_any_size(wide, out):
    dice = torch.Generator().manual_seed(1)
    weight, bias = torch.randn(out, wide, generator=dice), torch.randn(out, generator=dice)
    product = fastest().decoder(weight, bias)
    rows = torch.randn(product.rows, wide, generator=dice)
    with torch.inference_mode():
        whole = product(rows)
        for size in range(product.grain, product.rows, product.grain):
            assert torch.equal(product(rows[-size:]), whole[-size:])

"""Groups that change with every weighing are called uncertain."""

import pytest

from app.rules.certainty import Steadiness, is_uncertain, steadiness


@pytest.mark.parametrize(
    ("stability", "band"),
    [
        (1.0, Steadiness.STEADY),
        (0.75, Steadiness.STEADY),
        (0.7499, Steadiness.MOSTLY),
        (0.5, Steadiness.MOSTLY),
        (0.4999, Steadiness.SHAKY),
        (0.0, Steadiness.SHAKY),
    ],
)
def test_stability_has_three_bands(stability: float, band: Steadiness) -> None:
    assert steadiness(stability) is band
    assert is_uncertain(stability) is (band is Steadiness.SHAKY)

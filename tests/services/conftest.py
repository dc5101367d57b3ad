"""Fixtures of the races, each in a database whose constraints it may drop."""

from tests.services.racing import races as races
from tests.services.racing import scratch_url as scratch_url

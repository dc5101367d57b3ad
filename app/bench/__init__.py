"""Measurements: everything is compared with something else in the same run, since machines differ and are shared."""

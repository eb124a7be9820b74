"""Hypothesis for every test: no deadline, since a loaded machine is not a bug."""

from hypothesis import settings

settings.register_profile("course", deadline=None)
settings.load_profile("course")

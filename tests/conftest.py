"""Hypothesis profiles shared by all tests: the same examples on every run, unless somebody goes exploring.

`OMNIID_HYPOTHESIS=explore python -m pytest` draws new examples, and many; what it finds becomes an `@example` or a judged row.
"""

import os

from hypothesis import HealthCheck, settings

QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("dev", max_examples=40, derandomize=True, **QUIET)
settings.register_profile("brief", max_examples=12, derandomize=True, **QUIET)  # for a second environment
settings.register_profile("explore", max_examples=500, **QUIET)
settings.load_profile(os.environ.get("OMNIID_HYPOTHESIS") or "dev")

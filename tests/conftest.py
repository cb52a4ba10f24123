"""Hypothesis profiles shared by all tests: the same examples on every run, unless somebody goes exploring.

`OMNIID_HYPOTHESIS=explore python -m pytest` draws new examples, and many; what it finds becomes an `@example` or a judged row.
"""

import os

# Before anything loads NumPy: on cores that others use, too, the threads of small matrix products wait for each other more than
# they work (learning from labels took three times the processor time, and five times as long).
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from hypothesis import HealthCheck, settings  # noqa: E402  # see above

QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("dev", max_examples=25, derandomize=True, **QUIET)
settings.register_profile("brief", max_examples=5, derandomize=True, **QUIET)  # for a second environment
settings.register_profile("explore", max_examples=500, **QUIET)
settings.load_profile(os.environ.get("OMNIID_HYPOTHESIS") or "dev")

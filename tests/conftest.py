"""Settings of the property tests, alike on every machine."""

from hypothesis import HealthCheck, settings

# A slow machine is no fault of the code; the same cases on each run make a failure repeatable.
settings.register_profile(
    "wpssite",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("wpssite")

"""Numbers, not tests: `python -m tests.benchmarks.turns`."""

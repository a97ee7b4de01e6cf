"""The house. What every process of it is told before it loads anything else: some two hundred begin in a run of the tests."""

import gc
import os

# Modules and models stay: a fifth of a start went into looking through them for what could go.
gc.set_threshold(20_000, 20, 20)
# Signs are asked one by one, and 47,000 phrases take half a second.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

"""The house. What every process of it is told before it loads anything else: some two hundred begin in a run of the tests."""

import gc
import os

gc.set_threshold(20_000, 20, 20)  # modules and models stay: a fifth of a start went into looking through them for what could go
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # signs are asked one by one, and 47,000 phrases take half a second

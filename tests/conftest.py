import os

from hypothesis import settings

# The same examples each time, however slow the machine is; new ones with HYPOTHESIS_PROFILE=explore.
settings.register_profile("repeat", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))

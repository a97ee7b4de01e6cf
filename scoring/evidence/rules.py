"""How many photos an event may have. Pure."""

MAX_PHOTOS = 4  # that stand
MAX_EVER = 12  # with those that were withdrawn: they are kept, too

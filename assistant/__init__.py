"""Før møtet: a guided conversation before a treatment meeting, in the person's own words."""

import os

# a plugin of pydantic, installed beside, would see what people write; looking for one takes time too
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

"""The pages' templates, their style sheets and the fonts that travel with them."""

from pathlib import Path

FOLDER = Path(__file__).parent

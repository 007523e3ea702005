"""The pages' templates, their style sheets and the fonts that travel with them.

From outside: `FOLDER`, where they lie. Whoever fills them in is in `exercises.pages` and beside.
"""

from pathlib import Path

FOLDER = Path(__file__).parent

"""What may be told of people: of groups only."""

from typing import Final

SMALLEST_GROUP: Final = 10
"""Groups of fewer users are neither tested, drawn as an average nor exported."""

"""Every DataFrame column name, once."""

from typing import Final

# Interactions
USER_ID: Final = "user_id"
ITEM_ID: Final = "item_id"
DOMAIN: Final = "domain"
TIMESTAMP: Final = "timestamp"
EVENT: Final = "event"
WEIGHT: Final = "weight"
INTERACTION_COLUMNS: Final = (USER_ID, ITEM_ID, DOMAIN, TIMESTAMP, EVENT, WEIGHT)
SESSION_ID: Final = "session_id"
"""Kept beside the interaction columns where a log names its sessions."""

# Items
TITLE: Final = "title"
TEXT: Final = "text"
ITEM_COLUMNS: Final = (ITEM_ID, DOMAIN, TITLE, TEXT)
IMAGE: Final = "image"
"""Address of a picture, kept as an attribute where an items file has one."""

# Row numbers inside a Dataset
USER: Final = "user"
ITEM: Final = "item"

# Interests and the map
INTEREST: Final = "interest"
LEVEL: Final = "level"
PARENT: Final = "parent"
NAME: Final = "name"
TERMS: Final = "terms"
N_ITEMS: Final = "n_items"
N_EVENTS: Final = "n_events"
N_USERS: Final = "n_users"
X: Final = "x"
Y: Final = "y"
TO_X: Final = "to_x"
TO_Y: Final = "to_y"

# Windows, flows and change
WINDOW: Final = "window"
START: Final = "start"
END: Final = "end"
PARTIAL: Final = "partial"
SHARE: Final = "share"
LOW: Final = "low"
HIGH: Final = "high"
FROM_WINDOW: Final = "from_window"
TO_WINDOW: Final = "to_window"
FROM_INTEREST: Final = "from_interest"
TO_INTEREST: Final = "to_interest"
EXPECTED: Final = "expected"
EXCESS: Final = "excess"
P_VALUE: Final = "p"
Q_VALUE: Final = "q"
SIGNIFICANT: Final = "significant"
DIRECTION: Final = "direction"
DRIFT: Final = "drift"
SHIFT: Final = "shift"
BEFORE: Final = "before"
AFTER: Final = "after"
FLAGGED: Final = "flagged"
FROM_DOMAIN: Final = "from_domain"
TO_DOMAIN: Final = "to_domain"
DISTANCE: Final = "distance"
NOISE: Final = "noise"
EFFECT: Final = "effect"
FLOOR: Final = "floor"
FLOOR_HIGH: Final = "floor_high"
NEW_SHARE: Final = "new_share"
KEPT_SHARE: Final = "kept_share"
GAINED: Final = "gained"
USERS_BEFORE: Final = "users_before"
USERS_AFTER: Final = "users_after"
FIRST_SEEN: Final = "first_seen"
KEPT: Final = "kept_"
"""Begins the columns that speak only of items taken in both windows."""

# Whose flows were asked for
WINDOW_SIZE: Final = "window_size"
FEWEST: Final = "fewest"
COHORT: Final = "cohort"

# Published with differential privacy
EPSILON: Final = "epsilon"

# Forecasts
FORECAST: Final = "forecast"
METHOD: Final = "method"
MEASURE: Final = "measure"
SETTING: Final = "setting"
VALUE: Final = "value"
DIFFERENCE: Final = "difference"
DIFFERENCE_LOW: Final = "difference_low"
DIFFERENCE_HIGH: Final = "difference_high"
BETTER: Final = "better"
CHOSEN: Final = "chosen"
N_COMPARED: Final = "n_compared"

# Recommendations
RANK: Final = "rank"
SCORE: Final = "score"
REASONS: Final = "reasons"

"""``python -m recsys_core.cli`` is ``driftmap``."""

from recsys_core.cli import main

if __name__ == "__main__":
    main()

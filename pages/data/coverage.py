"""Is there enough to learn from?"""

from pages.ui.places import COVERAGE, page_header

page_header(COVERAGE.title, COVERAGE.question)

"""Which model is best, and why?"""

from pages.ui.places import RUNS, page_header

page_header(RUNS.title, RUNS.question)

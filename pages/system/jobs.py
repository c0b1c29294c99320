"""What is running, and what failed?"""

from pages.ui.places import JOBS, page_header

page_header(JOBS.title, JOBS.question)

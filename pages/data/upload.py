"""Is my file understood?"""

from pages.ui.places import UPLOAD, page_header

page_header(UPLOAD.title, UPLOAD.question)

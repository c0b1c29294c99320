"""Where do things stand?"""

from pages.ui.places import HOME, page_header

page_header(HOME.title, HOME.question)

"""What will it cost, and how is it going?"""

from pages.ui.places import FINETUNE, page_header

page_header(FINETUNE.title, FINETUNE.question)

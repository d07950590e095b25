"""A class on one page: who has what, which mistakes are common, and where to look."""

from autograder.render.class_page.classroom import Classroom
from autograder.render.class_page.page import class_page_html

__all__ = ["Classroom", "class_page_html"]

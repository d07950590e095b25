"""The HTML page of a class: results, common mistakes, and groups of similar answers."""

from autograder.render.class_page.classroom import Classroom
from autograder.render.class_page.page import class_page_html

__all__ = ["Classroom", "class_page_html"]

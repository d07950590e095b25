"""The guided work of `handgrad watch`: progress through a course, the next exercise, a check at every save, hints."""

"""The report of one graded submission: its dataclasses, its JSON form, its signature."""

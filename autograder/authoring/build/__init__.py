"""Generation of students' files from solutions; it reads trusted files only."""

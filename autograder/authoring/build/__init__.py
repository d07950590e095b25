"""From solutions to what students hold. Run by those who write a course; it reads trusted files only."""

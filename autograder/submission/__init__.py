"""What a student handed in, read without running it: files, archives, notebooks, repositories."""

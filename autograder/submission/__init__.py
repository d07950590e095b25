"""Read submissions without running them: files, folders, archives, notebooks and clones."""

"""What the project is shipped with: compose files, settings, the Makefile, the pipeline."""

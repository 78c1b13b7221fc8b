"""The API: the same steps as pages and command line, as JSON for programs. See docs/api.md."""

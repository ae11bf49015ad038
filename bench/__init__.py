"""How fast the site is and how it grows: `make bench`; results in docs/performance.md."""

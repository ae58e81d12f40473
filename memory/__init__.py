"""What lasts: assets, projects and cached results. Knows nothing about the graph."""

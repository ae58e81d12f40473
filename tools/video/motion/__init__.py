"""Motion graphics: backgrounds in numpy, layouts in vectors, one ffmpeg run a shot. Knows nothing about scripts."""

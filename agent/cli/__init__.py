"""The command line. Knows how to ask and how to show; the studio does the rest."""

"""What models are asked. Knows nothing of ours."""

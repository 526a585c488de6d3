"""What if: changed counts and ratings on screen, rated by the same engine and never stored."""

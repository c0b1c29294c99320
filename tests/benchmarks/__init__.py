"""Speed, memory and quality, measured side by side in one run; ``make bench`` runs and prints them."""

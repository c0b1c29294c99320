"""The InterestModel and its fine-tuning."""

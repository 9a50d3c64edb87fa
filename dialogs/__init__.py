"""What is said and asked: scenarios, consent, segmentation, preferences, operators."""

"""Measuring the pipeline against labels, and training the small classifiers it may use."""

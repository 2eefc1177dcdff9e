"""Measures of the field as functions of numbers: arrays in, float64 out, NaN where undefined."""

"""Reads Chinese local-government reports: observations, findings, comparisons."""

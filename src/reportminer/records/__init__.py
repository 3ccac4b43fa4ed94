"""Mentions → observations; ``build.build`` runs the steps in order."""

"""The workbench in a browser: pages and REST API over ``reportminer.workbench``. Needs the extra ``web``; no logic of reports is here."""

"""What people do with reports in a project: give files, read them, correct, decide, compare. No page, no HTTP: that is ``web``.

Everything takes an open ``Store`` and the number of a project::

    uploads.Receiving → reading.read_project → documents, findings, comparing → corrections, annotations, audits
"""

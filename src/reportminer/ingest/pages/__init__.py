"""Characters with their places → text in reading order with tables: the same for a pdf with text and for what was recognised from a picture.

``glyphs`` (characters, runs) → ``grids`` (ruled tables) → ``columns`` (reading order, lines) → ``aligned`` (tables without rules) →
``furniture`` (headers, footers, page numbers) → ``assemble`` (text, offsets, boxes).
"""

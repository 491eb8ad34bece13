"""The report of a shift: a folder with a page, a workbook and a summary of one page."""

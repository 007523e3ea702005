"""What stands on a worksheet, section by section, and the HTML that comes of it.

From outside: `worksheet_page`, and the pieces that keys and feedback pages share with it. No PDF is made here.
"""

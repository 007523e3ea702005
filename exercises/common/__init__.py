"""What every room uses: errors, files, processes, cells of tables, words in a row.

It knows nothing of networks; anything in it may be used from anywhere.
"""

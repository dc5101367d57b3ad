"""Files of votes that other programs write and read: one format a file, and `reading`, which tells them apart."""

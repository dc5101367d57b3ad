"""The rules of the game: enums, tables and pure functions. No I/O and no clock: time is an argument."""

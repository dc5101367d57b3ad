"""What people do: one function per act, each an act and its event in one transaction."""

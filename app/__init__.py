"""CoMission: from citizens' words to missions that a committee of stakeholder groups has voted on."""

__version__ = "0.1.0"

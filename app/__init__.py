"""CoMission: from citizens' words to missions that a committee of stakeholder groups has voted on."""

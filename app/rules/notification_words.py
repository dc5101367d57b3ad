"""What a notification of each kind says: one sentence, whose facts are kept with it."""

from app.rules.words import N_

# One sentence for each kind; its facts are kept with the notification and hold no one else's words.
SENTENCES: dict[str, str] = {
    "submission_hidden": N_("Moderators hid your submission under the rule “%(rule)s”. You can appeal."),
    "submission_published": N_("A moderator read your submission: it is public now."),
    "submission_restored": N_("Moderators undid the hiding of your submission: it is public again."),
    "submission_restored_waits": N_(
        "Moderators undid the hiding of your submission. It waits until you confirm your e-mail address."
    ),
    "appeal_upheld": N_("Your appeal was upheld: your submission is public again."),
    "appeal_upheld_waits": N_(
        "Your appeal was upheld. Your submission waits until you confirm your e-mail address."
    ),
    "appeal_dismissed": N_("Your appeal was dismissed. The reason is on the page."),
    "comment_hidden": N_("Moderators hid your comment under the rule “%(rule)s”. You can appeal."),
    "comment_restored": N_("Moderators undid the hiding of your comment: it is public again."),
    "comment_appeal_upheld": N_("Your appeal was upheld: your comment is public again."),
    "comment_appeal_dismissed": N_("Your appeal about a comment was dismissed. The reason is on the page."),
    "comment_added": N_("Someone commented on your submission."),
    "submission_grouped": N_("Your submission now stands with others in a group."),
    "mission_drafted": N_("A candidate mission was drafted from a group with your submission: %(title)s"),
    "mission_withdrawn": N_(
        "A candidate mission from a group with your submission was withdrawn; its page says why: %(title)s"
    ),
    "checking_asked": N_("Is this what you meant? Please look at the group your submission is in."),
    "checking_alone": N_(
        "Authors are now asked whether they were understood. Your submission stands in no group; its page says why."
    ),
    "decision_noticed": N_("The committee will vote on a mission your words are part of: %(title)s"),
    "decision_certified": N_("The committee has decided on a mission your words are part of: %(title)s"),
    "decision_noticed_about": N_(
        "The committee will vote on a question about a mission your words are part of: %(title)s"
    ),
    "decision_certified_about": N_(
        "The committee has decided a question about a mission your words are part of: %(title)s %(outcome)s."
    ),
    "result_challenged": N_("A result that you could vote on is challenged: %(title)s"),
    "challenge_resolved": N_("A challenge of a result that you could vote on is resolved: %(title)s"),
    "call_answered": N_("The agency has answered the question you took part in: %(title)s"),
    "call_cancelled": N_("The question you took part in was cancelled: %(title)s"),
    "vote_asked": N_("You are asked to vote: %(title)s"),
    "review_asked": N_("You are asked to review: %(title)s"),
    "review_opened": N_("All reviews are in and can be read: %(title)s"),
    "review_concluded": N_("The committee's review is concluded: %(title)s"),
    "seat_ended": N_("Your seat in %(where)s has ended."),
    "seat_ends": N_("Your seat in %(where)s was given an end. Your page says which day is its last."),
    "interest_raised": N_(
        "Someone in the committee says that something ties you to “%(title)s”. The chair will resolve it."
    ),
    "interest_to_resolve": N_("An interest was declared or raised, and it is for you to resolve: %(title)s"),
    "interest_disclose": N_(
        "The chair has resolved an interest: it is public, and the seat keeps its vote. %(title)s"
    ),
    "interest_recuse": N_(
        "The chair has resolved an interest: the seat steps aside from this item. %(title)s"
    ),
    "interest_unfounded": N_("The chair has looked into what was raised and found no interest: %(title)s"),
    "vote_notice": N_("Your committee will vote; voting closes on %(closes)s: %(title)s"),
    "vote_closes_soon": N_(
        "The vote closes on %(closes)s: %(title)s. Until then a ballot can be cast, and one that is cast be changed."
    ),
    "vote_counted": N_("The votes are counted: %(title)s. %(outcome)s."),
    "vote_certified": N_("The result is certified: %(title)s. %(outcome)s."),
    "review_reminder": N_("Your review is still to come, by %(day)s: %(title)s"),
    "absence_announced": N_(
        "The member you stand in for in “%(title)s” is away from %(first)s to %(last)s. "
        "Ballots that the member has not cast before are yours to cast."
    ),
    "absence_recorded": N_(
        "The secretary of “%(title)s” recorded that you are away from %(first)s to %(last)s. If you are not, say so "
        "there: until then your alternate can cast your ballots."
    ),
    "committee_suspended": N_(
        "“%(title)s” is suspended: seats are missing. It takes up nothing new until they are filled."
    ),
    "committee_constituted": N_("“%(title)s” is constituted: every group is seated."),
    "appeal_made": N_("An author appeals against the hiding of a submission."),
    "grouping_offered_first": N_(
        "“%(title)s” has %(voices)s voices. They can be grouped for the first time."
    ),
    "grouping_offered": N_("%(voices)s new voices since “%(title)s” was grouped. You can group again."),
    "objection_made": N_("Someone objects to a mission you answer for: %(title)s"),
    "objection_accepted": N_("Your objection was accepted. The answer is on the page: %(title)s"),
    "objection_declined": N_("Your objection was declined. The reason is on the page: %(title)s"),
    "amendment_proposed": N_("Someone proposes other words for a mission you answer for: %(title)s"),
    "amendment_accepted": N_("The words you proposed are in the mission now: %(title)s"),
    "amendment_declined": N_("The words you proposed were declined. The reason is on the page: %(title)s"),
    "amendment_voted_down": N_("The committee voted on the words you proposed: they do not go in: %(title)s"),
    "amendment_to_vote": N_("The committee will vote on the words you proposed: %(title)s"),
    "asked_about_offer": N_("Someone asked about your innovation call: %(title)s"),
    "answered_about_offer": N_("Your question about an innovation call was answered: %(title)s"),
    "mission_launched": N_("A mission you follow has started: %(title)s"),
    "mission_achieved": N_("A mission you follow is achieved, as its readings say: %(title)s"),
    "mission_fell_back": N_("A mission you follow is achieved no more, as its readings say: %(title)s"),
    "course_review_opened": N_("A mission is reviewed on its way: %(title)s"),
    "course_review_concluded": N_("The review of a mission on its way is concluded: %(title)s"),
    "recalled": N_("You took part: did anything change for you? A short question about “%(title)s”."),
    "words_answered": N_("Someone replied to your comment: %(title)s"),
    "words_hidden": N_("Moderators hid what you wrote under the rule “%(rule)s”. You can appeal."),
    "words_restored": N_("Moderators undid the hiding of what you wrote: it is public again."),
    "words_appeal_upheld": N_("Your appeal was upheld: what you wrote is public again."),
    "words_appeal_dismissed": N_("Your appeal was dismissed. The reason is on the page."),
    "project_contracted": N_("A project you lead is contracted, and its conditions are in force: %(title)s"),
    "project_completed": N_("A project of a mission you follow is completed. What it learned: %(title)s"),
    "project_stopped": N_(
        "A project of a mission you follow was stopped to learn. What it learned: %(title)s"
    ),
    "project_stopped_below": N_(
        "A project was stopped on which something depends in a mission you answer for: %(title)s"
    ),
    "vision_changed": N_(
        "The words of a shared vision you signed have changed: your signature is void. %(title)s"
    ),
    "condition_proposed": N_("The words of a condition wait for the yes of your side: %(title)s"),
    "condition_agreed": N_("Both sides have agreed a condition: %(title)s"),
    "evidence_filed": N_("Evidence for a condition was filed: %(title)s"),
    "evidence_set_aside": N_("Evidence you filed was set aside. The reason is on the page: %(title)s"),
    "evidence_due": N_("Evidence for a condition is due within 30 days: %(title)s"),
    "condition_breached": N_("Evidence is overdue, and a condition is not kept: %(title)s"),
    "application_invited": N_("You are invited to write on an application to “%(title)s”."),
    "application_submitted": N_("The application of your team to “%(title)s” was submitted."),
    "application_withdrawn": N_("The application of your team to “%(title)s” was withdrawn."),
    "application_in_review": N_(
        "The application of your team to “%(title)s” meets the rules on who may apply. The panel reviews it now."
    ),
    "application_ineligible": N_(
        "The application of your team to “%(title)s” does not meet the rules on who may apply. Its page says why."
    ),
    "application_shortlisted": N_("The application of your team to “%(title)s” is on the shortlist."),
    "application_declined": N_(
        "The application of your team to “%(title)s” was not selected. Its page says why."
    ),
    "panel_review_reminder": N_("Applications to “%(title)s” still wait for your review, by %(day)s."),
    "panel_asked": N_("You are asked to review applications to “%(title)s”."),
    "panel_opened": N_("All reviews of an application to “%(title)s” are in and can be read."),
    "application_answered_selected": N_(
        "Your team's application to “%(title)s” is answered: it was selected."
    ),
    "application_answered_reserve": N_(
        "Your team's application to “%(title)s” is answered: it stands on the reserve list."
    ),
    "application_answered_declined": N_(
        "Your team's application to “%(title)s” is answered: it was not selected."
    ),
    "application_answered_ineligible": N_(
        "Your team's application to “%(title)s” is answered: it did not meet the rules on who may apply."
    ),
    "next_stage_published": N_(
        "The next stage of a prize is published, and your application was selected for it: %(title)s"
    ),
    "application_moved_up": N_(
        "The application of your team to “%(title)s” moved up from the reserve: it is selected now."
    ),
    "application_fell_out": N_("The application of your team to “%(title)s” is selected no more."),
    "contract_drawn_up": N_(
        "A contract was drawn up from the application of your team. Its conditions wait for your yes: %(title)s"
    ),
    "seed_selected": N_(
        "An application that builds on a project proposal with your words in it was selected: %(title)s"
    ),
    "seed_not_selected": N_(
        "What builds on a project proposal with your words in it was decided. The page says what became of it: "
        "%(title)s"
    ),
    "seed_adopted": N_(
        "An application to “%(title)s” builds on a project proposal with your words in it. Its page says how many did."
    ),
    "comment_appeal_made": N_("An author appeals against the hiding of a comment."),
}
# Letters that one may do without; what is told stays on one's page. Being asked to vote or to review is none of these.

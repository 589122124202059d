"""The sentences of the sandbox's writer. Fields in braces are facts; a sentence is used only when it has all of them.

Rules for new ones: no digits, no links, no sign-off, no capital letters but at the start, nothing claimed about the
person that is not in the facts.
"""

GREETINGS = ("Hi {first},", "Hello {first},", "{first},")
GREETINGS_WITHOUT_NAME = ("Hello,", "Good day,")

OPENERS = (
    (
        "I have been reading about {company}, and one thing stayed with me: in {industry}, the teams that keep learning"
        " together are usually the ones that keep their people."
    ),
    "Being {title} at {company} probably means that half of the week goes into things nobody planned for.",
    "A quick note, because {company} keeps coming up when I talk with people in {industry}.",
    "I was looking into how teams in {city} work these days, and {company} stood out to me.",
    "You are {title} at {company}, so I guess that many questions about how people work together end up with you.",
    "There is a question I have been asking people in {industry}, and I would value your view on it at {company}.",
    "I am writing to you because of what {company} does, and because I think we can be of use.",
    "One question about {company}, if I may.",
)
OPENERS_WITHOUT_FACTS = (
    "I am writing because I think that we can be of use to your team.",
    "One question about your team, if I may.",
)

PROBLEMS = (
    (
        "In {industry}, good habits rarely fail for lack of knowledge. They fail because there is no room to practise them"
        " with the people one works with every day."
    ),
    (
        "For somebody in the role of {title}, the hard part is seldom the plan. It is what happens in the weeks after it was"
        " announced, when everybody is busy again."
    ),
    (
        "Most teams I speak with have more material than they can use. What they lack is a simple way to turn it into"
        " conversations that change something."
    ),
    "What I hear most often is this: people agree in the meeting, and a few days later everything is as it was before.",
    "As a company grows, the things that used to be passed on over lunch stop being passed on at all.",
)

OFFERS = (
    "What we do at {us}: {product}.",
    "That is the part we take care of at {us}: {product}.",
    "In short, this is {us}: {product}.",
    "This is where {us} comes in: {product}.",
)
OFFERS_WITHOUT_PRODUCT = (
    "That is exactly the part that we take care of.",
    "We have spent a long time on exactly this question, and we would gladly share what we found.",
)

PROOFS = (
    "What that looks like in practice: {proof}.",
    "One example, so that this is not only talk: {proof}.",
    "A result we are proud of: {proof}.",
    "To make it concrete: {proof}.",
)

EXTRAS = (
    "It needs no large project. Most teams begin with one group and one topic, look at what changed, and decide then.",
    "I am not sure whether this is a subject for {company} right now, and a plain no would help me as well.",
    "What I like about it is that nobody has to become a trainer. The group does the work, and we prepare the path.",
    "If somebody else at {company} looks after this, I would be grateful for a hint and will leave you in peace.",
    "People tell us that the surprising part is how quickly a group starts to talk about its real work.",
    "We would start from what you already have, so that nothing of your work so far is lost.",
    "And should it turn out that we do not fit, you will at least have heard how others handle it.",
    "I can send a short outline first, so that you can judge for yourself whether a talk is worth your time.",
)

ASKS = (
    "Would a short call next week be a fair way to find out whether this fits {company}?",
    "Is this something you would like to look at together, or is it the wrong moment for {company}?",
    "Shall I show you how it would look for {company}? A short conversation is enough.",
    "May I send you a short outline made for {company}?",
)
ASKS_WITHOUT_COMPANY = (
    "Would a short call next week be a fair way to find out whether this fits?",
    "May I send you a short outline made for your team?",
)

ANGLE_OPENERS = (
    "Let me try another angle. Forget tools for a moment and think of the last change at {company} that really stayed.",
    "I wrote to you about one side of this; here is the other. It concerns the managers at {company} more than anybody.",
    "A different thought about {company}, and then I will be quiet for a while.",
    "My first mail was about people who learn. This one is about what {company} gets out of it.",
    "Here is how I would look at it from the side of {industry}.",
)
ANGLE_OPENERS_WITHOUT_FACTS = ("Let me try another angle.", "Here is the same question from the other side.")

ANGLE_PROBLEMS = (
    (
        "Managers carry most of it. They are asked to coach, to explain and to hold a team together, and hardly anybody shows"
        " them how. When they get a simple frame, the rest often follows."
    ),
    (
        "The cost of doing nothing is easy to miss. Good people do not leave with a bang; they stop bringing ideas first, and"
        " by then it takes far longer to win them back."
    ),
    (
        "New people learn what is normal in their first weeks, mostly from whoever sits beside them. It pays to make those"
        " weeks a little less of a matter of luck."
    ),
    (
        "What is learned alone is forgotten alone. What a group has worked out together tends to come up again in its daily"
        " work, because somebody always remembers."
    ),
)

LINKEDIN_NOTES = (
    (
        "Hi {first}, I came across {company} while reading about {industry} and liked what I saw. I work on how teams learn"
        " together and would enjoy having you in my network."
    ),
    (
        "Hi {first}, your role as {title} at {company} caught my eye. I spend my days on how teams learn from each other;"
        " happy to connect and swap notes."
    ),
    "Hi {first}, I sent you a short mail about {company} and thought a face to the name might help. Glad to connect.",
    "Hello {first}, I would like to follow what {company} is doing. Shall we connect?",
)
LINKEDIN_NOTES_WITHOUT_FACTS = (
    "Hello, I sent you a short mail and thought a face to the name might help. Glad to connect.",
)

BUMPS = (
    "Did my last mail reach you at a bad moment? I would still like to hear how you handle this at {company}.",
    "A short nudge, in case my note went under. One line is enough, even if the answer is no.",
    "I know how full an inbox gets. Is this worth a short talk for {company}, or shall I leave it?",
    "Bringing this back to the top. Is there somebody at {company} who would be a better person to ask?",
)

BUMP_EXTRAS = (
    "I am happy with one line, whichever way it goes.",
    "If it helps, I can send a few lines on how it would begin, to read whenever you like.",
    "And if this belongs to somebody else on your side, a name is all I need.",
)

CLOSINGS = ("Best,", "Kind regards,", "Thanks,")

BUMP_WITHOUT_FACTS = "Did my last mail reach you?"

LATER_BUMPS = (
    "Still curious about your view. Would it help if I sent an outline made for {company} instead of asking for a call?",
    "One more try from my side: is this a subject for {company} this season, or rather later?",
    "I have not given up on this quite yet. Should I write again later in the year?",
    "A last nudge on this thread. A yes, a no or a name would all help me.",
)

FAREWELL_OPENERS = (
    "I have written a few times and do not want to become a nuisance, so this is my last note for now.",
    "As I have not heard from you, I take it that the moment is not right for {company}, and that is fine.",
    "This is the last you will hear from me on this subject, unless you would like it otherwise.",
)

FAREWELL_MIDDLES = (
    (
        "What I would leave you with is a thought more than an offer: give one group the time to talk about how it works, and"
        " watch what happens in the weeks after. It costs little, and it tells you more than any survey."
    ),
    (
        "If the subject comes back, you will know where to find us. Until then I hope that {company} finds its own way to keep"
        " what people learn from leaving with them."
    ),
    (
        "Should you meet the same question again, in {industry} or elsewhere, I am glad to tell you what we have seen work and"
        " what has not, without any obligation."
    ),
)

FAREWELL_EXTRAS = (
    "There is no need to answer. If you would rather have me ask again later in the year, a single word will do.",
    "And if somebody else at {company} should know about this, feel free to pass my note along.",
    "I will close my notes on this, so nothing more will reach you from my side.",
    "It was a pleasure to learn a little about {company} along the way.",
    "Perhaps our paths cross at another time, on another subject.",
    "Whatever you decide, I hope that the coming months leave you some room for the work that matters to you.",
)

FAREWELL_CLOSINGS = (
    "I wish you and everybody at {company} a good season.",
    "I wish you and your team a good season.",
)

SUBJECTS = (
    "{first}, a thought on learning at {company}",
    "How {company} could learn as one team",
    "An idea for the people at {company}",
    "{company} and the weeks after a workshop",
    "A question about teamwork at {company}",
    "{company}: what stays after the meeting?",
    "What makes change stay at {company}, {first}?",
    "{first}, one question about {company}",
    "A short question on how {company} learns together",
    "{first}, how do new ideas spread at {company}?",
    "For {company}: learning that does stay",
    "{company}: from agreeing to doing it",
    "{company}, and how good habits spread in a team",
    "{first}, what keeps good habits alive?",
    "Keeping good people in {industry}",
    "A thought about how your team learns together",
    "One question about how your team keeps learning",
)

LEFTOVER = "P.S. [Company] came up again in a talk of ours yesterday."

TOO_LONG_SUBJECTS = (
    "A rather long thought about how everybody at {company} could learn together a little more often this season",
    "A rather long thought about how your whole team could learn together a little more often this season",
)

TOO_MUCH = " I would be glad to tell you more about what we do whenever it suits you."

MENTIONS = (
    "You may also like this: {mention}.",
    "That brings me to one more thing: {mention}.",
)

"""Hand-made answers for the checks: a good sequence, and one bad sentence after another, each with the flag it must raise."""

from collections.abc import Mapping

from woodpecker_api.features.sequences.rules import Facts
from woodpecker_api.features.templates.rules import DEFAULT_CONTENT, Brief

SHAPE = DEFAULT_CONTENT.shape
BRIEF = Brief(
    company="Lanternworks",
    product="short practice sessions for new team leads",
    proof_points=(
        "Fernhill Stores cut early exits of new leads by 18% in two quarters",
        "Details: https://lanternworks.example/proof",
    ),
    voice="Warm and direct",
    forbidden_words=("leverage", "game-changer", "quick call"),
)
LEAD: Mapping[str, str] = {
    "email": "renata@tideway.example",
    "first_name": "Renata",
    "last_name": "Okonjo",
    "company": "Tideway Logistics, Inc.",
    "company_nickname": "Tideway",
    "title": "VP People & Culture",
    "industry": "Logistics",
    "city": "Rotterdam",
    "country": "Netherlands",
    "website": "https://www.tideway.example",
    "notes": "Opened 3 depots this spring; see https://blog.tideway.example/depots",
}
FACTS = Facts(lead=LEAD, brief=BRIEF)

GOOD_EMAIL = """\
Hi Renata,

When a logistics company opens new depots, most of the people who run them are leading a team for the first time. I wonder \
whether that is also true at Tideway this year.

The hard part is rarely the rota. It is the first honest talk with somebody who is late for the third time, or who is \
better at the job than you are. Most new leads put that talk off, and the team notices.

At Lanternworks we make short practice sessions for new team leads. They rehearse the talk they have to hold this week, \
alone and in private. At Fernhill Stores early exits of new leads fell by 18% in two quarters.

Is this something you are looking at in Rotterdam, or is somebody else closer to it?"""
GOOD: dict[int, str] = {
    1: "first-time leads in the new depots",
    2: GOOD_EMAIL,
    3: "Hi Renata, I work with people teams who have many first-time leads at once, and your new depots made me curious how you "
    "prepare them. I would be glad to follow what you share here.",
    4: "One thought I left out: the leads who practise a talk once tend to hold it in the same week. Would it be useful if I "
    "sent you the list of talks that new leads practise most?",
    5: """\
Hi Renata,

A different angle from my last note. Most training for new leads happens once, in a room, weeks before they need it. By the \
time the first difficult talk comes, little of it is left.

People who run depots have no hour to spare either. So the sessions we make are short and run in the browser, and each one \
is about one talk that has to be held soon. Your team at Tideway would see which topics are chosen, never who said what.

I do not know how you prepare new leads today, and perhaps it works well. If it does, I would honestly like to hear what \
you do. If it does not, would a look at one session help you judge?""",
    6: "If this is not your topic, who at Tideway looks after new leads in the depots? I would rather ask once than write to "
    "the wrong person.",
    7: """\
Hi Renata,

I have written a few times and will stop here, because I do not want to fill your inbox. If new leads become a topic later, \
a reply to this mail finds me, and I will send one session to look at. I hope the new depots have a calm start.""",
}

IN_EMAIL: tuple[tuple[str, str, str], ...] = (
    # name of the case, what replaces the sentence "I wonder whether that is also true at Tideway this year.", code
    ("mustache", "I wonder about {{company}}.", "forbidden_characters"),
    ("opening braces", "I wonder {{ about Tideway.", "forbidden_characters"),
    ("closing braces", "I wonder }} about Tideway.", "forbidden_characters"),
    ("pipe", "Depots | leads | teams at Tideway.", "forbidden_characters"),
    ("snippet code", "I wonder about {{SNIPPET_4}}.", "forbidden_characters"),
    ("square placeholder", "I wonder about [Company Name].", "placeholder"),
    ("insert placeholder", "I saw [insert recent news] at Tideway.", "placeholder"),
    ("single brace", "I wonder about {company}.", "placeholder"),
    ("percent placeholder", "I wonder about %COMPANY%.", "placeholder"),
    ("dollar placeholder", "I wonder about ${company}.", "placeholder"),
    ("not available", "I know you work in N/A.", "placeholder"),
    ("not available, small", "You lead n/a at Tideway.", "placeholder"),
    ("to be determined", "We meet on TBD.", "placeholder"),
    ("crosses", "You have XX depots.", "placeholder"),
    ("underscores", "You have ____ depots.", "placeholder"),
    ("lorem ipsum", "Lorem ipsum dolor sit amet.", "placeholder"),
    ("undefined", "I wonder about undefined.", "placeholder"),
    ("python none", "You are the None, I hear.", "placeholder"),
    ("field name", "I wonder about first_name.", "placeholder"),
    ("angle placeholder", "I wonder about <Company>.", "markup"),
    ("bold tag", "I wonder about <b>Tideway</b>.", "markup"),
    ("break tag", "I wonder.<br/>About Tideway.", "markup"),
    ("script", "I wonder <script>alert(1)</script> about it.", "markup"),
    ("entity", "People &amp; culture are hard.", "markup"),
    ("comment", "I wonder <!-- about --> it.", "markup"),
    ("markdown bold", "I wonder about **Tideway**.", "markup"),
    ("markdown heading", "\n# Tideway\nI wonder.", "markup"),
    ("markdown code", "I wonder about `Tideway`.", "markup"),
    ("markdown link", "See [our page](https://lanternworks.example/proof).", "markup"),
    ("invented link", "See https://lanternworks.example/free-trial for more.", "invented_link"),
    ("invented host", "See www.lantern-deals.example today.", "invented_link"),
    ("invented bare host", "See lanterns.io for more.", "invented_link"),
    ("link shortener", "See bit.ly/3xYz for more.", "invented_link"),
    ("link of a cell", "See https://blog.tideway.example/depots again.", "link_from_cell"),
    ("invented address", "Write to hello@lanternworks.example instead.", "invented_address"),
    ("their own address", "I have renata@tideway.example for you.", "own_address"),
    ("invented percentage", "Others cut their costs by 35%.", "invented_number"),
    ("invented count", "We work with 400 of your peers.", "invented_number"),
    ("invented money", "It saves $12,000 for each depot.", "invented_number"),
    ("invented year", "We have done this since 2009.", "invented_number"),
    ("invented factor", "It is 3x faster than a seminar.", "invented_number"),
    ("invented phone", "Call me on +31 10 555 0199.", "invented_number"),
    ("number in words", "Thirty companies trust us.", "invented_number"),
    ("percent in words", "It helped forty percent of leads.", "invented_number"),
    ("halved", "Their training time was cut in half.", "invented_number"),
    ("doubled", "They doubled their retention.", "invented_number"),
    ("invented customer", "We did the same for Nestlé last spring.", "invented_name"),
    ("invented customer first", "Siemens saw the same last spring.", "invented_name"),
    ("invented customer's", "Danone's new leads said the same.", "invented_name"),
    ("invented person", "Your colleague Peter Hansen told me so.", "invented_name"),
    ("invented person first", "Peter Hansen told me so.", "invented_name"),
    ("invented acronym", "We learned it at IBM and elsewhere.", "invented_name"),
    ("invented product", "It connects to Workday and others.", "invented_name"),
    ("invented podcast", "I heard you on the Leadership Unplugged podcast.", "invented_name"),
    ("other company", "I wonder whether that is true at Brightwater too.", "invented_name"),
    ("forbidden word", "You can leverage what they know.", "forbidden_word"),
    ("forbidden form", "We are leveraging what they know.", "forbidden_word"),
    ("forbidden phrase", "Would a quick call help?", "forbidden_word"),
    ("forbidden hyphen", "It is a game changer for depots.", "forbidden_word"),
    ("as an AI", "As an AI, I can not know your depots.", "speaks_of_itself"),
    ("language model", "This was written by a language model.", "speaks_of_itself"),
    ("its data", "According to the lead data you run depots.", "speaks_of_itself"),
    ("its prompt", "The system prompt asks me to be brief.", "speaks_of_itself"),
    ("zero-width space", "I wonder\u200b about Tideway.", "unusual_character"),
    ("broken character", "I wonder about Jos\ufffd.", "unusual_character"),
)

WHOLE: tuple[tuple[str, int, str, str], ...] = (
    # name of the case, snippet, its text, code
    ("empty", 2, "", "missing_snippet"),
    ("only spaces", 4, "  \n ", "missing_snippet"),
    ("wrong first name", 2, GOOD_EMAIL.replace("Renata", "Rachel"), "wrong_name"),
    ("there", 2, GOOD_EMAIL.replace("Renata", "there"), "wrong_name"),
    ("team", 2, GOOD_EMAIL.replace("Renata", "Tideway team"), "wrong_name"),
    ("last name as first", 2, GOOD_EMAIL.replace("Renata", "Okonjo"), "wrong_name"),
    ("mister", 2, GOOD_EMAIL.replace("Hi Renata", "Dear Mr Okonjo"), "wrong_name"),
    ("name alone, wrong", 2, GOOD_EMAIL.replace("Hi Renata,", "Rachel,"), "wrong_name"),
    ("name forgotten", 2, GOOD_EMAIL.replace("Hi Renata", "Hi"), "no_name"),
    ("no greeting", 2, GOOD_EMAIL.removeprefix("Hi Renata,\n\n"), "no_greeting"),
    ("note greets another", 3, GOOD[3].replace("Renata", "Rachel"), "wrong_name"),
    ("bump greets another", 4, "Hi Rachel, " + GOOD[4], "wrong_name"),
    ("sign-off with name", 2, GOOD_EMAIL + "\n\nBest,\nTom", "sign_off"),
    ("sign-off alone", 2, GOOD_EMAIL + "\n\nKind regards", "sign_off"),
    ("cheers on the line", 4, GOOD[4] + "\n\nCheers, Tom", "sign_off"),
    ("dashed name", 7, GOOD[7] + "\n— Tom", "sign_off"),
    ("bare name", 5, GOOD[5] + "\n\nTom", "sign_off"),
    ("signature block", 5, GOOD[5] + "\n\nThanks,\nTom Baker\nLanternworks", "sign_off"),
    ("thanks in advance", 6, GOOD[6] + "\nThanks in advance,", "sign_off"),
    ("far too long", 2, GOOD_EMAIL + " I would be glad to hear from you." * 20, "over_limit"),
    ("note over the limit", 3, GOOD[3] + " I mean it." * 20, "over_limit"),
    ("subject over the limit", 1, "first-time leads " * 5, "over_limit"),
    ("far too short", 2, "Hi Renata,\n\nInterested?", "too_short"),
    ("cut off", 2, GOOD_EMAIL.removesuffix(", or is somebody else closer to it?"), "ends_abruptly"),
    (
        "cut off at a comma",
        7,
        GOOD[7].removesuffix(" I hope the new depots have a calm start.") + " I hope,",
        "ends_abruptly",
    ),
    ("subject of two lines", 1, "first-time leads\nin the depots", "subject_line_break"),
    ("subject with its word", 1, "Subject: first-time leads in depots", "subject_prefix"),
    ("feigned reply", 1, "Re: first-time leads in the depots", "fake_reply"),
    ("headline", 1, "Better Talks For First-Time Depot Managers", "title_case"),
    ("the same twice", 5, GOOD_EMAIL, "repeated_text"),
    ("name in the subject", 1, "what Nestlé does for new leads", "invented_name"),
    ("number in the subject", 1, "40% fewer early exits in depots", "invented_number"),
    ("answers the instruction", 2, "Here is the revised email:\n\n" + GOOD_EMAIL, "speaks_of_itself"),
    (
        "refuses in the text",
        4,
        "I cannot write this message because it would be unsolicited. I hope you understand my reasons.",
        "speaks_of_itself",
    ),
)

GOOD_SENTENCES: tuple[str, ...] = (
    # what may stand in place of the same sentence without any warning
    "I wonder whether that is also true at Tideway this year.",
    "I wonder whether Tideway Logistics sees it too.",
    "I wonder whether that is true in the Netherlands too.",
    "You opened 3 depots this spring, so I wonder about yours.",
    "You opened three depots this spring, so I wonder about yours.",
    "Would 15 minutes on Tuesday or Wednesday be too much?",
    "I have 2 quick questions about that.",
    "I saw https://www.tideway.example and wondered.",
    "I saw tideway.example and wondered.",
    "The proof is at https://lanternworks.example/proof, if you want it.",
    "I noticed it on LinkedIn in March.",
    "A VP of People hears about it last, I suppose.",
    "Does your HR team see it in Q3?",
    "If 5 < 6 & 7 > 3 were all we had to know, it would be easy.".replace(
        "5 < 6 & 7 > 3", "costs < gains & gains > hopes"
    ),
    "It’s not easy, and that’s why I’m asking.",
    "Tideway’s depots made me think of it.",
    "Renata, I wonder whether you see it too.",
    "Their first question is always the same: “Was I too hard?”",
    "You may know this already - I only ask.",
    "Companies said the same to us.",
    "What's more, it happens every spring.",
    "The rota is one thing; The team is another.",
    "Depots run 24/7, and new leads with them.",
    "I ask because depots differ (yours may not).",
    "Most leads learn it late. Nobody tells them.",
    "One or two talks decide whether people stay.",
    "P.S. I only ask because of the depots.",
    "Is the CRM or the LMS where you see it?",
    "English or Dutch, the talk is the same.",
)

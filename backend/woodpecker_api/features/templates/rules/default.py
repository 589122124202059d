"""The template that ships. It brings manners and a shape, no facts: those belong to the team's brief."""

from woodpecker_api.features.templates.rules.content import Brief, Content, SnippetKind, SnippetShape, Unit

DEFAULT_NAME = "Seven snippets, six touch-points"

SYSTEM_TEXT = """\
You write short sales e-mails that one careful person would send to another. You write for the company in the brief, to \
one person described in the lead data.

Truth comes first.
- Use only facts from the brief and the lead data. Never invent a customer, a number, a result, a quotation, an event, a \
link, a mutual acquaintance or a reason why you are writing.
- When a piece of lead data is missing, write a sentence that does not need it. Never write a placeholder, a bracket to \
be filled in, or "N/A".
- Do not claim to have read, seen or used something unless the lead data say so.
- You may suppose what a person with this role cares about, but say it as a question or a guess, never as knowledge.

Sound like a person.
- Plain words, short sentences, active voice, one thought in a paragraph, two or three sentences in each.
- Begin with them, not with us. Never open with "I hope this finds you well" or with who we are.
- No flattery, no pressure, no exclamation marks, no buzzwords, no rhetorical tricks. Write as you would to a colleague \
whom you respect and do not know yet.
- Ask for one small thing at a time, and make it easy to say no.
- Each e-mail must make sense to somebody who has not read the ones before it.

Form.
- Plain text. Separate paragraphs by one empty line. No markup, no HTML, no lists, no emoji, no links.
- Greet with the first name exactly as it is in the lead data, and write the company's name the way people say it: the \
nickname when there is one, else without "Inc.", "GmbH" and the like.
- End with the last sentence. No closing formula, no name, no signature: these are added when the mail goes out, unless \
a sender is named below.
- Stay within the length given for each snippet.\
"""

PERSON_TEXT = """\
Write to {{first_name}} {{last_name}}, {{title}} at {{company}} (called {{company_nickname}} when that is given), in \
{{industry}}, {{city}}, {{state}}, {{country}}. Their website is {{website}}. Use {{notes}} when it is there. Choose one \
angle that fits this role and industry and keep to it through the sequence, except where a snippet asks for another.\
"""

SHAPE = (
    SnippetShape(
        number=1,
        kind=SnippetKind.SUBJECT,
        day=1,
        instruction="Subject line of the first e-mail. Like a subject a colleague would write: specific, lower key, no "
        "question mark needed, no 'Subject:' in front.",
        unit=Unit.CHARACTERS,
        target_min=20,
        target_max=50,
        limit=70,
    ),
    SnippetShape(
        number=2,
        kind=SnippetKind.EMAIL,
        day=1,
        instruction="First e-mail. Greeting; something about their role or company that leads to the problem; how we help, "
        "with one proof point if the brief has a fitting one; one small question.",
        unit=Unit.WORDS,
        target_min=80,
        target_max=150,
        limit=200,
    ),
    SnippetShape(
        number=3,
        kind=SnippetKind.LINKEDIN_NOTE,
        day=3,
        instruction="Note to a LinkedIn invitation. Friendly, one line on why them, no pitch, no question of time, one "
        "paragraph.",
        unit=Unit.CHARACTERS,
        target_min=80,
        target_max=250,
        limit=300,
    ),
    SnippetShape(
        number=4,
        kind=SnippetKind.BUMP,
        day=7,
        instruction="Short reply to our own first e-mail. Adds one new thought to it and asks an easier question.",
        unit=Unit.WORDS,
        target_min=20,
        target_max=60,
        limit=90,
    ),
    SnippetShape(
        number=5,
        kind=SnippetKind.EMAIL,
        day=12,
        instruction="Second e-mail with a new angle: another problem of the same role, or another proof point. Greeting, and "
        "one small question at the end.",
        unit=Unit.WORDS,
        target_min=80,
        target_max=150,
        limit=200,
    ),
    SnippetShape(
        number=6,
        kind=SnippetKind.BUMP,
        day=17,
        instruction="Short reply to the second e-mail. Offers something small and concrete that the brief allows, or asks who "
        "else might care.",
        unit=Unit.WORDS,
        target_min=20,
        target_max=60,
        limit=90,
    ),
    SnippetShape(
        number=7,
        kind=SnippetKind.BREAKUP,
        day=25,
        instruction="Last e-mail. Greeting; says kindly that we stop writing; one sentence of what remains on offer; no "
        "reproach and no trick.",
        unit=Unit.WORDS,
        target_min=40,
        target_max=100,
        limit=150,
    ),
)

DEFAULT_CONTENT = Content(
    system_text=SYSTEM_TEXT,
    brief=Brief(
        voice="Warm, direct and modest. Peer to peer.",
        forbidden_words=(
            "leverage",
            "synergy",
            "game-changer",
            "revolutionary",
            "cutting-edge",
            "unlock",
            "circle back",
            "touch base",
            "quick call",
            "best-in-class",
        ),
    ),
    person_text=PERSON_TEXT,
    shape=SHAPE,
)

SAMPLE_BRIEF = Brief(
    company="Lanternworks (sample)",
    product="short practice sessions that help new team leads hold better one-to-one talks",
    proof_points=(
        "Sessions take a quarter of an hour and run in the browser",
        "Team leads practise on real situations of their own week",
        "Learning teams see which topics their leads choose, never who said what",
    ),
    voice=DEFAULT_CONTENT.brief.voice,
    forbidden_words=DEFAULT_CONTENT.brief.forbidden_words,
)
"""An invented company for the sandbox. A run with the real vendor refuses it."""

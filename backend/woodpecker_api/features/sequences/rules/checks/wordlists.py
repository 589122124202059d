"""Words that are written with a capital without being anybody's name, and words with which sentences begin. All folded."""

_CAPITALS = """
i i'm i'd i'll i've monday tuesday wednesday thursday friday saturday sunday january february march april may
june july august september october november december spring summer autumn fall winter christmas easter q1 q2 q3
q4 h1 h2 english german french spanish italian dutch portuguese japanese chinese american british european
australian canadian indian irish swiss austrian danish swedish norwegian finnish polish brazilian mexican
african asian kiwi europe america asia africa australia emea apac dach latam uk us usa eu u.s u.k nz anz ceo cfo
coo cto cmo cro chro cpo cio ciso svp evp vp vps md hr hrbp l&d ld it pr qa r&d rd gtm sdr bdr ae csm pm pmo crm
erp saas b2b b2c roi kpi kpis okr okrs api apis ai ml sla slas sop sops lms lxp ats hris pto dei esg gdpr soc
iso hipaa faq fyi asap ps p.s pps rsvp tldr eta eod eom eoy yoy pdf csv url sms id ok okay tv am usd eur gbp kg
km gb linkedin email e-mail internet web zoom excel slack powerpoint google outlook teams wifi android mr mrs ms
dr prof hi hello hey dear thanks cheers best regards god nps covid dna
"""

_STARTERS = """
a an the and but or so yet nor for if when while as because since although though unless until once whether
where wherever after before during with without within from to at by in on of about over under between across
against among around behind beyond despite into like near off onto out per plus than through toward towards up
upon via i you he she it we they one this that these those there here what who whom whose which why how my your
his her its our their mine yours ours theirs me him us them someone somebody everyone everybody nobody anyone
anybody something everything nothing anything each every either neither both all any some many most much more
less few fewer several other others another such same own only just even also too very quite rather still
already again almost always never often sometimes usually maybe perhaps probably possibly certainly clearly
obviously honestly frankly today tomorrow yesterday now then later soon next last first second third finally
meanwhile recently lately is are was were be been being am do does did done doing have has had having can could
will would shall should may might must let let's lets please thank thanks sorry yes no not don't doesn't didn't
isn't aren't wasn't won't can't couldn't wouldn't shouldn't haven't hasn't it's that's there's here's what's
who's he's she's i'm i've i'd i'll you're you've we're we've they're new old good great better best bad worse
big small large little long short early late high low happy glad curious fair worth true real right wrong hard
easy quick simple sure nice strong busy free ready able leaders leader managers manager teams team companies
company customers customer clients client people person founders founder sellers reps rep buyers buyer users
user employees employee colleagues colleague peers peer folks organisations organizations businesses business
groups group departments department schools hospitals stores agencies training practice learning onboarding
coaching hiring growth change sales marketing support engineering product operations finance work time budget
budgets meetings meeting feedback talks talk sessions session results result numbers research asking answering
building buying calling changing checking choosing closing coming getting giving going growing helping hearing
holding hoping keeping knowing leading leaving letting looking making managing moving noticing offering opening
reaching reading running saying scaling seeing selling sending setting sharing speaking starting stepping taking
talking teaching telling thinking trying turning understanding using waiting wanting watching wondering working
writing given seems guess suppose say think know see feel imagine consider hope want need ask tell send reply
write read look take make keep give get got try start stop find show use run go come put add call reach happens
based anyway besides instead otherwise however therefore moreover congratulations congrats
"""

ORDINARY_CAPITALS = frozenset(_CAPITALS.split())
"""Tools that everybody has are here; a customer's name never is."""

STARTERS = frozenset(_STARTERS.split())
"""Words that begin sentences without naming anybody."""

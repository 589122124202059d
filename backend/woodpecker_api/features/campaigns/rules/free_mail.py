"""Domains whose addresses say nothing about a company."""

# fmt: off
_FREE = frozenset({
    "126.com", "163.com", "aol.com", "aon.at", "arcor.de", "att.net", "bellsouth.net", "bigpond.com", "bluemail.ch",
    "bluewin.ch", "bol.com.br", "btinternet.com", "chello.at", "comcast.net", "cox.net", "duck.com",
    "earthlink.net", "email.cz", "email.de", "fastmail.com", "fastmail.fm", "free.fr", "freenet.de", "gmail.com",
    "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hey.com", "hispeed.ch", "hotmail.co.uk",
    "hotmail.com", "hotmail.de", "hotmail.es", "hotmail.fr", "hotmail.it", "icloud.com", "inbox.lv", "inbox.ru",
    "interia.pl", "kpnmail.nl", "laposte.net", "libero.it", "list.ru", "live.co.uk", "live.com", "live.de",
    "live.fr", "live.nl", "mac.com", "mail.com", "mail.de", "mail.ru", "me.com", "msn.com", "naver.com", "o2.pl",
    "onet.pl", "op.pl", "optonline.net", "orange.fr", "outlook.com", "outlook.de", "outlook.es", "outlook.fr",
    "outlook.it", "pm.me", "poczta.onet.pl", "posteo.de", "proton.me", "protonmail.com", "qq.com", "rediffmail.com",
    "rocketmail.com", "sbcglobal.net", "seznam.cz", "sfr.fr", "sina.com", "sky.com", "skynet.be", "sunrise.ch",
    "t-online.de", "telenet.be", "tiscali.it", "tuta.com", "tutanota.com", "uol.com.br", "verizon.net",
    "virgilio.it", "virginmedia.com", "wanadoo.fr", "web.de", "wp.pl", "yahoo.ca", "yahoo.co.in", "yahoo.co.jp",
    "yahoo.co.uk", "yahoo.com", "yahoo.com.br", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it", "yandex.com",
    "yandex.ru", "ymail.com", "ziggo.nl", "zoho.com",
})
# fmt: on


def is_company_domain(domain: str) -> bool:
    """Whether two people of this domain are likely colleagues. `domain` as `domain_key` gives it."""
    return bool(domain) and domain.lower() not in _FREE

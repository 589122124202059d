/** What a failed test of a connection means, and who can mend it. */

type Words = { title: string; next: string | null; tone: 'red' | 'yellow' }

const away = new Set([
  'vendor_unreachable',
  'deadline_passed',
  'connection_cut',
  'vendor_fault',
  'unreadable_answer',
])

export function connectionWords(name: string, code: string): Words {
  if (code === 'vendor_key_refused') {
    return {
      title: `${name} refuses the key`,
      next: 'It is wrong, expired or withdrawn. Copy it anew from the account’s settings, whole and without spaces, and save it here.',
      tone: 'red',
    }
  }
  if (code === 'vendor_plan_missing') {
    return {
      title: 'The key is right, the plan is not',
      next: 'The account has no API add-on, or its subscription is not active. Its owner adds it in Woodpecker; the key here can stay.',
      tone: 'red',
    }
  }
  if (away.has(code)) {
    return {
      title: `${name} was not reached`,
      next: 'That says nothing about the key. Try again in a minute; if it stays, the server has no way out, or the vendor is down.',
      tone: 'yellow',
    }
  }
  return { title: `${name} does not answer as it should`, next: null, tone: 'red' }
}

/** Which cached lists and pages a change on the server makes old. Keys of queries begin with these names. */
const touches: Record<string, string[]> = {
  account_read: ['campaigns'],
  alert: ['operations', 'home'],
  backup: ['operations'],
  campaign: ['campaigns'],
  do_not_contact: ['do-not-contact', 'leads'],
  export: ['exports', 'history', 'leads', 'home'],
  generation: ['generation', 'review', 'leads', 'home'],
  import: ['imports', 'leads', 'home'],
  lead: ['leads', 'review', 'home'],
  reconciliation: ['operations', 'home'],
  sequence: ['review', 'leads', 'home'],
  settings: ['settings', 'session', 'operations', 'home'],
  erasure: ['erasures', 'leads', 'history', 'home'],
  history: ['history', 'home', 'exports'],
  removal: ['exports', 'home', 'do-not-contact'],
  retention: ['settings', 'history'],
  sender: ['senders'],
  template: ['templates'],
  user: ['accounts', 'session'],
  view: ['views'],
}

/** Queries about one record, whose id is the third part of their key: other records of that kind do not touch them. */
const aboutOne: Record<string, string> = {
  'review/one': 'sequence',
  'review/lead': 'lead',
  'leads/one': 'lead',
  'leads/sequence': 'lead',
  'leads/timeline': 'lead',
  'exports/one': 'export',
  'exports/items': 'export',
  'exports/taking-back': 'export',
  'generation/one': 'generation',
  'generation/failed': 'generation',
  'imports/one': 'import',
  'imports/issues': 'import',
}

/** Kinds that tell of each lead and sequence they change in a change of its own. */
const tellsOfEach = new Set(['lead', 'sequence', 'generation', 'import'])

/** `record` is null when many changed. */
export type Change = { kind: string; record: string | null }

/** Must what is cached under this key be asked for again? Names that the pages do not know touch everything: better once too often than a page that lies. */
export function isTouched(queryKey: readonly unknown[], { kind, record }: Change): boolean {
  const room = String(queryKey[0])
  const rooms = touches[kind]
  if (!rooms) return true
  // Whatever happens leaves a line in the record.
  if (room === 'audit') return true
  if (!rooms.includes(room)) return false
  const subject = aboutOne[`${room}/${String(queryKey[1])}`]
  if (!subject || record === null) return true
  if (kind === subject) return queryKey[2] === record
  return !tellsOfEach.has(kind)
}

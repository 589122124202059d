/** Which cached lists and pages a change on the server makes old. Keys of queries begin with these names. */
const touches: Record<string, string[]> = {
  account_read: ['campaigns'],
  campaign: ['campaigns'],
  do_not_contact: ['do-not-contact', 'leads'],
  export: ['exports', 'history', 'leads', 'home'],
  generation: ['generation', 'review', 'leads', 'home'],
  import: ['imports', 'leads', 'home'],
  lead: ['leads', 'review', 'home'],
  sequence: ['review', 'leads', 'home'],
  settings: ['settings', 'session', 'operations'],
  erasure: ['erasures', 'leads', 'history', 'home'],
  history: ['history', 'home', 'exports'],
  removal: ['exports'],
  retention: ['settings', 'history'],
  template: ['templates'],
  user: ['accounts', 'session'],
  view: ['views'],
}

/** Names that the pages do not know refresh everything: better once too often than a page that lies. */
export function roomsTouchedBy(kind: string): string[] | 'all' {
  const rooms = touches[kind]
  // Whatever happens leaves a line in the record.
  return rooms ? [...rooms, 'audit'] : 'all'
}

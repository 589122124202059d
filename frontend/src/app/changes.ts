/** Which cached lists and pages a change on the server makes old. Keys of queries begin with these names. */
const touches: Record<string, string[]> = {
  lead: ['leads', 'review', 'home'],
  leads: ['leads', 'review', 'home'],
  import: ['imports', 'leads', 'home'],
  imports: ['imports', 'leads', 'home'],
  generation: ['generation', 'home'],
  generations: ['generation', 'home'],
  sequence: ['review', 'leads', 'home'],
  sequences: ['review', 'leads', 'home'],
  export: ['exports', 'home'],
  exports: ['exports', 'home'],
  attempt: ['history'],
  history: ['history'],
  campaign: ['campaigns'],
  campaigns: ['campaigns'],
  template: ['templates'],
  templates: ['templates'],
  user: ['accounts'],
  users: ['accounts'],
  token: ['accounts'],
  setting: ['settings', 'session', 'operations'],
  settings: ['settings', 'session', 'operations'],
  do_not_contact: ['do-not-contact', 'leads'],
  backup: ['operations'],
}

/** Names that the pages do not know refresh everything: better once too often than a page that lies. */
export function roomsTouchedBy(kind: string): string[] | 'all' {
  return touches[kind] ?? 'all'
}

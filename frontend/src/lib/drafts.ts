/** Edits that the server does not have yet, kept in this browser (IndexedDB) so that a closed laptop loses nothing. */

import { createStore, del, entries, set, type UseStore } from 'idb-keyval'
import { useSyncExternalStore } from 'react'

/** `base`: the words that the edits were made on, so that a change by somebody else is told from one's own. */
export type KeptDraft = {
  version: number
  base: Record<number, string>
  texts: Record<number, string>
  savedAt: string
}

// Written when the page goes away, for a database has no time left then.
const LEFT = 'woodpecker-left/'

let database: UseStore | undefined
// What is in the database, for reading without waiting; filled before the first page asks.
const kept = new Map<string, KeptDraft>()
// By key: what the database has not confirmed yet.
const unwritten = new Map<string, KeptDraft>()
const listeners = new Set<() => void>()
let snapshot: readonly string[] = []
let owner = ''

/** Reads what this person left in this browser. Others' drafts stay where they are: they are not theirs to send. */
export async function openDrafts(userId: string): Promise<void> {
  owner = userId
  kept.clear()
  try {
    database ??= createStore('woodpecker', 'drafts')
    for (const [key, draft] of await entries<string, KeptDraft>(database)) {
      const [user, sequenceId] = key.split('/')
      if (user === userId && sequenceId) kept.set(sequenceId, draft)
    }
  } catch {
    // Storage may be forbidden: autosave to the server still runs, and nothing else needs it.
    database = undefined
  }
  for (const [sequenceId, draft] of leftBy(userId)) {
    if (draft.savedAt >= (kept.get(sequenceId)?.savedAt ?? '')) {
      kept.set(sequenceId, draft)
      write(sequenceId, draft)
    }
  }
  tell()
}

export function keepDraft(sequenceId: string, draft: KeptDraft): void {
  const isNew = !kept.has(sequenceId)
  kept.set(sequenceId, draft)
  write(sequenceId, draft)
  if (isNew) tell()
}

export function keptDraft(sequenceId: string): KeptDraft | null {
  return kept.get(sequenceId) ?? null
}

export function dropDraft(sequenceId: string): void {
  if (!kept.delete(sequenceId)) return
  confirm(key(sequenceId))
  if (database) void del(key(sequenceId), database).catch(ignore)
  tell()
}

/** Whose drafts these are. */
export function draftsOwner(): string {
  return owner
}

/** Ids of the sequences with edits that the server does not have. */
export function useKeptDrafts(): readonly string[] {
  return useSyncExternalStore(subscribe, () => snapshot)
}

function write(sequenceId: string, draft: KeptDraft): void {
  const place = key(sequenceId)
  unwritten.set(place, draft)
  if (!database) return
  set(place, draft, database)
    .then(() => unwritten.get(place) === draft && confirm(place))
    .catch(ignore)
}

function confirm(place: string): void {
  unwritten.delete(place)
  try {
    localStorage.removeItem(LEFT + place)
  } catch {
    // Forbidden: then nothing was left there either.
  }
}

/** The last keys before a page is left are still on their way to the database then: this store takes them at once. */
function leave(): void {
  try {
    for (const [place, draft] of unwritten) localStorage.setItem(LEFT + place, JSON.stringify(draft))
  } catch {
    // Full or forbidden: what the database has must do.
  }
}

addEventListener('pagehide', leave)

/** [id of the sequence, draft] of what this person's pages left in a hurry. */
function leftBy(userId: string): [string, KeptDraft][] {
  try {
    const left = Object.entries<string>(localStorage)
    const mine = left.filter(([name]) => name.startsWith(`${LEFT}${userId}/`))
    return mine.map(([name, draft]) => [
      name.slice(name.lastIndexOf('/') + 1),
      JSON.parse(draft) as KeptDraft,
    ])
  } catch {
    return []
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function tell(): void {
  snapshot = [...kept.keys()]
  for (const listener of listeners) listener()
}

function key(sequenceId: string): string {
  return `${owner}/${sequenceId}`
}

function ignore(): void {
  // A full disk or a closed database: the words are still in the page, and on their way to the server.
}

/** The stores of all sequences that were opened since the page was loaded: going on to the next never cuts off a save. */

import type { QueryClient } from '@tanstack/react-query'
import { notifications } from '@mantine/notifications'
import { useSyncExternalStore } from 'react'
import type { SequenceShown } from '@/api'
import { onServerBack } from '@/lib/connection'
import { draftsOwner, dropDraft, keepDraft, keptDraft } from '@/lib/drafts'
import { noteSessionEnd, onSessionBack, sessionHasEnded } from '@/lib/session'
import { saveTexts, sequenceQuery } from './api'
import { DraftStore } from './draft-store'

export type SequenceStore = DraftStore<SequenceShown>

let owner = ''
const stores = new Map<string, SequenceStore>()
const listeners = new Set<() => void>()
let clashing: readonly string[] = []

export function storeOf(client: QueryClient, sequence: SequenceShown): SequenceStore {
  forgetOthers()
  const known = stores.get(sequence.id)
  if (known) return known
  const { id } = sequence
  const created: SequenceStore = new DraftStore<SequenceShown>(
    sequence,
    {
      save: async (version, texts) => {
        if (sessionHasEnded()) return { outcome: 'unreachable' }
        const result = await saveTexts(id, version, texts)
        if (result.outcome !== 'signed_out') return result
        noteSessionEnd()
        return { outcome: 'unreachable' }
      },
      keep: (kept) => {
        if (Object.keys(kept.texts).length === 0) dropDraft(id)
        else keepDraft(id, { ...kept, savedAt: new Date().toISOString() })
      },
      onSaved: (saved, before) => {
        client.setQueryData(sequenceQuery(id).queryKey, saved)
        void client.invalidateQueries({ queryKey: ['review', 'queue'] })
        if (before.status !== saved.status && saved.status === 'draft') sayReturned()
      },
    },
    keptDraft(id),
  )
  stores.set(id, created)
  created.subscribe(noteClashes)
  noteClashes()
  return created
}

/** Somebody else signed in: what the one before typed is not theirs to send. It stays in the browser for its author. */
function forgetOthers(): void {
  if (draftsOwner() === owner) return
  owner = draftsOwner()
  for (const store of stores.values()) store.stop()
  stores.clear()
  noteClashes()
}

export function hasStore(sequenceId: string): boolean {
  return stores.has(sequenceId)
}

/** Everything that waits is sent now: the server is back, or somebody signed in again. */
export function sendWaiting(): void {
  for (const store of stores.values()) {
    if (store.snapshot().phase === 'offline') void store.flush()
  }
}

onServerBack(sendWaiting)
onSessionBack(sendWaiting)

/** Ids of sequences whose edits wait for a person to say what stands. */
export function useClashing(): readonly string[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => clashing,
  )
}

function noteClashes(): void {
  const now = [...stores].filter(([, store]) => store.snapshot().phase === 'conflict').map(([id]) => id)
  if (now.join() === clashing.join()) return
  clashing = now
  for (const listener of listeners) listener()
}

function sayReturned(): void {
  notifications.show({
    id: 'returned-to-draft',
    color: 'yellow.8',
    title: 'Back to review',
    message: 'It had been decided on, and you changed its words: it has to be approved again.',
  })
}

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { SequenceShown } from '@/api'
import { dropDraft, keepDraft, keptDraft } from '@/lib/drafts'
import { saveTexts, sequenceQuery } from './api'
import { type DraftState, DraftStore } from './draft-store'

export type Draft = { store: DraftStore<SequenceShown>; state: DraftState<SequenceShown> }

/** Stores outlive the page, so that going on to the next sequence never cuts off a save. */
const stores = new Map<string, DraftStore<SequenceShown>>()

export function useDraft(sequence: SequenceShown): Draft {
  const client = useQueryClient()
  const store = useMemo(() => {
    const known = stores.get(sequence.id)
    if (known) return known
    const kept = keptDraft(sequence.id)
    const created = new DraftStore<SequenceShown>(
      sequence,
      {
        save: (version, texts) => saveTexts(sequence.id, version, texts),
        keep: (version, edits) => {
          if (Object.keys(edits).length === 0) dropDraft(sequence.id)
          else keepDraft(sequence.id, { version, texts: edits, savedAt: new Date().toISOString() })
        },
        onSaved: (saved) => {
          client.setQueryData(sequenceQuery(saved.id).queryKey, saved)
          void client.invalidateQueries({ queryKey: ['review', 'queue'] })
        },
      },
      kept ? { version: kept.version, edits: kept.texts } : null,
    )
    stores.set(sequence.id, created)
    return created
    // A store belongs to a sequence, not to one state of it: new states come through `receive`.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [sequence.id, client])
  useEffect(() => {
    store.receive(sequence)
  }, [store, sequence])
  return { store, state: useSyncExternalStore(store.subscribe, store.snapshot) }
}

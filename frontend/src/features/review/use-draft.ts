import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { SequenceShown } from '@/api'
import type { DraftState } from './draft-store'
import { type SequenceStore, storeOf } from './drafts-open'

export type Draft = { store: SequenceStore; state: DraftState<SequenceShown> }

export function useDraft(sequence: SequenceShown): Draft {
  const client = useQueryClient()
  // A store belongs to a sequence, not to one state of it: new states come through `receive`.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const store = useMemo(() => storeOf(client, sequence), [sequence.id, client])
  useEffect(() => {
    store.receive(sequence)
  }, [store, sequence])
  return { store, state: useSyncExternalStore(store.subscribe, store.snapshot) }
}

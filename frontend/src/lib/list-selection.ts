import { useCallback, useState } from 'react'

export type ListSelection = {
  has: (id: string) => boolean
  toggle: (id: string) => void
  toggleAll: (ids: string[], on: boolean) => void
  /** Everything that matches the filter, on pages not loaded too. */
  everything: boolean
  chooseEverything: () => void
  clear: () => void
  ids: string[]
}

export type Chosen = { ids: ReadonlySet<string>; everything: boolean }

const NOTHING: Chosen = { ids: new Set(), everything: false }

/** What is ticked in a paged list; starts over when `resetKey` (the filter) changes. */
export function useListSelection(resetKey: string): ListSelection {
  const [{ ids, everything }, setChosen] = useState(NOTHING)
  const [key, setKey] = useState(resetKey)
  const clear = () => setChosen(NOTHING)
  if (key !== resetKey) {
    setKey(resetKey)
    clear()
  }
  // Stays the same, so that a ticked row is the only one that is drawn again.
  const toggle = useCallback(
    (id: string) => setChosen((before) => ticked(before, [id], !before.everything && !before.ids.has(id))),
    [],
  )
  return {
    has: (id) => everything || ids.has(id),
    toggle,
    toggleAll: (some, on) => setChosen((before) => ticked(before, some, on)),
    everything,
    chooseEverything: () => setChosen((before) => ({ ...before, everything: true })),
    clear,
    ids: [...ids],
  }
}

/** One tick ends "everything": what is not on this page is then chosen only where it was ticked. */
export function ticked({ ids }: Chosen, some: string[], on: boolean): Chosen {
  const after = new Set(ids)
  for (const id of some) {
    if (on) after.add(id)
    else after.delete(id)
  }
  return { ids: after, everything: false }
}

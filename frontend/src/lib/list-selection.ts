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

/** What is ticked in a paged list; starts over when `resetKey` (the filter) changes. */
export function useListSelection(resetKey: string): ListSelection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const [everything, setEverything] = useState(false)
  const [key, setKey] = useState(resetKey)
  const clear = () => {
    setIds(new Set())
    setEverything(false)
  }
  if (key !== resetKey) {
    setKey(resetKey)
    clear()
  }
  const change = (changed: string[], on: boolean) => {
    setEverything(false)
    setIds((before) => {
      const after = new Set(before)
      for (const id of changed) {
        if (on) after.add(id)
        else after.delete(id)
      }
      return after
    })
  }
  // Stays the same, so that a ticked row is the only one that is drawn again.
  const toggle = useCallback((id: string) => {
    setEverything(false)
    setIds((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  }, [])
  return {
    has: (id) => everything || ids.has(id),
    toggle,
    toggleAll: change,
    everything,
    chooseEverything: () => setEverything(true),
    clear,
    ids: [...ids],
  }
}

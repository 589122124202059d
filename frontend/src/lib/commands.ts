/** What can be done on the page that is open: shown by the command palette and by the list of keys. */

import { useEffect, useSyncExternalStore } from 'react'

export type Command = { id: string; label: string; keys?: string; run: () => void }

const byOwner = new Map<string, Command[]>()
const listeners = new Set<() => void>()
let snapshot: Command[] = []

/** Offers commands while the component is there. `owner` tells them from those of other components. */
export function useCommands(owner: string, commands: Command[]): void {
  // Each render brings functions that see the newest state.
  useEffect(() => {
    byOwner.set(owner, commands)
    tell()
  })
  useEffect(
    () => () => {
      byOwner.delete(owner)
      tell()
    },
    [owner],
  )
}

export function useOfferedCommands(): Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => snapshot,
  )
}

function tell(): void {
  snapshot = [...byOwner.values()].flat()
  for (const listener of listeners) listener()
}

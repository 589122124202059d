/** Hands what the server told to whoever wants it beside the lists: one stream for all of the page. */

import type { Change } from './changes'

const listeners = new Set<(changes: Change[]) => void>()

export function onChanges(listener: (changes: Change[]) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function tellOf(changes: Change[]): void {
  for (const listener of listeners) listener(changes)
}

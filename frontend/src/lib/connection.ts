/** Whether the server answers: told by every request and by the live updates, shown in one place. */

import { useSyncExternalStore } from 'react'

// A deploy changes servers within this time: nobody needs to read about it.
const PATIENCE_MS = 1500

let answers = true
let doubt: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

/** The server answered, whatever it said. */
export function serverAnswered(): void {
  clearTimeout(doubt)
  doubt = undefined
  set(true)
}

/** A request did not reach it. One such is a hiccup; none that does for a while, is an outage. */
export function serverSilent(): void {
  doubt ??= setTimeout(() => set(false), PATIENCE_MS)
}

/** Calls when the server answers again after it did not. */
export function onServerBack(listener: () => void): () => void {
  return subscribe(() => {
    if (answers) listener()
  })
}

export function useServerAnswers(): boolean {
  return useSyncExternalStore(subscribe, () => answers)
}

function set(now: boolean): void {
  if (now === answers) return
  answers = now
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

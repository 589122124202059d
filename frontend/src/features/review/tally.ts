/** How many this person decided on in this tab today: the progress of a sitting, which the queue alone cannot tell. */

import { useSyncExternalStore } from 'react'

const KEY = 'woodpecker.decided'
const listeners = new Set<() => void>()

export function useDecided(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => read(),
  )
}

export function noteDecided(many: number): void {
  sessionStorage.setItem(KEY, `${today()} ${Math.max(0, read() + many)}`)
  for (const listener of listeners) listener()
}

function read(): number {
  const [day, many] = (sessionStorage.getItem(KEY) ?? '').split(' ')
  return day === today() ? Number(many) : 0
}

function today(): string {
  return new Date().toDateString().replaceAll(' ', '-')
}

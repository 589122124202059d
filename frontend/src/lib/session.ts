import { queryOptions, useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { type SessionAnswer, whoAmI } from '@/api'
import { isStatus } from './problem'

export type Permission = 'read' | 'work' | 'manage' | 'audit' | 'administer'

/** Who is signed in; `null` when nobody is. Every other query may assume somebody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal, client }): Promise<SessionAnswer | null> => {
    try {
      const session = await whoAmI({ signal })
      setEnded(false)
      return session
    } catch (error) {
      if (!isStatus(error, 401)) throw error
      const before = client.getQueryData<SessionAnswer | null>(['session'])
      // Whoever was signed in keeps the page as it stands, under the sign-in: half-filled forms must not be lost.
      if (before) setEnded(true)
      return before ?? null
    }
  },
  staleTime: 60_000,
})

export function useSession(): SessionAnswer | null {
  return useQuery(sessionQuery).data ?? null
}

/** May the person signed in do that? The server decides; this only hides what it would refuse. */
export function useMay(permission: Permission): boolean {
  return useSession()?.permissions.includes(permission) ?? false
}

let ended = false
const listeners = new Set<() => void>()

/** A request was answered with 401 although somebody was signed in. */
export function noteSessionEnd(): void {
  setEnded(true)
}

export function sessionHasEnded(): boolean {
  return ended
}

export function useSessionEnded(): boolean {
  return useSyncExternalStore(subscribe, sessionHasEnded)
}

/** Calls when somebody signed in again after a session ended. */
export function onSessionBack(listener: () => void): () => void {
  return subscribe(() => {
    if (!ended) listener()
  })
}

function setEnded(now: boolean): void {
  if (now === ended) return
  ended = now
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

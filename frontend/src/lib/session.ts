import { queryOptions, useQuery } from '@tanstack/react-query'
import { type SessionAnswer, whoAmI } from '@/api'
import { isStatus } from './problem'

export type Permission = 'read' | 'work' | 'manage' | 'audit' | 'administer'

/** Who is signed in; `null` when nobody is. Every other query may assume somebody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<SessionAnswer | null> => {
    try {
      return await whoAmI({ signal })
    } catch (error) {
      if (isStatus(error, 401)) return null
      throw error
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

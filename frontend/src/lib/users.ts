import { queryOptions, useQuery } from '@tanstack/react-query'
import { type UserAnswer, listUsers } from '@/api'

/** The team: small, seldom changing, and needed wherever an owner is shown. */
export const usersQuery = queryOptions({
  queryKey: ['accounts', 'users'],
  queryFn: async ({ signal }) => (await listUsers({ signal })).items,
  staleTime: 5 * 60_000,
})

// The same each time, for whoever draws again when the team changed.
const NOBODY: UserAnswer[] = []

export function useUsers(): UserAnswer[] {
  return useQuery(usersQuery).data ?? NOBODY
}

export function userName(users: UserAnswer[], id: string | null | undefined): string | null {
  if (!id) return null
  const user = users.find((candidate) => candidate.id === id)
  return user ? user.name || user.email : null
}

export function ownerOptions(users: UserAnswer[], none = true): { value: string; label: string }[] {
  return [
    { value: 'me', label: 'My leads' },
    ...(none ? [{ value: 'none', label: 'Nobody’s' }] : []),
    ...users
      .filter(({ disabled }) => !disabled)
      .map(({ id, name, email }) => ({ value: id, label: name || email })),
  ]
}

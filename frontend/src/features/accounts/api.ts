import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { changeUser, createToken, createUser, listTokens, revokeToken, setPassword } from '@/api'
import { usersQuery } from '@/lib/users'

export type Role = 'admin' | 'manager' | 'rep' | 'viewer'

export const tokensQuery = queryOptions({
  queryKey: ['accounts', 'tokens'],
  queryFn: async ({ signal }) => (await listTokens({ signal })).items,
})

function useRefreshing<Body, Answer>(mutationFn: (body: Body) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess: () => client.invalidateQueries({ queryKey: ['accounts'] }),
    meta: { shown: 'inline' },
  })
}

export function useCreateUser() {
  return useRefreshing((body: { email: string; name: string; role: Role; password: string }) =>
    createUser({ body }),
  )
}

export function useChangeUser() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string; version: number; role?: Role; disabled?: boolean }) =>
      changeUser({ path: { user_id: id }, body }),
    onSettled: () => client.invalidateQueries({ queryKey: usersQuery.queryKey }),
    meta: { failure: 'The user was not changed' },
  })
}

export function useSetPassword() {
  return useRefreshing(({ id, password }: { id: string; password: string }) =>
    setPassword({ path: { user_id: id }, body: { password } }),
  )
}

export function useCreateToken() {
  return useRefreshing((name: string) => createToken({ body: { name } }))
}

export function useRevokeToken() {
  return useRefreshing((id: string) => revokeToken({ path: { token_id: id } }))
}

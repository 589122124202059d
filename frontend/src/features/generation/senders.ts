import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { type SenderChange, listSenders, setSender } from '@/api'

/** Everybody who wrote down how they sign. */
export const sendersQuery = queryOptions({
  queryKey: ['senders'],
  queryFn: async ({ signal }) => (await listSenders({ signal })).items,
})

export function useSetSender(userId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: SenderChange) => setSender({ path: { user_id: userId }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['senders'] }),
    meta: { shown: 'inline' },
  })
}

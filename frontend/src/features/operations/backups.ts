import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { createBackup, listBackups, verifyBackup } from '@/api'
import { idempotencyKey } from '@/lib/idempotency'

export const backupsQuery = queryOptions({
  queryKey: ['operations', 'backups'],
  queryFn: ({ signal }) => listBackups({ signal }),
  // One in the making shows as done soon after it is.
  refetchInterval: ({ state }) =>
    state.data?.items.some(({ status }) => status === 'making') ? 2000 : 60_000,
})

function useRefreshOperations() {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: ['operations'] })
}

export function useCreateBackup() {
  const refresh = useRefreshOperations()
  return useMutation({
    mutationFn: () => createBackup({ headers: { 'idempotency-key': idempotencyKey() } }),
    onSuccess: refresh,
    meta: { failure: 'No backup was begun' },
  })
}

export function useVerifyBackup() {
  const refresh = useRefreshOperations()
  return useMutation({
    mutationFn: (id: string) => verifyBackup({ path: { backup_id: id } }),
    onSuccess: refresh,
    meta: { failure: 'The backup was not checked' },
  })
}

import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { historySummary, listAudit, listHistory, verifyAudit } from '@/api'

export const PAGE = 50

export type HistorySearch = {
  q?: string
  email?: string
  status?: string
  campaign_id?: string
  user?: string
  from?: string
  to?: string
}

export const historyQuery = (search: HistorySearch, cursor: string | undefined) =>
  queryOptions({
    queryKey: ['history', 'list', search, cursor ?? ''],
    queryFn: ({ signal }) =>
      listHistory({ query: { ...search, limit: PAGE, ...(cursor ? { cursor } : {}) }, signal }),
    placeholderData: keepPreviousData,
  })

export const summaryQuery = (search: HistorySearch) =>
  queryOptions({
    queryKey: ['history', 'summary', search],
    queryFn: ({ signal }) => historySummary({ query: search, signal }),
    placeholderData: keepPreviousData,
  })

export const auditQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: ['audit', 'list', cursor ?? ''],
    queryFn: ({ signal }) => listAudit({ query: { limit: PAGE, ...(cursor ? { cursor } : {}) }, signal }),
    placeholderData: keepPreviousData,
  })

export function useVerifyAudit() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => verifyAudit(),
    onSuccess: () => client.invalidateQueries({ queryKey: ['audit'] }),
    meta: { failure: 'The record was not checked' },
  })
}

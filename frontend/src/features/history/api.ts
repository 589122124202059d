import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type AttemptStatus, type ListHistoryData, listHistory, historySummary } from '@/api'

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

function asQuery({ status, ...rest }: HistorySearch): NonNullable<ListHistoryData['query']> {
  return { ...rest, ...(status ? { status: [status as AttemptStatus] } : {}) }
}

export const historyQuery = (search: HistorySearch, cursor: string | undefined) =>
  queryOptions({
    queryKey: ['history', 'list', search, cursor ?? ''],
    queryFn: ({ signal }) =>
      listHistory({ query: { ...asQuery(search), limit: PAGE, ...(cursor ? { cursor } : {}) }, signal }),
    placeholderData: keepPreviousData,
  })

export const summaryQuery = (search: HistorySearch) =>
  queryOptions({
    queryKey: ['history', 'summary', search],
    queryFn: ({ signal }) => historySummary({ query: asQuery(search), signal }),
    placeholderData: keepPreviousData,
  })

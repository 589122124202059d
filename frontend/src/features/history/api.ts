import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type AttemptStatus, type ListHistoryData, listHistory, historySummary, lookUpContact } from '@/api'

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

export const contactQuery = (email: string) =>
  queryOptions({
    queryKey: ['history', 'contact', email],
    queryFn: ({ signal }) => lookUpContact({ path: { email }, signal }),
    retry: false,
  })

/** The one address somebody searches for, if it is one. */
export function wholeAddress(search: HistorySearch): string | null {
  const wanted = (search.email ?? search.q ?? '').trim()
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(wanted) ? wanted : null
}

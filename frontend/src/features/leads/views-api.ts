import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { type ViewAnswer, createView, deleteView, listViews, updateView } from '@/api'
import { leadFilterFrom } from '@/lib/selection'
import { type Raw, compact, text } from '@/lib/search'
import type { LeadsSearch } from './api'

/** What a view of the list keeps: filter, sorting, and the columns that are shown. */
export type LeadView = { search: LeadsSearch; columns: string[] | undefined }

export const viewsQuery = queryOptions({
  queryKey: ['views', 'leads'],
  queryFn: async ({ signal }) => (await listViews({ query: { page: 'leads' }, signal })).items,
})

/** A stored view, whatever an earlier version of the page put into it. */
export function readView({ query }: Pick<ViewAnswer, 'query'>): LeadView {
  const search = (typeof query.search === 'object' && query.search !== null ? query.search : {}) as Raw
  const columns = Array.isArray(query.columns)
    ? query.columns.filter((name): name is string => typeof name === 'string')
    : undefined
  return {
    search: compact({ ...leadFilterFrom(search), sort: text(search, 'sort') }),
    columns,
  }
}

function useChanging<Given, Answer>(mutationFn: (given: Given) => Promise<Answer>, failure: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess: () => client.invalidateQueries({ queryKey: viewsQuery.queryKey }),
    meta: { failure },
  })
}

export function useSaveView() {
  return useChanging(
    ({ name, shared, view }: { name: string; shared: boolean; view: LeadView }) =>
      createView({ body: { page: 'leads', name, shared, query: view } }),
    'The view was not saved',
  )
}

export function useReplaceView() {
  return useChanging(
    ({ saved, view }: { saved: ViewAnswer; view: LeadView }) =>
      updateView({ path: { view_id: saved.id }, body: { version: saved.version, query: view } }),
    'The view was not changed',
  )
}

export function useRemoveView() {
  return useChanging((id: string) => deleteView({ path: { view_id: id } }), 'The view is still there')
}

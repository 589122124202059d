import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { addDoNotContact, importDoNotContact, listDoNotContact, removeDoNotContact } from '@/api'

export const PAGE = 50

export const doNotContactQuery = (q: string | undefined, cursor: string | undefined) =>
  queryOptions({
    queryKey: ['do-not-contact', 'list', q ?? '', cursor ?? ''],
    queryFn: ({ signal }) =>
      listDoNotContact({
        query: { limit: PAGE, ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) },
        signal,
      }),
    placeholderData: keepPreviousData,
  })

function useChanging<Body, Answer>(mutationFn: (body: Body) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess: () => client.invalidateQueries({ queryKey: ['do-not-contact'] }),
    meta: { shown: 'inline' },
  })
}

export function useAdd() {
  return useChanging((body: { value: string; reason: string; until?: string }) => addDoNotContact({ body }))
}

export function useAddList() {
  return useChanging((body: { file: File; list_name: string; replace: boolean }) =>
    importDoNotContact({ body }),
  )
}

export function useRemove() {
  return useChanging((id: string) => removeDoNotContact({ path: { entry_id: id } }))
}

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { erasePerson, getErasure, lookUpDomain, tellWhatIsHeld } from '@/api'

export const companyQuery = (domain: string) =>
  queryOptions({
    queryKey: ['history', 'company', domain],
    queryFn: ({ signal }) => lookUpDomain({ query: { domain }, signal }),
    retry: false,
  })

/** An erasure that was asked for, looked at until its rows are empty. */
export const erasureQuery = (id: string) =>
  queryOptions({
    queryKey: ['erasures', id],
    queryFn: ({ signal }) => getErasure({ path: { erasure_id: id }, signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'waiting' ? 1000 : false),
  })

export function useErase() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (email: string) => erasePerson({ body: { email } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['history'] }),
  })
}

export function useHeld() {
  return useMutation({
    mutationFn: (email: string) => tellWhatIsHeld({ body: { email } }),
    onSuccess: (held) => download(`held-${held.at.slice(0, 10)}.json`, JSON.stringify(held, null, 2)),
  })
}

function download(name: string, text: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}

import { queryOptions } from '@tanstack/react-query'
import { getHome, getStatus, listExports, needsHelp } from '@/api'
import { isOpen } from '@/lib/run-states'

/** How many stand at each step, the same for everybody. */
export const homeQuery = queryOptions({
  queryKey: ['home', 'now'],
  queryFn: ({ signal }) => getHome({ signal }),
})

export const openExportsQuery = queryOptions({
  queryKey: ['exports', 'open'],
  queryFn: async ({ signal }) => {
    const { items } = await listExports({ query: { limit: 20 }, signal })
    return items.filter(({ status }) => isOpen(status))
  },
})

/** Exports that do not get on by themselves, each with the one thing that helps. */
export const needsHelpQuery = queryOptions({
  queryKey: ['exports', 'needs-help'],
  queryFn: ({ signal }) => needsHelp({ signal }),
})

export const alertsQuery = queryOptions({
  queryKey: ['operations', 'status'],
  queryFn: ({ signal }) => getStatus({ signal }),
})

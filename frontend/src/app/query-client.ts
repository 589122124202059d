import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { notifications } from '@mantine/notifications'
import { ApiError, isStatus, toApiError } from '@/lib/problem'
import { noteSessionEnd, sessionQuery } from '@/lib/session'

/** A 401 anywhere means that the session ended: signing in covers the page, which waits beneath as it is. */
function sessionEnded(error: unknown): boolean {
  if (!isStatus(error, 401)) return false
  if (queryClient.getQueryData(sessionQuery.queryKey)) noteSessionEnd()
  return true
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: sessionEnded }),
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      if (sessionEnded(error) || mutation.meta?.shown === 'inline') return
      const problem = toApiError(error)
      notifications.show({
        color: 'red.8',
        title: mutation.meta?.failure ?? 'That did not work',
        message: problem.requestId ? `${problem.message} (${problem.requestId})` : problem.message,
        autoClose: 10_000,
      })
    },
  }),
  defaultOptions: {
    queries: {
      // Without a network a query fails at once and says so; waiting for one would be a spinner without an end.
      networkMode: 'always',
      staleTime: 15_000,
      // What the server refused, it refuses again; what never reached it, is worth two more tries.
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
    // A decision that cannot be sent is taken back and said so, not made at some later time.
    mutations: { networkMode: 'always' },
  },
})

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: {
      /** Who shows the error: `inline` keeps it out of the corner. */
      shown?: 'inline'
      /** Title of the message in the corner. */
      failure?: string
    }
  }
}

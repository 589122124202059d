import { useMutation, useQueryClient } from '@tanstack/react-query'
import {
  type ListingQueueRow,
  approveSequences,
  listSequences,
  rejectSequences,
  returnSequences,
} from '@/api'
import { forgetUndo, sayWithUndo } from '@/components/undo-message'
import { plural } from '@/lib/format'
import { type Query, type QueueSearch, asked, unflagged, useRefresh } from './api'
import { hasLeft, leaves, withoutLeaving } from './leaving'
import { sayNothingToApprove, sayPassedOver } from './messages'
import { noteDecided } from './tally'

/** Takes a decided sequence out of the lists at once; the refetch after its answer puts it back if the server refused. */
function useLeave() {
  const client = useQueryClient()
  return (id: string) => {
    leaves(id)
    client.setQueriesData<ListingQueueRow>(
      { queryKey: ['review', 'queue'] },
      (page) => page && withoutLeaving(page),
    )
  }
}

function useSettle() {
  const refresh = useRefresh()
  return (id: string) => {
    hasLeft(id)
    return refresh()
  }
}

/** Approves what was seen, in the version that was seen. */
export function useApprove() {
  const settle = useSettle()
  const leave = useLeave()
  const takeBack = useTakeBack()
  return useMutation({
    mutationFn: ({ id, version }: { id: string; version: number }) =>
      approveSequences({ body: { selection: { ids: [id] }, versions: { [id]: version } } }),
    onMutate: ({ id }) => {
      forgetUndo()
      leave(id)
    },
    onSuccess: ({ changed, passed_over }, { id }) => {
      if (changed === 0) sayPassedOver(passed_over)
      else {
        noteDecided(1)
        sayWithUndo('Approved', () => {
          noteDecided(-1)
          takeBack.mutate([id])
        })
      }
    },
    onSettled: (_decided, _failed, { id }) => settle(id),
    meta: { failure: 'Not approved' },
  })
}

/** Approves the drafts of the list that nothing is remarked about; recorded as done in bulk. Resolves to their ids. */
export function useApproveUnflagged() {
  const refresh = useRefresh()
  const takeBack = useTakeBack()
  return useMutation({
    mutationFn: async (search: QueueSearch) => {
      // By their ids, not by a filter: exactly what the list holds now, and what Undo has to take back.
      const ids = await idsOf(asked(unflagged(search)))
      if (ids.length === 0) return { ids, changed: 0 }
      const { changed } = await approveSequences({ body: { kind: 'bulk', selection: { ids } } })
      return { ids, changed }
    },
    onSuccess: ({ ids, changed }) => {
      noteDecided(changed)
      if (changed === 0) sayNothingToApprove()
      else
        sayWithUndo(`${plural(changed, 'sequence')} approved`, () => {
          noteDecided(-changed)
          takeBack.mutate(ids)
        })
    },
    onSettled: refresh,
    meta: { failure: 'Not approved' },
  })
}

async function idsOf(query: Query): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | null | undefined
  do {
    const page = await listSequences({ query: { ...query, ...(cursor ? { cursor } : {}) } })
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.next_cursor
  } while (cursor)
  return ids
}

/** Takes decisions back, as long as nothing was exported. */
export function useTakeBack() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (ids: string[]) => returnSequences({ body: { selection: { ids } } }),
    onSettled: refresh,
    meta: { failure: 'Not taken back' },
  })
}

export function useReject() {
  const settle = useSettle()
  const leave = useLeave()
  const takeBack = useTakeBack()
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      rejectSequences({ body: { selection: { ids: [id] }, reason } }),
    onMutate: ({ id }) => {
      forgetUndo()
      leave(id)
    },
    onSuccess: (_decided, { id }) => {
      noteDecided(1)
      sayWithUndo('Sent back', () => {
        noteDecided(-1)
        takeBack.mutate([id])
      })
    },
    onSettled: (_decided, _failed, { id }) => settle(id),
    meta: { failure: 'Not sent back' },
  })
}

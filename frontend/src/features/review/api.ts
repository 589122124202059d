import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import {
  type ListSequencesData,
  type ListingQueueRow,
  type SequenceShown,
  approveSequences,
  editSequence,
  getLead,
  listSequences,
  regenerateSequence,
  rejectSequences,
  returnSequences,
  showSequence,
  showTemplateVersion,
} from '@/api'
import { sayWithUndo } from '@/components/undo-message'
import { idempotencyKey } from '@/lib/idempotency'
import { type ApiError, isStatus, toApiError } from '@/lib/problem'
import { compact } from '@/lib/search'
import type { SaveResult, Texts } from './draft-store'
import { sayPassedOver } from './messages'

export type QueueSearch = {
  status?: 'draft' | 'approved' | 'rejected' | 'exported'
  flagged?: 'yes' | 'no'
  owner?: string
  company?: string
  run_id?: string
  sort?: string
}

const LONGEST = 100

export const queueQuery = ({ status = 'draft', flagged, sort, ...rest }: QueueSearch) =>
  queryOptions({
    queryKey: ['review', 'queue', { status, flagged, sort, ...rest }],
    queryFn: ({ signal }) => {
      const query: NonNullable<ListSequencesData['query']> = {
        ...rest,
        status: [status],
        limit: LONGEST,
        ...(flagged ? { flagged: flagged === 'yes' } : {}),
        ...(sort ? { sort: sort as NonNullable<typeof query.sort> } : {}),
      }
      return listSequences({ query, signal })
    },
    placeholderData: keepPreviousData,
  })

/** The shape a sequence was written to: what each text may measure. */
export const shapeQuery = (templateId: string, version: number) =>
  queryOptions({
    queryKey: ['templates', 'shape', templateId, version],
    queryFn: async ({ signal }) =>
      (await showTemplateVersion({ path: { template_id: templateId, number: version }, signal })).shape,
    staleTime: Number.POSITIVE_INFINITY,
  })

export const sequenceQuery = (sequenceId: string) =>
  queryOptions({
    queryKey: ['review', 'one', sequenceId],
    queryFn: ({ signal }) => showSequence({ path: { sequence_id: sequenceId }, signal }),
  })

export const reviewLeadQuery = (leadId: string) =>
  queryOptions({
    queryKey: ['review', 'lead', leadId],
    queryFn: ({ signal }) => getLead({ path: { lead_id: leadId }, signal }),
  })

/** Saves texts on top of a version, and says what became of it in the words of the draft store. */
export async function saveTexts(
  sequenceId: string,
  version: number,
  texts: Texts,
): Promise<SaveResult<SequenceShown>> {
  const snippets = Object.entries(texts).map(([number, text]) => ({ number: Number(number), text }))
  try {
    const sequence = await editSequence({ path: { sequence_id: sequenceId }, body: { version, snippets } })
    return { outcome: 'saved', sequence }
  } catch (error) {
    const problem = toApiError(error)
    if (isStatus(problem, 409) && problem.code === 'version_conflict') {
      return { outcome: 'conflict', current: await present(sequenceId, problem) }
    }
    // No answer, a restart, or an ended session: the edit waits for better times.
    if (problem.status === 0 || problem.status >= 500 || problem.status === 401)
      return { outcome: 'unreachable' }
    return { outcome: 'refused', error: problem }
  }
}

async function present(sequenceId: string, problem: ApiError): Promise<SequenceShown> {
  const { current } = problem.body
  if (typeof current === 'object' && current !== null && 'snippets' in current)
    return current as SequenceShown
  return showSequence({ path: { sequence_id: sequenceId } })
}

function useRefresh() {
  const client = useQueryClient()
  return () => {
    void client.invalidateQueries({ queryKey: ['leads'] })
    void client.invalidateQueries({ queryKey: ['home'] })
    return client.invalidateQueries({ queryKey: ['review'] })
  }
}

/** Takes a decided sequence out of the lists at once; the refetch that follows puts it back if the server refused. */
function useLeave() {
  const client = useQueryClient()
  return (id: string) =>
    client.setQueriesData<ListingQueueRow>({ queryKey: ['review', 'queue'] }, (page) => {
      if (!page?.items.some((row) => row.id === id)) return page
      return { ...page, items: page.items.filter((row) => row.id !== id), total: page.total - 1 }
    })
}

/** Approves what was seen, in the version that was seen. */
export function useApprove() {
  const refresh = useRefresh()
  const leave = useLeave()
  const takeBack = useTakeBack()
  return useMutation({
    mutationFn: ({ id, version }: { id: string; version: number }) =>
      approveSequences({ body: { selection: { ids: [id] }, versions: { [id]: version } } }),
    onMutate: ({ id }) => leave(id),
    onSuccess: ({ changed, passed_over }, { id }) => {
      if (changed > 0) sayWithUndo('Approved', () => takeBack.mutate([id]))
      else sayPassedOver(passed_over)
    },
    onSettled: refresh,
    meta: { failure: 'Not approved' },
  })
}

/** Approves every draft of the list that nothing is remarked about; recorded as done in bulk. */
export function useApproveUnflagged() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ owner, company }: QueueSearch) =>
      approveSequences({
        body: {
          kind: 'bulk',
          selection: { filter: { status: ['drafted'], ...compact({ owner, company }) } },
        },
      }),
    onSettled: refresh,
    meta: { failure: 'Not approved' },
  })
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
  const refresh = useRefresh()
  const leave = useLeave()
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      rejectSequences({ body: { selection: { ids: [id] }, reason } }),
    onMutate: ({ id }) => leave(id),
    onSettled: refresh,
    meta: { failure: 'Not sent back' },
  })
}

export function useRegenerate() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ id, instruction, numbers }: { id: string; instruction: string; numbers: number[] }) =>
      regenerateSequence({
        path: { sequence_id: id },
        body: { ...(instruction ? { instruction } : {}), ...(numbers.length > 0 ? { numbers } : {}) },
        headers: { 'idempotency-key': idempotencyKey() },
      }),
    onSuccess: refresh,
    meta: { failure: 'Nothing was written anew' },
  })
}

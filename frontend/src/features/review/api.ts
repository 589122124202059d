import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import {
  type SequenceAnswer,
  approveSequences,
  getLead,
  getSequence,
  listSequences,
  regenerateSequence,
  rejectSequences,
  updateSequence,
} from '@/api'
import { idempotencyKey } from '@/lib/idempotency'
import { ApiError, isStatus, toApiError } from '@/lib/problem'
import type { SaveResult, Texts } from './draft-store'

export type QueueSearch = {
  status?: string
  flagged?: string
  owner?: string
  company?: string
  sort?: string
}

export const queueQuery = (search: QueueSearch) =>
  queryOptions({
    queryKey: ['review', 'queue', search],
    queryFn: ({ signal }) => listSequences({ query: { status: 'draft', ...search, limit: 100 }, signal }),
    placeholderData: keepPreviousData,
  })

export const sequenceQuery = (sequenceId: string) =>
  queryOptions({
    queryKey: ['review', 'one', sequenceId],
    queryFn: ({ signal }) => getSequence({ path: { sequence_id: sequenceId }, signal }),
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
): Promise<SaveResult<SequenceAnswer>> {
  const snippets = Object.entries(texts).map(([number, text]) => ({ number: Number(number), text }))
  try {
    const sequence = await updateSequence({ path: { sequence_id: sequenceId }, body: { version, snippets } })
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

async function present(sequenceId: string, problem: ApiError): Promise<SequenceAnswer> {
  const { current } = problem.body
  if (typeof current === 'object' && current !== null && 'snippets' in current)
    return current as SequenceAnswer
  return getSequence({ path: { sequence_id: sequenceId } })
}

function useRefresh() {
  const client = useQueryClient()
  return () => {
    void client.invalidateQueries({ queryKey: ['leads'] })
    return client.invalidateQueries({ queryKey: ['review'] })
  }
}

export function useApprove() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (ids: string[]) => approveSequences({ body: { selection: { ids } } }),
    onSettled: refresh,
    meta: { failure: 'Not approved' },
  })
}

export function useReject() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      rejectSequences({ body: { selection: { ids: [id] }, reason } }),
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
        headers: { 'Idempotency-Key': idempotencyKey() },
      }),
    onSuccess: refresh,
    meta: { failure: 'Nothing was written anew' },
  })
}

/** Approves every draft of the list that nothing is remarked about. */
export function useApproveUnflagged() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (filter: QueueSearch) =>
      approveSequences({
        body: { selection: { filter: { ...filter, status: 'draft', flagged: 'no' } } },
      }),
    onSettled: refresh,
    meta: { failure: 'Not approved' },
  })
}

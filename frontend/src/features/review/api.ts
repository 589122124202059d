import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import {
  type ListSequencesData,
  type SequenceShown,
  editSequence,
  getLead,
  listLeads,
  listSequenceVersions,
  listSequences,
  regenerateSequence,
  restoreSequence,
  showSequence,
  showTemplateVersion,
} from '@/api'
import { idempotencyKey } from '@/lib/idempotency'
import { type ApiError, isStatus, toApiError } from '@/lib/problem'
import type { SaveResult, Texts } from './draft-store'
import { withoutLeaving } from './leaving'

export type QueueSearch = {
  status?: 'draft' | 'approved' | 'rejected' | 'exported'
  flagged?: 'yes' | 'no'
  owner?: string
  company?: string
  run_id?: string
  q?: string
  /** Just these sequences, with dots between: a sample that is being read. */
  only?: string
  sort?: string
}

export type Query = NonNullable<ListSequencesData['query']>

const LONGEST = 100
export const SAMPLE = 20

export function asked({ status = 'draft', flagged, sort, only, ...rest }: QueueSearch): Query {
  return {
    ...rest,
    status: [status],
    limit: LONGEST,
    ...(only ? { only: only.split('.') } : {}),
    ...(flagged ? { flagged: flagged === 'yes' } : {}),
    ...(sort ? { sort: sort as NonNullable<Query['sort']> } : {}),
  }
}

export const queueQuery = (search: QueueSearch) =>
  queryOptions({
    queryKey: ['review', 'queue', asked(search)],
    queryFn: async ({ signal }) => withoutLeaving(await listSequences({ query: asked(search), signal })),
    placeholderData: keepPreviousData,
  })

/** How many drafts of this list have no remarks: what a bulk approval would take. */
export const unflaggedQuery = (search: QueueSearch) =>
  queryOptions({
    queryKey: ['review', 'unflagged', asked(search)],
    queryFn: async ({ signal }) =>
      (await listSequences({ query: { ...asked(unflagged(search)), limit: 1 }, signal })).total,
  })

export function unflagged({ only: _sample, sort: _order, ...search }: QueueSearch): QueueSearch {
  return { ...search, status: 'draft', flagged: 'no' }
}

/** For how many leads Claude is writing now: their drafts come into the queue by themselves. */
export const beingWrittenQuery = queryOptions({
  queryKey: ['review', 'being-written'],
  queryFn: async ({ signal }) =>
    (await listLeads({ query: { status: 'generating', limit: 1 }, signal })).total,
})

/** Some drafts without remarks, drawn at random by the server. */
export async function drawSample(search: QueueSearch): Promise<string[]> {
  const query: Query = { ...asked(unflagged(search)), sort: 'random', limit: SAMPLE }
  return (await listSequences({ query })).items.map(({ id }) => id)
}

/** All versions a sequence ever had, newest first. */
export const versionsQuery = (sequenceId: string, version: number) =>
  queryOptions({
    queryKey: ['review', 'versions', sequenceId, version],
    queryFn: async ({ signal }) =>
      (await listSequenceVersions({ path: { sequence_id: sequenceId }, signal })).items,
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
): Promise<SaveResult<SequenceShown> | { outcome: 'signed_out' }> {
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
    if (problem.status === 401) return { outcome: 'signed_out' }
    if (problem.status === 0 || problem.status >= 500) return { outcome: 'unreachable' }
    return { outcome: 'refused', error: problem }
  }
}

async function present(sequenceId: string, problem: ApiError): Promise<SequenceShown> {
  const { current } = problem.body
  if (typeof current === 'object' && current !== null && 'snippets' in current)
    return current as SequenceShown
  return showSequence({ path: { sequence_id: sequenceId } })
}

/** What a change of a sequence makes old. */
export function useRefresh() {
  const client = useQueryClient()
  return () => {
    void client.invalidateQueries({ queryKey: ['leads'] })
    void client.invalidateQueries({ queryKey: ['home'] })
    return client.invalidateQueries({ queryKey: ['review'] })
  }
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

/** Brings the words of an earlier version back, as a new version. */
export function useRestore(sequenceId: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ version, to }: { version: number; to: number }) =>
      restoreSequence({ path: { sequence_id: sequenceId }, body: { version, to } }),
    onSettled: refresh,
    meta: { failure: 'Not restored' },
  })
}

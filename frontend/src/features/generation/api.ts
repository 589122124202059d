import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import {
  type ContentBody,
  type EstimateShown,
  type RunShown,
  cancelGeneration,
  listGenerationItems,
  listGenerations,
  listTemplates,
  pauseGeneration,
  resumeGeneration,
  retryGeneration,
  showGeneration,
  showTemplate,
  startGeneration,
} from '@/api'
import { idempotencyKey } from '@/lib/idempotency'
import { isOpen, refetchWhile } from '@/lib/run-states'
import type { Selection } from '@/lib/selection'

export type RunChoice = {
  selection: Selection
  template_id?: string
  budget_usd?: string
  mode: 'live' | 'batch'
  /** Only so many of the selection: a run on three shows what the other thousand would look like. */
  first?: number
  sender_user_id?: string
  instruction?: string
  /** The template's content, changed for this run only. */
  content?: ContentBody
}

export const PAGE = 50

export const runsQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: ['generation', 'list', cursor ?? ''],
    queryFn: ({ signal }) =>
      listGenerations({ query: { limit: PAGE, ...(cursor ? { cursor } : {}) }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      refetchWhile(state.data?.items.find(({ status }) => isOpen(status))?.status),
  })

export const generationQuery = (generationId: string) =>
  queryOptions({
    queryKey: ['generation', 'one', generationId],
    queryFn: ({ signal }) => showGeneration({ path: { run_id: generationId }, signal }),
    refetchInterval: ({ state }) => refetchWhile(state.data?.status),
  })

/** What the run would cost and how long it would take; nothing starts. */
export const estimateQuery = (choice: RunChoice) =>
  queryOptions({
    queryKey: ['estimate', choice],
    queryFn: async ({ signal }) =>
      estimateOf(await startGeneration({ body: { ...choice, dry_run: true }, signal })),
    staleTime: 30_000,
    retry: false,
  })

export const templateChoicesQuery = queryOptions({
  queryKey: ['templates', 'choices'],
  queryFn: async ({ signal }) => (await listTemplates({ signal })).items.filter(({ archived }) => !archived),
})

export const templateContentQuery = (templateId: string) =>
  queryOptions({
    queryKey: ['templates', 'content', templateId],
    queryFn: async ({ signal }): Promise<ContentBody> => {
      const { content } = await showTemplate({ path: { template_id: templateId }, signal })
      const { system_text, brief, person_text, shape } = content
      return { system_text, brief, person_text, shape }
    },
  })

/** The first of them; asked for anew when there are more or fewer. */
export const failedItemsQuery = (generationId: string, failed: number) =>
  queryOptions({
    queryKey: ['generation', 'failed', generationId, failed],
    queryFn: ({ signal }) =>
      listGenerationItems({
        path: { run_id: generationId },
        query: { status: ['failed'], limit: 50 },
        signal,
      }),
  })

export function useStartRun() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (choice: RunChoice) =>
      runOf(await startGeneration({ body: choice, headers: { 'idempotency-key': idempotencyKey() } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['leads'] }),
    meta: { shown: 'inline' },
  })
}

const steer = {
  pause: pauseGeneration,
  cancel: cancelGeneration,
  retry: retryGeneration,
}

export function useSteerRun(generationId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (verb: keyof typeof steer) => {
      await steer[verb]({ path: { run_id: generationId } })
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['generation'] }),
  })
}

/** Goes on; a run that its budget has stopped needs a larger one. */
export function useResumeRun(generationId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (budget: string | null) =>
      resumeGeneration({
        path: { run_id: generationId },
        ...(budget === null ? {} : { body: { budget_usd: budget } }),
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['generation'] }),
    meta: { failure: 'Writing does not go on' },
  })
}

/** One address answers both: an estimate to a dry run, a run otherwise. */
function estimateOf(answer: EstimateShown | RunShown): EstimateShown {
  if ('estimated' in answer && 'leads' in answer) return answer
  throw new TypeError('a dry run was answered with a run')
}

function runOf(answer: EstimateShown | RunShown): RunShown {
  if ('id' in answer) return answer
  throw new TypeError('a run was answered with an estimate')
}

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import {
  cancelGeneration,
  createGeneration,
  getGeneration,
  listLeads,
  listTemplates,
  pauseGeneration,
  resumeGeneration,
} from '@/api'
import { idempotencyKey } from '@/lib/idempotency'
import { refetchWhile } from '@/lib/run-states'
import type { Selection } from '@/lib/selection'

export type RunChoice = {
  selection: Selection
  template_id?: string
  budget_usd?: string
  mode: 'live' | 'batch'
}

export const generationQuery = (generationId: string) =>
  queryOptions({
    queryKey: ['generation', 'one', generationId],
    queryFn: ({ signal }) => getGeneration({ path: { generation_id: generationId }, signal }),
    refetchInterval: ({ state }) => refetchWhile(state.data?.status),
  })

/** What the run would cost and how long it would take; nothing starts. */
export const estimateQuery = (choice: RunChoice) =>
  queryOptions({
    queryKey: ['generation', 'estimate', choice],
    queryFn: ({ signal }) => createGeneration({ body: { ...choice, dry_run: true }, signal }),
    staleTime: 30_000,
    retry: false,
  })

export const templateChoicesQuery = queryOptions({
  queryKey: ['templates', 'choices'],
  queryFn: async ({ signal }) => (await listTemplates({ signal })).items.filter(({ archived }) => !archived),
})

export function useStartRun() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (choice: RunChoice) =>
      createGeneration({ body: choice, headers: { 'Idempotency-Key': idempotencyKey() } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['leads'] }),
    meta: { shown: 'inline' },
  })
}

/** The ids of the first few leads of a selection: a run on three shows what the other thousand would look like. */
export async function firstIds(selection: Selection, howMany: number): Promise<Selection> {
  if ('ids' in selection) return { ids: selection.ids.slice(0, howMany) }
  const { items } = await listLeads({ query: { ...selection.filter, limit: howMany } })
  return { ids: items.map(({ id }) => id) }
}

const steer = { pause: pauseGeneration, resume: resumeGeneration, cancel: cancelGeneration }

export function useSteerRun(generationId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (verb: keyof typeof steer) => steer[verb]({ path: { generation_id: generationId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['generation'] }),
  })
}

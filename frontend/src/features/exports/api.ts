import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import {
  type Collision,
  type ExportAnswer,
  type ListItemsData,
  type PlanAnswer,
  type Reason,
  cancel,
  createExport,
  getExport,
  getFit,
  getRead,
  getTexts,
  listCampaigns,
  listExports,
  listItems,
  listPlanItems,
  pause,
  refresh,
  resume,
  retry,
  tickChecklist,
  undo,
} from '@/api'
import { idempotencyKey } from '@/lib/idempotency'
import { refetchWhile } from '@/lib/run-states'
import type { Selection } from '@/lib/selection'

export const PAGE = 50
type ItemStatus = NonNullable<NonNullable<ListItemsData['query']>['status']>[number]

export const campaignsQuery = queryOptions({
  queryKey: ['campaigns', 'list'],
  queryFn: ({ signal }) => listCampaigns({ signal }),
})

export const exportsQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: ['exports', 'list', cursor ?? ''],
    queryFn: ({ signal }) => listExports({ query: { limit: PAGE, ...(cursor ? { cursor } : {}) }, signal }),
    placeholderData: keepPreviousData,
  })

export const exportQuery = (exportId: string) =>
  queryOptions({
    queryKey: ['exports', 'one', exportId],
    queryFn: ({ signal }) => getExport({ path: { export_id: exportId }, signal }),
    refetchInterval: ({ state }) => refetchWhile(state.data?.status),
  })

export const itemsQuery = (exportId: string, status: string | undefined, cursor: string | undefined) =>
  queryOptions({
    queryKey: ['exports', 'items', exportId, status ?? '', cursor ?? ''],
    queryFn: ({ signal }) =>
      listItems({
        path: { export_id: exportId },
        query: {
          limit: PAGE,
          ...(status ? { status: [status as ItemStatus] } : {}),
          ...(cursor ? { cursor } : {}),
        },
        signal,
      }),
    placeholderData: keepPreviousData,
  })

export type Override = { lead_id: string; codes: Collision[]; note: string }
export type PlanChoice = {
  campaign_id: string
  selection: Selection
  overrides: Override[]
  send_after: string | null
}

/** What would happen, person by person; nothing is sent. */
export function usePlan() {
  return useMutation({
    mutationFn: async (choice: PlanChoice) =>
      planOf(await createExport({ body: { ...choice, confirm_sending: false, dry_run: true } })),
    meta: { shown: 'inline' },
  })
}

/** Runs exactly the plan that was shown. */
export function useStartExport() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (body: { campaign_id: string; plan_id: string; confirm_sending: boolean }) =>
      exportOf(await createExport({ body, headers: { 'idempotency-key': idempotencyKey() } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['exports'] }),
    meta: { shown: 'inline' },
  })
}

export function useRefreshCampaigns() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => refresh({ body: { kind: 'campaigns' } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['campaigns'] }),
    meta: { failure: 'Woodpecker was not asked' },
  })
}

export const fitQuery = (campaignId: string, templateId: string) =>
  queryOptions({
    queryKey: ['campaigns', 'fit', campaignId, templateId],
    queryFn: ({ signal }) =>
      getFit({ path: { campaign_id: campaignId }, query: { template_id: templateId }, signal }),
  })

export const textsQuery = (templateId: string) =>
  queryOptions({
    queryKey: ['campaigns', 'texts', templateId],
    queryFn: ({ signal }) => getTexts({ query: { template_id: templateId }, signal }),
  })

/** What somebody compared in Woodpecker, remembered for this campaign and this version of the template. */
export function useTick(campaignId: string, templateId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (ticked: string[]) =>
      tickChecklist({ path: { campaign_id: campaignId }, body: { template_id: templateId, ticked } }),
    onSuccess: (fit) => client.setQueryData(fitQuery(campaignId, templateId).queryKey, fit),
    meta: { failure: 'The list was not saved' },
  })
}

/** Asks the worker to read the campaign's steps; the answer comes as a change of the campaign. */
export function useReadSteps(campaignId: string) {
  return useMutation({
    mutationFn: async () => {
      let read = await refresh({ body: { kind: 'steps', campaign_id: campaignId } })
      // The worker takes a page of somebody else's first at most; a minute is more than it ever needed.
      for (let turn = 0; turn < 60 && read.status === 'waiting'; turn += 1) {
        await new Promise((done) => setTimeout(done, 1000))
        read = await getRead({ path: { read_id: read.id } })
      }
      if (read.status !== 'done') throw new Error(read.error ?? 'Woodpecker has not answered yet.')
      return read
    },
    meta: { failure: 'The steps were not read' },
  })
}

const steer = { pause, cancel, retry, undo }
export type ExportVerb = keyof typeof steer

export function useSteerExport(exportId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (verb: ExportVerb) => steer[verb]({ path: { export_id: exportId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['exports'] }),
  })
}

/** Goes on; a campaign that sends must be confirmed again when it changed meanwhile. */
export function useResumeExport(exportId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (confirmSending: boolean) =>
      resume({ path: { export_id: exportId }, body: { confirm_sending: confirmSending } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['exports'] }),
    meta: { failure: 'The export does not go on' },
  })
}

/** `shown`: a decision, `collides` for all of whom something is to be said, or everybody. */
export const planItemsQuery = (planId: string, shown: string | undefined, cursor: string | undefined) =>
  queryOptions({
    queryKey: ['plan', planId, shown ?? '', cursor ?? ''],
    queryFn: ({ signal }) =>
      listPlanItems({
        path: { plan_id: planId },
        query: {
          limit: PAGE,
          ...(shown === 'collides' ? { collides: true, decision: 'new' as const } : {}),
          ...(shown && shown !== 'collides' ? { decision: shown as Reason } : {}),
          ...(cursor ? { cursor } : {}),
        },
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY, // a plan never changes
  })

/** One address answers both: a plan to a dry run, an export otherwise. */
function planOf(answer: ExportAnswer | PlanAnswer): PlanAnswer {
  if ('items_total' in answer) return answer
  throw new TypeError('a dry run was answered with an export')
}

function exportOf(answer: ExportAnswer | PlanAnswer): ExportAnswer {
  if ('id' in answer) return answer
  throw new TypeError('an export was answered with a plan')
}

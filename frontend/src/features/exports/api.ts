import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import {
  cancelExport,
  createExport,
  getCampaignFit,
  getExport,
  listCampaigns,
  listExportItems,
  listExports,
  pauseExport,
  refreshCampaigns,
  resumeExport,
  retryExport,
} from '@/api'
import { idempotencyKey } from '@/lib/idempotency'
import { refetchWhile } from '@/lib/run-states'
import type { Selection } from '@/lib/selection'

export const PAGE = 50

export const campaignsQuery = queryOptions({
  queryKey: ['campaigns', 'list'],
  queryFn: ({ signal }) => listCampaigns({ signal }),
})

export const fitQuery = (campaignId: string) =>
  queryOptions({
    queryKey: ['campaigns', 'fit', campaignId],
    queryFn: ({ signal }) => getCampaignFit({ path: { campaign_id: campaignId }, signal }),
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
      listExportItems({
        path: { export_id: exportId },
        query: { limit: PAGE, ...(status ? { status } : {}), ...(cursor ? { cursor } : {}) },
        signal,
      }),
    placeholderData: keepPreviousData,
  })

export type PlanChoice = { campaign_id: string; selection: Selection }

/** What would happen, person by person; nothing is sent. */
export function usePlan() {
  return useMutation({
    mutationFn: (choice: PlanChoice) =>
      createExport({ body: { ...choice, confirm_sending: false, dry_run: true } }),
    meta: { shown: 'inline' },
  })
}

/** Runs exactly the plan that was shown. */
export function useStartExport() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { campaign_id: string; plan_id: string; confirm_sending: boolean }) =>
      createExport({ body, headers: { 'Idempotency-Key': idempotencyKey() } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['exports'] }),
    meta: { shown: 'inline' },
  })
}

export function useRefreshCampaigns() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => refreshCampaigns(),
    onSuccess: () => client.invalidateQueries({ queryKey: ['campaigns'] }),
    meta: { failure: 'Woodpecker was not asked' },
  })
}

const steer = { pause: pauseExport, resume: resumeExport, cancel: cancelExport, retry: retryExport }

export function useSteerExport(exportId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (verb: keyof typeof steer) => steer[verb]({ path: { export_id: exportId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['exports'] }),
  })
}

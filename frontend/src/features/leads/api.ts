import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import {
  type LeadAnswer,
  type LeadChange as VersionedLeadChange,
  restoreLead,
  bulkLeads,
  deleteLead,
  getLead,
  showSequenceOfLead,
  getLeadTimeline,
  listLeads,
  updateLead,
} from '@/api'
import { isStatus } from '@/lib/problem'
import { type LeadFilter, type Selection, filterParams } from '@/lib/selection'

export const PAGE = 50
export type LeadsSearch = LeadFilter & { sort?: string }

export const leadsQuery = (search: LeadsSearch, cursor: string | undefined) =>
  queryOptions({
    queryKey: ['leads', 'list', search, cursor ?? ''],
    queryFn: ({ signal }) =>
      listLeads({ query: { ...filterParams(search), limit: PAGE, ...(cursor ? { cursor } : {}) }, signal }),
    placeholderData: keepPreviousData,
  })

export const leadQuery = (leadId: string) =>
  queryOptions({
    queryKey: ['leads', 'one', leadId],
    queryFn: ({ signal }) => getLead({ path: { lead_id: leadId }, signal }),
  })

export const timelineQuery = (leadId: string) =>
  queryOptions({
    queryKey: ['leads', 'timeline', leadId],
    queryFn: ({ signal }) => getLeadTimeline({ path: { lead_id: leadId }, signal }),
  })

/** The sequence of a lead; `null` while nobody wrote one. */
export const leadSequenceQuery = (leadId: string) =>
  queryOptions({
    queryKey: ['leads', 'sequence', leadId],
    queryFn: async ({ signal }) => {
      try {
        return await showSequenceOfLead({ path: { lead_id: leadId }, signal })
      } catch (error) {
        if (isStatus(error, 404)) return null
        throw error
      }
    },
  })

export type LeadChange = Omit<VersionedLeadChange, 'version'>

export function useChangeLead(lead: LeadAnswer) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (change: LeadChange) =>
      updateLead({ path: { lead_id: lead.id }, body: { ...change, version: lead.version } }),
    onSuccess: (after) => {
      client.setQueryData(leadQuery(lead.id).queryKey, after)
      return client.invalidateQueries({ queryKey: ['leads'] })
    },
    onError: (error) => {
      // Somebody was faster: show what is there now, the message says so.
      if (isStatus(error, 409)) void client.invalidateQueries({ queryKey: ['leads', 'one', lead.id] })
    },
    meta: { shown: 'inline' },
  })
}

export function useDeleteLead(leadId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => deleteLead({ path: { lead_id: leadId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['leads', 'list'] }),
    meta: { failure: 'The lead was not deleted' },
  })
}

export type BulkAction =
  | { action: 'assign'; owner_id: string | null }
  | { action: 'delete' }
  | { action: 'restore'; deleted_at?: string }
  | { action: 'tag'; add: string[]; remove: string[] }
  | { action: 'do_not_contact'; reason: string }

export function useBulk() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: BulkAction & { selection: Selection }) => bulkLeads({ body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['leads'] }),
    meta: { failure: 'Nothing was changed' },
  })
}

export function useRestoreLead() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (leadId: string) => restoreLead({ path: { lead_id: leadId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['leads'] }),
    meta: { failure: 'The lead did not come back' },
  })
}

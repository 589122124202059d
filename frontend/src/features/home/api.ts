import { queryOptions } from '@tanstack/react-query'
import { listExports, listLeads, listSequences } from '@/api'
import { isOpen } from '@/lib/run-states'

export type Standing = {
  total: number
  new: number
  drafts: number
  approved: number
  inCampaign: number
  needHelp: number
}

async function leadsWith(status: string | undefined, signal: AbortSignal): Promise<number> {
  const page = await listLeads({ query: { limit: 1, ...(status ? { status } : {}) }, signal })
  return page.total
}

/** How many stand at each step; the counts of the lists themselves, so that both always agree. */
export const standingQuery = queryOptions({
  queryKey: ['home', 'standing'],
  queryFn: async ({ signal }): Promise<Standing> => {
    const [total, fresh, drafts, approved, inCampaign, needHelp] = await Promise.all([
      leadsWith(undefined, signal),
      leadsWith('imported', signal),
      listSequences({ query: { status: ['draft'], limit: 1 }, signal }),
      leadsWith('approved', signal),
      leadsWith('exported', signal),
      leadsWith('failed', signal),
    ])
    return { total, new: fresh, drafts: drafts.total, approved, inCampaign, needHelp }
  },
})

export const openExportsQuery = queryOptions({
  queryKey: ['home', 'exports'],
  queryFn: async ({ signal }) => {
    const { items } = await listExports({ query: { limit: 20 }, signal })
    return items.filter(({ status, counts }) => isOpen(status) || counts.failed > 0)
  },
})

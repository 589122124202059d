/** A choice of leads that travels in an address: by ids, or by the filter of the list. */

import type { LeadStatus, Selection } from '@/api'
import { type Raw, compact, text } from './search'

export const leadFilterNames = [
  'q',
  'status',
  'owner',
  'import_id',
  'company',
  'title',
  'campaign_id',
] as const
export type LeadFilter = Partial<Record<(typeof leadFilterNames)[number], string>>

export type SelectionSearch = LeadFilter & { ids?: string; expected?: number }

export type { Selection }

export function leadFilterFrom(raw: Raw): LeadFilter {
  return compact(Object.fromEntries(leadFilterNames.map((name) => [name, text(raw, name)])) as LeadFilter)
}

export function selectionSearchFrom(raw: Raw): SelectionSearch {
  const expected = Number(raw.expected)
  return compact({
    ...leadFilterFrom(raw),
    ids: text(raw, 'ids'),
    expected: Number.isInteger(expected) && expected > 0 ? expected : undefined,
  })
}

/** What the API calls a selection. Ids win over a filter; several states stand in an address with commas. */
export function toSelection({ ids, expected, status, ...filter }: SelectionSearch): Selection {
  if (ids) return { ids: ids.split(',').filter(Boolean) }
  return {
    filter: compact({ ...filter, status: status ? (status.split(',') as LeadStatus[]) : undefined }),
    ...(expected ? { expected_count: expected } : {}),
  }
}

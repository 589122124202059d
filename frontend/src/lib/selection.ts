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
  'tag',
  'custom',
  'deleted',
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

/** `shoe:7` in an address: a custom field and its value; without a value: whoever has the field filled. */
export function customFilter(custom: string | undefined): [name: string, value: string] | undefined {
  if (!custom) return undefined
  const colon = custom.indexOf(':')
  return colon < 0 ? [custom, ''] : [custom.slice(0, colon), custom.slice(colon + 1)]
}

/** The filter as the list's address takes it: a custom field is a parameter of its own. */
export function filterParams({ custom, ...filter }: LeadFilter & { sort?: string }): Record<string, string> {
  const field = customFilter(custom)
  return {
    ...(compact(filter) as Record<string, string>),
    ...(field ? { [`custom.${field[0]}`]: field[1] } : {}),
  }
}

/** What the API calls a selection. Ids win over a filter; several states stand in an address with commas. */
export function toSelection({
  ids,
  expected,
  status,
  custom,
  deleted,
  ...filter
}: SelectionSearch): Selection {
  if (ids) return { ids: ids.split(',').filter(Boolean) }
  const field = customFilter(custom)
  return {
    filter: compact({
      ...filter,
      status: status ? (status.split(',') as LeadStatus[]) : undefined,
      custom: field ? { [field[0]]: field[1] } : undefined,
      deleted: deleted ? true : undefined,
    }),
    ...(expected ? { expected_count: expected } : {}),
  }
}

import type { ColumnAnswer } from '@/api'
import { humanise, leadFieldWords } from '@/lib/words'
import type { Mapping } from './api'

/** What the API calls a column that is left out; a column mapped to nothing is kept as an extra one. */
export const IGNORE = 'ignore'
export const KEEP = 'keep'

const asked = [
  'email',
  'first_name',
  'last_name',
  'full_name',
  'company',
  'title',
  'phone',
  'website',
  'linkedin_url',
  'industry',
  'address',
  'city',
  'state',
  'country',
  'time_zone',
  'tags',
]

export function toMapping(columns: ColumnAnswer[]): Mapping {
  return Object.fromEntries(columns.map(({ name, field }) => [name, field]))
}

/** What must be said before the file can be imported. */
export function missingFields(columns: ColumnAnswer[]): string[] {
  const fields = new Set(columns.map(({ field }) => field))
  const missing: string[] = []
  if (!fields.has('email')) missing.push('Say which column holds the e-mail address.')
  if (!fields.has('first_name') && !fields.has('full_name')) {
    missing.push('Say which column holds the first name or the full name.')
  }
  return missing
}

/** Choices for one column: every field, and whatever it is mapped to now (a snippet, an extra column by name). */
export function fieldChoices(current: string | null): { value: string; label: string }[] {
  const choices = [
    { value: KEEP, label: 'Keep as extra column' },
    { value: IGNORE, label: 'Leave out' },
    ...asked.map((value) => ({ value, label: fieldLabel(value) })),
  ]
  if (current !== null && !choices.some(({ value }) => value === current)) {
    choices.push({ value: current, label: fieldLabel(current) })
  }
  return choices
}

/** Fields that no column becomes yet. A full name is offered only while no first name is there. */
export function openFields(columns: ColumnAnswer[]): string[] {
  const taken = new Set(columns.map(({ field }) => field))
  const named = taken.has('first_name') || taken.has('full_name')
  return asked.filter((field) => !taken.has(field) && !(field === 'full_name' && named))
}

export function fieldLabel(field: string): string {
  if (field.startsWith('custom.')) return `Extra column “${field.slice('custom.'.length)}”`
  if (field.startsWith('snippet_')) return `Text ${field.slice('snippet_'.length)}`
  return leadFieldWords[field] ?? humanise(field)
}

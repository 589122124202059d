import type { LeadAnswer, UserAnswer } from '@/api'
import type { Column } from '@/components/data-table'
import { RowLink } from '@/components/links'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { userName } from '@/lib/users'
import { type Word, humanise, leadFieldWords, leadStatusWords, wordFor } from '@/lib/words'
import classes from './leads.module.css'

export function leadName({
  first_name,
  last_name,
  email,
}: Pick<LeadAnswer, 'first_name' | 'last_name' | 'email'>): string {
  return `${first_name} ${last_name}`.trim() || email
}

export const DEFAULT_COLUMNS = ['name', 'company', 'status', 'owner', 'updated']
const plain = ['phone', 'website', 'industry', 'address', 'city', 'state', 'country', 'time_zone'] as const
export const CUSTOM = 'custom.'
const SAMPLE: Word = { label: 'Sample', tone: 'neutral' }

/** Every column that can be shown: our own, every field, and the custom fields that are met. */
export function columnChoices(customs: string[], shown: string[]): { key: string; label: string }[] {
  const met = new Set(customs.map((name) => `${CUSTOM}${name}`))
  for (const name of shown) if (name.startsWith(CUSTOM)) met.add(name)
  return [
    ...leadColumns([]).map(({ key, header }) => ({ key, label: header })),
    ...[...met].sort().map((key) => ({ key, label: humanise(key.slice(CUSTOM.length)) })),
  ]
}

export function tagsOf(leads: LeadAnswer[]): string[] {
  return [...new Set(leads.flatMap(({ tags }) => tags))].sort()
}

/** The columns that are chosen, custom fields included. The name always leads to the lead, so it stays. */
export function shownColumns(users: UserAnswer[], shown: string[]): Column<LeadAnswer>[] {
  const ours = leadColumns(users).filter(({ key }) => key === 'name' || shown.includes(key))
  const custom = shown.filter((key) => key.startsWith(CUSTOM)).map((key) => key.slice(CUSTOM.length))
  return [
    ...ours,
    ...custom.map((name) => ({
      key: `${CUSTOM}${name}`,
      header: humanise(name),
      from: 'sm' as const,
      cell: (lead: LeadAnswer) => <Cut value={textOf(lead.custom[name])} />,
    })),
  ]
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Plain elements: these stand in each of fifty rows, and rows follow the search as it is typed. */
function Cut({ value }: { value: string }) {
  return (
    <div className={`cut ${classes.line}`} title={value}>
      {value || '–'}
    </div>
  )
}

function Under({ value }: { value: string }) {
  return (
    <div className={`cut ${classes.under}`} title={value}>
      {value}
    </div>
  )
}

function leadColumns(users: UserAnswer[]): Column<LeadAnswer>[] {
  return [
    {
      key: 'name',
      header: 'Name',
      sort: 'name',
      cell: (lead) => (
        <>
          <div className={classes.name}>
            <RowLink to={{ to: '/leads/$leadId', params: { leadId: lead.id } }} title={leadName(lead)}>
              {leadName(lead)}
            </RowLink>
            {lead.sandbox ? <StatusBadge word={SAMPLE} /> : null}
          </div>
          <Under value={lead.email} />
        </>
      ),
    },
    {
      key: 'company',
      header: 'Company',
      sort: 'company',
      from: 'sm',
      cell: ({ company, title }) => (
        <>
          <Cut value={company} />
          <Under value={title} />
        </>
      ),
    },
    {
      key: 'email',
      header: 'E-mail',
      sort: 'email',
      from: 'sm',
      cell: ({ email }) => <Cut value={email} />,
    },
    {
      key: 'tags',
      header: 'Tags',
      from: 'sm',
      cell: ({ tags }) => <Cut value={tags.join(', ')} />,
    },
    {
      key: 'status',
      sort: 'status',
      header: 'Status',
      width: 140,
      cell: ({ status }) => <StatusBadge word={wordFor(leadStatusWords, status)} />,
    },
    {
      key: 'owner',
      header: 'Owner',
      width: 160,
      from: 'md',
      cell: ({ owner_id }) => <Cut value={userName(users, owner_id) ?? ''} />,
    },
    {
      key: 'updated',
      header: 'Changed',
      sort: 'updated',
      width: 150,
      from: 'lg',
      cell: ({ updated_at }) => (
        <span className={classes.dim}>
          <Time at={updated_at} />
        </span>
      ),
    },
    ...plain.map((name) => ({
      key: name,
      header: leadFieldWords[name] ?? name,
      from: 'sm' as const,
      cell: (lead: LeadAnswer) => <Cut value={lead[name]} />,
    })),
  ]
}

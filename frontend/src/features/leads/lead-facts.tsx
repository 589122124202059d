import { Anchor } from '@mantine/core'
import type { ReactNode } from 'react'
import type { LeadAnswer } from '@/api'
import { FactList } from '@/components/fact-list'
import { Panel } from '@/components/panel'
import { Time } from '@/components/time'
import { userName, useUsers } from '@/lib/users'
import { humanise, leadFieldWords } from '@/lib/words'

const shown = [
  'phone',
  'website',
  'linkedin_url',
  'industry',
  'city',
  'state',
  'country',
  'time_zone',
] as const

export function LeadFacts({ lead }: { lead: LeadAnswer }) {
  const users = useUsers()
  return (
    <Panel title="Facts">
      <FactList
        facts={[
          { name: 'E-mail', value: lead.email },
          ...shown.map((name) => ({ name: leadFieldWords[name] ?? name, value: linked(lead[name]) })),
          ...Object.entries(lead.custom).map(([name, value]) => ({
            name: humanise(name),
            value: plain(value),
          })),
          { name: 'Tags', value: lead.tags.join(', ') },
          { name: 'Owner', value: userName(users, lead.owner_id) ?? 'Nobody' },
          { name: 'Since', value: <Time at={lead.created_at} /> },
        ]}
      />
    </Panel>
  )
}

/** Only http addresses become links: text from a spreadsheet is data, never markup. */
function linked(value: string): ReactNode {
  if (!/^https?:\/\//i.test(value)) return value
  return (
    <Anchor href={value} target="_blank" rel="noreferrer noopener" fz="sm">
      {value.replace(/^https?:\/\/(www\.)?/i, '')}
    </Anchor>
  )
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

import { Group, Text } from '@mantine/core'
import type { LeadAnswer, UserAnswer } from '@/api'
import type { Column } from '@/components/data-table'
import { LinkText } from '@/components/links'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { userName } from '@/lib/users'
import { leadStatusWords, wordFor } from '@/lib/words'

export function leadName({
  first_name,
  last_name,
  email,
}: Pick<LeadAnswer, 'first_name' | 'last_name' | 'email'>): string {
  return `${first_name} ${last_name}`.trim() || email
}

export function leadColumns(users: UserAnswer[]): Column<LeadAnswer>[] {
  return [
    {
      key: 'name',
      header: 'Name',
      sort: 'name',
      cell: (lead) => (
        <>
          <Group gap={6} wrap="nowrap">
            <LinkText
              to="/leads/$leadId"
              params={{ leadId: lead.id }}
              fw={600}
              fz="sm"
              className="cut"
              title={leadName(lead)}
            >
              {leadName(lead)}
            </LinkText>
            {lead.sandbox ? <StatusBadge word={{ label: 'Sample', tone: 'neutral' }} /> : null}
          </Group>
          <Text fz="xs" c="dimmed" className="cut" title={lead.email}>
            {lead.email}
          </Text>
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
          <Text fz="sm" className="cut" title={company}>
            {company || '–'}
          </Text>
          <Text fz="xs" c="dimmed" className="cut" title={title}>
            {title}
          </Text>
        </>
      ),
    },
    {
      key: 'status',
      header: 'Status',
      width: 140,
      cell: ({ status }) => <StatusBadge word={wordFor(leadStatusWords, status)} />,
    },
    {
      key: 'owner',
      header: 'Owner',
      width: 160,
      from: 'md',
      cell: ({ owner_id }) => (
        <Text fz="sm" className="cut">
          {userName(users, owner_id) ?? '–'}
        </Text>
      ),
    },
    {
      key: 'updated',
      header: 'Changed',
      sort: 'updated',
      width: 150,
      from: 'lg',
      cell: ({ updated_at }) => (
        <Text fz="sm" c="dimmed" component="span">
          <Time at={updated_at} />
        </Text>
      ),
    },
  ]
}

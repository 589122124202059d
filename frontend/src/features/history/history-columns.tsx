import { Text } from '@mantine/core'
import type { AttemptAnswer } from '@/api'
import type { Column } from '@/components/data-table'
import { LinkText } from '@/components/links'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { exportItemWords, wordFor } from '@/lib/words'

export const historyColumns: Column<AttemptAnswer>[] = [
  {
    key: 'email',
    header: 'Person',
    cell: ({ email, lead_id }) => (
      <LinkText to="/leads/$leadId" params={{ leadId: lead_id }} fz="sm" className="cut" title={email}>
        {email}
      </LinkText>
    ),
  },
  {
    key: 'campaign',
    header: 'Campaign',
    from: 'sm',
    cell: ({ campaign_name, export_id }) => (
      <LinkText to="/exports/$exportId" params={{ exportId: export_id }} fz="sm" className="cut">
        {campaign_name}
      </LinkText>
    ),
  },
  {
    key: 'status',
    header: 'Outcome',
    cell: ({ status, error }) => (
      <>
        <StatusBadge word={wordFor(exportItemWords, status)} />
        {error ? (
          <Text fz="xs" c="dimmed">
            {error}
          </Text>
        ) : null}
      </>
    ),
  },
  {
    key: 'mailed',
    header: 'First mailed',
    from: 'lg',
    cell: ({ first_mailed_at, held }) =>
      first_mailed_at ? <Time at={first_mailed_at} /> : held ? `Held as ${held}` : 'Not yet',
  },
  {
    key: 'template',
    header: 'Template',
    from: 'lg',
    cell: ({ template_name, template_version }) => (
      <Text fz="sm">{template_name ? `${template_name}, v${template_version ?? '?'}` : '–'}</Text>
    ),
  },
  {
    key: 'approved',
    header: 'Approved by',
    from: 'lg',
    cell: ({ approved_by, approval }) => (
      <Text fz="sm">
        {approved_by ?? '–'}
        {approval === 'bulk' ? ' (in bulk)' : ''}
      </Text>
    ),
  },
  {
    key: 'user',
    header: 'By',
    from: 'md',
    cell: ({ user }) => (
      <Text fz="sm" className="cut">
        {user}
      </Text>
    ),
  },
  { key: 'at', header: 'When', width: 140, cell: ({ started_at }) => <Time at={started_at} /> },
]

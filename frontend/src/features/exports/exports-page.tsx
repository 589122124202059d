import { Stack, Text } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ExportAnswer } from '@/api'
import { LinkButton, LinkText } from '@/components/links'
import { type Column, DataTable } from '@/components/data-table'
import { EmptyState } from '@/components/empty-state'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { Pager, usePaging } from '@/components/pager'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { count } from '@/lib/format'
import { useMay } from '@/lib/session'
import { userName, useUsers } from '@/lib/users'
import { runStatusWords, wordFor } from '@/lib/words'
import { PAGE, exportsQuery } from './api'

export function ExportsPage() {
  const paging = usePaging('')
  const query = useQuery(exportsQuery(paging.cursor))
  const mayWork = useMay('work')
  const users = useUsers()
  const start = (
    <LinkButton to="/exports/new" search={{ status: 'approved' }} leftSection={<IconSend size={16} />}>
      Add to a campaign
    </LinkButton>
  )
  return (
    <Stack gap="md">
      <PageHeader
        title="Exports"
        description="Approved sequences on their way into Woodpecker campaigns"
        actions={mayWork ? start : null}
      />
      <Loaded query={query} rows={6}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState
              icon={<IconSend size={40} stroke={1.4} />}
              title="Nothing was exported yet"
              action={mayWork ? start : null}
            >
              Approve sequences in Review, then add their people to a campaign. You see a plan before anything
              happens.
            </EmptyState>
          ) : (
            <>
              <DataTable
                label="Exports"
                rows={page.items}
                rowId={({ id }) => id}
                columns={columns((id) => userName(users, id))}
                stale={query.isPlaceholderData}
              />
              <Pager paging={paging} page={page} limit={PAGE} />
            </>
          )
        }
      </Loaded>
    </Stack>
  )
}

function columns(nameOf: (id: string | null | undefined) => string | null): Column<ExportAnswer>[] {
  return [
    {
      key: 'campaign',
      header: 'Campaign',
      cell: ({ id, campaign_name }) => (
        <LinkText to="/exports/$exportId" params={{ exportId: id }} fz="sm" fw={600}>
          {campaign_name}
        </LinkText>
      ),
    },
    {
      key: 'status',
      header: 'Status',
      width: 120,
      cell: ({ status }) => <StatusBadge word={wordFor(runStatusWords, status)} />,
    },
    { key: 'total', header: 'People', align: 'right', width: 90, cell: ({ counts }) => count(counts.total) },
    { key: 'added', header: 'Added', align: 'right', width: 90, cell: ({ counts }) => count(counts.added) },
    {
      key: 'trouble',
      header: 'Trouble',
      align: 'right',
      width: 90,
      from: 'sm',
      cell: ({ counts }) => count(counts.rejected + counts.failed),
    },
    {
      key: 'by',
      header: 'By',
      from: 'md',
      cell: ({ created_by }) => <Text fz="sm">{nameOf(created_by) ?? '–'}</Text>,
    },
    {
      key: 'at',
      header: 'Started',
      from: 'sm',
      width: 150,
      cell: ({ created_at }) => <Time at={created_at} />,
    },
  ]
}

import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ImportAnswer } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { LinkText } from '@/components/links'
import { Panel } from '@/components/panel'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { count } from '@/lib/format'
import { importStatusWords, wordFor } from '@/lib/words'
import { importsQuery } from './api'

/** What was imported lately, by whomever: a file left half-way is taken up again here. */
export function RecentImports() {
  const { data } = useQuery(importsQuery)
  if (!data || data.length === 0) return null
  return (
    <Panel title="Latest files">
      <DataTable label="Latest files" rows={data} columns={columns} rowId={({ id }) => id} />
    </Panel>
  )
}

const columns: Column<ImportAnswer>[] = [
  {
    key: 'file',
    header: 'File',
    cell: ({ id, filename }) => (
      <LinkText
        to="/import/$importId"
        params={{ importId: id }}
        fz="sm"
        fw={600}
        style={{ overflowWrap: 'anywhere' }}
      >
        {filename}
      </LinkText>
    ),
  },
  {
    key: 'status',
    header: 'Status',
    width: 140,
    cell: ({ status }) => <StatusBadge word={wordFor(importStatusWords, status)} />,
  },
  {
    key: 'rows',
    header: 'Rows',
    align: 'right',
    width: 80,
    from: 'xs',
    cell: ({ row_count }) => count(row_count),
  },
  {
    key: 'at',
    header: 'When',
    width: 140,
    from: 'sm',
    cell: ({ created_at }) => (
      <Text fz="sm" c="dimmed" component="span">
        <Time at={created_at} />
      </Text>
    ),
  },
]

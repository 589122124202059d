import { Text } from '@mantine/core'
import type { SentBatchShown } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { Panel } from '@/components/panel'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { count } from '@/lib/format'
import type { Word } from '@/lib/words'

const words: Record<string, Word> = {
  submitting: {
    label: 'Being sent',
    tone: 'busy',
    hint: 'Until Claude confirms it, we look for it in Claude’s list: it is never sent twice',
  },
  submitted: { label: 'With Claude', tone: 'busy', hint: 'Usually done within the hour' },
  collected: { label: 'Collected', tone: 'done' },
  refused: { label: 'Not taken', tone: 'attention', hint: 'It cost nothing; its leads go into the next one' },
  lost: {
    label: 'Never arrived',
    tone: 'attention',
    hint: 'It cost nothing; its leads go into the next one',
  },
}

/** What was handed to Claude as batches, and how each is doing. */
export function SentBatches({ batches }: { batches: SentBatchShown[] }) {
  return (
    <Panel title="Batches at Claude">
      <DataTable label="Batches at Claude" rows={batches} rowId={({ id }) => id} columns={columns} />
    </Panel>
  )
}

const columns: Column<SentBatchShown>[] = [
  {
    key: 'status',
    header: 'State',
    cell: ({ status, error }) => (
      <>
        <StatusBadge word={words[status] ?? { label: status, tone: 'neutral' }} />
        {error ? (
          <Text fz="xs" c="dimmed">
            {error}
          </Text>
        ) : null}
      </>
    ),
  },
  {
    key: 'requests',
    header: 'Leads',
    width: 80,
    align: 'right',
    cell: ({ requests }) => <Text fz="sm">{count(requests)}</Text>,
  },
  { key: 'sent', header: 'Sent', width: 140, cell: ({ created_at }) => <Time at={created_at} /> },
  {
    key: 'until',
    header: 'Ended, or ends by',
    width: 150,
    from: 'sm',
    cell: ({ finished_at, expires_at }) => <Time at={finished_at ?? expires_at} />,
  },
]

import { SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { StatusAnswer } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { FactList } from '@/components/fact-list'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { Panel } from '@/components/panel'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { bytes, count, duration } from '@/lib/format'
import { type Word, humanise, vendorModeWord } from '@/lib/words'
import { AlertsPanel } from './alerts-panel'
import { statusQuery } from './api'
import { BackupsPanel } from './backups-panel'
import { HeldSending } from './held-sending'

export function OperationsPage() {
  const query = useQuery(statusQuery)
  return (
    <Stack gap="md" maw={1100}>
      <PageHeader title="Operations" description="Health of every part of the program" />
      <Loaded query={query} rows={8}>
        {(status) => (
          <>
            {status.sending === 'held' ? <HeldSending reason={status.sending_reason} /> : null}
            <AlertsPanel status={status} />
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
              <Program status={status} />
              <Storage status={status} />
            </SimpleGrid>
            <BackupsPanel />
            <Jobs status={status} />
          </>
        )}
      </Loaded>
    </Stack>
  )
}

function Program({ status }: { status: StatusAnswer }) {
  return (
    <Panel title="Program">
      <FactList
        facts={[
          { name: 'Version', value: status.version },
          { name: 'Environment', value: humanise(status.environment) },
          { name: 'Worker', value: <StatusBadge word={workerWord(status.worker.state)} /> },
          {
            name: 'Sending',
            value: (
              <StatusBadge
                word={
                  status.sending === 'ok' ? { label: 'Free', tone: 'good' } : { label: 'Held', tone: 'bad' }
                }
              />
            ),
          },
          {
            name: 'Claude',
            value: <StatusBadge word={vendorModeWord('Claude', status.vendors.anthropic?.mode)} />,
          },
          {
            name: 'Woodpecker',
            value: <StatusBadge word={vendorModeWord('Woodpecker', status.vendors.woodpecker?.mode)} />,
          },
          { name: 'Open pages', value: count(status.open_pages) },
          { name: 'As of', value: <Time at={status.at} /> },
        ]}
      />
    </Panel>
  )
}

function workerWord(state: string): Word {
  if (state === 'working' || state === 'idle' || state === 'ok')
    return { label: humanise(state), tone: 'good' }
  return { label: humanise(state), tone: 'attention' }
}

function Storage({ status }: { status: StatusAnswer }) {
  const { database, disk } = status
  const share = disk.total_bytes === 0 ? 0 : Math.round((disk.free_bytes / disk.total_bytes) * 100)
  return (
    <Panel title="Storage">
      <FactList
        facts={[
          { name: 'Database', value: `${database.version}, ${bytes(database.bytes)}` },
          {
            name: 'Safe',
            value: database.safe ? (
              'Yes'
            ) : (
              <Text fz="sm" c="var(--mantine-color-error)">
                No: this SQLite can lose what was committed
              </Text>
            ),
          },
          { name: 'Disk', value: `${bytes(disk.free_bytes)} free (${share} %)` },
          {
            name: 'Last sound backup',
            value: status.last_backup ? <Time at={status.last_backup.taken_at} /> : 'None yet',
          },
          { name: 'Audit lines', value: count(status.audit_lines) },
        ]}
      />
    </Panel>
  )
}

type Queue = StatusAnswer['worker']['queues'][number]

const columns: Column<Queue>[] = [
  { key: 'queue', header: 'Queue', cell: ({ queue }) => <Text fz="sm">{humanise(queue)}</Text> },
  { key: 'waiting', header: 'Waiting', align: 'right', width: 110, cell: ({ waiting }) => count(waiting) },
  { key: 'running', header: 'Running', align: 'right', width: 110, cell: ({ running }) => count(running) },
  {
    key: 'oldest',
    header: 'Oldest waits',
    align: 'right',
    width: 140,
    cell: ({ oldest_waiting_seconds: seconds }) => (seconds === null ? '–' : duration(seconds)),
  },
]

function Jobs({ status }: { status: StatusAnswer }) {
  return (
    <Panel title="Background work">
      {status.worker.queues.length === 0 ? (
        <Text fz="sm" c="dimmed">
          Nothing waits and nothing runs.
        </Text>
      ) : (
        <DataTable
          label="Queues"
          rows={status.worker.queues}
          columns={columns}
          rowId={({ queue }) => queue}
        />
      )}
    </Panel>
  )
}

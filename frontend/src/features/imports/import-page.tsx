import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ImportAnswer } from '@/api'
import { EmptyState } from '@/components/empty-state'
import { LinkButton } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { Panel } from '@/components/panel'
import { RunProgress } from '@/components/run-progress'
import { StatusBadge } from '@/components/status-badge'
import { plural } from '@/lib/format'
import { importStatusWords, wordFor } from '@/lib/words'
import { importQuery } from './api'
import { ImportCheck } from './import-check'
import { ImportResult } from './import-result'

const route = getRouteApi('/import/$importId')

export function ImportPage() {
  const { importId } = route.useParams()
  const query = useQuery(importQuery(importId))
  return (
    <Stack gap="md">
      <Loaded query={query} rows={8}>
        {(record) => (
          <>
            <PageHeader
              title={record.filename}
              description={
                <Group gap="xs">
                  <StatusBadge word={wordFor(importStatusWords, record.status)} />
                  <Text fz="sm">{plural(record.row_count, 'row')}</Text>
                </Group>
              }
              actions={
                <LinkButton variant="default" to="/import">
                  Another file
                </LinkButton>
              }
            />
            <Stage record={record} />
          </>
        )}
      </Loaded>
    </Stack>
  )
}

function Stage({ record }: { record: ImportAnswer }) {
  switch (record.status) {
    case 'parsing':
      return (
        <Panel>
          <RunProgress done={0} total={0} label="Reading the file" running />
          <Text c="dimmed" fz="sm" mt="sm">
            You may leave this page: it goes on without you.
          </Text>
        </Panel>
      )
    case 'parsed':
      return <ImportCheck record={record} />
    case 'committing':
      return (
        <Panel>
          <RunProgress done={record.rows_done} total={record.row_count} label="Importing" running />
        </Panel>
      )
    case 'committed':
      return <ImportResult record={record} />
    case 'undone':
      return (
        <EmptyState
          title="This import was undone"
          action={<LinkButton to="/import">Import another file</LinkButton>}
        >
          Leads it had created are gone, and leads it had changed are as they were before.
        </EmptyState>
      )
    default:
      return <ImportResult record={record} />
  }
}

import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconDownload, IconSparkles } from '@tabler/icons-react'
import type { ImportAnswer } from '@/api'
import { CountChips } from '@/components/count-chips'
import { LinkButton } from '@/components/links'
import { Panel } from '@/components/panel'
import { useMay } from '@/lib/session'
import { useUndo } from './api'

/** What became of the file, and where to go from here. */
export function ImportResult({ record }: { record: ImportAnswer }) {
  const undo = useUndo(record.id)
  const mayWork = useMay('work')
  const { created = 0, updated = 0, skipped = 0, rejected = 0 } = record.counts
  return (
    <Stack gap="md">
      {record.status === 'failed' ? (
        <Alert color="red" icon={<IconAlertTriangle />} title="The import failed">
          {record.error ?? 'Nothing more was stored. Try the file again.'}
        </Alert>
      ) : null}
      <CountChips
        label="Result"
        chips={[
          { label: 'new leads', value: created, tone: 'good' },
          { label: 'updated', value: updated, tone: 'good' },
          { label: 'left as they were', value: skipped },
          { label: 'not imported', value: rejected, tone: 'bad' },
        ]}
      />
      {record.status === 'committed' ? (
        <Panel title="Next">
          <Text fz="sm" c="dimmed" mb="sm">
            The leads are here. The next step is to let Claude write their sequences.
          </Text>
          <Group gap="xs">
            {mayWork && created + updated > 0 ? (
              <LinkButton
                to="/generations/new"
                search={{ import_id: record.id }}
                leftSection={<IconSparkles size={16} aria-hidden />}
              >
                Write sequences
              </LinkButton>
            ) : null}
            <LinkButton to="/leads" search={{ import_id: record.id }} variant="default">
              See the leads
            </LinkButton>
            {rejected > 0 ? (
              <Button
                component="a"
                href={`/api/imports/${record.id}/rejects.csv`}
                variant="default"
                leftSection={<IconDownload size={16} aria-hidden />}
              >
                Rows not imported
              </Button>
            ) : null}
            {mayWork ? (
              <Button variant="subtle" color="red" loading={undo.isPending} onClick={() => undo.mutate()}>
                Undo this import
              </Button>
            ) : null}
          </Group>
        </Panel>
      ) : null}
    </Stack>
  )
}

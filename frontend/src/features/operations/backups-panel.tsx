import { Button, Stack, Text } from '@mantine/core'
import { IconDatabaseExport } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { BackupAnswer } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { Loaded } from '@/components/loaded'
import { Panel } from '@/components/panel'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { bytes } from '@/lib/format'
import { useMay } from '@/lib/session'
import { type Word, humanise } from '@/lib/words'
import { backupsQuery, useCreateBackup, useVerifyBackup } from './backups'

const words: Record<BackupAnswer['status'], Word> = {
  making: { label: 'Being made', tone: 'busy' },
  unverified: { label: 'Not checked', tone: 'attention' },
  verified: { label: 'Sound', tone: 'good' },
  damaged: { label: 'Damaged', tone: 'bad' },
  failed: { label: 'Failed', tone: 'bad' },
}

/** Copies of the database: which there are, whether they can be opened, and making one now. */
export function BackupsPanel() {
  const query = useQuery(backupsQuery)
  const create = useCreateBackup()
  const mayAdminister = useMay('administer')
  return (
    <Panel
      title="Backups"
      actions={
        mayAdminister ? (
          <Button
            size="xs"
            leftSection={<IconDatabaseExport size={16} aria-hidden />}
            loading={create.isPending}
            onClick={() => create.mutate()}
          >
            Back up now
          </Button>
        ) : null
      }
    >
      <Loaded query={query} rows={3}>
        {({ items }) => (
          <Stack gap="xs">
            {items.length === 0 ? (
              <Text fz="sm" c="dimmed">
                There is none yet. One is made every night and opened to see whether it is sound.
              </Text>
            ) : (
              <DataTable label="Backups" rows={items} columns={columns} rowId={({ id }) => id} />
            )}
            <Text fz="xs" c="dimmed">
              Putting one back is done on the server, with the program stopped: woodpecker-api backup restore.
            </Text>
          </Stack>
        )}
      </Loaded>
    </Panel>
  )
}

const columns: Column<BackupAnswer>[] = [
  { key: 'taken', header: 'Taken', width: 150, cell: ({ taken_at }) => <Time at={taken_at} /> },
  {
    key: 'kind',
    header: 'Why',
    width: 110,
    from: 'sm',
    cell: ({ kind }) => <Text fz="sm">{humanise(kind)}</Text>,
  },
  {
    key: 'status',
    header: 'State',
    cell: (backup) => (
      <>
        <StatusBadge word={words[backup.status]} />
        {backup.verified && !backup.verified.ok ? (
          <Text fz="xs" mt={4}>
            {backup.verified.problems.join('; ')}
          </Text>
        ) : null}
      </>
    ),
  },
  {
    key: 'size',
    header: 'Size',
    align: 'right',
    width: 100,
    cell: (backup) => (backup.bytes === null ? '–' : bytes(backup.bytes)),
  },
  { key: 'check', header: 'Check', width: 110, align: 'right', cell: (backup) => <Check backup={backup} /> },
]

function Check({ backup }: { backup: BackupAnswer }) {
  const verify = useVerifyBackup()
  const mayAdminister = useMay('administer')
  if (!mayAdminister || backup.bytes === null) return null
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={verify.isPending}
      onClick={() => verify.mutate(backup.id)}
      aria-label={`Check the backup ${backup.id}`}
    >
      Check
    </Button>
  )
}

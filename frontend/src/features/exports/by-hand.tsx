import { Anchor, Button, FileInput, Group, List, Modal, Radio, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type ExportAnswer, doneByHand } from '@/api'
import { Problem } from '@/components/problem'
import { plural } from '@/lib/format'
import { addressesIn } from './addresses'

type Props = { run: ExportAnswer; onClose: () => void }

/** Woodpecker was down, and somebody imported the CSV there: the record must know, or they would be added a second time. */
export function ByHand({ run, onClose }: Props) {
  const client = useQueryClient()
  const [who, setWho] = useState<'all' | 'some'>('all')
  const [emails, setEmails] = useState<string[]>([])
  const open = run.counts.queued + run.counts.failed
  const done = useMutation({
    mutationFn: () => doneByHand({ path: { export_id: run.id }, body: who === 'some' ? { emails } : {} }),
    onSuccess: async () => {
      onClose()
      await client.invalidateQueries({ queryKey: ['exports'] })
    },
    meta: { shown: 'inline' },
  })
  return (
    <Modal opened onClose={onClose} title="Done by hand" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="md">
        {done.isError ? <Problem error={done.error} title="Nothing was written down" /> : null}
        <List type="ordered" fz="sm" spacing={4}>
          <List.Item>
            Download the{' '}
            <Anchor href={`/api/exports/${run.id}/export.csv`} fz="sm">
              CSV for Woodpecker
            </Anchor>{' '}
            and import it there into {run.campaign_name}.
          </List.Item>
          <List.Item>
            Say here who was imported. They count as added, by you, and are not sent again.
          </List.Item>
        </List>
        <Radio.Group
          label="Who was imported?"
          value={who}
          onChange={(value) => setWho(value === 'some' ? 'some' : 'all')}
        >
          <Stack gap={6} mt={6}>
            <Radio value="all" label={`All ${plural(open, 'person', 'people')} who wait or failed`} />
            <Radio value="some" label="Only those in a file" />
          </Stack>
        </Radio.Group>
        {who === 'some' ? (
          <div>
            <FileInput
              label="CSV"
              description="Any file with their addresses: the CSV back, or an export of Woodpecker."
              accept=".csv,.txt,text/csv,text/plain"
              placeholder="Choose a file"
              clearable
              clearButtonProps={{ 'aria-label': 'Remove the file' }}
              onChange={(file) => void read(file).then(setEmails)}
            />
            <Text fz="xs" c="dimmed" mt={4} role="status">
              {plural(emails.length, 'address', 'addresses')} found in it.
            </Text>
          </div>
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Not yet
          </Button>
          <Button
            loading={done.isPending}
            disabled={who === 'some' && emails.length === 0}
            onClick={() => done.mutate()}
          >
            They are in the campaign
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

async function read(file: File | null): Promise<string[]> {
  return file ? addressesIn(await file.text()) : []
}

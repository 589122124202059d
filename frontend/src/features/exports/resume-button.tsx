import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import type { ExportAnswer } from '@/api'
import { useResumeExport } from './api'

/** Goes on. When the campaign changed meanwhile, a person says again that mail may go out. */
export function ResumeButton({ run }: { run: ExportAnswer }) {
  const resume = useResumeExport(run.id)
  const [asking, ask] = useDisclosure(false)
  const [confirmed, setConfirmed] = useState(false)
  const start = () => (run.reason === 'campaign_changed' ? ask.open() : resume.mutate(false))
  return (
    <>
      <Button
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        loading={resume.isPending}
        onClick={start}
      >
        Resume
      </Button>
      <Modal
        opened={asking}
        onClose={ask.close}
        title="The campaign changed meanwhile"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack gap="md">
          <Text fz="sm">
            Since you confirmed, {run.campaign_name} was changed in Woodpecker. Look at it there before you go
            on.
          </Text>
          <Checkbox
            checked={confirmed}
            onChange={(event) => setConfirmed(event.currentTarget.checked)}
            label="Yes: Woodpecker may mail the people that are added"
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={ask.close}>
              Cancel
            </Button>
            <Button
              disabled={!confirmed}
              onClick={() => {
                ask.close()
                resume.mutate(true)
              }}
            >
              Go on
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}

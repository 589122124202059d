import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type TakingBackAnswer, takeBack, takingBack } from '@/api'
import { Problem } from '@/components/problem'
import { plural } from '@/lib/format'

const takingBackQuery = (exportId: string) =>
  queryOptions({
    queryKey: ['exports', 'taking-back', exportId],
    queryFn: ({ signal }) => takingBack({ path: { export_id: exportId }, signal }),
  })

/** Takes whom this export added out of the campaign again, and says for whom that comes too late. */
export function TakeBack({ exportId }: { exportId: string }) {
  const [opened, setOpened] = useState(false)
  const { data } = useQuery(takingBackQuery(exportId))
  if (!data || data.in_campaign + data.leaving + data.gone === 0) return null
  const left = data.in_campaign - data.leaving
  return (
    <>
      {data.leaving > 0 ? (
        <Alert color="yellow" title="People are being taken back" role="status">
          {plural(data.leaving, 'person is', 'people are')} still in the campaign and asked to leave;{' '}
          {plural(data.gone, 'person has', 'people have')} left.
        </Alert>
      ) : null}
      {left > 0 ? (
        <div>
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={16} aria-hidden />}
            onClick={() => setOpened(true)}
          >
            Take people back…
          </Button>
          <TakeBackDialog
            exportId={exportId}
            standing={data}
            opened={opened}
            onClose={() => setOpened(false)}
          />
        </div>
      ) : null}
    </>
  )
}

type Props = { exportId: string; standing: TakingBackAnswer; opened: boolean; onClose: () => void }

function TakeBackDialog({ exportId, standing, opened, onClose }: Props) {
  const client = useQueryClient()
  const ask = useMutation({
    mutationFn: () => takeBack({ path: { export_id: exportId }, body: {} }),
    onSuccess: async () => {
      onClose()
      await client.invalidateQueries({ queryKey: ['exports'] })
    },
  })
  const people = standing.in_campaign - standing.leaving
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Take people back"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="sm">
        {ask.isError ? <Problem error={ask.error} title="Nobody was taken back" /> : null}
        <Text fz="sm">
          {plural(people, 'person leaves', 'people leave')} the campaign in Woodpecker and may be added again
          later. Each is shown here until Woodpecker has confirmed.
        </Text>
        {standing.mailed_total > 0 ? (
          <Alert
            color="orange"
            title={`${plural(standing.mailed_total, 'person was', 'people were')} mailed already`}
          >
            <Text fz="sm">What went out stays out; they only get no further mail of this campaign.</Text>
            <Text fz="sm" mt={4}>
              {standing.mailed.slice(0, 10).join(', ')}
              {standing.mailed_total > 10 ? ' …' : ''}
            </Text>
          </Alert>
        ) : (
          <Text fz="sm">As far as Woodpecker’s copy says, nobody of them was mailed yet.</Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave them
          </Button>
          <Button color="red.8" loading={ask.isPending} onClick={() => ask.mutate()}>
            Take {plural(people, 'person', 'people')} back
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

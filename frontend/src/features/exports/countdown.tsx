import { Alert, Button, Group, Text } from '@mantine/core'
import { IconClockPause } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { ExportAnswer } from '@/api'
import { useMay } from '@/lib/session'
import { useSteerExport } from './api'

/** Before mail goes out there is a moment in which nothing was sent and everything can be taken back. */
export function Countdown({ run }: { run: ExportAnswer }) {
  const steer = useSteerExport(run.id)
  const mayWork = useMay('work')
  const left = useSecondsUntil(run.status === 'queued' || run.status === 'running' ? run.not_before : null)
  if (left <= 0) return null
  return (
    <Alert color="orange" icon={<IconClockPause />} title="Nothing was sent yet" role="status">
      <Group justify="space-between">
        <Text fz="sm">
          Woodpecker gets the first people in <b className="numbers">{left}</b> seconds.
        </Text>
        {mayWork ? (
          <Button size="xs" color="red.8" loading={steer.isPending} onClick={() => steer.mutate('undo')}>
            Undo
          </Button>
        ) : null}
      </Group>
    </Alert>
  )
}

function useSecondsUntil(at: string | null): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (at === null) return undefined
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [at])
  return at === null ? 0 : Math.ceil((Date.parse(at) - now) / 1000)
}

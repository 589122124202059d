import { Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react'

export type RunVerb = 'pause' | 'resume' | 'cancel'
type Props = { status: string; busy: boolean; onSteer: (verb: RunVerb) => void }

/** Pause, resume, cancel: only what the state allows. */
export function RunControls({ status, busy, onSteer }: Props) {
  return (
    <>
      {status === 'running' || status === 'queued' ? (
        <Button
          variant="default"
          disabled={busy}
          leftSection={<IconPlayerPause size={16} aria-hidden />}
          onClick={() => onSteer('pause')}
        >
          Pause
        </Button>
      ) : null}
      {status === 'paused' ? (
        <Button
          disabled={busy}
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          onClick={() => onSteer('resume')}
        >
          Resume
        </Button>
      ) : null}
      {['queued', 'running', 'paused'].includes(status) ? (
        <Button
          variant="default"
          disabled={busy}
          leftSection={<IconX size={16} aria-hidden />}
          onClick={() => onSteer('cancel')}
        >
          Cancel
        </Button>
      ) : null}
    </>
  )
}

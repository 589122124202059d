import { Button } from '@mantine/core'
import { IconPlayerPause, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'

export type RunVerb = 'pause' | 'cancel'
type Props = { status: string; busy: boolean; onSteer: (verb: RunVerb) => void; resume: ReactNode }

/** Pause, resume, cancel: only what the state allows. */
export function RunControls({ status, busy, onSteer, resume }: Props) {
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
      {status === 'paused' ? resume : null}
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

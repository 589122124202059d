import { Button, Group, Text } from '@mantine/core'
import { IconArrowBack, IconCheck, IconGitCompare, IconSparkles } from '@tabler/icons-react'
import type { SequenceShown } from '@/api'
import { StatusBadge } from '@/components/status-badge'
import { sequenceStatusWords, wordFor } from '@/lib/words'
import { toApiError } from '@/lib/problem'
import type { DraftState, Phase } from './draft-store'
import classes from './review.module.css'

type Props = {
  sequence: SequenceShown
  state: DraftState<SequenceShown>
  changes: boolean
  decidable: boolean
  onApprove: () => void
  onReject: () => void
  onRegenerate: () => void
  onToggleChanges: () => void
}

const phases: Record<Phase, string> = {
  saved: 'Everything is saved',
  waiting: 'Not saved yet',
  saving: 'Saving…',
  offline: 'The server cannot be reached; your edits are kept in this browser',
  conflict: 'Choose which version stands',
}

export function DecisionBar(props: Props) {
  const { sequence, state, changes, decidable } = props
  const blocked = sequence.snippets.some(({ flags }) => flags.some(({ severity }) => severity === 'blocking'))
  return (
    <div className={classes.actions}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Button
            leftSection={<IconCheck size={16} aria-hidden />}
            onClick={props.onApprove}
            disabled={!decidable || sequence.status === 'approved' || (blocked && state.phase === 'saved')}
            title="Approve and go on (a)"
          >
            Approve
          </Button>
          <Button
            variant="default"
            leftSection={<IconArrowBack size={16} aria-hidden />}
            onClick={props.onReject}
            disabled={!decidable}
            title="Send back, with a reason (r)"
          >
            Send back
          </Button>
          <Button
            variant="default"
            leftSection={<IconSparkles size={16} aria-hidden />}
            onClick={props.onRegenerate}
            disabled={!decidable}
            title="Write anew, with an instruction (g)"
          >
            Write anew
          </Button>
          <Button
            variant="subtle"
            leftSection={<IconGitCompare size={16} aria-hidden />}
            onClick={props.onToggleChanges}
            aria-pressed={changes}
            title="Show what was changed (d)"
          >
            {changes ? 'Hide changes' : 'Changes'}
          </Button>
        </Group>
        <Group gap="xs">
          <StatusBadge word={wordFor(sequenceStatusWords, sequence.status)} />
          <Text fz="xs" c={state.error ? 'var(--mantine-color-error)' : 'dimmed'} role="status">
            {state.error ? `Not saved: ${toApiError(state.error).message}` : phases[state.phase]}
          </Text>
        </Group>
      </Group>
    </div>
  )
}

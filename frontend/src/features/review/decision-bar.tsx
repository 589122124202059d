import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core'
import {
  IconArrowBack,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCheck,
  IconDots,
  IconEye,
  IconGitCompare,
  IconHistory,
  IconSparkles,
} from '@tabler/icons-react'
import { StatusBadge } from '@/components/status-badge'
import { toApiError } from '@/lib/problem'
import { sequenceStatusWords, wordFor } from '@/lib/words'
import type { Phase } from './draft-store'
import classes from './review.module.css'
import type { Draft } from './use-draft'

export type View = 'edit' | 'changes' | 'preview'
type Dialog = 'reject' | 'regenerate' | 'versions'

type Props = {
  draft: Draft
  view: View
  decidable: boolean
  onApprove: () => void
  onOpen: (dialog: Dialog) => void
  onView: (view: View) => void
}

const phases: Record<Phase, string> = {
  saved: 'Everything is saved',
  waiting: 'Not saved yet',
  saving: 'Saving…',
  offline: 'The server cannot be reached; your edits are kept in this browser',
  conflict: 'Choose which words stand',
}

export function DecisionBar(props: Props) {
  const { draft, decidable, onApprove, onOpen } = props
  const { server: sequence, phase } = draft.state
  const blocked = sequence.snippets.some(({ flags }) => flags.some(({ severity }) => severity === 'blocking'))
  return (
    <div className={classes.actions}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs" wrap="nowrap" className={classes.deeds ?? ''}>
          <Button
            leftSection={<IconCheck size={16} aria-hidden />}
            onClick={onApprove}
            disabled={!decidable || sequence.status === 'approved' || (blocked && phase === 'saved')}
            title="Approve and go on (a)"
          >
            Approve
          </Button>
          <Button
            variant="default"
            leftSection={<IconArrowBack size={16} aria-hidden />}
            onClick={() => onOpen('reject')}
            disabled={!decidable}
            title="Send back, with a reason (r)"
          >
            Send back
          </Button>
          <Button
            variant="default"
            leftSection={<IconSparkles size={16} aria-hidden />}
            onClick={() => onOpen('regenerate')}
            disabled={!decidable}
            title="Write anew, with an instruction (g)"
            visibleFrom="sm"
          >
            Write anew
          </Button>
          <Views {...props} />
          <More {...props} />
        </Group>
        <Saved {...props} />
      </Group>
    </div>
  )
}

function Views({ view, onView }: Props) {
  return (
    <Group gap={4} wrap="nowrap" visibleFrom="lg">
      <Button
        variant={view === 'changes' ? 'light' : 'subtle'}
        leftSection={<IconGitCompare size={16} aria-hidden />}
        onClick={() => onView('changes')}
        aria-pressed={view === 'changes'}
        title="Show what was changed (d)"
      >
        Changes
      </Button>
      <Button
        variant={view === 'preview' ? 'light' : 'subtle'}
        leftSection={<IconEye size={16} aria-hidden />}
        onClick={() => onView('preview')}
        aria-pressed={view === 'preview'}
        title="As the receiver sees it (p)"
      >
        Preview
      </Button>
    </Group>
  )
}

/** What is needed now and then, and on a phone what has no room beside. */
function More({ draft: { store, state }, view, decidable, onOpen, onView }: Props) {
  return (
    <Menu position="top-end" width={260} shadow="md">
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="More to do with these texts">
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
          disabled={!state.can.undo || !decidable}
          onClick={() => store.undo()}
        >
          Undo typing
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowForwardUp size={16} aria-hidden />}
          disabled={!state.can.redo || !decidable}
          onClick={() => store.redo()}
        >
          Redo typing
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconSparkles size={16} aria-hidden />}
          disabled={!decidable}
          onClick={() => onOpen('regenerate')}
          hiddenFrom="sm"
        >
          Write anew
        </Menu.Item>
        <Menu.Item
          leftSection={<IconGitCompare size={16} aria-hidden />}
          onClick={() => onView('changes')}
          hiddenFrom="lg"
        >
          {view === 'changes' ? 'Hide changes' : 'Show changes'}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconEye size={16} aria-hidden />}
          onClick={() => onView('preview')}
          hiddenFrom="lg"
        >
          {view === 'preview' ? 'Edit again' : 'As the receiver sees it'}
        </Menu.Item>
        <Menu.Item leftSection={<IconHistory size={16} aria-hidden />} onClick={() => onOpen('versions')}>
          Earlier versions
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Whether the server has every word, and what to do when it refused some. */
function Saved({ draft: { store, state } }: Props) {
  return (
    <Group gap="xs">
      <StatusBadge word={wordFor(sequenceStatusWords, state.server.status)} />
      <Text fz="xs" c={state.error ? 'var(--mantine-color-error)' : 'dimmed'} role="status">
        {state.error ? `Not saved: ${toApiError(state.error).message}` : phases[state.phase]}
      </Text>
      {state.error ? (
        <>
          <Button size="compact-xs" variant="default" onClick={() => void store.flush()}>
            Try again
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => store.discard()}>
            Give up my edits
          </Button>
        </>
      ) : null}
    </Group>
  )
}

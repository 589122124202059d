import { ActionIcon, Group, Text, Tooltip } from '@mantine/core'
import { IconAlertCircle, IconArrowBackUp, IconInfoCircle, IconShieldX } from '@tabler/icons-react'
import type { KeyboardEvent } from 'react'
import type { FlagShown, SnippetShapeBody, SnippetShown } from '@/api'
import { snippetKindWords } from '@/lib/words'
import { measure } from './limits'
import classes from './review.module.css'
import { WordDiff } from './word-diff'

type Props = {
  snippet: SnippetShown
  shape: SnippetShapeBody | undefined
  text: string
  changes: boolean
  readOnly: boolean
  onType: (text: string) => void
  onUndo: () => void
  onRedo: () => void
}

/** One text of the sequence: what is wrong with it first, then the text itself, editable in place. */
export function SnippetCard({ snippet, shape, text, changes, readOnly, onType, onUndo, onRedo }: Props) {
  const { number, kind, day, original_text: original, flags } = snippet
  const name = `${snippetKindWords[kind] ?? kind}, day ${day}`
  const edited = text !== original
  return (
    <section className={classes.snippet} data-kind={kind} aria-label={name}>
      <Group justify="space-between" mb={4} gap="xs">
        <Group gap={8}>
          <Text fz="xs" fw={650}>
            {snippetKindWords[kind] ?? kind}
          </Text>
          <Text fz="xs" c="dimmed">
            Day {day}
          </Text>
          {edited ? (
            <Text fz="xs" c="dimmed">
              edited
            </Text>
          ) : null}
        </Group>
        <Group gap={6}>
          <Length shape={shape} text={text} />
          {edited && !readOnly ? (
            <Tooltip label="Back to the model’s words">
              <ActionIcon
                variant="subtle"
                size="sm"
                color="gray"
                aria-label={`${name}: back to the model’s words`}
                onClick={() => onType(original)}
              >
                <IconArrowBackUp size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          ) : null}
        </Group>
      </Group>
      {flags.map((flag) => (
        <FlagLine key={`${flag.code}-${flag.message}`} flag={flag} />
      ))}
      {changes ? (
        <WordDiff before={original} after={text} label="Changes to the model’s words" />
      ) : (
        <textarea
          className={classes.text}
          aria-label={`${name}, text ${number}`}
          value={text}
          onChange={(event) => onType(event.currentTarget.value)}
          onKeyDown={(event) => keyInText(event, onUndo, onRedo)}
          readOnly={readOnly}
          rows={rowsFor(text)}
        />
      )}
    </section>
  )
}

const CHARACTERS_A_LINE = 90

/** For browsers that cannot size a field by its content; the others ignore it. Measuring by script would cost each key. */
function rowsFor(text: string): number {
  return text
    .split('\n')
    .reduce((rows, line) => rows + Math.max(1, Math.ceil(line.length / CHARACTERS_A_LINE)), 0)
}

/** Escape leaves; undo and redo are ours, since the browser's forget what was changed by a button. */
function keyInText(event: KeyboardEvent<HTMLTextAreaElement>, undo: () => void, redo: () => void) {
  if (event.key === 'Escape') event.currentTarget.blur()
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return
  const key = event.key.toLowerCase()
  const isRedo = key === 'y' || (key === 'z' && event.shiftKey)
  if (!isRedo && key !== 'z') return
  event.preventDefault()
  if (isRedo) redo()
  else undo()
}

function Length({ shape, text }: { shape: SnippetShapeBody | undefined; text: string }) {
  const length = measure(text, {
    unit: shape?.unit ?? 'characters',
    target: shape?.target_max,
    limit: shape?.limit,
  })
  return (
    <Text fz="xs" c="dimmed" className={`numbers ${classes.limit ?? ''}`} data-tone={length.tone}>
      {length.text}
    </Text>
  )
}

const icons: Record<string, typeof IconInfoCircle> = {
  blocking: IconShieldX,
  warning: IconAlertCircle,
  note: IconInfoCircle,
}

function FlagLine({ flag }: { flag: FlagShown }) {
  const Icon = icons[flag.severity] ?? IconInfoCircle
  return (
    <div className={classes.flag} data-severity={flag.severity}>
      <Icon size={16} aria-hidden style={{ flex: 'none', marginTop: 2 }} />
      <span>{flag.message}</span>
    </div>
  )
}

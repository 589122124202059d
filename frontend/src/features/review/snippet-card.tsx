import { ActionIcon, Group, Text, Textarea, Tooltip } from '@mantine/core'
import { IconAlertCircle, IconArrowBackUp, IconInfoCircle, IconShieldX } from '@tabler/icons-react'
import { diffWordsWithSpace } from 'diff'
import { type KeyboardEvent, useMemo } from 'react'
import type { FlagShown, SnippetShapeBody, SnippetShown } from '@/api'
import { snippetKindWords } from '@/lib/words'
import { measure } from './limits'
import classes from './review.module.css'

type Props = {
  snippet: SnippetShown
  shape: SnippetShapeBody | undefined
  text: string
  changes: boolean
  readOnly: boolean
  onType: (text: string) => void
}

/** One text of the sequence: what is wrong with it first, then the text itself, editable in place. */
export function SnippetCard({ snippet, shape, text, changes, readOnly, onType }: Props) {
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
        <Changes before={original} after={text} />
      ) : (
        <Textarea
          aria-label={`${name}, text ${number}`}
          value={text}
          onChange={(event) => onType(event.currentTarget.value)}
          onKeyDown={leaveOnEscape}
          readOnly={readOnly}
          autosize
          minRows={1}
          variant="unstyled"
          mt={flags.length > 0 ? 8 : 0}
        />
      )}
    </section>
  )
}

function leaveOnEscape(event: KeyboardEvent<HTMLTextAreaElement>) {
  if (event.key === 'Escape') event.currentTarget.blur()
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

function Changes({ before, after }: { before: string; after: string }) {
  const parts = useMemo(() => diffWordsWithSpace(before, after), [before, after])
  return (
    <div className={classes.diff} aria-label="Changes to the model’s words">
      {parts.map((part, index) => {
        if (part.added) return <ins key={index}>{part.value}</ins>
        if (part.removed) return <del key={index}>{part.value}</del>
        return <span key={index}>{part.value}</span>
      })}
    </div>
  )
}

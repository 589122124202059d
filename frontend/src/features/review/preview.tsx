import { Group, Stack, Text } from '@mantine/core'
import type { LeadAnswer, SequenceShown } from '@/api'
import { snippetKindWords } from '@/lib/words'
import type { Texts } from './draft-store'
import { type Message, messagesOf } from './messages-of'
import classes from './review.module.css'

type Props = { sequence: SequenceShown; texts: Texts; lead: LeadAnswer | undefined }

/** The sequence as its receiver gets it: one message after the other, without anything of ours around the words. */
export function Preview({ sequence, texts, lead }: Props) {
  const messages = messagesOf(sequence.snippets, texts)
  const to = lead ? `${`${lead.first_name} ${lead.last_name}`.trim()} <${lead.email}>`.trim() : ''
  return (
    <Stack gap="sm" aria-label="As the receiver sees it" role="region">
      <Text fz="xs" c="dimmed">
        Only the texts written here; what the campaign in Woodpecker adds around them, such as a signature, is
        not shown.
      </Text>
      {messages.map((message) => (
        <Mail key={message.number} message={message} to={to} />
      ))}
    </Stack>
  )
}

function Mail({ message, to }: { message: Message; to: string }) {
  const { kind, day, subject, text } = message
  const name = `${snippetKindWords[kind] ?? kind}, day ${day}`
  return (
    <article className={classes.mail} aria-label={name}>
      <Group justify="space-between" gap="xs">
        <Text fz="xs" fw={650}>
          {name}
        </Text>
        <Text fz="xs" c="dimmed" className="cut">
          {kind === 'linkedin_note' ? 'on LinkedIn' : `to ${to}`}
        </Text>
      </Group>
      {subject === undefined ? null : (
        <Text fw={650} mt={6} style={{ overflowWrap: 'anywhere' }}>
          {subject || '(no subject)'}
        </Text>
      )}
      <div className={classes.mailText}>{text}</div>
    </article>
  )
}

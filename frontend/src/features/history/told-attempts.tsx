import { Group, Stack, Text } from '@mantine/core'
import type { ContactAnswer, ToldAttempt } from '@/api'
import { LinkText } from '@/components/links'
import { Panel } from '@/components/panel'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { plural } from '@/lib/format'
import { exportItemWords, wordFor } from '@/lib/words'
import classes from './contact.module.css'

const howApproved: Record<string, string> = { read: ' after reading', bulk: ' in bulk' }

/** Each attempt with its exact texts, newest first. */
export function ToldAttempts({ contact }: { contact: ContactAnswer }) {
  const { attempts, attempts_total: total } = contact
  if (attempts.length === 0) return null
  return (
    <Panel title={plural(total, 'attempt')}>
      <Stack gap="lg">
        {attempts.map((attempt) => (
          <Attempt key={attempt.id} attempt={attempt} />
        ))}
        {total > attempts.length ? (
          <Text fz="sm" c="dimmed">
            The newest {attempts.length} are shown.
          </Text>
        ) : null}
      </Stack>
    </Panel>
  )
}

function Attempt({ attempt }: { attempt: ToldAttempt }) {
  const texts = Object.entries(attempt.texts).sort(byNumber)
  return (
    <article aria-label={`${attempt.campaign_name}, ${attempt.started_at.slice(0, 10)}`}>
      <Group gap="sm" mb={4}>
        <LinkText to="/exports/$exportId" params={{ exportId: attempt.export_id }} fw={600} fz="sm">
          {attempt.campaign_name}
        </LinkText>
        <StatusBadge word={wordFor(exportItemWords, attempt.status)} />
        <Text fz="sm" c="dimmed" component="span">
          <Time at={attempt.started_at} /> by {attempt.user || 'the program'}
        </Text>
      </Group>
      <Text fz="sm" c="dimmed" component="div">
        {attempt.template_name
          ? `Template ${attempt.template_name}, version ${attempt.template_version}. `
          : ''}
        {attempt.approved_by
          ? `Approved by ${attempt.approved_by}${howApproved[attempt.approval ?? ''] ?? ''}. `
          : ''}
        {attempt.first_mailed_at ? (
          <>
            First mailed <Time at={attempt.first_mailed_at} />.
          </>
        ) : attempt.held ? (
          `Not mailed yet: held as ${attempt.held}.`
        ) : (
          'No mail is known.'
        )}
      </Text>
      {attempt.error ? <Text fz="sm">{attempt.error}</Text> : null}
      {attempt.texts_removed_at ? (
        <Text fz="sm" mt={6}>
          The texts were removed <Time at={attempt.texts_removed_at} /> by rule; template, approver and
          fingerprint are kept.
        </Text>
      ) : null}
      {texts.map(([name, text]) => (
        <div key={name} className={classes.text}>
          <Text fz="xs" fw={600} c="dimmed">
            {name.replace('snippet', 'Snippet ')}
          </Text>
          <Text fz="sm" className={classes.words ?? ''}>
            {text}
          </Text>
        </div>
      ))}
    </article>
  )
}

function byNumber([one]: [string, string], [other]: [string, string]): number {
  return Number(one.replace('snippet', '')) - Number(other.replace('snippet', ''))
}

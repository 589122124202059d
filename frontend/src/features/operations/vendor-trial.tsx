import { Alert, Code, Stack, Text } from '@mantine/core'
import { FactList } from '@/components/fact-list'
import { plural } from '@/lib/format'
import { toApiError } from '@/lib/problem'
import { type Found, ReadFailed } from './api'
import { connectionWords } from './connection-words'

const SHOWN = 6

/** The key is good: whose account it opens, from which mailboxes it sends, and which campaigns there are. */
export function FoundThere({ found }: { found: Found }) {
  const { sentence, users, mailboxes, campaigns } = found
  const facts = [
    { name: users.length === 1 ? 'User' : 'Users', value: some(users) },
    { name: 'Mailboxes', value: some(mailboxes) },
    { name: 'Campaigns', value: some(campaigns) },
  ].filter(({ value }) => value !== '')
  return (
    <Alert color="spruce" role="status" title={sentence}>
      {facts.length > 0 ? <FactList facts={facts} /> : null}
      {users.length > 0 && campaigns.length === 0 ? (
        <Text fz="sm">There are no campaigns yet: make one in Woodpecker, then test again.</Text>
      ) : null}
    </Alert>
  )
}

function some(names: string[]): string {
  const more = names.length - SHOWN
  return names.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${plural(more, 'more', 'more')}` : '')
}

/** Which of the three it is: the key, the plan, or the way there; each needs another person. */
export function TrialFailed({ name, error }: { name: string; error: Error }) {
  const problem = error instanceof ReadFailed ? null : toApiError(error)
  const code = error instanceof ReadFailed ? error.code : (problem?.code ?? '')
  const words = connectionWords(name, code)
  return (
    <Alert color={words.tone} title={words.title} role="alert">
      <Stack gap={4}>
        <Text fz="sm">{words.next ?? error.message}</Text>
        {words.next && error.message ? (
          <Text fz="xs">
            {name} said: {error.message}
          </Text>
        ) : null}
        {problem?.requestId ? (
          <Text fz="xs">
            Request id <Code>{problem.requestId}</Code>
          </Text>
        ) : null}
      </Stack>
    </Alert>
  )
}

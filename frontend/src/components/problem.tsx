import { Alert, Button, Code, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { toApiError } from '@/lib/problem'

type Props = { error: unknown; title?: string; onRetry?: () => void }

/** What went wrong, in the server's sentence, with the id that finds it in the logs. */
export function Problem({ error, title = 'That did not work', onRetry }: Props) {
  const problem = toApiError(error)
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle />}
      title={title}
      role="alert"
      c="var(--tone-bad-fg)"
    >
      <Text fz="sm">{problem.message}</Text>
      {problem.errors.map((field) => (
        <Text fz="sm" key={`${field.field}-${field.code}`}>
          <b>{field.field}</b>: {field.message}
        </Text>
      ))}
      {onRetry || problem.requestId ? (
        <Group mt="xs" gap="sm">
          {onRetry ? (
            <Button size="xs" variant="default" onClick={onRetry}>
              Try again
            </Button>
          ) : null}
          {problem.requestId ? (
            <Text fz="xs">
              Request id <Code>{problem.requestId}</Code>
            </Text>
          ) : null}
        </Group>
      ) : null}
    </Alert>
  )
}

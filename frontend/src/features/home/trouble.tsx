import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ExportInNeed } from '@/api'
import { LinkButton, LinkText } from '@/components/links'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { Time } from '@/components/time'
import { plural } from '@/lib/format'
import { useMay } from '@/lib/session'
import { exportReasonWords, humanise } from '@/lib/words'
import { alertsQuery, needsHelpQuery } from './api'

const causes: Record<string, string> = {
  checking_too_long: 'Woodpecker has not said for a quarter of an hour what became of some people.',
  not_getting_on: 'Nothing has moved for a quarter of an hour, although it should run.',
}

const buttons: Record<ExportInNeed['button'], string> = {
  resume: 'Look and go on',
  retry: 'Look and try again',
  download_csv: 'CSV for Woodpecker',
  look: 'Look',
}

/** What does not pass by itself, with its cause and one button; nothing at all when there is nothing. */
export function Trouble() {
  const mayAudit = useMay('audit')
  const needs = useQuery(needsHelpQuery)
  const alerts = useQuery({ ...alertsQuery, enabled: mayAudit }).data?.alerts ?? []
  const exports = needs.data?.exports ?? []
  const leaving = needs.data?.leaving_too_long ?? 0
  if (needs.isError && !needs.data) {
    return (
      <Problem
        error={needs.error}
        title="What needs help could not be loaded"
        onRetry={() => void needs.refetch()}
      />
    )
  }
  if (exports.length + leaving + alerts.length === 0) return null
  return (
    <Panel title="Needs help">
      <Stack gap="sm">
        {alerts.map(({ code, severity, message, since }) => (
          <Alert
            key={code}
            color={severity === 'critical' ? 'red' : 'yellow'}
            icon={<IconAlertTriangle />}
            title={humanise(code)}
            styles={{ title: { color: 'inherit' } }}
          >
            <Text fz="sm">{message}</Text>
            <Text fz="xs" mt={4} component="div">
              since <Time at={since} /> ·{' '}
              <LinkText to="/operations" fz="xs" c="inherit" td="underline">
                Operations
              </LinkText>
            </Text>
          </Alert>
        ))}
        {exports.map((each) => (
          <Line key={each.export_id} need={each} />
        ))}
        {leaving > 0 ? (
          <Text fz="sm">
            {plural(leaving, 'person', 'people')} should have left Woodpecker an hour ago and{' '}
            {leaving === 1 ? 'is' : 'are'} still there.{' '}
            <LinkText to="/do-not-contact" fz="sm">
              Look
            </LinkText>
          </Text>
        ) : null}
      </Stack>
    </Panel>
  )
}

function Line({ need }: { need: ExportInNeed }) {
  const { export_id: exportId, campaign_name: name, cause, button, people, since } = need
  const words =
    cause === 'people_failed'
      ? `${plural(people, 'person', 'people')} could not be added.`
      : (causes[cause] ?? exportReasonWords[cause] ?? humanise(cause))
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start">
      <div>
        <Text fz="sm" component="div">
          <LinkText to="/exports/$exportId" params={{ exportId }} fz="sm" fw={600}>
            Export to {name}
          </LinkText>{' '}
          <Text span fz="xs" c="dimmed">
            <Time at={since} />
          </Text>
        </Text>
        <Text fz="sm">{words}</Text>
      </div>
      {button === 'download_csv' ? (
        <Button
          component="a"
          href={`/api/exports/${exportId}/export.csv`}
          size="xs"
          variant="default"
          flex="none"
        >
          {buttons[button]}
        </Button>
      ) : (
        <LinkButton to="/exports/$exportId" params={{ exportId }} size="xs" variant="default" flex="none">
          {buttons[button]}
        </LinkButton>
      )}
    </Group>
  )
}

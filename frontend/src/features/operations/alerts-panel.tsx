import { Alert, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import type { StatusAnswer } from '@/api'
import { Panel } from '@/components/panel'
import { Time } from '@/components/time'
import { humanise } from '@/lib/words'

/** What needs somebody now, the most urgent first; the same is told outside where channels are set. */
export function AlertsPanel({ status }: { status: StatusAnswer }) {
  return (
    <Panel title="Alerts">
      <Stack gap="sm">
        {status.alerts.length === 0 ? (
          <Alert color="spruce" icon={<IconCircleCheck />} role="status">
            Nothing needs attention.
          </Alert>
        ) : (
          status.alerts.map((alert) => (
            <Alert
              key={alert.code}
              color={alert.severity === 'critical' ? 'red' : 'yellow'}
              icon={<IconAlertTriangle />}
              title={humanise(alert.code)}
              styles={{ title: { color: 'inherit' } }}
              role="alert"
            >
              {alert.message}
              <Text fz="xs" mt={4} component="div">
                {alert.severity === 'critical' ? 'Urgent' : 'Not urgent'}, since <Time at={alert.since} />
                {status.channels
                  ? alert.told
                    ? ', told outside'
                    : ', nobody outside could be reached yet'
                  : ''}
              </Text>
            </Alert>
          ))
        )}
        {status.channels ? null : (
          <Text fz="xs" c="dimmed">
            Nobody is told outside this page. The operator can set APP_NOTIFY_URLS: chat, mail and others.
          </Text>
        )}
      </Stack>
    </Panel>
  )
}

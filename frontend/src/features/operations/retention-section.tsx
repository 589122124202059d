import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type RetentionReportAnswer, getRetention, patchSettings } from '@/api'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { Time } from '@/components/time'
import { count } from '@/lib/format'
import { useMay } from '@/lib/session'

const retentionQuery = queryOptions({
  queryKey: ['settings', 'retention'],
  queryFn: ({ signal }) => getRetention({ signal }),
})
const removedWords: Record<string, string> = {
  texts: 'sequences lost their texts',
  plan_items: 'lines of plans that nobody ran went',
  history_people: 'attempts lost name and address',
}

/** What the rules of keeping mean in words, what the last runs removed, and the question of the first run. */
export function RetentionSection() {
  const { data } = useQuery(retentionQuery)
  const mayAdminister = useMay('administer')
  const client = useQueryClient()
  const confirm = useMutation({
    mutationFn: () => patchSettings({ body: { retention_confirmed: true } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['settings'] }),
  })
  if (!data) return null
  return (
    <Panel title="What is forgotten, and when">
      <Stack gap="sm">
        {confirm.isError ? <Problem error={confirm.error} /> : null}
        <Text fz="sm">{inWords(data.keep_content_days, data.keep_people_days)}</Text>
        {!data.confirmed && mayAdminister ? (
          <Alert color="yellow" title="Is this how long you want to keep them?">
            <Group justify="space-between" gap="sm">
              <Text fz="sm">Change the days above, or say that they are right.</Text>
              <Button size="xs" loading={confirm.isPending} onClick={() => confirm.mutate()}>
                They are right
              </Button>
            </Group>
          </Alert>
        ) : null}
        {data.reports.slice(0, 3).map((report) => (
          <Text key={report.id} fz="sm" c="dimmed" component="div">
            <Time at={report.started_at} />: {removed(report)}
          </Text>
        ))}
      </Stack>
    </Panel>
  )
}

function inWords(content: number | null, people: number | null): string {
  const texts =
    content === null
      ? 'Exported texts are kept for ever.'
      : content === 0
        ? 'Exported texts go as soon as no export has them open.'
        : `Exported texts go ${count(content)} days after the last planned day.`
  const names =
    people === null
      ? 'Names in history are kept for ever.'
      : `Names and addresses in history go after ${count(people)} days.`
  return `${texts} ${names} Template, approver, times and fingerprint always stay.`
}

function removed({ counts, finished_at }: RetentionReportAnswer): string {
  const parts = Object.entries(counts).map(
    ([name, number]) => `${count(number)} ${removedWords[name] ?? name}`,
  )
  if (parts.length === 0) return finished_at ? 'nothing was old enough' : 'under way'
  return parts.join(', ') + (finished_at ? '' : ', under way')
}

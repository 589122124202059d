import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconHourglass } from '@tabler/icons-react'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRetention, patchSettings } from '@/api'
import { LinkButton } from '@/components/links'
import { Problem } from '@/components/problem'
import { count } from '@/lib/format'
import { useMay } from '@/lib/session'

const retentionQuery = queryOptions({
  queryKey: ['settings', 'retention'],
  queryFn: ({ signal }) => getRetention({ signal }),
})

/** Asked of admins from the first run on, until one of them has answered: how long is what about whom kept? */
export function RetentionQuestion() {
  const mayAdminister = useMay('administer')
  const { data } = useQuery({ ...retentionQuery, enabled: mayAdminister })
  const client = useQueryClient()
  const confirm = useMutation({
    mutationFn: () => patchSettings({ body: { retention_confirmed: true } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['settings'] }),
    meta: { shown: 'inline' },
  })
  if (!mayAdminister || !data || data.confirmed) return null
  return (
    <Alert
      color="yellow"
      icon={<IconHourglass size={20} aria-hidden />}
      title="How long do you want to keep what is about people?"
    >
      <Stack gap="sm">
        <Text fz="sm">
          Texts that were exported: {forHowLong(data.keep_content_days, 'after the last planned day')}. Names
          and addresses in history: {forHowLong(data.keep_people_days, 'after the attempt')}. Then a nightly
          run removes them; template, approver, times and fingerprints always stay.
        </Text>
        {confirm.isError ? <Problem error={confirm.error} title="Not kept" /> : null}
        <Group gap="sm">
          <Button size="xs" loading={confirm.isPending} onClick={() => confirm.mutate()}>
            That is right
          </Button>
          <LinkButton to="/settings" size="xs" variant="default">
            Change it in Settings
          </LinkButton>
        </Group>
      </Stack>
    </Alert>
  )
}

function forHowLong(days: number | null, since: string): string {
  if (days === null) return 'kept for ever'
  if (days === 0) return 'removed as soon as no export has them open'
  return `removed ${count(days)} days ${since}`
}

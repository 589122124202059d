import { Alert, Button, Group, Modal, PasswordInput, Stack, Switch, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type NoticesAnswer, type NoticesChoiceWritable, chooseNotices, getNotices, tryNotices } from '@/api'
import { Loaded } from '@/components/loaded'
import { Problem } from '@/components/problem'
import { useBrowserNotices } from '@/lib/browser-notices'

const noticesQuery = queryOptions({
  queryKey: ['notices'],
  queryFn: ({ signal }) => getNotices({ signal }),
})

/** Each person for themselves: told of what, and where besides this page. */
export function NoticesDialog({ onClose }: { onClose: () => void }) {
  const query = useQuery(noticesQuery)
  return (
    <Modal opened onClose={onClose} title="Notices" closeButtonProps={{ 'aria-label': 'Close' }} size="lg">
      <Loaded query={query} rows={4}>
        {(now) => <Choices key={now.channel} now={now} />}
      </Loaded>
    </Modal>
  )
}

function Choices({ now }: { now: NoticesAnswer }) {
  const client = useQueryClient()
  const [address, setAddress] = useState('')
  const save = useMutation({
    mutationFn: (change: Partial<NoticesChoiceWritable>) =>
      chooseNotices({ body: { finished: now.finished, needs_me: now.needs_me, ...change } }),
    onSuccess: (after) => client.setQueryData(noticesQuery.queryKey, after),
    meta: { shown: 'inline' },
  })
  return (
    <Stack gap="md">
      {save.isError ? <Problem error={save.error} title="Not saved" /> : null}
      <Text fz="sm">Tell me about work that I started,</Text>
      <Switch
        label="when it is finished"
        description="An import, a run of writing, an export"
        checked={now.finished}
        disabled={save.isPending}
        onChange={(event) => save.mutate({ finished: event.currentTarget.checked })}
      />
      <Switch
        label="when it needs me"
        description="An export that stands still until somebody acts"
        checked={now.needs_me}
        disabled={save.isPending}
        onChange={(event) => save.mutate({ needs_me: event.currentTarget.checked })}
      />
      <InThisBrowser />
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate({ channel: address })
        }}
      >
        <Stack gap="xs">
          <Text fz="sm" fw={600}>
            By mail or chat{now.channel ? `: ${now.channel}` : ''}
          </Text>
          <Group align="flex-end" gap="xs">
            <PasswordInput
              label={now.channel ? 'Another address' : 'Address'}
              description="As Apprise writes it: slack://…, msteams://…, discord://…, mailtos://user:password@server?to=you"
              value={address}
              onChange={(event) => setAddress(event.currentTarget.value)}
              autoComplete="off"
              style={{ flex: 1 }}
              visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the address' }}
            />
            <Button type="submit" loading={save.isPending} disabled={address.trim() === ''}>
              Save
            </Button>
          </Group>
          {now.channel ? <Channel onForget={() => save.mutate({ channel: '' })} /> : null}
        </Stack>
      </form>
    </Stack>
  )
}

function Channel({ onForget }: { onForget: () => void }) {
  const trial = useMutation({
    mutationFn: () => tryNotices(),
    onSuccess: ({ reached }) => {
      if (reached) notifications.show({ color: 'spruce', message: 'Sent: look there.' })
    },
    meta: { failure: 'Nothing was sent' },
  })
  return (
    <>
      {trial.data?.reached === false ? (
        <Alert color="red" role="alert">
          Nobody was reached there. Check the address, then try again.
        </Alert>
      ) : null}
      <Group gap="xs">
        <Button size="xs" variant="default" loading={trial.isPending} onClick={() => trial.mutate()}>
          Send me one now
        </Button>
        <Button size="xs" variant="subtle" color="red" onClick={onForget}>
          Forget the address
        </Button>
      </Group>
    </>
  )
}

function InThisBrowser() {
  const { state, set } = useBrowserNotices()
  const words: Record<typeof state, string> = {
    on: 'While this page is open and you look at another one',
    off: 'While this page is open and you look at another one',
    refused: 'This browser does not allow it for this page: change that in its settings for this site',
    impossible: 'This browser cannot, or the page is not reached by HTTPS',
  }
  return (
    <Switch
      label="in this browser"
      description={words[state]}
      checked={state === 'on'}
      disabled={state === 'refused' || state === 'impossible'}
      onChange={(event) => void set(event.currentTarget.checked)}
    />
  )
}

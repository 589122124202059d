import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { type SubmitEvent, useState } from 'react'
import type { Vendor, VendorAnswer } from '@/api'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { StatusBadge } from '@/components/status-badge'
import { vendorModeWord } from '@/lib/words'
import { useTryVendor, useVendorKey } from './api'
import { FoundThere, TrialFailed } from './vendor-trial'

type Props = { vendor: Vendor; name: string; state: VendorAnswer | undefined; readOnly: boolean }

/** One connection: real or sandbox, where its key comes from, and whether it answers. */
export function VendorCard({ vendor, name, state, readOnly }: Props) {
  const change = useVendorKey(vendor)
  const trial = useTryVendor()
  const [key, setKey] = useState('')
  const fromServer = state?.source === 'server'
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    change.mutate(key, { onSuccess: () => setKey('') })
  }
  return (
    <Panel title={name} actions={<StatusBadge word={vendorModeWord(name, state?.mode ?? 'off')} />}>
      <Stack gap="sm">
        <Text fz="sm" c="dimmed">
          {keySentence(state)}
        </Text>
        {change.isError ? <Problem error={change.error} title="The key was not changed" /> : null}
        {readOnly || fromServer ? null : (
          <form onSubmit={submit}>
            <Group align="flex-end" gap="xs">
              <PasswordInput
                label="New key"
                value={key}
                onChange={(event) => setKey(event.currentTarget.value)}
                autoComplete="off"
                required
                withAsterisk={false}
                style={{ flex: 1 }}
                visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the key' }}
              />
              <Button type="submit" loading={change.isPending}>
                Save
              </Button>
            </Group>
          </form>
        )}
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconPlugConnected size={16} aria-hidden />}
            loading={trial.isPending}
            onClick={() => trial.mutate(vendor)}
          >
            Test the connection
          </Button>
          {!readOnly && state?.source === 'settings' ? (
            <Button variant="subtle" color="red" onClick={() => change.mutate(null)}>
              Remove the key
            </Button>
          ) : null}
        </Group>
        {trial.isSuccess ? <FoundThere found={trial.data} /> : null}
        {trial.isError ? <TrialFailed name={name} error={trial.error} /> : null}
      </Stack>
    </Panel>
  )
}

function keySentence(state: VendorAnswer | undefined): string {
  const ending = state?.last_four ? `, ending in ${state.last_four}` : ''
  if (state?.source === 'server') return `The key is set by the server${ending}. It cannot be changed here.`
  if (state?.source === 'settings') return `The key was entered here${ending}.`
  return state?.mode === 'sandbox'
    ? 'No key: our own simulator answers, and nothing leaves this machine.'
    : 'No key: everything that needs this connection is switched off.'
}

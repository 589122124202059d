import { Button, Group, Modal, PasswordInput, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { SubmitEvent } from 'react'
import type { UserAnswer } from '@/api'
import { Problem } from '@/components/problem'
import { useSetPassword } from './api'

export function PasswordDialog({ user, onClose }: { user: UserAnswer | null; onClose: () => void }) {
  const set = useSetPassword()
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const password = new FormData(event.currentTarget).get('password')
    if (!user || typeof password !== 'string') return
    set.mutate(
      { id: user.id, password },
      {
        onSuccess: () => {
          notifications.show({
            color: 'spruce',
            message: 'The password is set; their other sessions have ended.',
          })
          onClose()
        },
      },
    )
  }
  return (
    <Modal
      opened={user !== null}
      onClose={onClose}
      title={user ? `New password for ${user.name === '' ? user.email : user.name}` : 'New password'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          {set.isError ? <Problem error={set.error} title="The password was not set" /> : null}
          <PasswordInput
            label="Password"
            name="password"
            required
            minLength={12}
            autoComplete="new-password"
            data-autofocus
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={set.isPending}>
              Set it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

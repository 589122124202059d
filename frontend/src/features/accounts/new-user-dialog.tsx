import { Button, Group, Modal, PasswordInput, Select, Stack, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { Problem } from '@/components/problem'
import { toApiError } from '@/lib/problem'
import { roleWords } from '@/lib/words'
import { type Role, useCreateUser } from './api'

export function NewUserDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const create = useCreateUser()
  const [role, setRole] = useState<Role>('rep')
  const problem = create.error ? toApiError(create.error) : null
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const value = (name: string) => {
      const entered = form.get(name)
      return typeof entered === 'string' ? entered : ''
    }
    create.mutate(
      { email: value('email'), name: value('name'), password: value('password'), role },
      { onSuccess: onClose },
    )
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Add somebody"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          {problem ? <Problem error={problem} title="Nobody was added" /> : null}
          <TextInput label="Name" name="name" required data-autofocus autoComplete="off" />
          <TextInput label="E-mail" name="email" type="email" required autoComplete="off" />
          <PasswordInput
            label="First password"
            description="At least 12 characters; they can have it changed by an admin"
            name="password"
            required
            minLength={12}
            autoComplete="new-password"
            error={problem?.fieldMessage('password')}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          />
          <Select
            label="Role"
            description={roleWords[role]?.hint}
            data={Object.entries(roleWords).map(([value, { label }]) => ({ value, label }))}
            value={role}
            onChange={(value) => setRole((value ?? 'rep') as Role)}
            allowDeselect={false}
          />
          <Group justify="flex-end" mt="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

import { Alert, Button, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Problem } from '@/components/problem'
import { plural } from '@/lib/format'
import { erasureQuery, useErase } from './contact-api'

type Props = { email: string; opened: boolean; onClose: () => void }

/** Erasing cannot be undone: the address is typed once more before anything happens. */
export function EraseDialog({ email, opened, onClose }: Props) {
  const [typed, setTyped] = useState('')
  const erase = useErase()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Erase this person"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {erase.data ? (
        <Erased id={erase.data.id} onClose={onClose} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            erase.mutate(email)
          }}
        >
          <Stack gap="sm">
            {erase.isError ? <Problem error={erase.error} title="Nothing was erased" /> : null}
            <Text fz="sm">Everything we hold on {email} is removed, and this cannot be undone:</Text>
            <List size="sm">
              <List.Item>
                texts, imported values, files, and their name in history and in the record
              </List.Item>
              <List.Item>the person at Woodpecker, who is deleted and blacklisted there</List.Item>
            </List>
            <Text fz="sm">
              That something was sent, by whom and when, stays without their name. They are not written to
              again; an import says that they were erased. Backups made before today hold them until they
              expire.
            </Text>
            <TextInput
              label={`Type ${email} to confirm`}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button
                type="submit"
                color="red.8"
                disabled={typed.trim().toLowerCase() !== email.toLowerCase()}
                loading={erase.isPending}
              >
                Erase
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}

function Erased({ id, onClose }: { id: string; onClose: () => void }) {
  const { data } = useQuery(erasureQuery(id))
  const rows = Object.values(data?.counts ?? {}).reduce((sum, count) => sum + count, 0)
  return (
    <Stack gap="sm">
      {data && data.status !== 'waiting' ? (
        <Alert color="spruce" title="Erased here" role="status">
          {plural(rows, 'row was', 'rows were')} emptied.{' '}
          {data.woodpecker_open
            ? 'Woodpecker has not confirmed yet that it deleted the person; it is asked until it has.'
            : ''}
        </Alert>
      ) : (
        <Alert color="yellow" title="Erasing" role="status">
          This takes a few seconds. You may close this; it goes on.
        </Alert>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>Close</Button>
      </Group>
    </Stack>
  )
}

import { ActionIcon, Button, Checkbox, Group, Menu, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconBookmark, IconChevronDown, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, memo, useState } from 'react'
import type { ViewAnswer } from '@/api'
import { type LeadView, readView, useRemoveView, useReplaceView, useSaveView, viewsQuery } from './views-api'

type Props = { current: LeadView; me: string | undefined; onOpen: (view: LeadView) => void }

/** Filters, sorting and columns under a name: one's own views, and those that others share. */
export const ViewsMenu = memo(function ViewsMenu({ current, me, onOpen }: Props) {
  const views = useQuery(viewsQuery).data ?? []
  const [saving, setSaving] = useState(false)
  const remove = useRemoveView()
  const replace = useReplaceView()
  const same = (view: ViewAnswer) => JSON.stringify(readView(view)) === JSON.stringify(current)
  return (
    <>
      <Menu position="bottom-start" shadow="md" width={300}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconBookmark size={16} aria-hidden />}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            {views.find(same)?.name ?? 'Views'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.length === 0 ? <Menu.Label>No view is saved yet</Menu.Label> : null}
          {views.map((view) => (
            <Group key={view.id} gap={0} wrap="nowrap">
              <Menu.Item
                style={{ flex: 1 }}
                onClick={() => onOpen(readView(view))}
                fw={same(view) ? 600 : 400}
              >
                {view.name}
                {view.user_id === me ? null : (
                  <Text span fz="xs" c="dimmed" ml={6}>
                    shared
                  </Text>
                )}
              </Menu.Item>
              {view.user_id === me ? (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove the view ${view.name}`}
                  onClick={() => remove.mutate(view.id)}
                >
                  <IconTrash size={14} aria-hidden />
                </ActionIcon>
              ) : null}
            </Group>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setSaving(true)}>Save what is shown as a view…</Menu.Item>
          {views
            .filter((view) => view.user_id === me && !same(view))
            .map((view) => (
              <Menu.Item key={view.id} onClick={() => replace.mutate({ saved: view, view: current })}>
                Put it into “{view.name}”
              </Menu.Item>
            ))}
        </Menu.Dropdown>
      </Menu>
      {saving ? <SaveView onClose={() => setSaving(false)} view={current} /> : null}
    </>
  )
})

function SaveView({ onClose, view }: { onClose: () => void; view: LeadView }) {
  const save = useSaveView()
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    save.mutate({ name: name.trim(), shared, view }, { onSuccess: onClose })
  }
  return (
    <Modal opened onClose={onClose} title="Save as a view" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={100}
            required
            data-autofocus
          />
          <Checkbox
            label="Everybody in the team sees it"
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

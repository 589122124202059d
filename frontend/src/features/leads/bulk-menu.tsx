import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconBan, IconChevronDown, IconTag, IconTrash, IconUser, IconUserOff } from '@tabler/icons-react'
import { useState } from 'react'
import type { UserAnswer } from '@/api'
import { sayWithUndo } from '@/components/undo-message'
import { plural } from '@/lib/format'
import { type SelectionSearch, toSelection } from '@/lib/selection'
import { type BulkAction, useBulk } from './api'
import { TagModal } from './tag-modal'

type Props = { target: SelectionSearch; users: UserAnswer[]; tags: string[]; onDone: () => void }

/** Changes to many leads at once; deleted leads can be brought back. */
export function BulkMenu({ target, users, tags, onDone }: Props) {
  const bulk = useBulk()
  const [tagging, setTagging] = useState(false)
  const run = (action: BulkAction, done: string) =>
    bulk.mutate(
      { ...action, selection: toSelection(target) },
      {
        onSuccess: ({ changed }) => {
          notifications.show({ color: 'spruce', message: `${plural(changed, 'lead')} ${done}` })
          onDone()
        },
      },
    )
  const remove = () =>
    bulk.mutate(
      { action: 'delete', selection: toSelection(target) },
      {
        onSuccess: ({ changed, deleted_at }) => {
          onDone()
          sayWithUndo(`${plural(changed, 'lead')} deleted`, () =>
            // Just those that went with this call, however they were chosen.
            bulk.mutate({
              action: 'restore',
              selection: { filter: { deleted: true } },
              ...(deleted_at ? { deleted_at } : {}),
            }),
          )
        },
      },
    )
  return (
    <>
      <TagModal
        opened={tagging}
        onClose={() => setTagging(false)}
        known={tags}
        onTag={(add, remove) => run({ action: 'tag', add, remove }, 'tagged anew')}
      />
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button
            size="xs"
            variant="default"
            rightSection={<IconChevronDown size={14} />}
            loading={bulk.isPending}
          >
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Give to</Menu.Label>
          {users
            .filter(({ disabled }) => !disabled)
            .map(({ id, name, email }) => (
              <Menu.Item
                key={id}
                leftSection={<IconUser size={14} aria-hidden />}
                onClick={() => run({ action: 'assign', owner_id: id }, `given to ${name || email}`)}
              >
                {name || email}
              </Menu.Item>
            ))}
          <Menu.Item
            leftSection={<IconUserOff size={14} aria-hidden />}
            onClick={() => run({ action: 'assign', owner_id: null }, 'without owner now')}
          >
            Nobody
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconTag size={14} aria-hidden />} onClick={() => setTagging(true)}>
            Tags…
          </Menu.Item>
          <Menu.Item
            leftSection={<IconBan size={14} aria-hidden />}
            onClick={() =>
              run(
                { action: 'do_not_contact', reason: 'Chosen in the list of leads' },
                'on the do-not-contact list',
              )
            }
          >
            Do not contact
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={14} aria-hidden />} onClick={remove}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}

import { Button, Menu, Select, Stack, Text } from '@mantine/core'
import { IconDots, IconUserPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { UserAnswer } from '@/api'
import { type Column, DataTable } from '@/components/data-table'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { useSession } from '@/lib/session'
import { usersQuery } from '@/lib/users'
import { roleWords } from '@/lib/words'
import { type Role, useChangeUser } from './api'
import { NewUserDialog } from './new-user-dialog'
import { PasswordDialog } from './password-dialog'
import { TokensPanel } from './tokens-panel'

export function TeamPage() {
  const query = useQuery(usersQuery)
  const change = useChangeUser()
  const [adding, setAdding] = useState(false)
  const [renewing, setRenewing] = useState<UserAnswer | null>(null)
  const me = useSession()?.user_id
  return (
    <Stack gap="md">
      <PageHeader
        title="Team"
        description="Who may come in, and what each may do"
        actions={
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            Add somebody
          </Button>
        }
      />
      <Loaded query={query}>
        {(users) => (
          <DataTable
            label="Team"
            rows={users}
            rowId={({ id }) => id}
            columns={columns({
              me,
              onRole: (user, role) => change.mutate({ id: user.id, version: user.version, role }),
              onDisable: (user) =>
                change.mutate({ id: user.id, version: user.version, disabled: !user.disabled }),
              onPassword: setRenewing,
            })}
          />
        )}
      </Loaded>
      <TokensPanel />
      <NewUserDialog opened={adding} onClose={() => setAdding(false)} />
      <PasswordDialog user={renewing} onClose={() => setRenewing(null)} />
    </Stack>
  )
}

type Actions = {
  me: string | undefined
  onRole: (user: UserAnswer, role: Role) => void
  onDisable: (user: UserAnswer) => void
  onPassword: (user: UserAnswer) => void
}

const roles = Object.entries(roleWords).map(([value, { label }]) => ({ value, label }))

function columns({ me, onRole, onDisable, onPassword }: Actions): Column<UserAnswer>[] {
  return [
    {
      key: 'name',
      header: 'Name',
      cell: ({ name, email, disabled }) => (
        <>
          <Text fz="sm" fw={600} {...(disabled ? { c: 'dimmed' } : {})}>
            {name || email}
          </Text>
          <Text fz="xs" c="dimmed" className="cut">
            {email}
          </Text>
        </>
      ),
    },
    {
      key: 'role',
      header: 'Role',
      width: 150,
      cell: (user) => (
        <Select
          aria-label={`Role of ${user.name || user.email}`}
          size="xs"
          data={roles}
          value={user.role}
          allowDeselect={false}
          disabled={user.id === me}
          onChange={(role) => role && onRole(user, role as Role)}
        />
      ),
    },
    {
      key: 'state',
      header: 'State',
      width: 110,
      from: 'sm',
      cell: ({ disabled }) => (
        <StatusBadge
          word={disabled ? { label: 'Shut out', tone: 'bad' } : { label: 'Active', tone: 'good' }}
        />
      ),
    },
    {
      key: 'since',
      header: 'Since',
      width: 140,
      from: 'md',
      cell: ({ created_at }) => <Time at={created_at} />,
    },
    {
      key: 'more',
      header: 'Change',
      width: 70,
      cell: (user) => (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              px={6}
              aria-label={`Change ${user.name || user.email}`}
            >
              <IconDots size={16} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onPassword(user)}>Set a new password</Menu.Item>
            <Menu.Item disabled={user.id === me} onClick={() => onDisable(user)}>
              {user.disabled ? 'Let in again' : 'Shut out'}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ),
    },
  ]
}

import { ActionIcon, Avatar, Menu, Text, useMantineColorScheme } from '@mantine/core'
import {
  IconBell,
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSignature,
  IconSun,
} from '@tabler/icons-react'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Suspense, lazy } from 'react'
import { signOut as endSession } from '@/api'
import { useSingleKeys } from '@/lib/preferences'
import { sessionQuery, useMay, useSession } from '@/lib/session'
import { roleWords } from '@/lib/words'

const MySignature = lazy(async () => ({
  default: (await import('@/features/generation/my-signature')).MySignature,
}))

const schemes = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the system', icon: IconDeviceDesktop },
] as const

export function AccountMenu({ onNotices }: { onNotices: () => void }) {
  const session = useSession()
  const client = useQueryClient()
  const [singleKeys, setSingleKeys] = useSingleKeys()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [signs, signature] = useDisclosure(false)
  const mayWork = useMay('work')
  const signOut = useMutation({
    mutationFn: () => endSession(),
    onSuccess: () => {
      client.clear()
      client.setQueryData(sessionQuery.queryKey, null)
    },
  })
  if (!session) return null
  const { name, email, role } = session
  return (
    <>
      {signs ? (
        <Suspense>
          <MySignature onClose={signature.close} />
        </Suspense>
      ) : null}
      <Menu position="bottom-end" width={240} shadow="md">
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            radius="xl"
            size="lg"
            color="gray"
            aria-label={`Account of ${name || email}`}
          >
            <Avatar size="sm" radius="xl" name={name || email} color="initials" variant="filled" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Text fw={600} fz="sm" c="var(--mantine-color-text)">
              {name || email}
            </Text>
            <Text fz="xs">
              {email} · {roleWords[role]?.label ?? role}
            </Text>
          </Menu.Label>
          <Menu.Divider />
          <Menu.Label>Appearance</Menu.Label>
          {schemes.map(({ value, label, icon: Icon }) => (
            <Menu.Item
              key={value}
              leftSection={<Icon size={16} aria-hidden />}
              onClick={() => setColorScheme(value)}
              {...(colorScheme === value ? { 'aria-current': 'true' as const, fw: 700 } : {})}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconKeyboard size={16} aria-hidden />}
            onClick={() => setSingleKeys(!singleKeys)}
            closeMenuOnClick={false}
          >
            Single-letter keys: {singleKeys ? 'on' : 'off'}
          </Menu.Item>
          <Menu.Item leftSection={<IconBell size={16} aria-hidden />} onClick={onNotices}>
            Notices…
          </Menu.Item>
          {mayWork ? (
            <Menu.Item leftSection={<IconSignature size={16} aria-hidden />} onClick={signature.open}>
              How I sign…
            </Menu.Item>
          ) : null}
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate()}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}

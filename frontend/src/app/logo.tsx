import { Group, Text, UnstyledButton } from '@mantine/core'
import { Link } from '@tanstack/react-router'

export function Logo() {
  return (
    <UnstyledButton component={Link} to="/" aria-label="Woodpecker, to Home">
      <Group gap={8} wrap="nowrap">
        <img src="/favicon.svg" alt="" width={28} height={28} />
        <Text fw={700} fz="md" visibleFrom="xs" style={{ letterSpacing: '-0.01em' }}>
          Woodpecker
        </Text>
      </Group>
    </UnstyledButton>
  )
}

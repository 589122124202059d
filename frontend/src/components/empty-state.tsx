import { Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

type Props = { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode }

/** Nothing here yet: says why, and offers the step that changes it. */
export function EmptyState({ icon, title, children, action }: Props) {
  return (
    <Stack align="center" gap="sm" py={56} px="md" ta="center">
      {icon ? (
        <Text c="dimmed" aria-hidden lh={0}>
          {icon}
        </Text>
      ) : null}
      <Title order={2} fz="lg">
        {title}
      </Title>
      {children ? (
        <Text c="dimmed" maw={520} component="div">
          {children}
        </Text>
      ) : null}
      {action}
    </Stack>
  )
}

import { Box, Group, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

type Props = { title: string; description?: ReactNode; actions?: ReactNode; above?: ReactNode }

/** Heading of a page; it also names the browser's tab. */
export function PageHeader({ title, description, actions, above }: Props) {
  useEffect(() => {
    document.title = `${title} · Woodpecker`
  }, [title])
  return (
    <Group justify="space-between" align="flex-end" gap="md" mb="lg" wrap="wrap">
      <Box miw={0} style={{ flex: '1 1 420px' }}>
        {above}
        <Title order={1} style={{ overflowWrap: 'anywhere' }}>
          {title}
        </Title>
        {description ? (
          <Text c="dimmed" mt={4} component="div" maw={720}>
            {description}
          </Text>
        ) : null}
      </Box>
      {actions ? <Group gap="xs">{actions}</Group> : null}
    </Group>
  )
}

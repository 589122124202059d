import { Box, Group, Title } from '@mantine/core'
import type { ReactNode } from 'react'

type Props = {
  title?: string
  label?: string
  actions?: ReactNode
  children: ReactNode
  padding?: string | number
}

/** A surface with an optional heading: the one container of our pages. */
export function Panel({ title, label, actions, children, padding = 'lg' }: Props) {
  return (
    <Box component="section" className="surface" aria-label={title ?? label} p={padding}>
      {title || actions ? (
        <Group justify="space-between" mb="sm" gap="sm">
          {title ? <Title order={2}>{title}</Title> : <span />}
          {actions}
        </Group>
      ) : null}
      {children}
    </Box>
  )
}

import { Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './mail.module.css'

type Props = {
  name: string
  /** To whom, or where: "to Ann <ann@acme.example>", "on LinkedIn". */
  way: string
  /** Left out where there is none, as on LinkedIn. */
  subject?: ReactNode
  children: ReactNode
}

/** One message as its receiver sees it. */
export function Mail({ name, way, subject, children }: Props) {
  return (
    <article className={classes.mail} aria-label={name}>
      <Group justify="space-between" gap="xs">
        <Text fz="xs" fw={650}>
          {name}
        </Text>
        <Text fz="xs" c="dimmed" className="cut">
          {way}
        </Text>
      </Group>
      {subject === undefined ? null : (
        <Text fw={650} mt={6} style={{ overflowWrap: 'anywhere' }}>
          {subject}
        </Text>
      )}
      <div className={classes.text}>{children}</div>
    </article>
  )
}

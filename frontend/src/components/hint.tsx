import { Tooltip } from '@mantine/core'
import { type HTMLAttributes, type ReactElement, cloneElement, useState } from 'react'

type Props = { label: string; children: ReactElement<HTMLAttributes<HTMLElement>> }

/** A tooltip that is made when somebody comes near: a list holds a hundred of them, and nobody reads one while it is drawn. */
export function Hint({ label, children }: Props) {
  const [near, setNear] = useState(false)
  if (near) return <Tooltip label={label}>{children}</Tooltip>
  const come = () => setNear(true)
  return cloneElement(children, { onPointerEnter: come, onFocus: come })
}

import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, Ref } from 'react'

type Native<P> = P & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof P> & { ref?: Ref<HTMLAnchorElement> }

function ButtonAnchor(props: Native<ButtonProps>) {
  return <Button component="a" {...props} />
}

function TextAnchor(props: Native<AnchorProps>) {
  return <Anchor {...props} />
}

/** A button that goes to a page; the router checks its address, parameters and search. */
export const LinkButton = createLink(ButtonAnchor)

/** A text link to a page. */
export const LinkText = createLink(TextAnchor)

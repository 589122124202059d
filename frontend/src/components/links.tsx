import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import { type NavigateOptions, createLink, useRouter } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, MouseEvent, ReactNode, Ref } from 'react'
import classes from './links.module.css'

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

/**
 * What makes a plain anchor follow the router. The router's own links look at every change of the address, each for itself:
 * dear where there are many of them and the address follows what is typed.
 */
export function usePlainLink(to: NavigateOptions) {
  const router = useRouter()
  const preload = () => void router.preloadRoute(to)
  return {
    href: router.buildLocation(to).href,
    onClick: (event: MouseEvent) => {
      // Another key or button: a new tab, which is the browser's business.
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
      event.preventDefault()
      void router.navigate(to)
    },
    onPointerEnter: preload,
    onFocus: preload,
  }
}

type RowLinkProps = { to: NavigateOptions; title?: string; children: ReactNode }

/** A text link in each row of a list. */
export function RowLink({ to, title, children }: RowLinkProps) {
  return (
    <a className={`cut ${classes.row}`} title={title} {...usePlainLink(to)}>
      {children}
    </a>
  )
}

import { AppShell, Burger, Group, NavLink, ScrollArea, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { Suspense, lazy, memo, useEffect } from 'react'
import { usePlainLink } from '@/components/links'
import { useSession } from '@/lib/session'
import { AccountMenu } from './account-menu'
import { Logo } from './logo'
import { ModeBanner } from './mode-banner'
import { type Entry, navigation } from './navigation'
import { OfflineBanner } from './offline-banner'
import { PaletteButton } from './palette-button'
import classes from './shell.module.css'
import { VendorModes } from './vendor-modes'

const LiveUpdates = lazy(async () => ({ default: (await import('./live-updates')).LiveUpdates }))
const NoticesDialog = lazy(async () => ({
  default: (await import('@/features/operations/notices-dialog')).NoticesDialog,
}))
const UnsentEdits = lazy(async () => ({
  default: (await import('@/features/review/unsent-edits')).UnsentEdits,
}))

export function Shell() {
  const [opened, { toggle, close }] = useDisclosure(false)
  const [choosing, choose] = useDisclosure(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  useEffect(() => {
    close()
  }, [path, close])
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: 'md', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', md: 'xl' }}
    >
      <a href="#main" className="skip-link">
        Skip to content
      </a>
      <Suspense>
        <LiveUpdates />
        {choosing ? <NoticesDialog onClose={choose.close} /> : null}
      </Suspense>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="md"
              size="sm"
              aria-label="Open or close the navigation"
            />
            <Logo />
          </Group>
          <Group gap="sm" wrap="nowrap">
            <VendorModes />
            <PaletteButton />
            <AccountMenu onNotices={choose.open} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} aria-label="Pages">
        <Navigation path={path} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <div className={classes.page}>
          <OfflineBanner />
          <ModeBanner />
          <Suspense>
            <UnsentEdits />
          </Suspense>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  )
}

/** Drawn again for another page only, not for another search on it. */
const Navigation = memo(function Navigation({ path }: { path: string }) {
  const permissions = useSession()?.permissions ?? []
  return (
    <ScrollArea type="scroll" p="sm">
      {navigation.map((group) => {
        const entries = group.entries.filter(({ needs }) => !needs || permissions.includes(needs))
        if (entries.length === 0) return null
        return (
          <div key={group.label} role="group" aria-label={group.label} className={classes.group}>
            <Text className={classes.groupLabel} aria-hidden>
              {group.label}
            </Text>
            {entries.map((entry) => (
              <PageLink key={entry.to} entry={entry} path={path} />
            ))}
          </div>
        )
      })}
    </ScrollArea>
  )
})

function PageLink({ entry: { to, also, label, icon: Icon }, path }: { entry: Entry; path: string }) {
  return (
    <NavLink
      {...usePlainLink({ to })}
      label={label}
      leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
      active={isWithin(path, to) || (also !== undefined && isWithin(path, also))}
      aria-current={path === to ? 'page' : undefined}
      className={classes.link ?? ''}
    />
  )
}

function isWithin(path: string, page: string): boolean {
  return path === page || (page !== '/' && path.startsWith(`${page}/`))
}

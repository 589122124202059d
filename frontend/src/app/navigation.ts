import {
  IconBan,
  IconChecklist,
  IconFileImport,
  IconHeartRateMonitor,
  IconHistory,
  IconHome,
  IconSend,
  IconSettings,
  IconShieldCheck,
  IconSparkles,
  IconTemplate,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react'
import type { NavigateOptions } from '@tanstack/react-router'
import type { Permission } from '@/lib/session'

/** `also`: where pages of this entry live under another address. */
export type Entry = {
  to: NonNullable<NavigateOptions['to']>
  also?: string
  label: string
  icon: typeof IconHome
  needs?: Permission
}

/** The pages in the order of the work, then what is looked after now and then. */
export const navigation: { label: string; entries: Entry[] }[] = [
  {
    label: 'Work',
    entries: [
      { to: '/', label: 'Home', icon: IconHome },
      { to: '/import', label: 'Import', icon: IconFileImport, needs: 'work' },
      { to: '/leads', label: 'Leads', icon: IconUsers },
      { to: '/runs', also: '/generations', label: 'Runs', icon: IconSparkles },
      { to: '/review', label: 'Review', icon: IconChecklist },
      { to: '/exports', label: 'Exports', icon: IconSend },
      { to: '/history', label: 'History', icon: IconHistory },
    ],
  },
  {
    label: 'Rules',
    entries: [
      { to: '/templates', label: 'Templates', icon: IconTemplate },
      { to: '/do-not-contact', label: 'Do not contact', icon: IconBan },
      { to: '/audit', label: 'Audit', icon: IconShieldCheck, needs: 'audit' },
    ],
  },
  {
    label: 'House',
    entries: [
      { to: '/team', label: 'Team', icon: IconUsersGroup, needs: 'administer' },
      { to: '/settings', label: 'Settings', icon: IconSettings, needs: 'administer' },
      { to: '/operations', label: 'Operations', icon: IconHeartRateMonitor, needs: 'audit' },
    ],
  },
]

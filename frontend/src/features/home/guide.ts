/** The first steps, with what was done of them: read from what is there, so that nobody ticks anything off. */

import type { HomeAnswer, SessionAnswer } from '@/api'
import { inTotal } from './totals'

export type Step = {
  name: string
  hint: string
  action: string
  to: '/import' | '/generations/new' | '/review' | '/exports/new' | '/settings'
  search: Record<string, string>
  done: boolean
}

export function stepsOf(now: HomeAnswer, session: SessionAnswer | null): { title: string; steps: Step[] } {
  const { imported = 0, approved = 0, rejected = 0, exporting = 0, exported = 0 } = now.leads
  const total = inTotal(now)
  const onSamples = total > 0 && !now.own_list
  const decided = approved + rejected + exporting + exported > 0
  const review: Step = {
    name: onSamples ? 'Review a few drafts' : 'Review them',
    hint: onSamples
      ? 'a approves, r sends back, ? shows all keys'
      : 'Fix the few weak ones, approve the rest',
    action: 'Review',
    to: '/review',
    search: {},
    done: decided,
  }
  const add: Step = {
    name: 'Add people to a campaign',
    hint: onSamples ? 'Woodpecker is simulated: nobody is mailed' : 'A plan first, then live progress',
    action: 'Add',
    to: '/exports/new',
    search: { status: 'approved' },
    done: exported > 0,
  }
  const list: Step = {
    name: onSamples ? 'Import a list of your own' : 'Import a list',
    hint: 'Drop a CSV, see what is in it',
    action: 'Import',
    to: '/import',
    search: {},
    done: now.own_list,
  }
  const write: Step = {
    name: 'Have sequences written',
    hint: 'Estimate first, then try on three',
    action: 'Write',
    to: '/generations/new',
    search: { status: 'imported' },
    done: total > imported,
  }
  const steps = onSamples ? [review, add, list] : [list, write, review, add]
  if (session?.permissions.includes('administer')) steps.push(connect(session))
  return {
    title: onSamples ? 'Try it on the sample data, then on your own' : 'From a list to a campaign',
    steps,
  }
}

function connect({ vendors }: SessionAnswer): Step {
  return {
    name: 'Connect Claude and Woodpecker',
    hint: 'Enter the keys, test them',
    action: 'Settings',
    to: '/settings',
    search: {},
    done: vendors.anthropic === 'real' && vendors.woodpecker === 'real',
  }
}

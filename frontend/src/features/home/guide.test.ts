import { describe, expect, it } from 'vitest'
import type { HomeAnswer, SessionAnswer } from '@/api'
import { stepsOf } from './guide'

const home = (leads: Record<string, number>, ownList = false): HomeAnswer => ({
  leads,
  drafts: leads.drafted ?? 0,
  drafts_by_owner: {},
  own_list: ownList,
})
const session = (permissions: string[], mode = 'sandbox') =>
  ({ permissions, vendors: { anthropic: mode, woodpecker: mode } }) as unknown as SessionAnswer
const done = (now: HomeAnswer, who = session([])) =>
  stepsOf(now, who).steps.map((step) => `${step.to} ${step.done ? 'done' : 'open'}`)

describe('the first steps', () => {
  it('begin with the drafts of the sample data where there are only samples', () => {
    expect(done(home({ drafted: 20, imported: 20 }))).toEqual([
      '/review open',
      '/exports/new open',
      '/import open',
    ])
  })

  it('begin with a list where there is nothing', () => {
    expect(done(home({}))).toEqual([
      '/import open',
      '/generations/new open',
      '/review open',
      '/exports/new open',
    ])
  })

  it('are done as the work is done, not as somebody ticks', () => {
    expect(done(home({ drafted: 3, exported: 2 }, true))).toEqual([
      '/import done',
      '/generations/new done',
      '/review done',
      '/exports/new done',
    ])
  })

  it('end with the keys for whoever may enter them', () => {
    expect(done(home({}), session(['administer'])).at(-1)).toBe('/settings open')
    expect(done(home({}), session(['administer'], 'real')).at(-1)).toBe('/settings done')
  })
})

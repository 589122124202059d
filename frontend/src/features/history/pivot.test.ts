import { expect, it } from 'vitest'
import { byDay } from './pivot'

it('days without attempts are shown as such', () => {
  const rows = byDay([
    { day: '2026-03-02', status: 'added', count: 3 },
    { day: '2026-02-28', status: 'added', count: 1 },
    { day: '2026-03-02', status: 'failed', count: 2 },
  ])
  expect(rows).toEqual([
    { day: '2026-02-28', added: 1 },
    { day: '2026-03-01' },
    { day: '2026-03-02', added: 3, failed: 2 },
  ])
})

it('no counts make no days', () => {
  expect(byDay([])).toEqual([])
})

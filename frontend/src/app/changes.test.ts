import { expect, it } from 'vitest'
import { roomsTouchedBy } from './changes'

it('a decided sequence refreshes review, leads and Home, and nothing of exports', () => {
  expect(roomsTouchedBy('sequence')).toEqual(expect.arrayContaining(['review', 'leads', 'home']))
  expect(roomsTouchedBy('sequence')).not.toContain('exports')
})

it('a kind that the pages do not know refreshes everything', () => {
  expect(roomsTouchedBy('something_new')).toBe('all')
})

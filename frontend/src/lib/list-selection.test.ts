import { expect, test } from 'vitest'
import { ticked } from './list-selection'

const chosen = (ids: string[], everything = false) => ({ ids: new Set(ids), everything })

test('a tick adds and takes away', () => {
  expect(ticked(chosen(['a']), ['b'], true)).toEqual(chosen(['a', 'b']))
  expect(ticked(chosen(['a', 'b']), ['a'], false)).toEqual(chosen(['b']))
})

test('unticking one row of everything leaves that row unticked, on any page', () => {
  expect(ticked(chosen(['a', 'b'], true), ['b'], false)).toEqual(chosen(['a']))
  expect(ticked(chosen(['a'], true), ['of another page'], false)).toEqual(chosen(['a']))
})

import { expect, test } from 'vitest'
import { type SnippetShape, oneMore } from './shape'

const bump = {
  kind: 'bump',
  instruction: '',
  unit: 'words',
  target_min: 20,
  target_max: 60,
  limit: 90,
} as const
const shape = (...days: [number: number, day: number][]): SnippetShape[] =>
  days.map(([number, day]) => ({ ...bump, number, day }))

test('one more text comes a week after the last, under a number that nobody had', () => {
  expect(oneMore(shape([1, 0], [7, 4]))).toMatchObject({ number: 8, day: 11, kind: 'bump' })
})

test('the first text of all is number 1', () => {
  expect(oneMore([])).toMatchObject({ number: 1 })
})

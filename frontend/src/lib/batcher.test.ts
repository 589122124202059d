import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Batcher } from './batcher'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

it('delivers at once when it was quiet, and at most once a second in a storm', async () => {
  const delivered: string[][] = []
  const batcher = new Batcher<string>(
    (names) => delivered.push(names),
    1000,
    () => Date.now(),
  )
  batcher.add('leads')
  await vi.advanceTimersByTimeAsync(0)
  expect(delivered).toEqual([['leads']])
  for (let i = 0; i < 40; i += 1) {
    batcher.add(i % 2 ? 'exports' : 'review')
    await vi.advanceTimersByTimeAsync(50)
  }
  await vi.advanceTimersByTimeAsync(1000)
  expect(delivered.length).toBeLessThanOrEqual(4)
  expect(new Set(delivered.at(1))).toEqual(new Set(['review', 'exports']))
})

it('says nothing after it was stopped', async () => {
  const delivered: string[][] = []
  const batcher = new Batcher<string>((names) => delivered.push(names), 1000)
  batcher.add('leads')
  batcher.stop()
  await vi.advanceTimersByTimeAsync(3000)
  expect(delivered).toEqual([])
})

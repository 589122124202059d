import { describe, expect, it } from 'vitest'
import { type Work, newsOf } from './news'

const work = (status: string, reason: string | null = null): Work => ({
  what: 'Export',
  name: 'Spring',
  status,
  reason,
  by: 'me',
  path: '/exports/1',
})

describe('what a person is told of their own work', () => {
  it('is that it came to its end, once', () => {
    expect(newsOf(work('completed'), 'running')).toBe('Export finished')
    expect(newsOf(work('completed'), 'completed')).toBeNull()
    expect(newsOf(work('failed'), undefined)).toBe('Export failed')
  })

  it('is that it needs them, unless they paused it themselves', () => {
    expect(newsOf(work('paused', 'campaign_changed'), 'running')).toBe('Export needs you')
    expect(newsOf(work('paused', 'by_user'), 'running')).toBeNull()
  })

  it('is nothing while it gets on', () => {
    expect(newsOf(work('running'), 'queued')).toBeNull()
  })
})

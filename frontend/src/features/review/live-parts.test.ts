import { describe, expect, it } from 'vitest'
import type { PartAnswer } from '@/api'
import { liveParts } from './live-parts'

const own: PartAnswer = { text: 'Hello ', source: 'campaign', snippet: null }
const ours: PartAnswer = { text: 'saved', source: 'snippet', snippet: 2 }
const missing: PartAnswer = { text: '{{SNIPPET_5}}', source: 'missing', snippet: 5 }

describe('a campaign’s mail with the texts of the editor', () => {
  it('shows what is being typed, not what was saved', () => {
    expect(liveParts([own, ours], { 2: 'typed' })).toEqual([own, { ...ours, text: 'typed' }])
  })
  it('leaves the campaign’s own words and unknown snippets as they are', () => {
    expect(liveParts([own, ours, missing], { 1: 'elsewhere' })).toEqual([own, ours, missing])
  })
  it('shows the token of a text that was emptied: nobody would fill it', () => {
    expect(liveParts([ours], { 2: '  ' })).toEqual([{ text: '{{SNIPPET_2}}', source: 'missing', snippet: 2 }])
  })
  it('fills a token that was missing as soon as somebody writes its text', () => {
    expect(liveParts([missing], { 5: 'Anything new?' })).toEqual([
      { text: 'Anything new?', source: 'snippet', snippet: 5 },
    ])
  })
})

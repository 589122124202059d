import { describe, expect, it } from 'vitest'
import { messagesOf } from './messages-of'

const part = (number: number, kind: string, day: number, text: string) => ({ number, kind, day, text })

describe('what the receiver sees', () => {
  it('is one message a day, with the subject line on its own mail', () => {
    const messages = messagesOf(
      [
        part(1, 'subject', 1, 'Hello'),
        part(2, 'email', 1, 'Body'),
        part(3, 'linkedin_note', 3, 'Note'),
        part(4, 'bump', 5, 'Bump'),
      ],
      {},
    )
    expect(messages.map(({ subject, text }) => [subject, text])).toEqual([
      ['Hello', 'Body'],
      [undefined, 'Note'],
      [undefined, 'Bump'],
    ])
  })

  it('holds what was typed and not saved yet', () => {
    expect(messagesOf([part(1, 'email', 1, 'Body')], { 1: 'Typed' })[0]?.text).toBe('Typed')
  })

  it('does not give the subject of a mail to the note before it', () => {
    const messages = messagesOf(
      [part(1, 'subject', 1, 'Hello'), part(2, 'linkedin_note', 1, 'Note'), part(3, 'email', 1, 'Body')],
      {},
    )
    expect(messages.map(({ subject }) => subject)).toEqual([undefined, 'Hello'])
  })
})

import type { Texts } from './draft-store'

export type Part = { number: number; kind: string; day: number; text: string }
export type Message = Part & { subject?: string }

/** The messages that snippets make up, in the order of their days: a subject line belongs to the mail after it. */
export function messagesOf(parts: Part[], edits: Texts): Message[] {
  const messages: Message[] = []
  let subject: string | undefined
  for (const part of [...parts].sort((one, other) => one.day - other.day || one.number - other.number)) {
    const text = edits[part.number] ?? part.text
    if (part.kind === 'subject') {
      subject = text
    } else {
      const isMail = part.kind !== 'linkedin_note'
      messages.push({ ...part, text, ...(isMail && subject !== undefined ? { subject } : {}) })
      if (isMail) subject = undefined
    }
  }
  // A subject line without a mail is still something the receiver would miss.
  if (subject !== undefined) messages.push({ number: 0, kind: 'email', day: 0, text: '', subject })
  return messages
}
